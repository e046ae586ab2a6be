//! A request after it has been read whole.

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use super::encoding;

/// One request to an application, path relative to its context path.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// `http` or `https`, as the connection is.
    pub(crate) scheme: &'static str,
    /// The `Host` header.
    pub(crate) host: String,
    /// Context path, empty or `/name`.
    pub(crate) context: String,
    /// Raw path with the context path.
    pub(crate) path: String,
    /// Raw query without the question mark. Empty when there is none.
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// Alias of the application of this world that sent it.
    pub(crate) sender: Option<String>,
    /// Whether its connection has carried a request before it.
    pub(crate) reused: bool,
}

impl Request {
    /// Value of the first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Path below the context path. `None` when it lies outside.
    pub(crate) fn local_path(&self) -> Option<&str> {
        let rest = self.path.strip_prefix(self.context.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }

    /// Path and query as they stood in the request line.
    pub(crate) fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// Decoded, non-empty segments of the local path.
    pub(crate) fn segments(&self) -> Vec<String> {
        let decode = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let path = self.local_path().unwrap_or_default();
        path.split('/')
            .filter(|segment| !segment.is_empty())
            .map(decode)
            .collect()
    }

    /// All values of a query parameter.
    pub(crate) fn parameters(&self, name: &str) -> Vec<String> {
        let all = encoding::pairs(&self.query);
        all.into_iter()
            .filter(|(other, _)| other == name)
            .map(|(_, value)| value)
            .collect()
    }

    /// First value of a query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.parameters(name).into_iter().next()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Media type of the body in lower case, without parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self
            .header("content-type")?
            .split(';')
            .next()
            .unwrap_or_default();
        Some(value.trim().to_ascii_lowercase()).filter(|value| !value.is_empty())
    }

    /// The body as text, when it is a form.
    pub(crate) fn form_body(&self) -> Option<String> {
        (self.media_type()? == "application/x-www-form-urlencoded")
            .then(|| String::from_utf8_lossy(&self.body).into_owned())
    }

    /// The base URL that this request used.
    pub(crate) fn base(&self) -> String {
        format!("{}://{}{}", self.scheme, self.host, self.context)
    }
}
