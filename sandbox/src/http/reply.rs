//! An answer before it reaches the socket.

use bytes::Bytes;
use serde_json::Value;

/// Status, headers in order, and the whole body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut with_type = self.header("Content-Type", content_type);
        with_type.body = body.into();
        with_type
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status).body("application/json;charset=UTF-8", value.to_string())
    }

    pub(crate) fn html(status: u16, title: &str, text: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><h1>{title}</h1><p>{text}</p></body></html>\n"
        );
        Self::new(status).body("text/html;charset=UTF-8", page)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name))
    }
}
