//! The products' own codes.

use super::entry::CodeEntry;
use super::severity::Severity;
use crate::domain::Code;

/// The entry of one of the products' codes.
pub(super) fn entry(code: Code) -> Option<&'static CodeEntry> {
    ENTRIES.iter().find(|entry| entry.code == code)
}

/// Also what stands in for an entry that is missing.
pub(super) const UNKNOWN: CodeEntry = CodeEntry {
    code: Code::Unknown,
    severity: Severity::Broken,
    varies: None,
    meaning: "The product met a failure that it does not classify; timeouts and missing routes are among them.",
    causes: &[
        "the calling server's packets are dropped on the way (timeout, no route to host)",
        "an error inside the product: its log has the stack trace",
    ],
    fixes: &[
        "Read the details in the finding, then the log of the calling application at that minute.",
        "Test the application URL from the calling server itself, not from your desk.",
        "Collect everything for support: `applink verify LOCAL REMOTE --report FILE`.",
    ],
    where_to_fix: "the calling application's log, and the network between the two servers",
};

const ENTRIES: &[CodeEntry] = &[
    CodeEntry {
        code: Code::ConnectionRefused,
        severity: Severity::Broken,
        varies: None,
        meaning: "The calling server reached the host, and nobody listens on that port.",
        causes: &[
            "the other application is down or still starting",
            "the application URL names a wrong port",
            "a firewall between the two servers rejects this direction",
        ],
        fixes: &[
            "Start the other application, then `applink verify LOCAL REMOTE`.",
            "If the address is wrong: `applink relocate REMOTE NEW_URL --on LOCAL`.",
            "Open the port from the calling server; that it answers your desk says nothing about the servers.",
        ],
        where_to_fix: "the called server, or the firewall between the two",
    },
    CodeEntry {
        code: Code::UnknownHost,
        severity: Severity::Broken,
        varies: None,
        meaning: "The calling server cannot resolve the host name in the application URL.",
        causes: &[
            "the name is not in the DNS that this server asks (split horizon, container network)",
            "a typing error in the application URL",
            "the host was renamed",
        ],
        fixes: &[
            "Add the name to DNS or to the hosts file of the calling server, and restart it if the JVM keeps old answers.",
            "Use a name that both servers resolve: `applink relocate REMOTE NEW_URL --on LOCAL`.",
        ],
        where_to_fix: "name resolution on the calling server",
    },
    CodeEntry {
        code: Code::SslUntrusted,
        severity: Severity::Broken,
        varies: None,
        meaning: "The calling server does not trust the certificate of the called one.",
        causes: &[
            "a self-signed certificate, or one of a private CA that is not in the truststore of the calling JVM",
            "the called server does not send its intermediate certificate",
            "a Java upgrade replaced the truststore",
        ],
        fixes: &[
            "Import the CA into the truststore of the JVM that runs the calling application (`keytool -importcert -cacerts`), and restart it.",
            "Let the called server, or the proxy before it, send the whole chain.",
        ],
        where_to_fix: "the calling server's JVM truststore, or the called server's chain",
    },
    CodeEntry {
        code: Code::SslHostnameUnmatched,
        severity: Severity::Broken,
        varies: None,
        meaning: "The certificate of the called server is for another name than the one in the application URL.",
        causes: &[
            "the link uses an internal name or an IP address",
            "the certificate is old, or the proxy serves that of another site",
        ],
        fixes: &[
            "Use the name in the certificate: `applink relocate REMOTE NEW_URL --on LOCAL`.",
            "Issue a certificate that holds the name in use as subject alternative name.",
        ],
        where_to_fix: "the link's application URL, or the called server's certificate",
    },
    CodeEntry {
        code: Code::SslUnmatched,
        severity: Severity::Broken,
        varies: None,
        meaning: "The TLS handshake fails for another reason than trust or name.",
        causes: &[
            "no protocol version or cipher in common, as a rule after one side was hardened",
            "the called server demands a client certificate",
            "the port does not speak TLS at all",
        ],
        fixes: &[
            "Allow TLS 1.2 or later on both sides.",
            "Exempt the link's paths from client certificates, or use a connector without them.",
            "If scheme or port are wrong: `applink relocate REMOTE NEW_URL --on LOCAL`.",
        ],
        where_to_fix: "TLS settings of the called server or its proxy, and the calling JVM",
    },
    CodeEntry {
        code: Code::OauthProblem,
        severity: Severity::Broken,
        varies: None,
        meaning: "The called application refused a signed request; the `oauth_problem` in the details says why.",
        causes: &[
            "`consumer_key_unknown`: no incoming consumer there: the other end was deleted, restored or cloned",
            "`token_rejected`, `token_expired`: a user's consent is gone",
            "`parameter_absent`: a proxy drops the Authorization header",
            "`nonce_used`: a proxy repeats requests",
        ],
        fixes: &[
            "Compare both ends: `applink verify LOCAL REMOTE`.",
            "Make what is missing on the other end: `applink create LOCAL REMOTE`.",
            "Last resort, users must authorize again: `applink delete LOCAL REMOTE`, then `applink create LOCAL REMOTE`.",
        ],
        where_to_fix: "the incoming authentication on the called application",
    },
    CodeEntry {
        code: Code::OauthTimestampRefused,
        severity: Severity::Broken,
        varies: None,
        meaning: "The called application refused the timestamp: the clocks are more than five minutes apart.",
        causes: &[
            "time synchronisation is off on one server",
            "a virtual machine was paused or restored",
            "a time zone was set by moving the clock",
        ],
        fixes: &[
            "Let both servers follow the same time source, then `applink verify LOCAL REMOTE`.",
            "Nothing about the link has to change.",
        ],
        where_to_fix: "the clock of the server that `applink verify` names",
    },
    CodeEntry {
        code: Code::OauthSignatureInvalid,
        severity: Severity::Broken,
        varies: None,
        meaning: "The called application knows the caller, and the signature does not fit the request as it arrived.",
        causes: &[
            "the application URL of the link differs from the base URL of the called application",
            "its proxy changes scheme, host, port or context path, and the connector does not know (`proxyName`, `proxyPort`, `scheme`)",
            "a firewall or cache strips parameters, or turns HEAD into GET",
            "the key stored for the caller is an old one",
        ],
        fixes: &[
            "Look where the addresses differ: `applink verify LOCAL REMOTE`.",
            "Make the application URL the other one's base URL: `applink relocate REMOTE NEW_URL --on LOCAL`.",
            "Set `proxyName`, `proxyPort` and `scheme` on the called application's connector, or use a connector without proxy.",
            "For nginx: `proxy_cache_convert_head off`; remove `useBodyEncodingForURI` in server.xml.",
        ],
        where_to_fix: "the called application's base URL, connector and proxy",
    },
    CodeEntry {
        code: Code::UnexpectedResponse,
        severity: Severity::Broken,
        varies: None,
        meaning: "The called address answered with something that application links do not understand.",
        causes: &[
            "a log-in page of a single sign-on system or of the proxy",
            "a proxy's error page, a firewall's block page, or a maintenance page",
            "the URL leads to something else",
        ],
        fixes: &[
            "See what comes back: `applink verify LOCAL REMOTE`.",
            "Exempt `/rest/applinks` and `/plugins/servlet/oauth` from single sign-on and firewall rules.",
            "If the address is wrong: `applink relocate REMOTE NEW_URL --on LOCAL`.",
        ],
        where_to_fix: "the proxy or sign-on system in front of the called application",
    },
    CodeEntry {
        code: Code::UnexpectedResponseStatus,
        severity: Severity::Broken,
        varies: None,
        meaning: "The called address answered with an HTTP status that application links do not expect.",
        causes: &[
            "the context path is missing from the application URL",
            "the proxy redirects http to https, or to another host",
            "the called application is starting, or in maintenance",
        ],
        fixes: &[
            "Use the final address, with its context path: `applink relocate REMOTE NEW_URL --on LOCAL`.",
            "After a 502, 503 or 504: wait until it is up, then `applink verify LOCAL REMOTE`.",
        ],
        where_to_fix: "the link's application URL, or the called application's proxy",
    },
    CodeEntry {
        code: Code::NoRemoteApplink,
        severity: Severity::Broken,
        varies: Some("warning when one way is what was asked for"),
        meaning: "The other application has no link back.",
        causes: &[
            "the second half was never made, or failed",
            "it was deleted on one side only",
            "the other application was restored from a backup, or its id changed",
        ],
        fixes: &[
            "Make the missing end: `applink create LOCAL REMOTE`.",
            "If the link is not wanted: `applink delete LOCAL REMOTE`.",
        ],
        where_to_fix: "the application links of the other application",
    },
    CodeEntry {
        code: Code::AuthLevelMismatch,
        severity: Severity::Broken,
        varies: None,
        meaning: "What one end sends is not what the other end accepts.",
        causes: &[
            "one end has impersonation, the other plain OAuth",
            "one direction was switched off on one end only",
            "somebody changed one end by hand",
        ],
        fixes: &[
            "Set both ends to one level: `applink edit LOCAL REMOTE --auth oauth`.",
            "With one shared user base: `applink edit LOCAL REMOTE --auth impersonation`.",
        ],
        where_to_fix: "incoming here must equal outgoing there, and the reverse",
    },
    CodeEntry {
        code: Code::LocalAuthTokenRequired,
        severity: Severity::Unverifiable,
        varies: Some("the comparison of both ends decides where both could be read"),
        meaning: "The product cannot ask the other end, because your account has not authorized it from here.",
        causes: &[
            "the peer is of an older version, and answers only for a user who has authorized the link",
        ],
        fixes: &[
            "Let applink read both ends itself, with an administrator on each: `applink app login ALIAS`, then `applink verify LOCAL REMOTE`.",
            "Or authorize once on the product's Application links page.",
        ],
        where_to_fix: "your account on the application that shows the code",
    },
    CodeEntry {
        code: Code::RemoteAuthTokenRequired,
        severity: Severity::Unverifiable,
        varies: Some("the comparison of both ends decides where both could be read"),
        meaning: "The other end did not accept the authorization that your account gave.",
        causes: &[
            "the token was revoked or has expired",
            "the link was made anew, which ends all tokens",
        ],
        fixes: &[
            "Let applink read both ends itself, with an administrator on each: `applink app login ALIAS`, then `applink verify LOCAL REMOTE`.",
            "Or authorize again on the product's Application links page.",
        ],
        where_to_fix: "your account on the other application",
    },
    CodeEntry {
        code: Code::InsufficientRemotePermission,
        severity: Severity::Unverifiable,
        varies: Some("the comparison of both ends decides where both could be read"),
        meaning: "The account that your user is on the other application is not an administrator there.",
        causes: &[
            "the two applications know you under different accounts",
            "the account has no administrator permission on the other one",
        ],
        fixes: &[
            "Give applink an administrator of that application: `applink app login ALIAS`, then `applink verify LOCAL REMOTE`.",
            "Or grant the account administration there.",
        ],
        where_to_fix: "permissions on the other application",
    },
    CodeEntry {
        code: Code::AuthLevelUnsupported,
        severity: Severity::Warning,
        varies: None,
        meaning: "One end allows only calls with a user's consent, or the peer has calls as the application switched off.",
        causes: &[
            "a link of an old version (three-legged OAuth only)",
            "two-legged OAuth was switched off on one end",
        ],
        fixes: &[
            "Bring both ends to a level of today: `applink edit LOCAL REMOTE --auth oauth`.",
            "Or switch the link off: `applink edit LOCAL REMOTE --auth none`.",
        ],
        where_to_fix: "the authentication of the end that `applink verify` marks",
    },
    CodeEntry {
        code: Code::LegacyUpdate,
        severity: Severity::Warning,
        varies: None,
        meaning: "The link uses Trusted Applications or Basic authentication, which is going away, and the product can replace it.",
        causes: &["a link from the years before OAuth"],
        fixes: &[
            "`applink migrate LOCAL REMOTE`: OAuth on both ends first, then the end of the old authentication.",
            "Or choose the update at the link's status on the Application links page.",
        ],
        where_to_fix: "the link's authentication, on both applications",
    },
    CodeEntry {
        code: Code::LegacyRemoval,
        severity: Severity::Warning,
        varies: None,
        meaning: "OAuth works, and old authentication is still configured beside it, which the product can remove.",
        causes: &["a change to OAuth that was not finished"],
        fixes: &[
            "`applink migrate LOCAL REMOTE`, or the removal at the link's status on the Application links page.",
        ],
        where_to_fix: "the link's authentication, on both applications",
    },
    CodeEntry {
        code: Code::ManualLegacyUpdate,
        severity: Severity::Warning,
        varies: None,
        meaning: "The link uses only old authentication, and the product may not change the other end for you.",
        causes: &["your account is no administrator on the other application"],
        fixes: &[
            "With administrators of both: `applink migrate LOCAL REMOTE`.",
            "Where that says so, remove Trusted Applications and Basic on the edit page of each end.",
        ],
        where_to_fix: "the link's authentication, on both applications",
    },
    CodeEntry {
        code: Code::ManualLegacyRemoval,
        severity: Severity::Warning,
        varies: None,
        meaning: "OAuth works, and old authentication beside it has to be removed by hand.",
        causes: &["your account is no administrator on the other application"],
        fixes: &[
            "With administrators of both: `applink migrate LOCAL REMOTE`.",
            "Or remove Trusted Applications and Basic on the link's edit page, on each end by its administrator.",
        ],
        where_to_fix: "the link's edit page on both applications",
    },
    CodeEntry {
        code: Code::ManualLegacyRemovalWithOldEdit,
        severity: Severity::Warning,
        varies: None,
        meaning: "Old authentication has to be removed by hand, and the other application still has the older pages.",
        causes: &["the other application's version is older than the automatic change"],
        fixes: &[
            "On the other application: Application links, Configure, then delete incoming Trusted Applications.",
            "Upgrade the other application when you can.",
        ],
        where_to_fix: "the link's configuration on the other application",
    },
    CodeEntry {
        code: Code::NoOutgoingAuth,
        severity: Severity::Broken,
        varies: None,
        meaning: "Nothing outgoing is configured with which the product could ask the other end.",
        causes: &[
            "the link was made without an administrator of the other application",
            "the other application is old, or does not answer at all: this code then hides the network's",
        ],
        fixes: &[
            "Check first that the other application is up: `applink verify LOCAL REMOTE`.",
            "Configure both ends: `applink edit LOCAL REMOTE --auth oauth`.",
        ],
        where_to_fix: "the outgoing authentication of the end that shows the code",
    },
    CodeEntry {
        code: Code::RemoteVersionIncompatible,
        severity: Severity::Broken,
        varies: None,
        meaning: "The other application's application links plugin is too old to be asked for a status.",
        causes: &["a very old version at the other end"],
        fixes: &[
            "Upgrade the other application.",
            "Until then compare both ends from here: `applink verify LOCAL REMOTE`.",
        ],
        where_to_fix: "the version of the other application",
    },
    CodeEntry {
        code: Code::GenericLink,
        severity: Severity::Unverifiable,
        varies: None,
        meaning: "A link to a program that is not an Atlassian application has no status by design.",
        causes: &["this is how third-party programs are registered; it is not an error"],
        fixes: &[
            "See its consumer and key: `applink list LOCAL`.",
            "Test it from the program itself.",
        ],
        where_to_fix: "nobody has to act",
    },
    CodeEntry {
        code: Code::NonAtlassian,
        severity: Severity::Unverifiable,
        varies: None,
        meaning: "The link's type comes from an app, and the product does not know how to ask for its status.",
        causes: &["an app added its own kind of application; it is not an error"],
        fixes: &["Ask the app's own page or vendor; `applink list LOCAL` shows what is recorded."],
        where_to_fix: "nobody has to act",
    },
    CodeEntry {
        code: Code::SystemLink,
        severity: Severity::Unverifiable,
        varies: None,
        meaning: "The product made this link for itself and manages it.",
        causes: &["a built-in connection, often to a Cloud site"],
        fixes: &["Leave it alone: it cannot be edited or deleted, `applink list LOCAL` shows it."],
        where_to_fix: "nobody has to act",
    },
    CodeEntry {
        code: Code::Disabled,
        severity: Severity::Warning,
        varies: None,
        meaning: "Authentication is off in both directions on both ends.",
        causes: &[
            "somebody switched it off on purpose",
            "a copy for testing was cut off from production",
        ],
        fixes: &[
            "Switch it on: `applink edit LOCAL REMOTE --auth oauth`.",
            "If nobody needs it: `applink delete LOCAL REMOTE`.",
        ],
        where_to_fix: "the link's authentication, on both applications",
    },
    UNKNOWN,
];
