//! Binds the port of an application and accepts its connections.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;

use super::connection;
use super::tasks::RequestTasks;
use crate::instance::Instance;
use crate::serving::Serving;
use crate::sync::lock;

const BACKLOG: u32 = 1024;

/// Binds the application's port on loopback without listening yet. Port 0 becomes a free port,
/// which the application keeps. Until it listens, the system refuses connections, and no other
/// process can take the port.
pub(crate) fn reserve(app: &Instance) -> io::Result<TcpSocket> {
    let mut listen = lock(&app.address);
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, listen.port)))?;
    let address = socket.local_addr()?;
    listen.port = address.port();
    for host in &listen.hosts {
        app.environment.set_host(host, address);
    }
    Ok(socket)
}

/// Serves a reserved port.
pub(crate) fn serve(app: &Arc<Instance>, socket: TcpSocket) -> io::Result<Serving> {
    let tls = super::tls::server(app)?;
    let (alive, gone) = channel::<()>();
    let runtime = app.environment.runtime.clone();
    let listener = {
        let _entered = runtime.enter();
        socket.listen(BACKLOG)?
    };
    let app = app.clone();
    let requests = Arc::default();
    let tasks = RequestTasks::new(alive.clone(), Arc::clone(&requests));
    let task = runtime
        .spawn(accept(alive, app, listener, tls, tasks))
        .abort_handle();
    Ok(Serving {
        task,
        requests,
        gone: Mutex::new(gone),
    })
}

/// Accepts connections until the task is aborted.
///
/// `alive` has to outlive the listener. It comes first because arguments are dropped from the last
/// to the first.
async fn accept(
    alive: Sender<()>,
    app: Arc<Instance>,
    listener: TcpListener,
    tls: Option<tokio_rustls::TlsAcceptor>,
    tasks: RequestTasks,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, peer)) = accepted else { continue };
                let (app, tls, alive) = (app.clone(), tls.clone(), alive.clone());
                let tasks = tasks.clone();
                connections.spawn(async move {
                    connection::serve(app, stream, peer, tls, tasks).await;
                    drop(alive);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
