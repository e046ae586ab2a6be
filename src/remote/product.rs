//! What differs between the products: a table, not a class each.

use crate::domain::{BaseUrl, TypeId};

/// How to ask an application who the account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// A JSON resource, and the field that holds the user's name.
    Resource {
        /// Path below the base URL.
        path: &'static str,
        /// The fields that may hold the name, the first that does counts.
        fields: &'static [&'static str],
    },
    /// No resource is known; the header `X-AUSERNAME` may tell.
    Header,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// How to ask who the account is.
    pub identity: Identity,
    /// Where to ask whether it is a system administrator.
    pub permissions: Option<&'static str>,
    /// The page with the application links, below the display URL.
    pub admin_page: &'static str,
}

const LIST_PAGE: &str = "/plugins/servlet/applinks/listApplicationLinks";

/// The row of a type; types that nobody knows get the one with the fewest assumptions.
pub fn product(type_id: &TypeId) -> Product {
    match type_id.as_str() {
        "jira" => Product {
            identity: Identity::Resource {
                path: "/rest/api/2/myself",
                fields: &["name", "key", "emailAddress"],
            },
            permissions: Some("/rest/api/2/mypermissions"),
            admin_page: LIST_PAGE,
        },
        "confluence" => Product {
            identity: Identity::Resource {
                path: "/rest/api/user/current",
                fields: &["username", "userKey", "accountId"],
            },
            permissions: None,
            admin_page: "/admin/listapplicationlinks.action",
        },
        "bamboo" => Product {
            identity: Identity::Resource {
                path: "/rest/api/latest/currentUser",
                fields: &["name"],
            },
            permissions: None,
            admin_page: LIST_PAGE,
        },
        _ => Product {
            identity: Identity::Header,
            permissions: None,
            admin_page: LIST_PAGE,
        },
    }
}

/// A host that belongs to Atlassian's cloud, where application links have no public API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    /// A Jira or Confluence site.
    Site,
    /// Bitbucket Cloud.
    Bitbucket,
}

/// Whether an address is in Atlassian's cloud.
pub fn cloud(url: &BaseUrl) -> Option<Cloud> {
    let host = url.host();
    let within = |domain: &str| host == domain || host.ends_with(&format!(".{domain}"));
    if within("bitbucket.org") {
        Some(Cloud::Bitbucket)
    } else if within("atlassian.net") || within("jira.com") {
        Some(Cloud::Site)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cloud_hosts() {
        let of = |text: &str| BaseUrl::parse(text).ok().and_then(|url| cloud(&url));
        assert_eq!(of("https://acme.atlassian.net/wiki"), Some(Cloud::Site));
        assert_eq!(of("https://bitbucket.org/acme"), Some(Cloud::Bitbucket));
        assert_eq!(of("https://atlassian.net.example.com"), None);
        assert_eq!(of("https://notbitbucket.org"), None);
    }
}
