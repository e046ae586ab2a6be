use super::*;
use crate::domain::Health;

fn style() -> Style {
    Style::plain(true)
}

fn sample() -> Table {
    let mut table = Table::new([
        Column::new("local"),
        Column::new("remote"),
        Column::new("status"),
        Column::new("url").wraps().optional(1),
        Column::new("id").optional(2),
    ]);
    table.push([
        Cell::new("jira"),
        Cell::new("wiki"),
        Health::Ok.into(),
        "https://wiki.example.com/confluence".into(),
        "11111111-2222-3333-4444-555555555555".into(),
    ]);
    table.push([
        Cell::new("jira"),
        Cell::missing(),
        Health::Broken.into(),
        "http://東京.example".into(),
        "x".into(),
    ]);
    table
}

#[test]
fn a_wide_terminal_gets_aligned_columns() {
    let shown = sample().to_terminal(120, style());
    assert_eq!(
        shown.text,
        "\
LOCAL  REMOTE  STATUS    URL                                  ID
jira   wiki    ✓ ok      https://wiki.example.com/confluence  11111111-2222-3333-4444-555555555555
jira   -       ✗ broken  http://東京.example                  x
"
    );
    assert!(shown.hidden.is_empty());
}

#[test]
fn a_narrower_one_wraps_then_drops_and_says_so() {
    let shown = sample().to_terminal(50, style());
    assert_eq!(
        shown.text,
        "\
LOCAL  REMOTE  STATUS    URL
jira   wiki    ✓ ok      https://wiki.example.com/
                         confluence
jira   -       ✗ broken  http://東京.example
"
    );
    assert_eq!(shown.hidden, ["ID"]);
}

#[test]
fn twenty_columns_stack_and_lose_nothing() {
    let shown = sample().to_terminal(20, style());
    assert!(shown.hidden.is_empty());
    assert!(shown.text.lines().all(|line| width::of(line) <= 20));
    let all: String = shown.text.split_whitespace().collect();
    assert!(all.contains("https://wiki.example.com/confluence"));
    assert!(all.contains("11111111-2222-3333-4444-555555555555"));
}

#[test]
fn every_width_keeps_the_names() {
    for columns in 1..130 {
        let shown = sample().to_terminal(columns, style());
        let all: String = shown.text.split_whitespace().collect();
        for name in ["jira", "wiki", "broken"] {
            assert!(all.contains(name), "{columns}: {}", shown.text);
        }
        if columns >= 10 {
            assert!(shown.text.lines().all(|line| width::of(line) <= columns));
        }
    }
}

#[test]
fn numbers_stand_right() {
    let mut table = Table::new([Column::new("n").right(), Column::new("name")]);
    table.push(["5", "a"]);
    table.push(["1000", "b"]);
    assert_eq!(
        table.to_terminal(80, style()).text,
        "   N  NAME\n   5  a\n1000  b\n"
    );
}

#[test]
fn wide_and_combining_characters_align() {
    let mut table = Table::new([Column::new("name"), Column::new("x")]);
    for name in ["東京", "🚀", "e\u{301}t", "plain"] {
        table.push([name, "|"]);
    }
    let text = table.to_terminal(80, style()).text;
    for line in text.lines().skip(1) {
        let (before, _) = line.split_once('|').unwrap();
        assert_eq!(width::of(before), 7, "{line}");
    }
}

#[test]
fn a_pipe_gets_tabs_and_no_header() {
    assert_eq!(
        sample().to_tsv(),
        "jira\twiki\tok\thttps://wiki.example.com/confluence\t11111111-2222-3333-4444-555555555555\n\
         jira\t\tbroken\thttp://東京.example\tx\n"
    );
}

#[test]
fn hostile_names_stay_one_cell() {
    let mut table = Table::new([Column::new("name"), Column::new("next")]);
    table.push(["a\tb\nc\u{1b}]0;x\u{7}\u{202e}d\u{9b}2J", "ok"]);
    let expected = r"a\x09b\x0ac\x1b]0;x\x07\u{202e}d\x9b2J";
    assert_eq!(table.to_tsv(), format!("{expected}\tok\n"));
    assert!(table.to_terminal(80, style()).text.contains(expected));
    assert!(table.to_csv().contains(expected));
}

#[test]
fn csv_is_quoted_and_holds_no_formula() {
    let mut table = Table::new([Column::new("name"), Column::new("url")]);
    table.push(["=1+1", "a,b"]);
    table.push(["@SUM(A1)", "say \"hi\""]);
    table.push(["-2", "+3"]);
    table.push([" =x", "plain"]);
    table.push(["＝x", ""]);
    assert_eq!(
        table.to_csv(),
        "name,url\r\n'=1+1,\"a,b\"\r\n'@SUM(A1),\"say \"\"hi\"\"\"\r\n'-2,'+3\r\n' =x,plain\r\n'＝x,\r\n"
    );
}

#[test]
fn an_ascii_locale_gets_ascii_signs() {
    let text = sample().to_terminal(120, Style::plain(false)).text;
    assert!(text.contains("+ ok") && text.contains("x broken"));
}

#[test]
fn details_go_first_then_columns_that_nobody_misses_and_a_name_stays() {
    let mut table = Table::new([
        Column::new("local"),
        Column::new("remote"),
        Column::new("name").extra(2),
        Column::new("remarks").wraps(),
    ]);
    table.push([
        Cell::new("jira"),
        Cell::missing().seen_as("\"Jenkins\""),
        Cell::new("Jenkins"),
        Cell::new("primary, SHA256:0123456789abcdef").brief("primary"),
    ]);
    assert_eq!(
        table.to_terminal(80, style()).text,
        "LOCAL  REMOTE     NAME     REMARKS\n\
         jira   \"Jenkins\"  Jenkins  primary, SHA256:0123456789abcdef\n"
    );
    assert_eq!(
        table.to_terminal(36, style()).text,
        "LOCAL  REMOTE     NAME     REMARKS\njira   \"Jenkins\"  Jenkins  primary\n"
    );
    let narrow = table.to_terminal(30, style());
    assert_eq!(
        narrow.text,
        "LOCAL  REMOTE     REMARKS\njira   \"Jenkins\"  primary\n"
    );
    assert!(narrow.hidden.is_empty());
    assert_eq!(
        table.to_tsv(),
        "jira\t\tJenkins\tprimary, SHA256:0123456789abcdef\n"
    );
}
