//! The body of an answer, and bodies too large for any client, produced while they are sent.

use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};
use hyper::body::{Body, Frame, SizeHint};

const PIECE: usize = 64 * 1024;
const START: &[u8] = b"[\"";
const END: &[u8] = b"\"]";

/// A body that is too large for a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OversizedBody {
    start: Bytes,
    piece: Bytes,
    /// Remaining bytes of pieces. `None` for a body without end.
    left: Option<u64>,
    end: Bytes,
    /// Whether the head tells the length.
    sized: bool,
    pub(crate) gzip: bool,
}

impl OversizedBody {
    /// One JSON string of this many bytes.
    pub(crate) fn big(bytes: u64) -> Self {
        Self {
            start: Bytes::from_static(START),
            piece: vec![b'a'; PIECE].into(),
            left: Some(bytes.saturating_sub(4)),
            end: Bytes::from_static(END),
            sized: true,
            gzip: false,
        }
    }

    /// A JSON string without end, in chunks.
    pub(crate) fn endless() -> Self {
        Self {
            left: None,
            sized: false,
            ..Self::big(0)
        }
    }

    /// This many bytes of white space, compressed about a thousandfold.
    pub(crate) fn bomb(bytes: u64) -> Self {
        const BLOCK: usize = 1024 * 1024;
        let block = deflated(&vec![b' '; BLOCK]);
        let blocks = bytes.div_ceil(BLOCK as u64);
        let mut start = Vec::new();
        // RFC 1952: deflate, no flags, no time, unknown system.
        let _ = start.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        Self {
            start: start.into(),
            left: Some(blocks * block.len() as u64),
            piece: block.into(),
            // The last block, which is empty, and a checksum that no client reads.
            end: Bytes::from_static(&[3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            sized: true,
            gzip: true,
        }
    }
}

/// A deflate block that ends at a byte boundary. It can be repeated, because a later block does not
/// refer back to it.
fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(PIECE);
    let mut compress = Compress::new(Compression::best(), false);
    let _ = compress.compress_vec(bytes, &mut out, FlushCompress::Full);
    out
}

/// The body of an answer.
pub(crate) enum ResponseBody {
    /// A body in memory.
    Whole(Bytes),
    /// A body that is produced while it is sent.
    OversizedBody(OversizedBody),
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let bytes = match self.get_mut() {
            Self::Whole(bytes) => std::mem::take(bytes),
            Self::OversizedBody(oversized) => oversized.next(),
        };
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::OversizedBody(oversized) => oversized.size_hint(),
        }
    }
}

impl OversizedBody {
    fn next(&mut self) -> Bytes {
        if !self.start.is_empty() {
            return std::mem::take(&mut self.start);
        }
        match &mut self.left {
            None => self.piece.clone(),
            Some(0) => std::mem::take(&mut self.end),
            Some(left) => {
                let length = usize::try_from(*left).unwrap_or(usize::MAX);
                let length = length.min(self.piece.len());
                *left -= length as u64;
                self.piece.slice(..length)
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self.left {
            Some(left) if self.sized => {
                SizeHint::with_exact(left + self.start.len() as u64 + self.end.len() as u64)
            }
            _ => SizeHint::default(),
        }
    }
}
