#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::path::Path;

use super::*;
use crate::diagnose::report::samples::{self, HOSTILE};
use crate::domain::{Alias, Health, Level};

/// Checks that every tag is closed in order and gives the names of all elements.
fn elements(html: &str) -> Vec<String> {
    let (mut open, mut seen): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut rest = html.strip_prefix("<!DOCTYPE html>").unwrap_or(html);
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, tail) = after.split_once('>').unwrap();
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "{tag}");
        } else {
            let name = tag.split([' ', '\n']).next().unwrap().to_owned();
            if !matches!(name.as_str(), "meta" | "br") {
                open.push(name.clone());
            }
            seen.push(name);
        }
        rest = tail;
    }
    assert!(open.is_empty(), "{open:?}");
    seen
}

/// The cells of a row of a Markdown table.
fn cells(row: &str) -> usize {
    row.replace("\\\\", "")
        .replace("\\|", "")
        .matches('|')
        .count()
        - 1
}

#[test]
fn the_ending_is_the_form() {
    for (name, wanted) in [
        ("a.md", ReportFormat::Markdown),
        ("/x/a.HTML", ReportFormat::Html),
        ("a.b.json", ReportFormat::Json),
    ] {
        assert_eq!(ReportFormat::of(Path::new(name)), Ok(wanted));
    }
    for name in ["a", "a.txt", "md", "a.htm", ".md", ""] {
        let error = ReportFormat::of(Path::new(name)).unwrap_err();
        assert_eq!(error.exit(), crate::exit::Exit::Usage, "{name}");
    }
}

#[test]
fn hostile_names_stay_texts_in_html() {
    let plain = elements(&ReportFormat::Html.render(&samples::report("Confluence")));
    for report in samples::hostile() {
        let html = ReportFormat::Html.render(&report);
        // No name makes an element, or takes one away.
        assert_eq!(elements(&html), plain);
        assert!(!html.contains(" onload=\"") && !html.contains("<img"));
        assert!(!html.chars().any(|c| c.is_control() && c != '\n'));
        assert!(!html.contains('\u{202e}') && !html.contains('\u{2066}'));
    }
    assert!(!plain.contains(&"script".to_owned()));
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let html = ReportFormat::Html.render(&samples::report("Confluence"));
    assert!(html.contains(
        "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\""
    ));
    for word in [
        "src=",
        "url(",
        "@import",
        "<link",
        "<script",
        "<iframe",
        "javascript:",
    ] {
        assert!(!html.contains(word), "{word}");
    }
    for (at, _) in html.match_indices("href=\"") {
        assert!(html[at..].starts_with("href=\"#link-"));
    }
}

#[test]
fn hostile_names_stay_texts_in_markdown() {
    let shape = |text: &str| -> Vec<(char, usize)> {
        text.lines()
            .map(|line| match line.chars().next() {
                Some('|') => ('|', cells(line)),
                Some(c) if "#->".contains(c) => (c, 0),
                Some(_) => ('x', 0),
                None => (' ', 0),
            })
            .collect()
    };
    let plain = shape(&ReportFormat::Markdown.render(&samples::report("Confluence")));
    for report in samples::hostile() {
        let text = ReportFormat::Markdown.render(&report);
        assert_eq!(shape(&text), plain, "{text}");
        assert!(!text.contains("<script") && !text.contains("<img"));
        assert!(!text.contains("[x](javascript"));
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    }
}

#[test]
fn the_json_is_whole_whatever_the_names() {
    for (name, report) in HOSTILE.iter().zip(samples::hostile()) {
        let value: serde_json::Value =
            serde_json::from_str(&ReportFormat::Json.render(&report)).unwrap();
        assert_eq!(value["schema"], 1);
        let shown = value["applications"][0]["name"].as_str().unwrap();
        assert_eq!(shown, crate::domain::text::clean(name));
        assert_eq!(value["links"][0]["ends"].as_array().unwrap().len(), 2);
        assert_eq!(value["links"][0]["levels"][0]["equal"], false);
        assert_eq!(value["links"][1]["remote"], serde_json::Value::Null);
        let codes: Vec<&str> = value["catalogue"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|entry| entry["code"].as_str())
            .collect();
        assert_eq!(
            codes,
            [
                "AUTH_LEVEL_MISMATCH",
                "CLOCK_SKEW",
                "LOOPBACK_URL",
                "NOT_ADMIN"
            ]
        );
    }
}

#[test]
fn people_get_everything_in_both_forms() {
    let report = samples::report("Confluence");
    for form in [ReportFormat::Html, ReportFormat::Markdown] {
        let text = form.render(&report);
        for wanted in [
            "2 applications, 2 links: 1 broken, 1 unverifiable",
            "9.12.2",
            "9.0.18",
            "301 s ahead of here",
            "secret from env",
            "What support asks",
            "Is the base URL right?",
            "jira: impersonation",
            "wiki: oauth",
            "✗ differ",
            "applink edit jira wiki --auth oauth",
            "CLOCK_SKEW",
            "What to do",
            "3 more requests",
            "server.xml",
        ] {
            assert!(text.contains(wanted), "{form:?}: {wanted}");
        }
    }
}

#[test]
fn the_map_holds_one_application_and_sixty() {
    for n in [1_usize, 2, 3, 12, 13, 60, 120] {
        let mut report = samples::report("Confluence");
        let one = report.apps[0].clone();
        let alias = |i: usize| -> Alias { format!("app-{i}").parse().unwrap() };
        report.apps = (0..n)
            .map(|i| {
                let mut app = one.clone();
                app.alias = if i == 0 { one.alias.clone() } else { alias(i) };
                app
            })
            .collect();
        let healths = [
            Health::Ok,
            Health::Warning,
            Health::Broken,
            Health::Unverifiable,
        ];
        report.links = (1..n)
            .map(|i| {
                let health = healths[i % 4];
                samples::link("x", i, Some(alias(i)), health, [Level::OAuth; 2])
            })
            .collect();
        let svg = map::draw(&report).into_string();
        let seen = elements(&svg);
        let count = |name: &str| seen.iter().filter(|tag| tag.as_str() == name).count();
        assert_eq!(count("a"), n - 1, "a shape for each link");
        assert_eq!(count("path"), n - 1, "a line for each link");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        // Nothing is outside of the drawing.
        let view: Vec<f64> = svg
            .split('"')
            .nth(1)
            .unwrap()
            .split(' ')
            .map(|v| v.parse().unwrap())
            .collect();
        for (name, most) in [
            (" x=\"", view[2]),
            (" cx=\"", view[2]),
            (" y=\"", view[3]),
            (" cy=\"", view[3]),
        ] {
            for (at, _) in svg.match_indices(name) {
                let value: f64 = svg[at + name.len()..]
                    .split('"')
                    .next()
                    .unwrap()
                    .parse()
                    .unwrap();
                assert!((0.0..=most).contains(&value), "{n}: {name}{value}");
            }
        }
    }
}
