//! The table of the differences between the products.

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
    /// What it lets in with OAuth 2.0; none where no version is known that does.
    pub oauth2: Option<OAuth2>,
}

/// What a product lets in with OAuth 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OAuth2 {
    /// The first version whose documents speak of it.
    pub since: &'static str,
    /// Its scopes, and since when it has them, where not all versions do.
    pub scopes: &'static [(&'static str, Option<[u32; 3]>)],
}

// Sources: the vendor's pages "OAuth 2.0 scopes for incoming links" of each product.
const JIRA: OAuth2 = OAuth2 {
    since: "Jira 8.22",
    scopes: &[
        ("READ", None),
        ("WRITE", None),
        ("ADMIN", None),
        ("SYSTEM_ADMIN", None),
        ("READ_ALL", Some([10, 3, 0])),
        ("MANAGE_SUBSCRIPTIONS", Some([10, 3, 0])),
    ],
};
const CONFLUENCE: OAuth2 = OAuth2 {
    since: "Confluence 7.17",
    scopes: &[
        ("READ", None),
        ("WRITE", None),
        ("ADMIN", None),
        ("SYSTEM_ADMIN", None),
    ],
};
const BITBUCKET: OAuth2 = OAuth2 {
    since: "Bitbucket 7.21",
    scopes: &[
        ("PUBLIC_REPOS", None),
        ("ACCOUNT_WRITE", None),
        ("REPO_READ", None),
        ("REPO_WRITE", None),
        ("REPO_ADMIN", None),
        ("PROJECT_ADMIN", None),
        ("ADMIN_WRITE", None),
        ("SYSTEM_ADMIN", None),
    ],
};
const BAMBOO: OAuth2 = OAuth2 {
    since: "Bamboo 9.1",
    scopes: &[("READ", None), ("TRIGGER", None), ("USER", None)],
};
const CROWD: OAuth2 = OAuth2 {
    since: "Crowd 6",
    scopes: &[("USER", None), ("SYSTEM_ADMIN", None)],
};

const LIST_PAGE: &str = "/plugins/servlet/applinks/listApplicationLinks";

/// The row of a type; unknown types get the one with the fewest assumptions.
pub fn product(type_id: &TypeId) -> Product {
    match type_id.as_str() {
        "jira" => Product {
            identity: Identity::Resource {
                path: "/rest/api/2/myself",
                fields: &["name", "key", "emailAddress"],
            },
            permissions: Some("/rest/api/2/mypermissions"),
            admin_page: LIST_PAGE,
            oauth2: Some(JIRA),
        },
        "confluence" => Product {
            identity: Identity::Resource {
                path: "/rest/api/user/current",
                fields: &["username", "userKey", "accountId"],
            },
            permissions: None,
            admin_page: "/admin/listapplicationlinks.action",
            oauth2: Some(CONFLUENCE),
        },
        "bamboo" => Product {
            identity: Identity::Resource {
                path: "/rest/api/latest/currentUser",
                fields: &["name"],
            },
            permissions: None,
            admin_page: LIST_PAGE,
            oauth2: Some(BAMBOO),
        },
        other => Product {
            identity: Identity::Header,
            permissions: None,
            admin_page: LIST_PAGE,
            oauth2: match other {
                "stash" => Some(BITBUCKET),
                "crowd" => Some(CROWD),
                _ => None,
            },
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
