//! applink's own codes: it sees both ends, and compares what no page of the products shows together.

use super::entry::CodeEntry;
use super::severity::Severity;
use crate::domain::Code;

/// The entry of one of applink's codes.
pub(super) fn entry(code: Code) -> Option<&'static CodeEntry> {
    ENTRIES.iter().find(|entry| entry.code == code)
}

const ENTRIES: &[CodeEntry] = &[
    CodeEntry {
        code: Code::ClockSkew,
        severity: Severity::Warning,
        varies: Some("broken from 300 seconds, when OAuth timestamps are refused"),
        meaning: "The clocks of the two servers, or of one and this machine, differ by a minute or more.",
        causes: &[
            "time synchronisation is off on one of them",
            "a virtual machine was paused or restored",
        ],
        fixes: &[
            "Let the server that is named follow a time source, then `applink verify LOCAL REMOTE`.",
            "If only this machine is off, the link is fine: set the clock here.",
        ],
        where_to_fix: "the clock of the machine that is named",
    },
    CodeEntry {
        code: Code::BaseUrlMismatch,
        severity: Severity::Warning,
        varies: Some("broken where a signature is made over the address"),
        meaning: "An application is known under addresses that do not agree.",
        causes: &[
            "its base URL was never changed after it moved, or after https came",
            "a proxy in front changes scheme, host, port or context path",
            "the link was made with an internal address",
        ],
        fixes: &[
            "Set the application's own base URL (General configuration) to what people and servers use.",
            "Point the link at the base URL: `applink relocate REMOTE NEW_URL --on LOCAL`.",
            "Set `proxyName`, `proxyPort` and `scheme` on its connector.",
        ],
        where_to_fix: "the base URL and connector of the application that is named",
    },
    CodeEntry {
        code: Code::ClonedApplication,
        severity: Severity::Warning,
        varies: None,
        meaning: "Two known applications carry one application id: one is a copy of the other.",
        causes: &[
            "a test or staging system was restored from a production backup and still has its id, links and keys",
        ],
        fixes: &[
            "Give the copy an id of its own, by the vendor's instructions for cloned instances, before anything else.",
            "On the copy, delete the links that lead to production: `applink list COPY`, then `applink delete COPY REMOTE --one-side`.",
        ],
        where_to_fix: "the copy, never the original",
    },
    CodeEntry {
        code: Code::IdMismatch,
        severity: Severity::Broken,
        varies: None,
        meaning: "The link's address leads to an application with another id than the one it was made for.",
        causes: &[
            "the address was given to another server",
            "the application was installed anew, or its server id was changed",
            "a proxy sends the request to the wrong one",
        ],
        fixes: &[
            "If it moved: `applink relocate REMOTE NEW_URL --on LOCAL`.",
            "If it was installed anew, users must authorize again: `applink delete LOCAL REMOTE --one-side`, then `applink create LOCAL REMOTE`.",
        ],
        where_to_fix: "the link on the end that is named",
    },
    CodeEntry {
        code: Code::TypeMismatch,
        severity: Severity::Broken,
        varies: None,
        meaning: "The link's address leads to an application of another type.",
        causes: &[
            "the context path is wrong or missing, and another product answers there",
            "the host now serves another product",
        ],
        fixes: &["Use the right address: `applink relocate REMOTE NEW_URL --on LOCAL`."],
        where_to_fix: "the link's application URL on the end that is named",
    },
    CodeEntry {
        code: Code::ConsumerKeyMismatch,
        severity: Severity::Broken,
        varies: None,
        meaning: "The consumer key or public key that one end holds for the other is not the one that the other uses.",
        causes: &[
            "one application was restored from a backup, or cloned",
            "its key pair was made anew",
            "the consumer was typed in by hand",
        ],
        fixes: &[
            "Exchange the keys again by switching off and on, users must authorize again: `applink edit LOCAL REMOTE --auth none`, then `applink edit LOCAL REMOTE --auth oauth`.",
            "Last resort: `applink delete LOCAL REMOTE`, then `applink create LOCAL REMOTE`.",
        ],
        where_to_fix: "the incoming consumer on the end that is named",
    },
    CodeEntry {
        code: Code::ConsumerStillAccepted,
        severity: Severity::Warning,
        varies: None,
        meaning: "An application still accepts a consumer of a third-party program that no link names any more.",
        causes: &[
            "the program got a new consumer key, and the old one is not retired yet",
            "the link was deleted on its page, which may leave the consumer accepted",
            "another consumer was typed in for the link",
        ],
        fixes: &[
            "When the program signs with its new key: `applink key rotate APP --consumer NAME --retire`.",
            "Where the link is gone: `applink delete APP --consumer NAME`.",
        ],
        where_to_fix: "the store of consumers of the application that is named; no page shows it",
    },
    CodeEntry {
        code: Code::OneWay,
        severity: Severity::Broken,
        varies: Some("warning when one way is what was asked for"),
        meaning: "Only one of the two applications has a record of the other.",
        causes: &[
            "the second half was never made, or failed",
            "it was deleted on one side only",
        ],
        fixes: &[
            "Complete it: `applink create LOCAL REMOTE`.",
            "Or remove what is left: `applink delete LOCAL REMOTE --one-side`.",
            "If a run was interrupted: `applink resume`.",
        ],
        where_to_fix: "the application without the record",
    },
    CodeEntry {
        code: Code::Moved,
        severity: Severity::Warning,
        varies: None,
        meaning: "The application says that it lives at another address for good.",
        causes: &["it moved, or went from http to https, and the old address redirects"],
        fixes: &["Follow it: `applink relocate APP NEW_URL`."],
        where_to_fix: "the links that still hold the old address",
    },
    CodeEntry {
        code: Code::LoginPage,
        severity: Severity::Broken,
        varies: None,
        meaning: "A page for people came back where data was due.",
        causes: &[
            "a single sign-on system or proxy stands in front and does not know the caller",
            "the URL leads to something else",
        ],
        fixes: &[
            "Exempt `/rest`, `/plugins/servlet/oauth` and `/plugins/servlet/applinks` from the log-in page.",
            "If the address is wrong: `applink app show ALIAS`, then `applink relocate APP NEW_URL`.",
        ],
        where_to_fix: "the proxy or sign-on system in front of the application",
    },
    CodeEntry {
        code: Code::CertExpires,
        severity: Severity::Warning,
        varies: None,
        meaning: "A certificate in the application's chain runs out within 30 days.",
        causes: &["nobody, or no program, has renewed it yet"],
        fixes: &[
            "Renew it on the server or proxy that serves it.",
            "If the new one comes from another CA, import that into the peers' JVM truststores first.",
        ],
        where_to_fix: "the server or proxy that serves the certificate",
    },
    CodeEntry {
        code: Code::WeakKey,
        severity: Severity::Warning,
        varies: None,
        meaning: "A public key is shorter than 2048 bits.",
        causes: &[
            "the application made its key years ago; such links work",
            "a third-party program was registered with a short key",
        ],
        fixes: &[
            "For a third-party program: `applink delete LOCAL --consumer NAME`, then `applink create LOCAL --consumer NAME --bits 3072`.",
            "For an application's own key: plan it with the next upgrade; all of its links have to learn the new key.",
        ],
        where_to_fix: "the owner of the key",
    },
    CodeEntry {
        code: Code::LoopbackUrl,
        severity: Severity::Broken,
        varies: Some("note when both ends are on this machine"),
        meaning: "The link's address is one that only works on its own machine.",
        causes: &[
            "the link was made with localhost or 127.0.0.1",
            "the application's base URL was left at localhost after installation",
        ],
        fixes: &[
            "Set the application's base URL to a name that the other server resolves.",
            "Then `applink relocate REMOTE NEW_URL --on LOCAL`.",
        ],
        where_to_fix: "the link's application URL, and the application's base URL",
    },
    CodeEntry {
        code: Code::PlainHttp,
        severity: Severity::Note,
        varies: None,
        meaning: "The link's address is not encrypted.",
        causes: &["the application has no TLS, or TLS ends at a proxy and the link goes around it"],
        fixes: &[
            "Serve https, set the base URL, then `applink relocate REMOTE NEW_URL --on LOCAL`.",
        ],
        where_to_fix: "the called application or its proxy",
    },
    CodeEntry {
        code: Code::CapabilitiesStale,
        severity: Severity::Warning,
        varies: None,
        meaning: "The product's own page is behind: asked anew, it comes to another verdict.",
        causes: &["the products keep what they know of a peer for up to an hour"],
        fixes: &[
            "Wait, or look again: `applink verify LOCAL REMOTE` makes the product ask its peer anew.",
        ],
        where_to_fix: "nobody has to act",
    },
    CodeEntry {
        code: Code::WebsudoRequired,
        severity: Severity::Account,
        varies: None,
        meaning: "The application demands a secure administrator session for this request.",
        causes: &[
            "secure administrator sessions are on, and this version does not exempt access tokens from them",
        ],
        fixes: &[
            "Use a user name and password, which are exempt: `applink app add ALIAS URL --user NAME --credential SOURCE`.",
            "Or let an administrator switch secure administrator sessions off while you work.",
        ],
        where_to_fix: "your credential for that application, or its security settings",
    },
    CodeEntry {
        code: Code::BasicAuthDisabled,
        severity: Severity::Account,
        varies: None,
        meaning: "The application takes no user name and password on its REST API.",
        causes: &["its administrator switched basic authentication off, as newer versions suggest"],
        fixes: &[
            "Use a personal access token: `applink app add ALIAS URL --credential SOURCE`, without `--user`.",
            "Or allow basic authentication for the path `/rest/applinks` and your account in its settings.",
        ],
        where_to_fix: "the application's authentication settings",
    },
    CodeEntry {
        code: Code::CaptchaRequired,
        severity: Severity::Account,
        varies: None,
        meaning: "After too many wrong log-ins a person has to log in once before the application goes on.",
        causes: &[
            "wrong passwords for this account, perhaps from another program that still has the old one",
        ],
        fixes: &[
            "Log in once in a browser with this account, solve the CAPTCHA, then try again.",
            "Or let an administrator reset the failed log-ins of the account.",
        ],
        where_to_fix: "your account on that application",
    },
    CodeEntry {
        code: Code::BadCredentials,
        severity: Severity::Account,
        varies: None,
        meaning: "User name or password are wrong.",
        causes: &[
            "a typing error, or an old password in the keyring, file or variable",
            "the wrong application: the credential belongs to another one",
        ],
        fixes: &[
            "See where the secret comes from: `applink app show ALIAS`.",
            "Store the right one: `applink app login ALIAS`. It is not tried again by itself, so that the account is not locked.",
        ],
        where_to_fix: "your credential for that application",
    },
    CodeEntry {
        code: Code::TokenIgnored,
        severity: Severity::Account,
        varies: None,
        meaning: "A token was sent, and the application answered as if nobody had logged in.",
        causes: &[
            "the token has expired, was revoked, or belongs to another application",
            "tokens are switched off there, or this version has none",
            "a proxy drops the Authorization header",
        ],
        fixes: &[
            "Make a new token in your profile there, then `applink app login ALIAS`.",
            "Where there are no tokens: `applink app add ALIAS URL --user NAME --credential SOURCE`.",
        ],
        where_to_fix: "your token on that application",
    },
    CodeEntry {
        code: Code::NotAdmin,
        severity: Severity::Account,
        varies: None,
        meaning: "The account is logged in, and is not an administrator of that application.",
        causes: &[
            "the wrong account",
            "a token that carries fewer rights than its owner, as on Bitbucket and Bamboo",
        ],
        fixes: &[
            "Use an administrator's account: `applink app login ALIAS`.",
            "On Bitbucket log in with user name and password: its access tokens cannot administer application links.",
            "Or grant the account administration there.",
        ],
        where_to_fix: "permissions on that application",
    },
    CodeEntry {
        code: Code::NotSystemAdmin,
        severity: Severity::Account,
        varies: None,
        meaning: "The account is an administrator, and this change needs a system administrator.",
        causes: &["the product tells the two apart, and the account is in the lesser group"],
        fixes: &[
            "Use a system administrator's account: `applink app login ALIAS`.",
            "Or let a system administrator run the same command.",
        ],
        where_to_fix: "global permissions on that application",
    },
    CodeEntry {
        code: Code::XsrfRejected,
        severity: Severity::Account,
        varies: None,
        meaning: "The application took the request for one forged by a web page.",
        causes: &[
            "a proxy rewrites Host or Origin, or sets a browser's User-Agent",
            "a proxy drops the X-Atlassian-Token header",
        ],
        fixes: &[
            "Let the proxy pass Host, Origin, User-Agent and X-Atlassian-Token on unchanged.",
            "Or go around it for this run: `applink verify --resolve HOST:PORT:ADDR`.",
        ],
        where_to_fix: "the proxy in front of that application",
    },
];
