//! Application ids: name-based UUIDs as Java's `UUID.nameUUIDFromBytes` makes them (MD5, version 3,
//! no namespace), of a server id or of a URL.

use md5::{Digest, Md5};
use uuid::{Builder, Uuid};

/// The id that an application takes from its server id.
pub(crate) fn host_id(server_id: &str) -> String {
    name_based(server_id.as_bytes())
}

/// The id that applications derive from a URL, for links whose other end has no manifest: a
/// name-based UUID (version 3, no namespace) of the URL without trailing slashes.
pub fn url_derived_id(url: &str) -> String {
    let text = url::Url::parse(url).map_or_else(|_| url.to_owned(), |_| normalised(url));
    name_based(text.trim_end_matches('/').as_bytes())
}

/// Java's `URI.normalize().toASCIIString()` keeps case and ports as written, and only resolves
/// dot segments, which base URLs do not have.
fn normalised(url: &str) -> String {
    if url.is_ascii() {
        return url.to_owned();
    }
    percent_encoding::utf8_percent_encode(url, NON_ASCII).to_string()
}

const NON_ASCII: &percent_encoding::AsciiSet = &percent_encoding::AsciiSet::EMPTY;

fn name_based(bytes: &[u8]) -> String {
    Builder::from_md5_bytes(Md5::digest(bytes).into())
        .into_uuid()
        .to_string()
}

/// The canonical text of an id. `None` where Java refuses the text.
pub(crate) fn parse(text: &str) -> Option<String> {
    (text.len() == 36)
        .then(|| Uuid::try_parse(text).ok())
        .flatten()
        .map(|id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::{host_id, parse, url_derived_id};

    #[test]
    fn url_ids_follow_the_known_vectors() {
        assert_eq!(
            url_derived_id("http://localhost:2990/jira"),
            "688890b2-02b5-3eb4-a5f0-79f8067998b3"
        );
        assert_eq!(
            url_derived_id("http://localhost:1990/confluence"),
            "00ae8175-2773-37a4-a4dc-453d196b762c"
        );
        assert_eq!(
            url_derived_id("https://app.example.com"),
            "c45aad5a-3d30-38ac-9865-641e8a1a017a"
        );
        assert_eq!(
            url_derived_id("https://app.example.com//"),
            url_derived_id("https://app.example.com")
        );
    }

    #[test]
    fn host_ids_are_version_three() {
        let id = host_id("BABC-DEFG-HIJK-LMNO");
        assert_eq!(&id[14..15], "3");
        assert_eq!(parse(&id.to_uppercase()).as_deref(), Some(id.as_str()));
        assert_eq!(parse("not-an-id"), None);
    }
}
