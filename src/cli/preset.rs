//! Programs that are known: what they want to be registered with, and what has to be entered there.
//!
//! What is said of each is what its own documentation says:
//! - Jenkins, the plugin "JIRA Pipeline Steps":
//!   <https://github.com/jenkinsci/jira-steps-plugin/blob/master/hugo/content/getting-started/config/authentication.md>
//! - matrix-hookshot: <https://matrix-org.github.io/matrix-hookshot/latest/setup/jira.html>
//! - Mattermost, the plugin "Jira":
//!   <https://github.com/mattermost/mattermost-plugin-jira/blob/master/assets/templates/command/install_server.md>

use std::fmt::Write as _;

use crate::domain::{Alias, BaseUrl, Fix};
use crate::error::{Error, Result};

/// A program that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Preset {
    /// The plugin "JIRA Pipeline Steps" of Jenkins
    Jenkins,
    /// The Matrix bridge matrix-hookshot; needs --url, its public address
    Hookshot,
    /// The plugin "Jira" of Mattermost; needs the --consumer-key and --public-key that it shows
    Mattermost,
}

/// What was given on the command line, as far as a program has a say in it.
pub(super) struct Given {
    pub(super) url: Option<BaseUrl>,
    pub(super) callback: Option<BaseUrl>,
    pub(super) has_key: bool,
    pub(super) has_public_key: bool,
    pub(super) two_legged: bool,
}

/// What there is to be entered.
pub(super) struct Facts<'a> {
    pub(super) alias: &'a Alias,
    pub(super) application: &'a BaseUrl,
    pub(super) name: &'a str,
    pub(super) key: &'a str,
    pub(super) key_file: Option<&'a str>,
    pub(super) callback: Option<&'a str>,
}

impl Preset {
    /// The callback that it needs, once what was given fits.
    pub(super) fn callback(self, given: &Given) -> Result<Option<BaseUrl>> {
        match self {
            Self::Jenkins => Ok(given.callback.clone()),
            Self::Hookshot => match (&given.callback, &given.url) {
                (Some(callback), _) => Ok(Some(callback.clone())),
                (None, Some(url)) => BaseUrl::parse(&url.join("/jira/oauth"))
                    .map(Some)
                    .map_err(|error| Error::usage(format!("no callback can be made: {error}"))),
                (None, None) => Err(Error::usage(
                    "--preset hookshot needs --url: the public address of its webhooks",
                )
                .hint("the callback is /jira/oauth below it")),
            },
            Self::Mattermost => {
                if !given.has_key || !given.has_public_key {
                    return Err(Error::usage(
                        "--preset mattermost needs --consumer-key and --public-key: Mattermost makes the key pair itself",
                    )
                    .hint("it shows both after: /jira instance install server URL"));
                }
                if given.callback.is_some() || given.two_legged {
                    return Err(Error::usage(
                        "--preset mattermost takes neither --callback nor a two-legged option",
                    )
                    .hint("its own instructions leave both empty"));
                }
                Ok(None)
            }
        }
    }

    /// What is entered on the other side. Of the private key only where it is.
    pub(super) fn snippet(self, facts: &Facts<'_>) -> String {
        let Facts {
            alias,
            application,
            name,
            key,
            key_file,
            callback,
        } = *facts;
        let file = key_file.unwrap_or("the file of its private key");
        let mut text = String::new();
        let mut line = |words: &str| {
            let _ = writeln!(text, "{words}");
        };
        match self {
            Self::Jenkins => {
                line(
                    "# Jenkins: Manage Jenkins > Configure System > JIRA Steps > Add Site > OAuth",
                );
                line(&format!("URL           {application}"));
                line(&format!("Consumer Key  {key}"));
                line(&format!("Private Key   the content of {file} (PKCS #8)"));
                let words = ["authorize", alias.as_str(), "--consumer", name];
                if let Some(fix) = Fix::applink(words) {
                    line(&format!(
                        "Token         the access token, which this keeps in a file: {}",
                        fix.command()
                    ));
                }
                line("Secret        the code that was typed for it");
            }
            Self::Hookshot => {
                line("# matrix-hookshot: config.yml; the webhook's secret is your own");
                line("jira:");
                line(&format!("  url: {}", quoted(&application.to_string())));
                line("  webhook:");
                line("    secret: ...");
                line("  oauth:");
                line(&format!("    consumerKey: {}", quoted(key)));
                line(&format!("    privateKey: {}", quoted(file)));
                line(&format!(
                    "    redirect_uri: {}",
                    quoted(callback.unwrap_or_default())
                ));
            }
            Self::Mattermost => {
                line(
                    "# Mattermost: there is nothing to enter, it has its key; each user says once",
                );
                line("/jira connect");
            }
        }
        text
    }
}

/// A text as YAML has it between double quotes, which is as JSON has it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail that way")]
mod tests {
    use super::*;

    fn given() -> Given {
        Given {
            url: None,
            callback: None,
            has_key: false,
            has_public_key: false,
            two_legged: false,
        }
    }

    #[test]
    fn what_a_program_needs_is_asked_for() {
        assert_eq!(Preset::Jenkins.callback(&given()).unwrap(), None);
        assert!(Preset::Hookshot.callback(&given()).is_err());
        assert!(Preset::Mattermost.callback(&given()).is_err());
        let url = BaseUrl::parse("https://example.com/hookshot").ok();
        let found = Preset::Hookshot.callback(&Given { url, ..given() });
        assert_eq!(
            found.unwrap().unwrap().to_string(),
            "https://example.com/hookshot/jira/oauth"
        );
    }
}
