//! The options that every command takes.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;

use crate::context::Settings;
use crate::error::{Error, Result};
use crate::fs::{self, FileAction, FileError};
use crate::remote::Options;
use crate::remote::options::ResolveEntry;
use crate::remote::tls::TlsFiles;
use crate::ui::{ColorChoice, OutputFormat, Ui, UiOptions};

/// Shown under `-h`, which has to fit a screen.
pub(super) const AFTER_HELP: &str =
    "Everywhere: -o json, --dry-run, --yes, --no-input, --state FILE, -v; see --help";

/// Shown under `--help`.
pub(super) const AFTER_LONG_HELP: &str = "\
Exit codes:
  0  done, or nothing to do
  1  failed or refused, and nothing is left changed
  2  wrong usage
  3  partial: something was changed and the rest was not; `applink resume` continues
  4  credentials missing or refused, or the account lacks the permission
  5  an application could not be reached, or did not answer as one
  6  verified, and at least one link is broken
  7  the state is locked, unreadable, unsafe, too new, or was changed meanwhile
  8  changes are pending

Credentials:
  An application added with `applink app add` names where its secret is.
  Without that, APPLINK_<ALIAS>_TOKEN, or APPLINK_<ALIAS>_USER and
  APPLINK_<ALIAS>_PASSWORD, are used.

Two commands to begin with:
  applink create https://jira.example.com https://wiki.example.com
  applink verify";

/// A number of requests.
fn count(text: &str) -> std::result::Result<u16, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("it has to be a number from 1 to {}", u16::MAX))
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The state file
    ///
    /// Without it what APPLINK_STATE says, else applink/applink.toml in the user's state directory.
    #[arg(long, global = true, value_name = "FILE", env = "APPLINK_STATE", hide_env = true, hide_short_help = true, value_hint = clap::ValueHint::FilePath)]
    state: Option<PathBuf>,

    /// The form of the result: table, json, and csv for `list`
    ///
    /// Without it what APPLINK_OUTPUT says, else a table.
    #[arg(
        long,
        short,
        global = true,
        value_name = "FORM",
        env = "APPLINK_OUTPUT",
        hide_env = true,
        default_value = "table",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true
    )]
    output: OutputFormat,

    /// Never ask; name the option that would have answered
    #[arg(long, global = true, hide_short_help = true)]
    no_input: bool,

    /// Answer every confirmation with yes
    #[arg(long, short, global = true, hide_short_help = true)]
    yes: bool,

    /// Show what would be done, and change nothing
    #[arg(long, global = true, hide_short_help = true)]
    dry_run: bool,

    /// Bound on one call, repetitions and waits included [default: 30, and 60 where the server
    /// asks its peer]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds, hide_short_help = true)]
    timeout: Option<Duration>,

    /// Bound on making a connection
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds, default_value = "10", hide_short_help = true)]
    connect_timeout: Duration,

    /// How long to wait for another run that holds the state; 0 does not wait
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds_or_none, default_value = "10", hide_short_help = true)]
    lock_timeout: Duration,

    /// Requests in flight over all applications
    #[arg(long, global = true, value_name = "N", default_value = "64", value_parser = count, hide_short_help = true)]
    jobs: u16,

    /// Requests in flight to one application
    #[arg(long, global = true, value_name = "N", default_value = "4", value_parser = count, hide_short_help = true)]
    per_host: u16,

    /// Trust the certificate authorities in this PEM file too (repeatable)
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true, value_hint = clap::ValueHint::FilePath)]
    cacert: Vec<PathBuf>,

    /// Present this client certificate (PEM), with the chain behind it
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true, value_hint = clap::ValueHint::FilePath)]
    client_cert: Option<PathBuf>,

    /// The key of the client certificate (PEM); the passphrase of an encrypted one is taken from
    /// APPLINK_CLIENT_KEY_PASSPHRASE, or asked for
    #[arg(long, global = true, value_name = "FILE", requires = "client_cert", hide_short_help = true, value_hint = clap::ValueHint::FilePath)]
    client_key: Option<PathBuf>,

    /// Take any certificate, in this run only
    #[arg(long, global = true, hide_short_help = true)]
    insecure: bool,

    /// Use this HTTP or SOCKS proxy for everything, instead of those that HTTPS_PROXY, HTTP_PROXY,
    /// ALL_PROXY and NO_PROXY say
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    proxy: Option<String>,

    /// Use this address for a host and port (repeatable; all that are given for one are tried)
    #[arg(long, global = true, value_name = "HOST:PORT:ADDR", value_parser = resolve, hide_short_help = true)]
    resolve: Vec<ResolveEntry>,

    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_short_help = true
    )]
    color: ColorChoice,

    /// Say only results, warnings and errors
    #[arg(
        long,
        short,
        global = true,
        conflicts_with = "verbose",
        hide_short_help = true
    )]
    quiet: bool,

    /// Say each request; -vv also what was sent and answered
    ///
    /// Secrets are left out.
    #[arg(long, short, global = true, action = clap::ArgAction::Count, hide_short_help = true)]
    verbose: u8,

    /// Write the same, at the highest detail, to a file
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true, value_hint = clap::ValueHint::FilePath)]
    log_file: Option<PathBuf>,
}

impl Global {
    /// What concerns the streams.
    pub(super) fn ui_options(&self) -> UiOptions {
        UiOptions {
            output: self.output,
            color: self.color,
            quiet: self.quiet,
            verbose: self.verbose,
            no_input: self.no_input,
            yes: self.yes,
        }
    }

    /// What concerns the rest.
    pub(super) fn settings(&self) -> Result<Settings> {
        if let Some(proxy) = &self.proxy
            && url::Url::parse(proxy).is_ok_and(|url| url.password().is_some())
        {
            return Err(Error::usage(
                "--proxy holds a password, which other users can read in the list of processes",
            )
            .hint("put the proxy with its password into HTTPS_PROXY and HTTP_PROXY"));
        }
        Ok(Settings {
            state: self.state.clone(),
            dry_run: self.dry_run,
            lock_timeout: self.lock_timeout,
            command_line: command_line(),
            http: Options {
                timeout: self.timeout,
                connect_timeout: self.connect_timeout,
                tls: TlsFiles {
                    authorities: self.cacert.clone(),
                    client_certificate: self.client_cert.clone(),
                    client_key: self.client_key.clone(),
                },
                insecure: self.insecure,
                proxy: self.proxy.clone(),
                resolve: self.resolve.clone(),
                jobs: self.jobs.into(),
                per_host: self.per_host.into(),
            },
        })
    }

    /// Whether CSV was asked for, which only `list` has.
    pub(super) fn wants_csv(&self) -> bool {
        self.output == OutputFormat::Csv
    }

    /// Sends what happens to standard error and to the log file, as far as it was asked for.
    pub(super) fn start_log(&self, ui: &Ui) -> Result<()> {
        use tracing_subscriber::Layer as _;
        use tracing_subscriber::filter::{LevelFilter, Targets};
        use tracing_subscriber::layer::SubscriberExt as _;
        use tracing_subscriber::util::SubscriberInitExt as _;

        let ours = |level: LevelFilter| Targets::new().with_target("applink", level);
        let level = match self.verbose {
            _ if self.quiet => LevelFilter::WARN,
            0 => LevelFilter::INFO,
            1 => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        };
        let screen = ui.clone();
        let to_screen = tracing_subscriber::fmt::layer()
            .with_writer(move || screen.log_writer())
            .with_ansi(false)
            .with_target(false)
            .with_level(false)
            .without_time()
            .with_filter(ours(level));
        let file = self.log_file.as_deref().map(open_log).transpose()?;
        let ui = ui.clone();
        let to_file = file.map(|file| {
            let log = LogFile {
                file: std::sync::Arc::new(file),
                ui,
                is_lost: std::sync::Arc::default(),
            };
            tracing_subscriber::fmt::layer()
                .with_writer(move || log.clone())
                .with_ansi(false)
                .with_timer(RfcTime)
                .with_filter(ours(LevelFilter::TRACE))
        });
        // A second start in one process (the quickstart runs several commands) keeps the first.
        let _ = tracing_subscriber::registry()
            .with(to_screen)
            .with(to_file)
            .try_init();
        Ok(())
    }
}

/// Times in the log file: RFC 3339 in UTC.
struct RfcTime;

impl tracing_subscriber::fmt::time::FormatTime for RfcTime {
    fn format_time(
        &self,
        writer: &mut tracing_subscriber::fmt::format::Writer<'_>,
    ) -> std::fmt::Result {
        write!(writer, "{:.3}", jiff::Timestamp::now())
    }
}

/// Opens the log file, which gets lines at its end: nothing that somebody else has put there.
fn open_log(path: &std::path::Path) -> Result<std::fs::File> {
    let why = match fs::open_or_create(path, std::fs::OpenOptions::new().append(true)) {
        Ok((file, _)) => return Ok(file),
        Err(FileError::Io(FileAction::Open, _)) if path.is_symlink() => {
            "is a symbolic link, which is not followed".to_owned()
        }
        Err(FileError::Io(FileAction::Open, error)) => format!("cannot be opened: {error}"),
        Err(FileError::Io(_, error)) => format!("cannot be looked at: {error}"),
        Err(error) => error.to_string(),
    };
    Err(Error::usage(format!(
        "the log file {} {why}",
        path.display()
    )))
}

/// Writes to the log file, without any loaded secret.
#[derive(Clone)]
struct LogFile {
    file: std::sync::Arc<std::fs::File>,
    ui: Ui,
    /// Whether it was said that it cannot be written.
    is_lost: std::sync::Arc<AtomicBool>,
}

impl std::io::Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let written = (&*self.file).write_all(self.ui.redact(&text).as_bytes());
        if let Err(error) = written
            && !self.is_lost.swap(true, Ordering::Relaxed)
        {
            self.ui
                .warn(&format!("the log file cannot be written: {error}"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The streams' options where the command line could not be parsed: what can be guessed of it.
pub(super) fn options_before_parsing() -> UiOptions {
    let args: Vec<String> = std::env::args().collect();
    let json = args.iter().any(|arg| arg == "-ojson" || arg == "--output=json" || arg == "-o=json")
        || args
            .windows(2)
            .any(|pair| matches!(pair, [flag, value] if (flag == "-o" || flag == "--output") && value == "json"))
        || std::env::var("APPLINK_OUTPUT").is_ok_and(|value| value == "json");
    UiOptions {
        output: if json {
            OutputFormat::Json
        } else {
            OutputFormat::Table
        },
        ..UiOptions::default()
    }
}

/// The same, and none at all.
fn seconds_or_none(text: &str) -> std::result::Result<Duration, String> {
    if text.trim() == "0" {
        return Ok(Duration::ZERO);
    }
    seconds(text)
}

fn seconds(text: &str) -> std::result::Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "a number of seconds is due".to_owned())?;
    if !(0.001..=86_400.0).contains(&seconds) {
        return Err("between 0.001 and 86400 seconds".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

fn resolve(text: &str) -> std::result::Result<ResolveEntry, String> {
    let due = || "HOST:PORT:ADDR is due, such as jira.example.com:443:10.0.0.5".to_owned();
    // The host may be an IPv6 literal in brackets; the address may have colons of its own.
    let (host, rest) = if let Some(inner) = text.strip_prefix('[') {
        let (host, rest) = inner.split_once("]:").ok_or_else(due)?;
        (host, rest)
    } else {
        text.split_once(':').ok_or_else(due)?
    };
    let (port, address) = rest.split_once(':').ok_or_else(due)?;
    let address: IpAddr = address
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .map_err(|_| due())?;
    Ok(ResolveEntry {
        host: host.to_ascii_lowercase(),
        port: port.parse().map_err(|_| due())?,
        address,
    })
}

/// The arguments after the program's name; none where one of them is not UTF-8.
fn command_line() -> Vec<String> {
    std::env::args_os()
        .skip(1)
        .map(std::ffi::OsString::into_string)
        .collect::<Result<_, _>>()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolve_entries() {
        let shown = |text| resolve(text).map(|r| format!("{} {} {}", r.host, r.port, r.address));
        assert_eq!(
            shown("Jira.example.com:443:10.0.0.5").as_deref(),
            Ok("jira.example.com 443 10.0.0.5")
        );
        assert_eq!(shown("jira:8080:[::1]").as_deref(), Ok("jira 8080 ::1"));
        assert!(shown("jira:443").is_err());
        assert!(shown("jira:443:example.com").is_err());
    }

    #[test]
    fn seconds_have_bounds() {
        assert_eq!(seconds("1.5"), Ok(Duration::from_millis(1500)));
        assert!(seconds("0").is_err());
        assert_eq!(seconds_or_none("0"), Ok(Duration::ZERO));
        assert_eq!(seconds_or_none("2"), Ok(Duration::from_secs(2)));
        assert!(seconds_or_none("-1").is_err());
        assert!(seconds("NaN").is_err());
        assert!(seconds("-1").is_err());
    }
}
