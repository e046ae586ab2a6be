//! Which link: an application, then one of the records that it keeps, asked live.

use crate::cli::args;
use crate::cli::prompt::application::{AppPrompt, IdentifiedApp, application};
use crate::context::Context;
use crate::domain::{BaseUrl, Record};
use crate::error::{Error, Result};
use crate::resolve::{AppArg, by_id};

/// What is behind a record.
pub(crate) enum LinkTarget {
    Application(AppArg),
    Program(String),
}

/// One of the levels, with a sentence on each.
pub(crate) fn level(context: &Context) -> Result<args::LevelArg> {
    let (levels, items): (Vec<args::LevelArg>, Vec<String>) = [
        (
            args::LevelArg::OAuth,
            "oauth: users agree once, then both call for them, and as applications",
        ),
        (
            args::LevelArg::Impersonation,
            "impersonation: also as any user, unasked; both share one user base",
        ),
        (args::LevelArg::None, "none: only the records; no calls"),
    ]
    .map(|(level, words)| (level, words.to_owned()))
    .into_iter()
    .unzip();
    let question = "What may they do on each other?";
    let at = context.ui.choose(question, &items, "--auth")?;
    Ok(levels.get(at).copied().unwrap_or(args::LevelArg::OAuth))
}

/// Asks for a text until it can be used.
pub(crate) fn until<T>(
    context: &Context,
    question: &str,
    argument: &str,
    parse: impl Fn(&str) -> std::result::Result<T, String>,
) -> Result<T> {
    loop {
        let typed = context.ui.ask_text(question, None, argument)?;
        match parse(typed.trim()) {
            Ok(value) => return Ok(value),
            Err(error) => context.ui.complain(&Error::usage(error)),
        }
    }
}

pub(crate) async fn local(
    context: &Context,
    given: Option<&AppArg>,
    question: &str,
) -> Result<IdentifiedApp> {
    let which = AppPrompt {
        question,
        argument: "LOCAL",
        before: None,
        offers: true,
        given,
    };
    application(context, which).await
}

/// One of the records that an application keeps.
pub(crate) async fn record(
    context: &Context,
    local: &IdentifiedApp,
    question: &str,
    programs: bool,
) -> Result<LinkTarget> {
    let target = &local.resolved.target;
    let session = context.session(target).await?;
    let wait = context
        .ui
        .waiting(&format!("asking {} for its links", target.alias));
    let mut records = session.records().await?;
    drop(wait);
    let program = |record: &Record| {
        let state = context.state.state();
        let mut all = state.consumers.iter();
        all.find(|known| known.on == target.alias && known.id == record.id)
            .map(|known| known.name.clone())
    };
    records.retain(|record| !record.system && (programs || program(record).is_none()));
    if records.is_empty() {
        return Err(
            Error::refused(format!("{} has no link of that kind", target.alias)).hint(format!(
                "see what it has with: applink list {}",
                target.alias
            )),
        );
    }
    let items: Vec<String> = records
        .iter()
        .map(|record| match program(record) {
            Some(name) => format!("the program {name}"),
            None => format!(
                "{}: {} at {}",
                record.name,
                record.type_id.name(),
                record.display_url
            ),
        })
        .collect();
    let at = context.ui.choose(question, &items, "REMOTE")?;
    let record = records
        .get(at)
        .ok_or_else(|| Error::internal("a record was due"))?;
    if let Some(name) = program(record) {
        return Ok(LinkTarget::Program(name));
    }
    if let Some(known) = by_id(context, record.id) {
        return Ok(LinkTarget::Application(AppArg::Alias(known.alias)));
    }
    let url = record
        .application_url()
        .or_else(|| BaseUrl::parse(&record.display_url).ok())
        .ok_or_else(|| {
            Error::refused(format!(
                "the link {:?} has no address by which it can be named",
                record.name
            ))
        })?;
    Ok(LinkTarget::Application(AppArg::Url(url)))
}
