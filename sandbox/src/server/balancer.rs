//! Sends each request of a cluster to one of its two nodes.

use std::sync::Arc;

use super::pipeline;
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::sync::lock;

/// Name of the cookie by which a balancer keeps a client on one node.
const COOKIE: &str = "ROUTEID";

/// The answer, and the user that the application identified.
pub(crate) async fn respond(app: &Arc<Instance>, request: &Request) -> (Reply, Option<String>) {
    let Some(cluster) = app.settings().cluster else {
        return pipeline::respond(app, request).await;
    };
    let kept = cluster.affinity.then(|| node_of(request)).flatten();
    let node = kept.unwrap_or_else(|| lock(&app.nodes).next_node());
    let (mut reply, user) = if matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
        read(app, request, node).await
    } else {
        write(app, request, node).await
    };
    if cluster.affinity && kept.is_none() {
        let cookie = format!("{COOKIE}=.node{node}; Path=/");
        reply = reply.header("Set-Cookie", cookie);
    }
    (reply, user)
}

/// Reads from the node, which may not know the latest changes of the other node.
async fn read(app: &Arc<Instance>, request: &Request, node: usize) -> (Reply, Option<String>) {
    let lag = app.settings().cluster.map(|cluster| cluster.lag);
    let view = lock(&app.nodes).view(node, lag.unwrap_or_default());
    let Some(store) = view else {
        return pipeline::respond(app, request).await;
    };
    let behind = Arc::new(app.node_with(store));
    let answer = pipeline::respond(&behind, request).await;
    let failures = lock(&behind.state).failures.clone();
    lock(&app.state).failures = failures;
    answer
}

/// Writes to the common database. The other node learns of it later.
async fn write(app: &Arc<Instance>, request: &Request, node: usize) -> (Reply, Option<String>) {
    let before = lock(&app.state).store.clone();
    let answer = pipeline::respond(app, request).await;
    if answer.0.status < 400 {
        lock(&app.nodes).record(node, before);
    }
    answer
}

fn node_of(request: &Request) -> Option<usize> {
    let cookies = request.header("cookie")?;
    let value = cookies.split(';').find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })?;
    match value {
        ".node0" => Some(0),
        ".node1" => Some(1),
        _ => None,
    }
}
