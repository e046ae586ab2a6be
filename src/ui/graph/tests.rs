//! Hostile names are harmless in every language, and what needs a look stands out without colour.

use super::*;
use crate::domain::Level;
use crate::ui::diagram::{ONE_LINE, TWO_LINES, place};

const HOSTILE: &[&str] = &[
    "\"];evil[label=\"x",
    "a\nb\r\u{7}\u{1b}[31m",
    "</text></svg><script>alert(1)</script>",
    "--> <!-- ]]> &amp; &lt; <b>",
    "back\\slash\\N\\G\\\"",
    "\u{202e}gnp\u{2066}\u{200b}",
    "`**md**` #quot; %%{init: {}}%% end; subgraph x",
    "\u{fffe}\u{ffff}\u{0}",
    "]]-->|x| n9",
    "",
];

fn node(name: &str, standing: NodeState) -> GraphNode {
    GraphNode {
        name: name.to_owned(),
        kind: name.to_owned(),
        standing,
    }
}

fn link(a: usize, b: usize, levels: [Level; 2], marks: &[LinkMark]) -> GraphLink {
    GraphLink {
        between: [a, b],
        levels,
        marks: marks.to_vec(),
    }
}

fn hostile() -> Graph {
    let long = "x\"".repeat(500_000);
    let mut names: Vec<&str> = HOSTILE.to_vec();
    names.push(&long);
    let both = [Level::OAuth; 2];
    Graph {
        links: (1..names.len()).map(|n| link(0, n, both, &[])).collect(),
        nodes: names
            .into_iter()
            .map(|name| node(name, NodeState::Unknown))
            .collect(),
    }
}

/// The plain graph of the same shape.
fn tame() -> Graph {
    let mut graph = hostile();
    for node in &mut graph.nodes {
        "x".clone_into(&mut node.name);
        "x".clone_into(&mut node.kind);
    }
    graph
}

#[test]
fn nothing_hostile_is_left() {
    for format in [GraphFormat::Dot, GraphFormat::Mermaid, GraphFormat::Svg] {
        let drawn = hostile().draw(format);
        assert!(drawn.len() < 60_000, "{format:?}");
        let raw = drawn.chars().find(|c| {
            c.is_control() && *c != '\n' || "\u{202e}\u{2066}\u{200b}\u{fffe}\u{ffff}".contains(*c)
        });
        assert_eq!(raw, None, "{format:?}");
        // No name begins or ends anything: the lines are those of harmless names.
        let lines = |text: &str| text.lines().count();
        assert_eq!(lines(&drawn), lines(&tame().draw(format)), "{format:?}");
    }
}

#[test]
fn quotes_stay_closed_in_dot() {
    for line in hostile().draw(GraphFormat::Dot).lines() {
        let mut inside = false;
        let mut outside = String::new();
        let mut characters = line.chars();
        while let Some(c) = characters.next() {
            match c {
                '\\' if inside => {
                    let next = characters.next();
                    assert!(matches!(next, Some('\\' | '"' | 'n')), "{line}");
                }
                '"' => inside = !inside,
                '&' if inside => {
                    assert!(characters.as_str().starts_with("amp;"), "{line}");
                }
                _ if !inside => outside.push(c),
                _ => {}
            }
        }
        assert!(!inside && !outside.contains("evil"), "{line}");
    }
}

#[test]
fn mermaid_has_quotes_of_its_own_only() {
    let drawn = hostile().draw(GraphFormat::Mermaid);
    for line in drawn.lines().filter(|line| line.contains('"')) {
        assert_eq!(line.matches('"').count(), 2, "{line}");
        let text = line.split('"').nth(1).unwrap_or_default();
        let text = text.replace("<br/>", "");
        assert!(
            !text.contains(['<', '>', '`', '[', '{', '%', '\\', '&']),
            "{line}"
        );
    }
}

#[test]
fn the_picture_is_whole_and_needs_nothing_else() {
    use quick_xml::events::Event;

    for graph in [hostile(), tame(), Graph::default()] {
        let drawn = graph.draw(GraphFormat::Svg);
        let mut reader = quick_xml::Reader::from_str(&drawn);
        let mut depth = 0_i32;
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => {
                    depth += 1;
                    let name: &str = element.name().0;
                    assert!(
                        ["svg", "title", "g", "path", "rect", "text", "polygon"].contains(&name),
                        "{name}"
                    );
                }
                Ok(Event::End(_)) => depth -= 1,
                Ok(Event::Eof) => break,
                Ok(Event::Text(_) | Event::GeneralRef(_)) => {}
                other => {
                    assert!(other.is_ok() && other.is_err(), "{other:?}");
                }
            }
        }
        assert_eq!(depth, 0);
        let addresses = drawn.matches("://").count();
        assert_eq!(addresses, 1, "only the name of the language is an address");
        assert!(!drawn.contains("href") && !drawn.contains("url("));
    }
}

#[test]
fn what_needs_a_look_stands_out_without_colour() {
    let marks = [
        LinkMark::PendingDelete,
        LinkMark::Unfinished,
        LinkMark::Differ,
        LinkMark::OneWay,
        LinkMark::Legacy,
    ];
    let plain = link(0, 1, [Level::OAuth; 2], &[]);
    for mark in marks {
        let one = link(0, 1, [Level::OAuth; 2], &[mark]);
        assert_ne!(one.line(), plain.line(), "{mark:?}");
        for format in [GraphFormat::Dot, GraphFormat::Mermaid, GraphFormat::Svg] {
            let graph = |link: &GraphLink| Graph {
                nodes: vec![node("a", NodeState::Known), node("b", NodeState::Known)],
                links: vec![link.clone()],
            };
            let drawn = graph(&one).draw(format);
            let words = mark.words();
            assert!(
                drawn.contains(&format!("oauth, {words}")),
                "{format:?}: {drawn}"
            );
            assert_ne!(
                drawn.replace(&format!(", {words}"), ""),
                graph(&plain).draw(format)
            );
        }
    }
}

#[test]
fn arrows_go_the_way_of_the_calls() {
    use Level::{Impersonation, None, OAuth, Unknown};

    let shown = |levels: [Level; 2]| -> Vec<String> {
        let arrows = link(0, 1, levels, &[LinkMark::OneWay]).arrows();
        arrows
            .iter()
            .map(|a| format!("{}{:?}{} {}", a.from, a.heads, a.to, a.label))
            .collect()
    };
    assert_eq!(shown([OAuth, OAuth]), ["0Both1 oauth, one-way"]);
    assert_eq!(shown([OAuth, None]), ["0To1 oauth, one-way"]);
    assert_eq!(shown([None, OAuth]), ["1To0 oauth, one-way"]);
    assert_eq!(shown([None, None]), ["0None1 none, one-way"]);
    assert_eq!(shown([Unknown, Unknown]), ["0None1 unknown, one-way"]);
    assert_eq!(
        shown([OAuth, Impersonation]),
        ["0To1 oauth, one-way", "1To0 impersonation"]
    );
}

#[test]
fn no_two_boxes_touch() {
    for n in [1, 2, 3, 4, 5, 7, 12, 40, 41, 200] {
        for shape in [&TWO_LINES, &ONE_LINE] {
            let pairs: Vec<[usize; 2]> = (1..n).map(|k| [0, k]).collect();
            let layout = place(n, &pairs, shape);
            assert_eq!(layout.positions.len(), n);
            for (k, one) in layout.positions.iter().enumerate() {
                let (x, y) = one.at;
                assert!(x > 0.0 && y > 0.0 && x < layout.size.0 && y < layout.size.1);
                for other in &layout.positions[k + 1..] {
                    let apart = (x - other.at.0).abs() >= shape.size.0
                        || (y - other.at.1).abs() >= shape.size.1;
                    assert!(apart, "{n}: {one:?} {other:?}");
                }
            }
        }
    }
}
