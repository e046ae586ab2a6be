//! The stream under a connection, with a hand on the bytes that leave: an answer can be cut after
//! a number of bytes, or never go on.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::sync::lock;

/// What happens to the bytes of the answer being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Order {
    /// They pass.
    #[default]
    Pass,
    /// So many pass (heads included), then the connection is closed.
    CutAfter(usize),
    /// So many pass, then nothing happens any more.
    StallAfter(usize),
}

/// The order of one connection, shared with the code that answers its requests.
pub(crate) type Orders = Arc<Mutex<Order>>;

/// A stream that obeys orders.
pub(crate) struct Wire<S> {
    inner: S,
    orders: Orders,
}

impl<S> Wire<S> {
    pub(crate) fn new(inner: S, orders: Orders) -> Self {
        Self { inner, orders }
    }

    /// How many of `wanted` bytes may be written now; `None`: none, ever again.
    fn allowance(&self, wanted: usize) -> Result<Option<usize>, io::Error> {
        match *lock(&self.orders) {
            Order::Pass => Ok(Some(wanted)),
            Order::CutAfter(0) => Err(io::ErrorKind::ConnectionReset.into()),
            Order::StallAfter(0) => Ok(None),
            Order::CutAfter(left) | Order::StallAfter(left) => Ok(Some(left.min(wanted))),
        }
    }

    fn spend(&self, written: usize) {
        let mut order = lock(&self.orders);
        if let Order::CutAfter(left) | Order::StallAfter(left) = &mut *order {
            *left = left.saturating_sub(written);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(allowed) = self.allowance(bytes.len())? else {
            return Poll::Pending;
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
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
