//! The stream under a connection, with a hand on the bytes that leave: an answer can be cut after
//! a number of bytes, never go on, drip, be something else, or end in a reset.

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

/// What happens to the bytes of the answer being written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Order {
    /// They pass.
    #[default]
    Pass,
    /// So many pass (heads included), then the connection is closed.
    CutAfter(usize),
    /// The head and so many pass, then the connection is closed.
    CutBody(usize),
    /// So many pass, then nothing happens any more.
    StallAfter(usize),
    /// So many pass at a time, each after this time.
    Drip { bytes: usize, every: Duration },
    /// These are sent instead, then the connection is closed.
    Raw(Bytes),
    /// They pass, then the connection is closed.
    HangUp { answered: bool },
}

impl Order {
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

/// What is ordered for one answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Orders {
    pub(crate) order: Order,
    /// Where the connection ends, it ends by a reset.
    pub(crate) abruptly: bool,
}

/// The orders of one connection, shared with the code that answers its requests.
pub(crate) type SharedOrders = Arc<Mutex<Orders>>;

/// Something that can be reset.
pub(crate) trait Socket {
    /// From now on dropping it resets the connection.
    fn will_reset(&self);
}

impl Socket for TcpStream {
    fn will_reset(&self) {
        let _ = socket2::SockRef::from(self).set_linger(Some(Duration::ZERO));
    }
}

impl Socket for TlsStream<TcpStream> {
    fn will_reset(&self) {
        self.get_ref().0.will_reset();
    }
}

/// A stream that obeys orders.
pub(crate) struct Wire<S: Socket> {
    inner: S,
    orders: SharedOrders,
    pause: Option<Pin<Box<Sleep>>>,
}

impl<S: Socket> Wire<S> {
    pub(crate) fn new(inner: S, orders: SharedOrders) -> Self {
        Self {
            inner,
            orders,
            pause: None,
        }
    }

    fn spend(&self, written: usize) {
        match &mut lock(&self.orders).order {
            Order::CutAfter(left) | Order::StallAfter(left) => *left = left.saturating_sub(written),
            Order::HangUp { answered } => *answered = true,
            _ => {}
        }
    }
}

impl<S: Socket> Drop for Wire<S> {
    fn drop(&mut self) {
        if lock(&self.orders).abruptly {
            self.inner.will_reset();
        }
    }
}

/// Where the body starts, if the head ends in these bytes.
fn body_at(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

impl<S: AsyncRead + Socket + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if matches!(lock(&self.orders).order, Order::HangUp { answered: true }) {
            // As if the other side had closed it.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Socket + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wanted = bytes.len();
        let order = lock(&self.orders).order.clone();
        let allowed = match order {
            Order::Pass | Order::HangUp { .. } => wanted,
            Order::CutAfter(0) => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            Order::StallAfter(0) => return Poll::Pending,
            Order::CutAfter(left) | Order::StallAfter(left) => left.min(wanted),
            Order::CutBody(body) => match body_at(bytes) {
                Some(at) => {
                    lock(&self.orders).order = Order::CutAfter(at + body);
                    (at + body).min(wanted)
                }
                None => wanted,
            },
            Order::Drip { bytes, every } => {
                let pause = self
                    .pause
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep(every)));
                ready!(pause.as_mut().poll(context));
                self.pause = None;
                bytes.min(wanted)
            }
            Order::Raw(rest) => {
                let written = ready!(Pin::new(&mut self.inner).poll_write(context, &rest))?;
                let rest = rest.slice(written..);
                if rest.is_empty() {
                    lock(&self.orders).order = Order::CutAfter(0);
                } else {
                    lock(&self.orders).order = Order::Raw(rest);
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                return Poll::Ready(Ok(1.min(wanted)));
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
        if lock(&self.orders).abruptly {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
