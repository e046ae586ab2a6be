//! What the smaller commands ask for.

use crate::cli::args::name;
use crate::cli::prompt::record::until;
use crate::context::{Context, Target};
use crate::domain::Alias;
use crate::error::{Error, Result};
use crate::resolve::AppArg;

/// One of the known applications.
pub(crate) fn choose_app(context: &Context, question: &str) -> Result<Alias> {
    let targets = context.all_known();
    if targets.is_empty() {
        return Err(Error::usage("no application is known yet")
            .hint("add one with: applink app add ALIAS URL"));
    }
    let items: Vec<String> = targets.iter().map(described).collect();
    let at = context.ui.choose(question, &items, "ALIAS")?;
    targets
        .into_iter()
        .nth(at)
        .map(|target| target.alias)
        .ok_or_else(|| Error::internal("an application was due"))
}

fn described(target: &Target) -> String {
    let entry = &target.entry;
    format!(
        "{}: {} at {}",
        target.alias,
        entry.type_id.name(),
        entry.url
    )
}

/// Asks on which application, and for which program.
pub(crate) fn program(
    app: &mut Option<AppArg>,
    consumer: &mut Option<String>,
    context: &Context,
) -> Result<()> {
    if app.is_none() {
        *app = Some(AppArg::Alias(choose_app(context, "On which application?")?));
    }
    if consumer.is_some() {
        return Ok(());
    }
    let on = match app {
        Some(AppArg::Alias(alias) | AppArg::Named(alias, _)) => Some(alias.clone()),
        _ => None,
    };
    let state = context.state.state();
    let names: Vec<String> = state
        .consumers
        .iter()
        .filter(|known| Some(&known.on) == on.as_ref())
        .map(|known| known.name.clone())
        .collect();
    let mut items = names.clone();
    items.push("another one, by its name".to_owned());
    let ui = &context.ui;
    let chosen = if names.is_empty() {
        None
    } else {
        let at = ui.choose("Which program?", &items, "--consumer")?;
        names.into_iter().nth(at)
    };
    *consumer = Some(match chosen {
        Some(name) => name,
        None => until(
            context,
            "The name of the program (consumer)",
            "--consumer",
            name,
        )?,
    });
    Ok(())
}
