//! Binding and releasing a port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::{AbortHandle, JoinSet};

use super::connection;
use super::crew::Crew;
use crate::instance::Instance;
use crate::sync::lock;

const BACKLOG: u32 = 1024;

/// A port being served; dropped, it is closed with all its connections.
#[derive(Debug)]
pub(crate) struct Serving {
    task: AbortHandle,
    crew: Arc<Mutex<JoinSet<()>>>,
    /// Disconnects when the last task of the listener is gone.
    gone: Mutex<Receiver<()>>,
}

impl Serving {
    /// Closes the listener and its connections, and waits until they are closed.
    pub(crate) fn close(self) {
        self.task.abort();
        lock(&self.crew).abort_all();
        // Nothing is ever sent: this returns on disconnection. The limit only guards against a
        // runtime that no longer runs.
        let _ = lock(&self.gone).recv_timeout(Duration::from_secs(5));
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Binds the application's port on loopback (0: a free one) without listening yet, and remembers
/// which it is. Until it listens, connections are refused and nobody else gets the port.
pub(crate) fn reserve(app: &Instance) -> io::Result<TcpSocket> {
    let mut place = lock(&app.place);
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, place.port)))?;
    let address = socket.local_addr()?;
    place.port = address.port();
    for host in &place.hosts {
        app.shared.set_host(host, address);
    }
    Ok(socket)
}

/// Serves a reserved port.
pub(crate) fn serve(app: &Arc<Instance>, socket: TcpSocket) -> io::Result<Serving> {
    let tls = super::tls::server(app)?;
    let (alive, gone) = channel::<()>();
    let runtime = app.shared.runtime.clone();
    let listener = {
        let _entered = runtime.enter();
        socket.listen(BACKLOG)?
    };
    let app = app.clone();
    let requests = Arc::default();
    let crew = Crew::new(alive.clone(), Arc::clone(&requests));
    let task = runtime
        .spawn(accept(alive, app, listener, tls, crew))
        .abort_handle();
    Ok(Serving {
        task,
        crew: requests,
        gone: Mutex::new(gone),
    })
}

/// `alive` comes first because arguments are dropped from the last to the first: it has to outlive
/// the listener.
async fn accept(
    alive: Sender<()>,
    app: Arc<Instance>,
    listener: TcpListener,
    tls: Option<tokio_rustls::TlsAcceptor>,
    crew: Crew,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, peer)) = accepted else { continue };
                let (app, tls, alive) = (app.clone(), tls.clone(), alive.clone());
                let crew = crew.clone();
                connections.spawn(async move {
                    connection::serve(app, stream, peer, tls, crew).await;
                    drop(alive);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
