//! Writes the signature base string (RFC 5849 section 3.4.1), the text that is signed.
//!
//! `oauth1-request` does the signing. This is a second implementation of the same text, so that
//! each checks the other, and so that a server's base string can be compared with ours.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What is never encoded (RFC 3986 section 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A parameter, decoded: its name and its value.
pub type Parameter = (String, String);

/// Percent-encoding as OAuth has it (RFC 5849 section 3.6): a blank is `%20`, digits are upper case.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// Decodes one piece of a query or a form, where a plus is a blank.
fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// Decodes what [`encode`] wrote; a plus stands for itself.
pub(super) fn decode_strict(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The pairs of a raw query or form body. Decoding the whole before it is taken apart would make
/// two parameters of one that holds `%26`.
pub fn parse_form(form: &str) -> Vec<Parameter> {
    form.split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Takes a URL apart: the base string URI (RFC 5849 section 3.4.1.2) and the raw query.
///
/// Scheme and host in lower case, the scheme's own port left out, the path as it stands. `None`
/// where that is no http or https URL.
pub fn target(url: &str) -> Option<(String, &str)> {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = place.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let standard = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(standard).unwrap_or(&authority);
    if authority.is_empty() {
        return None;
    }
    Some((format!("{scheme}://{authority}{path}"), query))
}

/// The base string of `method` on a URI from [`target`] with all of `parameters`, but for the
/// signature and the realm, which are never signed.
pub fn base_string(method: &str, uri: &str, parameters: &[Parameter]) -> String {
    let mut encoded: Vec<Parameter> = parameters
        .iter()
        .filter(|(name, _)| name != "oauth_signature" && name != "realm")
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    encoded.sort();
    let joined: Vec<String> = encoded
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "{}&{}&{}",
        encode(&method.to_ascii_uppercase()),
        encode(uri),
        encode(&joined.join("&"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(method: &str, url: &str, more: &[(&str, &str)]) -> Option<String> {
        let (uri, query) = target(url)?;
        let mut all = parse_form(query);
        all.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Some(base_string(method, &uri, &all))
    }

    /// RFC 5849 section 3.4.1.1, with the errata of 3.4.1.3.1 in mind: every oddity at once.
    #[test]
    fn the_example_of_the_rfc() {
        let form = [
            ("c2", ""),
            ("a3", "2 q"),
            ("oauth_consumer_key", "9djdj82h48djs9d2"),
            ("oauth_token", "kkk9d7dh3k39sjv7"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "7d8f3e4a"),
            ("oauth_signature", "djosJKDKJSD8743243/jdk33klY="),
            ("realm", "Example"),
        ];
        assert_eq!(
            base(
                "post",
                "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
                &form
            )
            .as_deref(),
            Some(
                "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
            )
        );
    }

    #[test]
    fn targets() {
        let uri = |url: &str| target(url).map(|(uri, _)| uri);
        for (url, expected) in [
            (
                "HTTP://Example.com:80/r%20v/X?id=1",
                Some("http://example.com/r%20v/X"),
            ),
            ("https://example.com:443", Some("https://example.com/")),
            ("https://example.com:80/", Some("https://example.com:80/")),
            (
                "http://example.com:8080/a?b#c",
                Some("http://example.com:8080/a"),
            ),
            ("http://[::1]:80/a", Some("http://[::1]/a")),
            ("https://example.com?a=/b", Some("https://example.com/")),
            ("ftp://example.com/", None),
            ("http:///a", None),
            ("nonsense", None),
        ] {
            assert_eq!(uri(url).as_deref(), expected, "{url}");
        }
        assert_eq!(
            target("http://h/a?x=%26&y#z")
                .map(|(_, query)| query.to_owned())
                .as_deref(),
            Some("x=%26&y")
        );
    }

    #[test]
    fn queries_are_taken_apart_raw() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            parse_form("a=1%262&b=x+y&b=x%2By&&c&%C3%A4=%7E*"),
            [
                pair("a", "1&2"),
                pair("b", "x y"),
                pair("b", "x+y"),
                pair("c", ""),
                pair("ä", "~*"),
            ]
        );
        assert_eq!(encode("~*ä +"), "~%2A%C3%A4%20%2B");
    }

    /// Parameters are ordered as they are encoded: `é` (`%C3…`) comes before `~`.
    #[test]
    fn the_order_is_that_of_the_encoded_text() {
        let text = base("GET", "http://h/?a=~&a=%C3%A9&a=z", &[]);
        assert_eq!(
            text.as_deref(),
            Some("GET&http%3A%2F%2Fh%2F&a%3D%25C3%25A9%26a%3Dz%26a%3D~")
        );
    }
}
