//! What the applications ask of a client, checked before anything is sent.

use url::Url;

use crate::domain::did_you_mean;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::remote::Session;

/// The products take no longer redirect URI.
const LONGEST: usize = 450;
/// What a redirect URI may hold beside letters and digits (RFC 3986).
const PLAIN: &str = "-._~:/?#[]@!$&'()*+,;=%";

/// Checks the redirect URIs; gives them without repetitions.
pub(super) fn redirects(uris: &[String], plain_http: bool) -> Result<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for uri in uris {
        redirect(uri, plain_http)?;
        if !all.contains(uri) {
            all.push(uri.clone());
        }
    }
    Ok(all)
}

/// Checks one. The application compares it letter by letter with what the program sends, so it is
/// kept as it was typed.
fn redirect(uri: &str, plain_http: bool) -> Result<()> {
    // What stands before an @ may be a password.
    let wrong = |why: &str| {
        Error::usage(if uri.contains('@') {
            format!("the redirect URI {why}")
        } else {
            format!("the redirect URI {uri:?} {why}")
        })
    };
    if uri.is_empty() {
        return Err(Error::usage("a redirect URI cannot be empty"));
    }
    if uri.chars().count() > LONGEST {
        return Err(Error::usage(format!(
            "a redirect URI has at most {LONGEST} characters, and one of these has {}",
            uri.chars().count()
        )));
    }
    if uri.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(wrong("holds a blank or a control character")
            .hint("write it percent-encoded, as the program sends it"));
    }
    if let Some(odd) = uri
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !PLAIN.contains(*c))
    {
        return Err(
            wrong(&format!("holds {odd:?}, which has no place in a URI"))
                .hint("write it percent-encoded, as the program sends it"),
        );
    }
    if uri.contains('#') {
        return Err(
            wrong("has a fragment, which is refused").hint("leave out the '#' and what follows it")
        );
    }
    let Ok(url) = Url::parse(uri) else {
        return Err(wrong("is not absolute")
            .hint("give the whole of it, such as https://ci.example.com/callback"));
    };
    let is_web = matches!(url.scheme(), "http" | "https");
    if is_web {
        let after = uri.get(url.scheme().len()..).unwrap_or_default();
        if !after.starts_with("://") || after.starts_with(":///") || url.host_str().is_none() {
            return Err(wrong("names no host").hint("write it as https://ci.example.com/callback"));
        }
    }
    if url.scheme() == "http" && url.host_str() != Some("localhost") && !plain_http {
        let error = wrong("uses http, which is refused for every host but localhost");
        return Err(match url.host_str() {
            Some("127.0.0.1" | "[::1]") => error.hint(
                "a loopback address is not exempt, the name localhost is: register and send http://localhost:PORT/...",
            ),
            _ => error
                .hint("use https")
                .hint("where the server's own properties allow http: --allow-http-redirect"),
        });
    }
    Ok(())
}

/// A scope as it is written: one word in capitals.
pub(super) fn scope_word(text: &str) -> std::result::Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        Err("a scope cannot be empty".to_owned())
    } else if text.contains([' ', ',']) {
        Err("one scope only: an application keeps one for each client".to_owned())
    } else if !text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '.'))
    {
        Err("a scope is one word, such as READ".to_owned())
    } else {
        Ok(text.to_ascii_uppercase())
    }
}

/// Refuses a scope that the application does not have.
pub(super) fn scope(wanted: &str, has: &[String], product: &str, version: &str) -> Result<()> {
    if has.is_empty() || has.iter().any(|scope| scope == wanted) {
        return Ok(());
    }
    Err(
        Error::usage(format!("{product} {version} has no scope {wanted}"))
            .hint(format!("one of: {}", has.join(", "))),
    )
}

/// A client that is there under nearly the same name, where none of that name is to be removed.
pub(super) async fn nearly(session: &Session, name: &str, plan: &Plan) -> Option<String> {
    if !plan.is_empty() {
        return None;
    }
    let all = session.oauth2_clients().await.ok()?;
    did_you_mean(name, all.iter().map(|one| one.client.terms.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_its_words() {
        let long = format!("https://ci.example.com/{}", "a".repeat(430));
        for (uri, word) in [
            ("", "empty"),
            (long.as_str(), "450"),
            ("https://ci.example.com/a b", "blank"),
            ("https://ci.example.com/{a}", "no place"),
            ("https://ci.example.com/#", "fragment"),
            ("/callback", "not absolute"),
            ("ci.example.com/callback", "not absolute"),
            ("https:/ci.example.com", "no host"),
            ("https:///callback", "no host"),
            ("http://ci.example.com/cb", "localhost"),
            ("http://127.0.0.1:8080/cb", "localhost"),
            ("http://[::1]/cb", "localhost"),
            ("http://localhost.example.com/cb", "localhost"),
        ] {
            let error = redirect(uri, false).err().map(|error| error.message);
            assert!(
                error.as_deref().is_some_and(|error| error.contains(word)),
                "{uri}: {error:?}"
            );
        }
        for uri in [
            "https://ci.example.com/callback?x=%20",
            "http://localhost/cb",
            "http://localhost:8080/cb",
            "com.example.app:/callback",
            "com.example.app://callback",
        ] {
            assert_eq!(redirect(uri, false), Ok(()), "{uri}");
        }
        assert_eq!(redirect("http://ci.example.com/cb", true), Ok(()));
        let exactly = format!("https://x/{}", "a".repeat(440));
        assert_eq!(redirect(&exactly, false), Ok(()));
        assert!(redirect(&format!("{exactly}a"), false).is_err());
    }

    #[test]
    fn scopes_are_words() {
        assert_eq!(scope_word(" write "), Ok("WRITE".to_owned()));
        for wrong in ["", "READ WRITE", "READ,WRITE", "a/b"] {
            assert!(scope_word(wrong).is_err(), "{wrong}");
        }
        let has = ["READ".to_owned()];
        assert!(scope("READ", &has, "Jira", "9").is_ok());
        assert!(scope("WRITE", &has, "Jira", "9").is_err());
        assert!(scope("ANYTHING", &[], "Strange", "1").is_ok());
    }
}
