//! Which addresses from a server may stand in a command.

use crate::domain::BaseUrl;

/// Whether an address that a server told may stand in a command: encrypted, and on the same host
/// or in the same domain as the one that is known. Without a list of public suffixes a domain is
/// what is left of the host without its first label, unless that looks like `co.uk`.
pub fn is_trusted(known: &BaseUrl, told: &BaseUrl) -> bool {
    if !told.is_https() {
        return false;
    }
    let (known, told) = (known.host(), told.host());
    if known == told {
        return true;
    }
    let numeric = |host: &str| host.parse::<std::net::IpAddr>().is_ok();
    if numeric(&known) || numeric(&told) {
        return false;
    }
    let domain = |host: &str| -> Option<String> {
        let (_, parent) = host.split_once('.')?;
        let labels: Vec<&str> = parent.split('.').collect();
        match labels.as_slice() {
            [] | [_] => None,
            [second, top] if top.len() == 2 && second.len() <= 3 => None,
            _ => Some(parent.to_owned()),
        }
    };
    let inside = |host: &str, of: &str| host.ends_with(&format!(".{of}"));
    match (domain(&known), domain(&told)) {
        (Some(a), Some(b)) if a == b => true,
        (Some(_), _) if inside(&told, &known) => true,
        (_, Some(_))
            if inside(&known, &told) && domain(&known).as_deref() == Some(told.as_str()) =>
        {
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_the_same_host_or_domain_over_https() {
        let near = |known: &str, told: &str| matches!((BaseUrl::parse(known), BaseUrl::parse(told)), (Ok(a), Ok(b)) if is_trusted(&a, &b));
        assert!(near(
            "http://jira.example.com",
            "https://jira.example.com/jira"
        ));
        assert!(near("https://jira.example.com", "https://wiki.example.com"));
        assert!(near(
            "https://jira.example.co.uk",
            "https://wiki.example.co.uk"
        ));
        assert!(!near("https://jira.example.com", "http://jira.example.com"));
        assert!(!near(
            "https://jira.example.com",
            "https://jira.example.org"
        ));
        assert!(!near("https://example.com", "https://evil.com"));
        assert!(!near("https://example.co.uk", "https://evil.co.uk"));
        assert!(!near("https://10.0.0.1", "https://10.0.0.2"));
        assert!(!near(
            "https://jira.example.com",
            "https://jira.example.com.evil.net"
        ));
    }
}
