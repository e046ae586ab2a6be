//! An entry in the log of requests.

use std::time::Duration;

/// One request that an application received, and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Number of the request in its world, by arrival, from 1.
    pub sequence: u64,
    /// Time of arrival since the world started.
    pub at: Duration,
    /// Alias of the application that received it.
    pub app: String,
    /// Method.
    pub method: String,
    /// Path with context path, raw.
    pub path: String,
    /// Raw query. Empty when there is none.
    pub query: String,
    /// All headers in the order they came.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// The user that the application identified. `None` for an anonymous request, or before the
    /// answer.
    pub user: Option<String>,
    /// Alias of the application of this world that sent it. `None` for a client outside the world.
    pub sender: Option<String>,
    /// Status of the answer. `None` before the answer, or when the connection was closed instead.
    pub status: Option<u16>,
}

impl Exchange {
    /// Value of the first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Path and query as they stood in the request line.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether the method changes something.
    pub fn is_write(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}
