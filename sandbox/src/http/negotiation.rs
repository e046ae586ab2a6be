//! Chooses JSON or XML by the suffix, then by `Accept`, with XML as the default.

use serde_json::Value;

use super::{Reply, xml};

/// Representation of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Format {
    /// Cuts a `.json` or `.xml` suffix off the last segment.
    pub(crate) fn suffix(segments: &mut [String]) -> Option<Self> {
        let last = segments.last_mut()?;
        for (suffix, format) in [(".json", Self::Json), (".xml", Self::Xml)] {
            if let Some(stem) = last.strip_suffix(suffix).filter(|stem| !stem.is_empty()) {
                *last = stem.to_owned();
                return Some(format);
            }
        }
        None
    }

    /// The best format for an `Accept` header. `None` when neither is acceptable.
    pub(crate) fn accept(header: Option<&str>) -> Option<Self> {
        let Some(header) = header else {
            return Some(Self::Xml);
        };
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';').map(str::trim);
            let format = match pieces
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
                .as_str()
            {
                "application/json" => Self::Json,
                "application/xml" | "text/xml" | "application/*" | "*/*" | "*" | "" => Self::Xml,
                _ => continue,
            };
            let quality = pieces
                .find_map(|piece| piece.strip_prefix("q="))
                .and_then(|q| q.parse().ok())
                .unwrap_or(1.0_f32);
            if quality > 0.0 && best.is_none_or(|(other, _)| quality > other) {
                best = Some((quality, format));
            }
        }
        best.map(|(_, format)| format)
    }

    /// Writes `value` with `root` as the XML document element.
    pub(crate) fn write(self, status: u16, root: &str, value: &Value) -> Reply {
        match self {
            Self::Json => Reply::json(status, value),
            Self::Xml => {
                Reply::new(status).body("application/xml;charset=UTF-8", xml::document(root, value))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn xml_unless_json_is_asked_for() {
        assert_eq!(Format::accept(None), Some(Format::Xml));
        assert_eq!(Format::accept(Some("*/*")), Some(Format::Xml));
        assert_eq!(Format::accept(Some("application/json")), Some(Format::Json));
        assert_eq!(
            Format::accept(Some("application/json, */*;q=0.1")),
            Some(Format::Json)
        );
        assert_eq!(
            Format::accept(Some("text/html,application/xml;q=0.9")),
            Some(Format::Xml)
        );
        assert_eq!(Format::accept(Some("text/csv")), None);
        let mut segments = ["manifest.json".to_owned()];
        assert_eq!(Format::suffix(&mut segments), Some(Format::Json));
        assert_eq!(segments[0], "manifest");
    }
}
