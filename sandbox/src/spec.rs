//! The short description of an application on a command line: `TYPE[=ALIAS][/CONTEXT][+tls]`.

use crate::app::{App, Tls};
use crate::product::Product;

/// The reason why a description is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// The type is not a simulated product.
    #[error(
        "unknown application type {0:?}: use jira, confluence, bitbucket, bamboo, crowd or fecru"
    )]
    Type(String),
    /// The alias is not of the form `[a-z][a-z0-9-]*`.
    #[error("{0:?} is not an alias: use lower-case letters, digits and hyphens, a letter first")]
    Alias(String),
    /// Two applications have one alias.
    #[error("two applications are called {0:?}")]
    Taken(String),
    /// The context path has an invalid character.
    #[error("{0:?} is not a context path")]
    Context(String),
    /// Something other than `+tls` follows.
    #[error("unknown option +{0}: only +tls is known")]
    Option(String),
}

/// Reads descriptions. An application without an alias gets one of its type (`jira`, `jira-2`, …).
pub fn parse_specs<S: AsRef<str>>(specs: &[S]) -> Result<Vec<App>, SpecError> {
    let parsed: Vec<Spec> = specs
        .iter()
        .map(|spec| Spec::parse(spec.as_ref()))
        .collect::<Result<_, _>>()?;
    let mut taken: Vec<String> = Vec::new();
    for alias in parsed.iter().filter_map(|spec| spec.alias.as_ref()) {
        if taken.contains(alias) {
            return Err(SpecError::Taken(alias.clone()));
        }
        taken.push(alias.clone());
    }
    let mut apps = Vec::new();
    for spec in parsed {
        let alias = spec.alias.unwrap_or_else(|| {
            let free = free_alias(spec.product.default_alias(), &taken);
            taken.push(free.clone());
            free
        });
        let tls = if spec.tls { Tls::Good } else { Tls::Off };
        apps.push(
            App::new(spec.product, &alias)
                .context(&spec.context)
                .tls(tls),
        );
    }
    Ok(apps)
}

fn free_alias(stem: &str, taken: &[String]) -> String {
    let mut number = 1_u32;
    loop {
        let alias = if number == 1 {
            stem.to_owned()
        } else {
            format!("{stem}-{number}")
        };
        if !taken.contains(&alias) {
            return alias;
        }
        number += 1;
    }
}

struct Spec {
    product: Product,
    alias: Option<String>,
    context: String,
    tls: bool,
}

impl Spec {
    fn parse(text: &str) -> Result<Self, SpecError> {
        let (rest, tls) = match text.split_once('+') {
            None => (text, false),
            Some((rest, "tls")) => (rest, true),
            Some((_, option)) => return Err(SpecError::Option(option.to_owned())),
        };
        let (name, context) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let (kind, alias) = match name.split_once('=') {
            None => (name, None),
            Some((kind, alias)) => (kind, Some(alias)),
        };
        let product = Product::parse(kind).ok_or_else(|| SpecError::Type(kind.to_owned()))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
        if !context.chars().all(plain) {
            return Err(SpecError::Context(context.to_owned()));
        }
        if let Some(alias) = alias.filter(|alias| !is_alias(alias)) {
            return Err(SpecError::Alias(alias.to_owned()));
        }
        Ok(Self {
            product,
            alias: alias.map(str::to_owned),
            context: context.to_owned(),
            tls,
        })
    }
}

fn is_alias(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use super::{SpecError, parse_specs};
    use crate::app::Tls;
    use crate::product::Product;

    #[test]
    fn reads_every_part() {
        let apps = parse_specs(&[
            "jira",
            "Bitbucket/bb",
            "jira=prod/jira+tls",
            "crucible",
            "jira",
        ])
        .unwrap();
        let aliases: Vec<&str> = apps.iter().map(|app| app.alias.as_str()).collect();
        assert_eq!(aliases, ["jira", "bitbucket", "prod", "fecru", "jira-2"]);
        assert_eq!(apps[1].product, Product::Bitbucket);
        assert_eq!(apps[1].context, "/bb");
        assert_eq!(
            (apps[2].context.as_str(), apps[2].tls),
            ("/jira", Tls::Good)
        );
    }

    #[test]
    fn refuses_invalid_descriptions() {
        let refused = |specs: &[&str]| parse_specs(specs).unwrap_err();
        assert_eq!(refused(&["trello"]), SpecError::Type("trello".to_owned()));
        assert_eq!(refused(&["jira=1x"]), SpecError::Alias("1x".to_owned()));
        assert_eq!(
            refused(&["jira+http"]),
            SpecError::Option("http".to_owned())
        );
        assert_eq!(
            refused(&["jira=a", "crowd=a"]),
            SpecError::Taken("a".to_owned())
        );
        assert_eq!(
            refused(&["jira/a b"]),
            SpecError::Context("/a b".to_owned())
        );
    }

    #[test]
    fn an_explicit_alias_comes_first() {
        let apps = parse_specs(&["jira", "confluence=jira"]).unwrap();
        assert_eq!(apps[0].alias, "jira-2");
    }
}
