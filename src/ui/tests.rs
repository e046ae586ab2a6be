use std::io::{self, Write};
use std::sync::Arc;

use serde_json::Value;

use super::*;
use crate::domain::Code;
use crate::error::Error;

const HOSTILE: &str = "x\u{1b}]0;t\u{7}\u{9b}2J\u{202e}\u{200b}\u{e0041}y\r\nz";

/// A document with one text.
#[derive(serde::Serialize)]
struct TestDocument {
    name: &'static str,
}

impl output::Document for TestDocument {}

fn options(output: OutputFormat) -> UiOptions {
    UiOptions {
        output,
        ..UiOptions::default()
    }
}

/// Whether a terminal could be steered by this.
fn steers(text: &str) -> bool {
    text.lines()
        .any(|line| !crate::domain::text::is_pasteable(line))
}

#[test]
fn everything_is_cleaned() {
    for terminal in [TerminalInfo::piped(), TerminalInfo::terminal(40)] {
        let (ui, capture) = Ui::captured(
            UiOptions {
                verbose: 1,
                ..UiOptions::default()
            },
            terminal,
        );
        ui.result(HOSTILE);
        ui.block(HOSTILE);
        ui.line(&[(Role::Bad, HOSTILE), (Role::Plain, HOSTILE)]);
        ui.status_line(&[(Role::Bad, HOSTILE)]);
        ui.json(&TestDocument { name: HOSTILE });
        let mut table = Table::new([Column::new("name")]);
        table.push([HOSTILE]);
        ui.table(&table);
        ui.status(HOSTILE);
        ui.detail(1, HOSTILE);
        ui.note(HOSTILE);
        ui.hint(HOSTILE);
        ui.warn(HOSTILE);
        ui.error(&Error::refused(HOSTILE).hint(HOSTILE));
        ui.step(HOSTILE, StepResult::Failed, HOSTILE);
        ui.log_writer().write_all(HOSTILE.as_bytes()).unwrap();
        let (out, err) = (capture.stdout(), capture.stderr());
        assert!(!steers(&out) && !out.contains('\r'), "{out}");
        assert!(!steers(&err) && !err.contains('\r'), "{err}");
        assert!(err.contains(r"x\x1b]0;t\x07\x9b2J\u{202e}\u{200b}\u{e0041}y\x0d\x0az"));
    }
}

#[test]
fn colour_is_ours_and_comes_after_cleaning() {
    let options = UiOptions {
        color: ColorChoice::Always,
        ..UiOptions::default()
    };
    let (ui, capture) = Ui::captured(options, TerminalInfo::piped());
    ui.warn("a\u{1b}[31mb");
    assert_eq!(
        capture.stderr(),
        "\u{1b}[33mwarning:\u{1b}[0m a\\x1b[31mb\n"
    );
    ui.line(&[(Role::Plain, "a "), (Role::Good, "b\u{1b}[0m")]);
    assert_eq!(capture.stdout(), "a \u{1b}[32mb\\x1b[0m\u{1b}[0m\n");
}

#[test]
fn the_streams_are_kept_apart() {
    let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::piped());
    ui.result("result");
    ui.status("status");
    ui.warn("careful");
    assert_eq!(capture.stdout(), "result\n");
    assert_eq!(capture.stderr(), "status\nwarning: careful\n");
}

#[test]
fn styled_help_cannot_steer_the_terminal() {
    let harmless = "\u{1b}[1mUsage:\u{1b}[0m applink [--flag]";
    let hostile = "\u{1b}[31merror:\u{1b}[0m unexpected argument '--fl\u{1b}]0;x\u{7}' found\n\n\
        Usage: applink [--flag]";
    for color in [ColorChoice::Always, ColorChoice::Never] {
        let options = UiOptions {
            color,
            ..UiOptions::default()
        };
        let (ui, capture) = Ui::captured(options, TerminalInfo::piped());
        ui.block_styled(harmless);
        ui.usage(hostile);
        assert!(capture.stdout().contains("Usage:") && capture.stdout().ends_with('\n'));
        assert_eq!(
            capture.stdout().contains("\u{1b}["),
            color == ColorChoice::Always
        );
        let shown = console::strip_ansi_codes(&capture.stderr()).into_owned();
        assert!(!steers(&shown), "{shown:?}");
        assert!(shown.contains(r"'--fl\x1b]0;x\x07' found"), "{shown}");
        assert!(shown.contains("Usage:"));
    }
}

#[test]
fn quiet_keeps_warnings_and_errors() {
    let (ui, capture) = Ui::captured(
        UiOptions {
            quiet: true,
            ..UiOptions::default()
        },
        TerminalInfo::terminal(80),
    );
    ui.status("a");
    ui.note("b");
    ui.hint("c");
    ui.detail(1, "d");
    ui.warn("e");
    ui.error(&Error::refused("f").hint("g"));
    assert_eq!(capture.stderr(), "warning: e\nerror: f\nhint: g\n");
}

#[test]
fn an_error_for_a_person() {
    let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::piped());
    let error = Error::new(crate::error::Kind::Auth, "jira refused the log-in")
        .hint("see where the secret comes from: applink app show jira")
        .code(Code::BadCredentials);
    ui.error(&error);
    assert_eq!(
        capture.stderr(),
        "error: jira refused the log-in\n\
         hint: see where the secret comes from: applink app show jira\n\
         see: applink explain BAD_CREDENTIALS\n"
    );
}

#[test]
fn an_error_for_a_script_is_one_line_of_json() {
    let (ui, capture) = Ui::captured(options(OutputFormat::Json), TerminalInfo::terminal(80));
    ui.set_redactor(Arc::new(|text| text.replace("\"q\"", "***")));
    ui.warn("before");
    let error = Error::refused("secret \"q\" \u{7f}").code(Code::Moved);
    ui.error(&error);
    let stderr = capture.stderr();
    let last = stderr.lines().last().unwrap();
    let value: Value = serde_json::from_str(last).unwrap();
    assert_eq!(value["error"]["message"], "secret *** \\x7f");
    assert_eq!(value["error"]["code"], "MOVED");
    assert_eq!(capture.stdout(), "");
}

#[test]
fn standard_error_is_redacted_and_results_are_not_touched() {
    let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::piped());
    ui.set_redactor(Arc::new(|text| text.replace("hunter2", "***")));
    ui.result("hunter2");
    ui.status("hunter2");
    ui.error(&Error::refused("hunter2").hint("hunter2"));
    ui.step("hunter2", StepResult::Failed, "hunter2");
    ui.status_line(&[(Role::Good, "hunter2")]);
    ui.log_writer()
        .write_all(b"GET hunter2\nhunter2\n")
        .unwrap();
    assert!(!capture.stderr().contains("hunter2"));
    assert_eq!(capture.stdout(), "hunter2\n");
}

#[test]
fn json_is_one_line_in_a_pipe() {
    let value = TestDocument { name: "a" };
    let (ui, capture) = Ui::captured(options(OutputFormat::Json), TerminalInfo::piped());
    ui.json(&value);
    assert_eq!(capture.stdout(), "{\"schema\":1,\"name\":\"a\"}\n");
    let (ui, capture) = Ui::captured(options(OutputFormat::Json), TerminalInfo::terminal(80));
    ui.json(&value);
    assert_eq!(
        capture.stdout(),
        "{\n  \"schema\": 1,\n  \"name\": \"a\"\n}\n"
    );
}

#[test]
fn one_result_in_three_forms() {
    let mut table = Table::new([Column::new("name"), Column::new("x")]).when_empty("no links");
    table.push(["a,b", "1"]);
    let shown = |output, terminal| {
        let (ui, capture) = Ui::captured(options(output), terminal);
        ui.show(&table, || TestDocument { name: "a" });
        capture.stdout()
    };
    assert_eq!(
        shown(OutputFormat::Json, TerminalInfo::piped()),
        "{\"schema\":1,\"name\":\"a\"}\n"
    );
    assert_eq!(
        shown(OutputFormat::Csv, TerminalInfo::terminal(80)),
        "name,x\r\n\"a,b\",1\r\n"
    );
    assert_eq!(
        shown(OutputFormat::Table, TerminalInfo::piped()),
        "a,b\t1\n"
    );
    assert_eq!(
        shown(OutputFormat::Table, TerminalInfo::terminal(80)),
        "NAME  X\na,b   1\n"
    );
}

#[test]
fn an_empty_table_says_so_to_a_person_only() {
    let table = Table::new([Column::new("name")]).when_empty("no links");
    for (output, terminal, out, err) in [
        (
            OutputFormat::Table,
            TerminalInfo::terminal(80),
            "",
            "no links\n",
        ),
        (OutputFormat::Table, TerminalInfo::piped(), "", ""),
        (
            OutputFormat::Csv,
            TerminalInfo::terminal(80),
            "name\r\n",
            "",
        ),
    ] {
        let (ui, capture) = Ui::captured(options(output), terminal);
        ui.table(&table);
        assert_eq!(capture.stdout(), out);
        assert_eq!(capture.stderr(), err);
    }
}

#[test]
fn columns_that_are_left_out_are_named() {
    let mut table = Table::new([Column::new("name"), Column::new("id").optional(1)]);
    table.push(["a-long-name", "0123456789"]);
    let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::terminal(20));
    ui.table(&table);
    assert_eq!(capture.stdout(), "NAME\na-long-name\n");
    let said = capture.stderr();
    let words: Vec<&str> = said.split_whitespace().collect();
    assert!(words.join(" ").contains("too narrow for ID"), "{said}");
    assert!(
        said.lines().all(|line| line.chars().count() <= 26),
        "wrapped, in {said}"
    );
}

/// A stream that fails.
struct BrokenStream(io::ErrorKind);

impl Write for BrokenStream {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

fn broken(kind: io::ErrorKind) -> Ui {
    Ui::with_sinks(
        UiOptions::default(),
        TerminalInfo::piped(),
        Box::new(BrokenStream(kind)),
        Box::new(BrokenStream(kind)),
        false,
        None,
    )
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let ui = broken(io::ErrorKind::BrokenPipe);
    ui.result("a");
    ui.json(&TestDocument { name: "a" });
    ui.warn("nobody reads this");
    assert!(ui.finish().is_ok());
}

#[test]
fn a_full_disk_is_told_at_the_end_and_once() {
    let ui = broken(io::ErrorKind::StorageFull);
    ui.result("a");
    ui.result("b");
    assert_eq!(
        ui.finish().map_err(|error| error.kind()),
        Err(io::ErrorKind::StorageFull)
    );
    assert!(ui.finish().is_ok());
}

#[cfg(target_os = "linux")]
#[test]
fn dev_full_is_a_failure() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ui = Ui::with_sinks(
        UiOptions::default(),
        TerminalInfo::piped(),
        Box::new(full),
        Box::new(io::sink()),
        false,
        None,
    );
    ui.result("a");
    assert!(ui.finish().is_err());
}

#[test]
fn lines_of_others_wait_while_a_prompt_is_open() {
    let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::terminal(80));
    ui.with_terminal(|| {
        ui.warn("later");
        assert_eq!(capture.stderr(), "");
    });
    assert_eq!(capture.stderr(), "warning: later\n");
}
