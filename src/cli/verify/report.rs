//! The support report of `verify --report`: what it is made of, and how it gets into its file.

use std::path::Path;
use std::time::SystemTime;

use crate::context::{Context, Target};
use crate::diagnose::report::{AccountReport, ReportInput, RequestReport, SupportReport};
use crate::diagnose::{AppObservation, LinkObservation, Verdict};
use crate::domain::Alias;
use crate::error::{Error, Result};
use crate::remote::recorder::RecordedRequest;
use crate::ui::output_file::replace;
use crate::ui::report::{ReportFormat, contents};

/// Puts a report about these applications together, without anything secret.
pub(crate) fn report(
    context: &Context,
    targets: &[Target],
    apps: &[AppObservation],
    links: &[(LinkObservation, Verdict)],
    errors: &[(Alias, Error)],
) -> SupportReport {
    let target = |alias: &Alias| targets.iter().find(|target| target.alias == *alias);
    let (requests, left_out) = context.transport.recorded();
    let mut report = SupportReport::new(ReportInput {
        made_at: format!("{:.0}", jiff::Timestamp::now()),
        applink_version: env!("CARGO_PKG_VERSION").to_owned(),
        apps: apps
            .iter()
            .filter_map(|seen| {
                let target = target(&seen.alias)?;
                Some((seen, target.entry.type_id.clone(), account(context, target)))
            })
            .collect(),
        links,
        // Other applications, which were asked only because they might have been linked, are
        // nobody's business.
        requests: requests
            .into_iter()
            .filter(|request| {
                let app = request.app.as_ref();
                app.is_none_or(|app| target(app).is_some())
            })
            .map(request_report)
            .collect(),
        left_out,
        errors,
    });
    report.scrub(&|text| context.ui.redact(text));
    report
}

/// With which account an application is asked: a name, and where its secret comes from in one
/// word. Paths, variables and programs are not told.
fn account(context: &Context, target: &Target) -> AccountReport {
    let source = match &target.entry.credential {
        _ if context.needs_no_account(target) => None,
        Some(source) => Some(source.kind()),
        None if context.has_credential(target) => Some("env"),
        None => Some("prompt"),
    };
    AccountReport {
        user: context.user(target),
        seen_as: None,
        source: source.map(ToOwned::to_owned),
    }
}

fn request_report(request: RecordedRequest) -> RequestReport {
    let (mut servers, mut user, mut note) = (Vec::new(), None, String::new());
    let status = match request.outcome {
        Ok(answer) => {
            servers.extend(answer.server.map(|name| format!("Server: {name}")));
            servers.extend(answer.via.map(|name| format!("Via: {name}")));
            user = answer.user;
            note = match (answer.location, answer.content_type) {
                (Some(location), _) => format!("to {location}"),
                (None, Some(kind)) => {
                    let kind = kind.split(';').next().unwrap_or_default().trim();
                    format!("{kind}, {} bytes", answer.bytes)
                }
                (None, None) => format!("{} bytes", answer.bytes),
            };
            Some(answer.status)
        }
        Err(problem) => {
            note.push_str(&problem);
            None
        }
    };
    RequestReport {
        at: time(request.at),
        millis: u64::try_from(request.took.as_millis()).unwrap_or(u64::MAX),
        app: request.app,
        method: request.method,
        url: request.url,
        status,
        note,
        servers,
        user,
    }
}

fn time(at: SystemTime) -> String {
    jiff::Timestamp::try_from(at).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}

/// Writes a report, whole and for its owner only, and says what is in it.
pub(crate) fn write(
    context: &Context,
    path: &Path,
    format: ReportFormat,
    report: &SupportReport,
) -> Result<()> {
    replace(path, format.render(report).as_bytes()).map_err(|error| {
        Error::refused(format!(
            "the report could not be written to {}: {error}",
            path.display()
        ))
    })?;
    context.ui.note(&format!(
        "{} holds {}; read it before you send it",
        path.display(),
        contents(report)
    ));
    Ok(())
}
