//! The plan file as it is written: TOML tables with the places of their values.
//!
//! The doc comments of these types are the descriptions in the JSON schema.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use toml::Spanned;

#[cfg(test)]
use super::schema::{
    AliasText, EitherLevel, HttpUrl, NameText, PairSchema, PerApplication, SomeText, VariableUrl,
    Version,
};

/// The whole file.
#[derive(Deserialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(title = "The links of an estate, for applink plan and applink apply")
)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    /// The version of the format.
    #[cfg_attr(test, schemars(with = "Version"))]
    pub(super) version: Spanned<i64>,
    /// The applications, each under its alias.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<AliasText, RawApplication>"))]
    pub(super) applications: BTreeMap<Spanned<String>, RawApplication>,
    /// The links that shall exist.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<RawLink>"))]
    pub(super) links: Vec<Spanned<RawLink>>,
    /// The consumers that shall be registered.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<RawConsumer>"))]
    pub(super) consumers: Vec<Spanned<RawConsumer>>,
}

/// An application.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Application"))]
#[serde(deny_unknown_fields)]
pub(super) struct RawApplication {
    /// The base URL. ${NAME} stands for an environment variable.
    #[cfg_attr(test, schemars(with = "VariableUrl"))]
    pub(super) url: Spanned<String>,
}

/// A value for each of the two applications of a link.
pub(super) type Each<T> = BTreeMap<Spanned<String>, Spanned<T>>;

/// A link.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Link"))]
#[serde(deny_unknown_fields)]
pub(super) struct RawLink {
    /// The two applications.
    #[cfg_attr(test, schemars(with = "PairSchema"))]
    pub(super) between: Spanned<Vec<Spanned<String>>>,
    /// What calls use: one level for both directions, or by the application that calls.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "EitherLevel"))]
    pub(super) auth: Option<Spanned<RawAuth>>,
    /// The name of the record, by the application that holds it.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "PerApplication<NameText>"))]
    pub(super) names: Each<String>,
    /// The address at which an application calls the other one, by the application that calls.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "PerApplication<HttpUrl>"))]
    pub(super) application_urls: Each<String>,
    /// The address of the other one that users get, by the application that holds the record.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "PerApplication<HttpUrl>"))]
    pub(super) display_urls: Each<String>,
    /// The applications on which the link is the first choice of its type.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<AliasText>", extend("maxItems" = 2)))]
    pub(super) primary: Vec<Spanned<String>>,
    /// The application that holds the only record of a one-way link.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "AliasText"))]
    pub(super) one_way: Option<Spanned<String>>,
}

/// A consumer.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Consumer"))]
#[serde(deny_unknown_fields)]
pub(super) struct RawConsumer {
    /// The application that it may call.
    #[cfg_attr(test, schemars(with = "AliasText"))]
    pub(super) on: Spanned<String>,
    /// Its name.
    #[cfg_attr(test, schemars(with = "NameText"))]
    pub(super) name: Spanned<String>,
    /// Its consumer key.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "SomeText"))]
    pub(super) key: Option<Spanned<String>>,
    /// Its public key: the path of a file, or the PEM itself.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "SomeText"))]
    pub(super) public_key: Option<Spanned<String>>,
    /// The address of its link.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "HttpUrl"))]
    pub(super) url: Option<Spanned<String>>,
    /// Where browsers are sent after a user's consent.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "HttpUrl"))]
    pub(super) callback: Option<Spanned<String>>,
    /// Whether it may call as itself (2LO).
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "bool"))]
    pub(super) two_legged: Option<bool>,
    /// Whether it may call as any user (2LO with impersonation).
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "bool"))]
    pub(super) impersonation: Option<bool>,
}

/// The levels of a link.
pub(super) enum RawAuth {
    Both(String),
    Each(BTreeMap<String, String>),
}

// By hand, because an untagged enum answers a wrong word with "did not match any variant".
impl<'de> Deserialize<'de> for RawAuth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Form;

        impl<'de> Visitor<'de> for Form {
            type Value = RawAuth;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a level, or a level for each of the two applications")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> std::result::Result<RawAuth, E> {
                Ok(RawAuth::Both(word.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                map: A,
            ) -> std::result::Result<RawAuth, A::Error> {
                BTreeMap::deserialize(de::value::MapAccessDeserializer::new(map)).map(RawAuth::Each)
            }
        }

        deserializer.deserialize_any(Form)
    }
}

#[cfg(test)]
mod tests {
    use schemars::Schema;
    use schemars::generate::SchemaSettings;
    use schemars::transform::RecursiveTransform;

    use super::RawFile;

    #[test]
    #[expect(clippy::expect_used, reason = "a test may fail that way")]
    fn the_schema_file_is_up_to_date() {
        // TOML has no null, and what is not said has no default: it stays as it is.
        let no_default = RecursiveTransform(|schema: &mut Schema| {
            schema.remove("default");
        });
        let schema = SchemaSettings::draft2020_12()
            .with_transform(no_default)
            .into_generator()
            .into_root_schema_for::<RawFile>();
        let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plan-file.schema.json");
        if std::env::var_os("APPLINK_BLESS").is_some() {
            std::fs::write(&path, &text).expect("the file can be written");
        }
        assert!(
            std::fs::read_to_string(&path).is_ok_and(|found| found == text),
            "docs/plan-file.schema.json is out of date: APPLINK_BLESS=1 cargo test --lib schema"
        );
    }
}
