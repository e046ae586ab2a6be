//! The signature base string (RFC 5849, section 3.4.1), from the raw parts of a request.

use crate::http::encoding::encode;

/// Base string of `method` on `url` (no query) with all `parameters` but the signature and realm.
pub(crate) fn base_string(method: &str, url: &str, parameters: &[(String, String)]) -> String {
    let mut encoded: Vec<(String, String)> = parameters
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
        method.to_ascii_uppercase(),
        encode(&normal_url(url)),
        encode(&joined.join("&"))
    )
}

/// Scheme and authority in lower case, default port dropped, path kept as it is, query cut.
fn normal_url(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let scheme = scheme.to_ascii_lowercase();
    let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let authority = authority.to_ascii_lowercase();
    let default = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(default).unwrap_or(&authority);
    format!("{scheme}://{authority}{path}")
}

#[cfg(test)]
mod tests {
    use super::base_string;
    use crate::http::encoding::pairs;

    #[test]
    fn published_vector() {
        let mut parameters = pairs("size=original&file=vacaction.jpg");
        for (name, value) in [
            ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
            ("oauth_signature_method", "RSA-SHA1"),
            ("oauth_timestamp", "1196666512"),
            ("oauth_nonce", "13917289812797014437"),
            ("oauth_version", "1.0"),
        ] {
            parameters.push((name.to_owned(), value.to_owned()));
        }
        let base = base_string("get", "HTTP://PHOTOS.example.net:80/photos?x", &parameters);
        assert_eq!(base.len(), 249);
        assert!(
            base.starts_with(
                "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacaction.jpg%26"
            )
        );
        assert!(base.ends_with("%26oauth_version%3D1.0%26size%3Doriginal"));
    }
}
