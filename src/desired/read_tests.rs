#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

const APPS: &str = "version = 1\n[applications.jira]\nurl = \"https://jira.example\"\n\
    [applications.wiki]\nurl = \"https://wiki.example/w/\"\n";

fn variable(name: &str) -> Option<String> {
    match name {
        "HOST" => Some("wiki.example".to_owned()),
        "SECRET_URL" => Some("https://user:s3cret@wiki.example".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}

fn parse(text: &str) -> Result<DesiredState> {
    read("links.toml", text.as_bytes(), &variable)
}

/// The refusal of a file with this text after the two applications.
#[track_caller]
fn refusal(text: &str) -> String {
    let error = parse(&format!("{APPS}{text}")).unwrap_err();
    assert_eq!(error.kind, crate::error::Kind::Usage);
    error.message
}

#[test]
fn everything_that_can_be_said() {
    let text = format!(
        "{APPS}{}",
        r#"
[[links]]
between = ["jira", "wiki"]
auth = { jira = "oauth", wiki = "none" }
names = { jira = "Wiki", wiki = "Jira" }
application_urls = { jira = "https://wiki.internal" }
display_urls = { wiki = "https://www.example" }
primary = ["jira"]
[[consumers]]
on = "jira"
name = "jenkins"
key = "ci"
public_key = "jenkins.pem"
url = "https://ci.example"
callback = "https://ci.example/done?x=1"
two_legged = true
impersonation = false
"#
    );
    let wanted = parse(&text).unwrap();
    let alias = |text: &str| text.parse::<Alias>().unwrap();
    let (jira, wiki) = (alias("jira"), alias("wiki"));
    assert_eq!(
        wanted.applications[&wiki].url.to_string(),
        "https://wiki.example/w"
    );
    let link = &wanted.links[0];
    assert_eq!(link.at.line, 7);
    assert_eq!(link.auth[&jira], Level::OAuth);
    assert_eq!(link.auth[&wiki], Level::None);
    assert_eq!(link.names[&jira], "Wiki");
    assert_eq!(
        link.application_urls[&jira].to_string(),
        "https://wiki.internal"
    );
    assert!(link.primary.contains(&jira) && !link.primary.contains(&wiki));
    let consumer = &wanted.consumers[0];
    assert_eq!(
        consumer.public_key,
        Some(PublicKeySource::File("jenkins.pem".into()))
    );
    assert_eq!(consumer.two_legged, Some(true));
    assert!(wanted.wants_link(&wiki, &jira) && !wanted.is_unused(&wiki));
}

#[test]
fn the_least_that_can_be_said() {
    let wanted = parse("version = 1").unwrap();
    assert_eq!(wanted, DesiredState::default());
    let wanted = parse(&format!(
        "{APPS}[[links]]\nbetween = [\"jira\", \"wiki\"]\none_way = \"jira\""
    ))
    .unwrap();
    assert!(wanted.links[0].auth.is_empty());
    assert!(wanted.needs_no_account(&"wiki".parse().unwrap()));
    assert!(!wanted.needs_no_account(&"jira".parse().unwrap()));
}

#[test]
fn variables_are_for_addresses() {
    let url = |url: &str| {
        parse(&format!(
            "version = 1\n[applications.wiki]\nurl = \"{url}\"\n"
        ))
        .map(|wanted| wanted.applications.into_values().next().unwrap().url)
        .map(|url| url.to_string())
        .map_err(|error| error.message)
    };
    assert_eq!(
        url("https://${HOST}/wiki").unwrap(),
        "https://wiki.example/wiki"
    );
    assert_eq!(
        url("https://${NOWHERE}").unwrap_err(),
        "links.toml:3:7: the variable NOWHERE is not set"
    );
    assert!(url("${EMPTY}").unwrap_err().contains("EMPTY is not set"));
    assert!(
        url("https://x.example/${APPLINK_JIRA_TOKEN}")
            .unwrap_err()
            .contains("no place in a URL")
    );
    assert!(
        url("https://${HOST")
            .unwrap_err()
            .contains("without its end")
    );
    assert!(
        url("https://${a b}")
            .unwrap_err()
            .contains("the name of a variable")
    );
    let error = url("${SECRET_URL}").unwrap_err();
    assert!(!error.contains("s3cret"), "{error}");
    let link = "[[links]]\nbetween = [\"jira\", \"wiki\"]\n";
    assert!(
        refusal(&format!(
            "{link}display_urls = {{ jira = \"https://${{HOST}}\" }}"
        ))
        .contains("variables are for the url of an application")
    );
    // Anywhere else it is what it is.
    let wanted = parse(&format!("{APPS}{link}names = {{ jira = \"${{HOST}}\" }}")).unwrap();
    assert_eq!(wanted.links[0].names.values().next().unwrap(), "${HOST}");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let link = "[[links]]\nbetween = [\"jira\", \"wiki\"]\n";
    let consumer = "[[consumers]]\non = \"jira\"\nname = \"ci\"\n";
    for (text, said) in [
        ("colour = 1".to_owned(), "unknown field `colour`"),
        (
            format!("{link}speed = 1"),
            "links.toml:8:1: unknown field `speed`",
        ),
        (
            format!("{consumer}secret = \"x\""),
            "unknown field `secret`",
        ),
        (
            "[applications.jira]\nurl = \"https://x\"".to_owned(),
            "duplicate",
        ),
        (
            format!("{link}{link}"),
            "links.toml:8:1: the link between jira and wiki is there twice",
        ),
        (
            format!("{link}[[links]]\nbetween = [\"wiki\", \"jira\"]"),
            "there twice",
        ),
        (
            format!("{consumer}{consumer}"),
            "\"ci\" on jira is there twice",
        ),
        (
            format!(
                "{consumer}key = \"k\"\n[[consumers]]\non = \"jira\"\nname = \"b\"\nkey = \"k\""
            ),
            "have the same url or key",
        ),
        (
            "[[links]]\nbetween = [\"jira\"]".to_owned(),
            "links.toml:7:11: a link is between two",
        ),
        (
            "[[links]]\nbetween = [\"jira\", \"jira\"]".to_owned(),
            "linked to itself",
        ),
        (
            "[[links]]\nbetween = [\"jira\", \"code\"]".to_owned(),
            "code is not among the applications",
        ),
        (
            "[[links]]\nbetween = [\"jira\", \"Wiki\"]".to_owned(),
            "not an alias",
        ),
        (
            "[applications.Code]\nurl = \"https://x\"".to_owned(),
            "not an alias",
        ),
        (
            "[applications.code]\nurl = \"https://jira.example\"".to_owned(),
            "have the same url",
        ),
        (
            "[applications.code]\nurl = \"code.example\"".to_owned(),
            "not a URL",
        ),
        (
            format!("{link}auth = \"three-legged\""),
            "is none of none, oauth, impersonation",
        ),
        (
            format!("{link}auth = {{ code = \"none\" }}"),
            "is not one of jira and wiki",
        ),
        (format!("{link}auth = 1"), "a level"),
        (
            format!("{link}names = {{ code = \"x\" }}"),
            "is not one of jira and wiki",
        ),
        (
            format!("{link}names = {{ jira = \"\" }}"),
            "a name cannot be empty",
        ),
        (
            format!("{link}names = {{ jira = \"a\\u0007\" }}"),
            "no control characters",
        ),
        (
            format!("{link}one_way = \"jira\"\nauth = \"oauth\""),
            "no authentication",
        ),
        (
            format!("{link}one_way = \"jira\"\nprimary = [\"wiki\"]"),
            "holds the only record",
        ),
        (
            format!("{consumer}public_key = \"-----BEGIN PRIVATE KEY-----\""),
            "a private key",
        ),
        (format!("{consumer}callback = \"ci\""), "not a URL"),
        (
            format!("{consumer}impersonation = true\ntwo_legged = false"),
            "cannot be false",
        ),
        (
            "x = [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]".to_owned(),
            "nested more than 16 deep",
        ),
    ] {
        let error = refusal(&text);
        assert!(error.contains(said), "{text}\n{error}");
        assert!(error.starts_with("links.toml:"), "{error}");
    }
}

#[test]
fn versions() {
    let refused = |text: &str| parse(text).unwrap_err().message;
    assert!(refused("version = 2\n[new]\n").contains("for a newer applink"));
    assert!(refused("version = 0").contains("there is no version 0"));
    assert!(refused("").contains("missing field `version`"));
}

#[test]
fn sizes_and_encodings() {
    let large = vec![b' '; MAX_SIZE + 1];
    assert!(
        read("x", &large, &variable)
            .unwrap_err()
            .message
            .contains("more than")
    );
    let broken = b"version = 1 # \xff".to_vec();
    let error = read("x", &broken, &variable).unwrap_err().message;
    assert!(
        error.starts_with("x:1:15: the file is not UTF-8"),
        "{error}"
    );
    let deep = vec![b'['; 1_000_000];
    assert!(
        read("x", &deep, &variable)
            .unwrap_err()
            .message
            .contains("nested")
    );
    let dotted = format!("version = 1\n{}a = 1", "a.".repeat(500_000));
    assert!(read("x", dotted.as_bytes(), &variable).is_err());
}
