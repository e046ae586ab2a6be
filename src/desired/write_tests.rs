#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::{DesiredApplication, read};
use super::*;
use crate::domain::{BaseUrl, Level, Position};

const START: Position = Position { line: 1, column: 1 };

fn alias(text: &str) -> Alias {
    text.parse().unwrap()
}

fn base(text: &str) -> BaseUrl {
    BaseUrl::parse(text).unwrap()
}

fn applications() -> DesiredState {
    let application = |url: &str| DesiredApplication {
        url: base(url),
        at: START,
    };
    DesiredState {
        applications: BTreeMap::from([
            (alias("jira"), application("https://jira.example/jira")),
            (alias("wiki"), application("http://wiki.example:8090")),
        ]),
        ..DesiredState::default()
    }
}

fn link() -> DesiredLink {
    DesiredLink {
        between: [alias("wiki"), alias("jira")],
        auth: BTreeMap::from([(alias("jira"), Level::OAuth), (alias("wiki"), Level::None)]),
        names: BTreeMap::from([(alias("wiki"), "Jira".to_owned())]),
        application_urls: BTreeMap::from([(alias("jira"), base("https://in.example"))]),
        display_urls: BTreeMap::from([(alias("jira"), base("https://www.example"))]),
        primary: [alias("jira"), alias("wiki")].into(),
        one_way: None,
        at: START,
    }
}

fn consumer() -> DesiredConsumer {
    DesiredConsumer {
        on: alias("jira"),
        name: "jenkins".to_owned(),
        key: Some("ci:1".to_owned()),
        public_key: Some(PublicKeySource::Inline(
            "-----BEGIN PUBLIC KEY-----\nMIIB+/=\n-----END PUBLIC KEY-----\n".to_owned(),
        )),
        url: Some(base("https://ci.example")),
        callback: Some("https://ci.example/done?x=1".to_owned()),
        two_legged: Some(true),
        impersonation: Some(false),
        at: START,
    }
}

/// What the text says, with the places left out.
fn back(text: &str) -> DesiredState {
    let mut wanted = read("x", text.as_bytes(), &|_| None).unwrap_or_else(|e| panic_with(&e, text));
    for application in wanted.applications.values_mut() {
        application.at = START;
    }
    for link in &mut wanted.links {
        link.at = START;
    }
    for consumer in &mut wanted.consumers {
        consumer.at = START;
    }
    wanted
}

#[expect(clippy::panic, reason = "tests")]
fn panic_with(error: &crate::error::Error, text: &str) -> DesiredState {
    panic!("{error}\n{text}")
}

#[test]
fn what_is_written_is_read_back() {
    let text = write(
        &applications(),
        &[
            FileEntry::Link(link(), vec![Comment("two\nlines".to_owned())]),
            FileEntry::Unsupported(Comment("nothing of it".to_owned())),
            FileEntry::Consumer(consumer(), Vec::new()),
        ],
    );
    insta::assert_snapshot!(text, @r#"
    version = 1

    [applications.jira]
    url = "https://jira.example/jira"

    [applications.wiki]
    url = "http://wiki.example:8090"

    # two\x0alines
    [[links]]
    between = ["wiki", "jira"]
    auth = { wiki = "none", jira = "oauth" }
    names = { wiki = "Jira" }
    application_urls = { jira = "https://in.example" }
    display_urls = { jira = "https://www.example" }
    primary = ["jira", "wiki"]

    # nothing of it

    [[consumers]]
    on = "jira"
    name = "jenkins"
    key = "ci:1"
    url = "https://ci.example"
    callback = "https://ci.example/done?x=1"
    two_legged = true
    impersonation = false
    public_key = """
    -----BEGIN PUBLIC KEY-----
    MIIB+/=
    -----END PUBLIC KEY-----
    """
    "#);
    let wanted = back(&text);
    assert_eq!(wanted.links, [link()]);
    assert_eq!(wanted.consumers, [consumer()]);
    assert_eq!(wanted.applications, applications().applications);
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\"'\\\\#\\[\\]={}\u{202e}\u{2028}\u{feff}\u{e0041} a-z\n\r\t\u{7f}\u{85}]{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_breaks_out_of_a_string_or_a_comment(name in hostile(), remark in hostile()) {
        let mut wanted = link();
        let is_name = !name.trim().is_empty() && name.trim() == name
            && name.chars().count() <= 255 && !name.chars().any(char::is_control);
        if is_name {
            wanted.names.insert(alias("jira"), name.clone());
        }
        let text = write(
            &applications(),
            &[FileEntry::Link(wanted.clone(), vec![Comment(remark)])],
        );
        prop_assert_eq!(&back(&text).links, &[wanted]);
        // What is shown is what is written: nothing is left for a terminal's cleaning to change.
        prop_assert!(text.lines().all(is_pasteable));
        let found: toml::Table = format!("x = {}", quoted(&name)).parse().unwrap();
        prop_assert_eq!(found["x"].as_str(), Some(name.as_str()));
    }
}
