//! A stream that cuts, stalls, slows or replaces the bytes of an answer, or ends in a reset.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;

use crate::sync::lock;

/// The fault in the bytes of one answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum ByteFault {
    /// No fault.
    #[default]
    Pass,
    /// This many bytes pass, the head included. Then the connection is closed.
    CutAfter(usize),
    /// The head and this many bytes of the body pass. Then the connection is closed.
    CutBody(usize),
    /// This many bytes pass. Then the connection stays open and silent.
    StallAfter(usize),
    /// This many bytes pass at a time, each time after this pause.
    Drip { bytes: usize, every: Duration },
    /// These bytes are sent instead. Then the connection is closed.
    Raw(Bytes),
    /// All bytes pass. Then the connection is closed.
    HangUp { answered: bool },
}

impl ByteFault {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Pass => "nothing".to_owned(),
            Self::CutAfter(bytes) => format!("cut after {bytes}"),
            Self::CutBody(bytes) => format!("cut after {bytes} of the body"),
            Self::StallAfter(bytes) => format!("stall after {bytes}"),
            Self::Drip { bytes, every } => format!("{bytes} bytes every {} ms", every.as_millis()),
            Self::Raw(bytes) => format!("{} other bytes", bytes.len()),
            Self::HangUp { .. } => "hang up".to_owned(),
        }
    }
}

/// The faults of one answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct StreamFaults {
    pub(crate) bytes: ByteFault,
    /// The connection ends in a reset.
    pub(crate) abruptly: bool,
}

/// The faults of one connection, shared with the code that answers its requests.
pub(crate) type SharedStreamFaults = Arc<Mutex<StreamFaults>>;

/// A stream that can end in a reset.
pub(crate) trait Resettable {
    /// Makes dropping the stream reset the connection.
    fn reset_on_drop(&self);
}

impl Resettable for TcpStream {
    fn reset_on_drop(&self) {
        let _ = socket2::SockRef::from(self).set_linger(Some(Duration::ZERO));
    }
}

impl Resettable for TlsStream<TcpStream> {
    fn reset_on_drop(&self) {
        self.get_ref().0.reset_on_drop();
    }
}

/// A stream that applies faults to the bytes it writes.
pub(crate) struct FaultyStream<S: Resettable> {
    inner: S,
    faults: SharedStreamFaults,
    pause: Option<Pin<Box<Sleep>>>,
}

impl<S: Resettable> FaultyStream<S> {
    pub(crate) fn new(inner: S, faults: SharedStreamFaults) -> Self {
        Self {
            inner,
            faults,
            pause: None,
        }
    }

    fn spend(&self, written: usize) {
        match &mut lock(&self.faults).bytes {
            ByteFault::CutAfter(left) | ByteFault::StallAfter(left) => {
                *left = left.saturating_sub(written);
            }
            ByteFault::HangUp { answered } => *answered = true,
            _ => {}
        }
    }
}

impl<S: Resettable> Drop for FaultyStream<S> {
    fn drop(&mut self) {
        if lock(&self.faults).abruptly {
            self.inner.reset_on_drop();
        }
    }
}

/// The position of the body, if the head ends in these bytes.
fn body_at(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

impl<S: AsyncRead + Resettable + Unpin> AsyncRead for FaultyStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if matches!(
            lock(&self.faults).bytes,
            ByteFault::HangUp { answered: true }
        ) {
            // The server sees a connection that the client has closed.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Resettable + Unpin> AsyncWrite for FaultyStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let length = bytes.len();
        let fault = lock(&self.faults).bytes.clone();
        let allowed = match fault {
            ByteFault::Pass | ByteFault::HangUp { .. } => length,
            ByteFault::CutAfter(0) => {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            ByteFault::StallAfter(0) => return Poll::Pending,
            ByteFault::CutAfter(left) | ByteFault::StallAfter(left) => left.min(length),
            ByteFault::CutBody(body) => match body_at(bytes) {
                Some(at) => {
                    lock(&self.faults).bytes = ByteFault::CutAfter(at + body);
                    (at + body).min(length)
                }
                None => length,
            },
            ByteFault::Drip { bytes, every } => {
                let pause = self
                    .pause
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep(every)));
                ready!(pause.as_mut().poll(context));
                self.pause = None;
                bytes.min(length)
            }
            ByteFault::Raw(rest) => {
                let written = ready!(Pin::new(&mut self.inner).poll_write(context, &rest))?;
                let rest = rest.slice(written..);
                if rest.is_empty() {
                    lock(&self.faults).bytes = ByteFault::CutAfter(0);
                } else {
                    lock(&self.faults).bytes = ByteFault::Raw(rest);
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                return Poll::Ready(Ok(1.min(length)));
            }
        };
        let written = Pin::new(&mut self.inner).poll_write(context, &bytes[..allowed]);
        if let Poll::Ready(Ok(count)) = written {
            self.spend(count);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if lock(&self.faults).abruptly {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
