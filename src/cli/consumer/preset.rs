//! What well-known programs need on both sides, as their own documentation says it.

use std::fmt::Write as _;
use std::path::Path;

use crate::context::Target;
use crate::domain::{BaseUrl, SuggestedCommand, TypeId};
use crate::error::{Error, Result};

/// A program with known needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Preset {
    /// matrix-hookshot, a bridge to Matrix (with --url: the public address of its webhooks)
    Hookshot,
    /// Jenkins with the plugin "JIRA Steps"
    Jenkins,
    /// The shell of the Python library "jira"
    Jirashell,
    /// The Jira plugin of Mattermost (with what /jira instance install server shows)
    Mattermost,
    /// Sentry's integration "Jira Server"
    Sentry,
}

/// What the other side is told.
pub(crate) struct Facts<'a> {
    /// The application's alias.
    pub(crate) alias: &'a str,
    /// Its base URL.
    pub(crate) application: &'a BaseUrl,
    /// The name of the program.
    pub(crate) name: &'a str,
    /// The consumer key.
    pub(crate) key: &'a str,
    /// Where the private key is, if applink has it.
    pub(crate) key_file: Option<&'a str>,
    /// Where browsers are sent after a user's consent.
    pub(crate) callback: Option<&'a str>,
}

impl Preset {
    fn name(self) -> &'static str {
        match self {
            Self::Hookshot => "hookshot",
            Self::Jenkins => "jenkins",
            Self::Jirashell => "jirashell",
            Self::Mattermost => "mattermost",
            Self::Sentry => "sentry",
        }
    }

    /// Where the program's own people say so.
    fn documentation(self) -> &'static str {
        match self {
            Self::Hookshot => "https://matrix-org.github.io/matrix-hookshot/latest/setup/jira.html",
            Self::Jenkins => {
                "https://jenkinsci.github.io/jira-steps-plugin/getting-started/config/authentication/"
            }
            Self::Jirashell => "https://jira.readthedocs.io/jirashell.html",
            Self::Mattermost => "https://github.com/mattermost/mattermost-plugin-jira#readme",
            Self::Sentry => "https://docs.sentry.io/organization/integrations/issue-tracking/jira/",
        }
    }

    /// Refuses what cannot work: another product, or something missing that only the program
    /// knows.
    pub(crate) fn check(
        self,
        target: &Target,
        url: Option<&BaseUrl>,
        consumer_key: Option<&str>,
        public_key: Option<&Path>,
    ) -> Result<()> {
        let name = self.name();
        if target.entry.type_id != TypeId::from_input("jira") {
            return Err(Error::usage(format!(
                "--preset {name} is for a Jira, and {} is a {}",
                target.alias,
                target.entry.type_id.name()
            )));
        }
        match self {
            Self::Hookshot if url.is_none() => Err(Error::usage(format!(
                "--preset {name} needs --url: the public address of its webhooks"
            ))
            .hint("the users' browsers come back to /jira/oauth below it")),
            Self::Mattermost
                if url.is_none() || public_key.is_none() || consumer_key.is_none() =>
            {
                Err(Error::usage(format!(
                    "--preset {name} needs --url, --consumer-key and --public-key: the plugin has a key pair of its own"
                ))
                .hint(format!(
                    "in Mattermost, /jira instance install server {} shows them",
                    target.entry.url
                )))
            }
            _ => Ok(()),
        }
    }

    /// The address of its link, where it is always the same.
    pub(crate) fn url(self) -> Result<Option<BaseUrl>> {
        match self {
            Self::Sentry => BaseUrl::parse("https://sentry.io/extensions/jira_server/setup")
                .map(Some)
                .map_err(|error| Error::internal(error.to_string())),
            _ => Ok(None),
        }
    }

    /// Where browsers are sent after a user's consent, where that is stored with the consumer.
    pub(crate) fn callback(self, url: &BaseUrl) -> Option<String> {
        match self {
            Self::Hookshot => Some(url.join("/jira/oauth")),
            _ => None,
        }
    }

    /// What is to be done on the other side. It names the private key's file, never the key.
    pub(crate) fn snippet(self, facts: &Facts<'_>) -> String {
        let file = facts.key_file.unwrap_or("FILE OF THE PRIVATE KEY");
        let url = facts.application.to_string();
        let mut text = match self {
            Self::Hookshot => format!(
                "# in the config.yml of hookshot, beside jira.webhook\n\
                 jira:\n  url: {}\n  oauth:\n    consumerKey: {}\n    privateKey: {}\n    redirect_uri: {}\n",
                yaml(&url),
                yaml(facts.key),
                yaml(file),
                yaml(facts.callback.unwrap_or_default()),
            ),
            Self::Jenkins => format!(
                "Manage Jenkins > System > JIRA Steps > Add Site > OAuth\n\
                 URL           {url}\n\
                 Consumer Key  {}\n\
                 Private Key   the lines between BEGIN and END of {file}\n\
                 Secret        the code that the page shows when you allow the access\n\
                 Token         the field \"token\" of the file that is kept after: {}\n",
                facts.key,
                authorize(facts),
            ),
            Self::Jirashell => {
                let words = [
                    "--server",
                    &url,
                    "--oauth-dance",
                    "--consumer-key",
                    facts.key,
                    "--key-cert",
                    file,
                ];
                SuggestedCommand::program("jirashell", words).map_or_else(
                    || {
                        "jirashell --server URL --oauth-dance --consumer-key KEY --key-cert FILE\n"
                            .to_owned()
                    },
                    |fix| format!("{}\n", fix.command()),
                )
            }
            Self::Mattermost => "in Mattermost, each user once: /jira connect\n".to_owned(),
            Self::Sentry => format!(
                "Settings > Integrations > Jira Server > Add Installation\n\
                 Jira URL      {url}\n\
                 Consumer Key  {}\n\
                 Private Key   the content of {file}\n",
                facts.key,
            ),
        };
        let _ = writeln!(text, "# {}", self.documentation());
        text
    }
}

fn authorize(facts: &Facts<'_>) -> String {
    let words = [
        "authorize",
        facts.alias,
        "--consumer",
        facts.name,
        "--callback",
        "oob",
    ];
    SuggestedCommand::applink(words).map_or_else(
        || "applink authorize APP --consumer NAME --callback oob".to_owned(),
        |fix| fix.command(),
    )
}

/// A text as YAML reads it, whatever is in it: every JSON string is one.
fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_snippet_says_what_and_where() {
        let application = BaseUrl::parse("https://jira.example.com/jira").unwrap();
        for preset in Preset::value_variants() {
            let facts = Facts {
                alias: "jira",
                application: &application,
                name: "it's",
                key: "a: \"b\"",
                key_file: Some("/k/a b.pem"),
                callback: preset
                    .callback(&application)
                    .as_deref()
                    .map(|_| "https://x/jira/oauth"),
            };
            let text = preset.snippet(&facts);
            assert!(text.contains(preset.documentation()), "{text}");
            assert!(
                text.ends_with('\n') && !text.contains("PRIVATE KEY"),
                "{text}"
            );
            if *preset != Preset::Mattermost {
                assert!(text.contains("https://jira.example.com/jira"), "{text}");
                assert!(text.contains("/k/a b.pem"), "{text}");
            }
            assert_eq!(
                preset.to_possible_value().unwrap().get_name(),
                preset.name()
            );
            assert!(preset.url().is_ok());
        }
    }

    #[test]
    fn values_do_not_leave_their_place() {
        let application = BaseUrl::parse("https://jira.example.com").unwrap();
        let mut facts = Facts {
            alias: "jira",
            application: &application,
            name: "x",
            key: "a: \"b\"\n  evil: 1",
            key_file: Some("/k"),
            callback: None,
        };
        let text = Preset::Hookshot.snippet(&facts);
        assert!(
            text.contains(r#"consumerKey: "a: \"b\"\n  evil: 1""#),
            "{text}"
        );
        facts.key = "$(id)";
        let text = Preset::Jirashell.snippet(&facts);
        assert!(text.contains("--consumer-key '$(id)'"), "{text}");
    }
}
