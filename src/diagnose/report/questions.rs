//! The questions of support about a link, in the order in which support asks them.

use super::model::{AppReport, EndReport, SupportAnswer, SupportQuestion};
use crate::domain::{BaseUrl, CheckStatus};

/// Names of proxies in `Server` headers.
const PROXIES: &[&str] = &[
    "nginx",
    "apache/",
    "haproxy",
    "envoy",
    "traefik",
    "varnish",
    "caddy",
    "squid",
    "cloudflare",
    "awselb",
    "akamai",
    "bigip",
    "big-ip",
    "iis",
    "openresty",
    "litespeed",
    "netscaler",
    "gfe",
];

impl EndReport {
    /// Why it shows no record, as the rest of a sentence.
    fn no_record(&self) -> &'static str {
        if self.readable {
            "has no record of the other"
        } else {
            "could not be asked for its record"
        }
    }
}

/// Answers all questions about one link.
pub(super) fn answer(ends: &[EndReport], apps: &[AppReport]) -> Vec<SupportQuestion> {
    vec![
        proxy(ends, apps),
        base_url(ends, apps),
        same_address(
            "display-url",
            "Is each end's display URL the other's base URL?",
            ends,
            apps,
            |end| {
                end.record
                    .as_ref()
                    .map(|record| record.display_url.as_str())
            },
        ),
        same_address(
            "application-url",
            "Is each end's application URL the other's base URL?",
            ends,
            apps,
            |end| end.record.as_ref()?.application_url.as_deref(),
        ),
        both_sides(ends, apps),
    ]
}

fn app<'a>(apps: &'a [AppReport], end: &EndReport) -> Option<&'a AppReport> {
    apps.iter().find(|app| app.alias == end.app)
}

/// Whether two texts are one address, however they are written.
fn same(a: &str, b: &str) -> bool {
    match (BaseUrl::parse(a), BaseUrl::parse(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

fn proxy(ends: &[EndReport], apps: &[AppReport]) -> SupportQuestion {
    let (mut reply, mut because) = (SupportAnswer::NoSign, Vec::new());
    for app in ends.iter().filter_map(|end| app(apps, end)) {
        for server in &app.server {
            let known = server.to_lowercase();
            let via = known.starts_with("via: ");
            // What comes after "Server: " is what answered: an application, or what is before it.
            if via || PROXIES.iter().any(|name| known.contains(name)) {
                reply = SupportAnswer::Yes;
                because.push(format!(
                    "{} answers with \u{201c}{server}\u{201d}",
                    app.alias
                ));
            }
        }
        let url = BaseUrl::parse(&app.url).ok();
        if let Some(port) = url
            .map(|url| url.port())
            .filter(|port| matches!(port, 80 | 443))
        {
            if reply == SupportAnswer::NoSign {
                reply = SupportAnswer::Likely;
            }
            because.push(format!(
                "{} answers on port {port}, where the products do not listen by themselves",
                app.alias
            ));
        }
    }
    if reply == SupportAnswer::NoSign {
        because.push("neither the headers of the answers nor the ports show one".to_owned());
    }
    SupportQuestion {
        key: "proxy",
        text: "Is a proxy in front?",
        reply,
        mark: CheckStatus::Note,
        because,
    }
}

fn base_url(ends: &[EndReport], apps: &[AppReport]) -> SupportQuestion {
    let mut tally = AnswerTally::default();
    for end in ends {
        match app(apps, end).map(|app| (app, app.base_url.as_deref())) {
            Some((app, Some(named))) if same(named, &app.url) => {
                tally.yes(format!("{} names {named}, and is asked there", app.alias));
            }
            Some((app, Some(named))) => tally.no(format!(
                "{} names {named}, and answers at {}",
                app.alias, app.url
            )),
            _ => tally.unknown(format!("{} names none that could be read", end.app)),
        }
    }
    tally.question("base-url", "Is the base URL right?")
}

fn same_address(
    key: &'static str,
    text: &'static str,
    ends: &[EndReport],
    apps: &[AppReport],
    url: impl Fn(&EndReport) -> Option<&str>,
) -> SupportQuestion {
    let mut tally = AnswerTally::default();
    if ends.len() < 2 {
        tally.unknown("the other application is not known to applink".to_owned());
    } else {
        for (end, other) in ends.iter().zip(ends.iter().rev()) {
            let named = app(apps, other).and_then(|app| app.base_url.as_deref());
            match (url(end), named) {
                (Some(url), Some(named)) if same(url, named) => {
                    tally.yes(format!("{} has {url}", end.app));
                }
                (Some(url), Some(named)) => tally.no(format!(
                    "{} has {url}, and {} names {named}",
                    end.app, other.app
                )),
                (Some(url), None) => tally.unknown(format!(
                    "{} has {url}, and {} could not be asked for its base URL",
                    end.app, other.app
                )),
                (None, _) if end.record.is_some() => {
                    tally.unknown(format!("{} does not show it", end.app));
                }
                (None, _) => tally.unknown(format!("{} {}", end.app, end.no_record())),
            }
        }
    }
    tally.question(key, text)
}

fn both_sides(ends: &[EndReport], apps: &[AppReport]) -> SupportQuestion {
    let mut tally = AnswerTally::default();
    for end in ends {
        match app(apps, end) {
            Some(app) if app.trouble.is_some() => {
                tally.no(format!(
                    "{} could not be asked as an administrator",
                    end.app
                ));
            }
            Some(app) if app.account.source.is_none() => {
                tally.no(format!("there is no account for {}", end.app));
            }
            Some(_) => tally.yes(format!("{} was asked as an administrator", end.app)),
            None => tally.no(format!("{} was not asked", end.app)),
        }
    }
    if ends.len() < 2 {
        tally.no("the other application is not known to applink".to_owned());
    }
    tally.question("both-sides", "Was this run on both sides?")
}

/// Collects the reasons for and against.
#[derive(Default)]
struct AnswerTally {
    no: bool,
    unknown: bool,
    because: Vec<String>,
}

impl AnswerTally {
    fn yes(&mut self, why: String) {
        self.because.push(why);
    }

    fn no(&mut self, why: String) {
        self.no = true;
        self.because.push(why);
    }

    fn unknown(&mut self, why: String) {
        self.unknown = true;
        self.because.push(why);
    }

    fn question(self, key: &'static str, text: &'static str) -> SupportQuestion {
        let (reply, mark) = match (self.no, self.unknown) {
            (true, _) => (SupportAnswer::No, CheckStatus::Warn),
            (false, true) => (SupportAnswer::Unknown, CheckStatus::Skip),
            _ if self.because.is_empty() => (SupportAnswer::Unknown, CheckStatus::Skip),
            (false, false) => (SupportAnswer::Yes, CheckStatus::Pass),
        };
        SupportQuestion {
            key,
            text,
            reply,
            mark,
            because: self.because,
        }
    }
}
