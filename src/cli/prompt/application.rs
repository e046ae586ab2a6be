//! Which application: one that is known, or an address, which is asked at once who it is.

use crate::context::Context;
use crate::domain::{BaseUrl, Code, Manifest};
use crate::error::{Error, Result};
use crate::observe::ends::same_application;
use crate::resolve::{self, AppArg, CloudSites, Resolved, resolve_beside};
use crate::ui::StepResult;

/// What is asked.
pub(crate) struct AppPrompt<'a> {
    /// The question.
    pub(crate) question: &'a str,
    /// The argument that would have answered it.
    pub(crate) argument: &'a str,
    /// The application that is told already, which cannot be meant again.
    pub(crate) before: Option<&'a IdentifiedApp>,
    /// Whether one that is known can be meant.
    pub(crate) offers: bool,
    /// What the command line says: a wrong one is not asked for again.
    pub(crate) given: Option<&'a AppArg>,
}

/// An application that answered.
#[derive(Debug, Clone)]
pub(crate) struct IdentifiedApp {
    /// Where and under which name.
    pub(crate) resolved: Resolved,
    /// What it says of itself.
    pub(crate) manifest: Manifest,
}

impl IdentifiedApp {
    /// Its alias, for sentences.
    pub(crate) fn alias(&self) -> &str {
        self.resolved.target.alias.as_str()
    }

    /// The argument that means it.
    pub(crate) fn argument(&self) -> AppArg {
        let target = &self.resolved.target;
        if target.known {
            AppArg::Alias(target.alias.clone())
        } else {
            AppArg::Named(target.alias.clone(), target.entry.url.clone())
        }
    }
}

/// Asks until an application answers.
pub(crate) async fn application(context: &Context, which: AppPrompt<'_>) -> Result<IdentifiedApp> {
    if let Some(arg) = which.given {
        return look(context, arg, which.before).await;
    }
    loop {
        let arg = pick(context, &which)?;
        match look(context, &arg, which.before).await {
            Ok(party) => return Ok(party),
            Err(error) => context.ui.complain(&error),
        }
    }
}

/// A known application or a new address, as it was chosen or typed.
fn pick(context: &Context, which: &AppPrompt<'_>) -> Result<AppArg> {
    let mut known = context.all_known();
    known.retain(|target| {
        which
            .before
            .is_none_or(|before| before.resolved.target.alias != target.alias)
    });
    if known.is_empty() || !which.offers {
        return address(context, which.question, which.argument);
    }
    let mut items: Vec<String> = known
        .iter()
        .map(|target| {
            let (alias, entry) = (&target.alias, &target.entry);
            format!("{alias}: {} at {}", entry.type_id.name(), entry.url)
        })
        .collect();
    items.push("another one, by its URL".to_owned());
    let at = context.ui.choose(which.question, &items, which.argument)?;
    match known.into_iter().nth(at) {
        Some(target) => Ok(AppArg::Alias(target.alias)),
        None => address(context, "Its URL, or any page of it", which.argument),
    }
}

/// An address, asked for until it is one.
fn address(context: &Context, question: &str, argument: &str) -> Result<AppArg> {
    loop {
        let typed = context.ui.ask_text(question, None, argument)?;
        match parse(&typed) {
            Ok(arg) => return Ok(arg),
            Err(error) => context.ui.complain(&Error::usage(error)),
        }
    }
}

/// What was typed; a bare host gets the scheme that it should have.
fn parse(typed: &str) -> std::result::Result<AppArg, String> {
    let typed = typed.trim();
    if is_bare(typed) {
        return url(typed).map(AppArg::Url);
    }
    typed.parse()
}

fn is_bare(typed: &str) -> bool {
    !typed.contains("://") && (typed.contains('.') || typed.contains(':'))
}

/// The same, where nothing but an address is an answer.
pub(crate) fn url(typed: &str) -> std::result::Result<BaseUrl, String> {
    if is_bare(typed) {
        return BaseUrl::parse(&format!("https://{typed}")).map_err(|error| error.to_string());
    }
    resolve::url(typed)
}

/// Finds the application and says what answers there.
async fn look(
    context: &Context,
    arg: &AppArg,
    before: Option<&IdentifiedApp>,
) -> Result<IdentifiedApp> {
    if let (AppArg::Alias(alias), Some(before)) = (arg, before)
        && *alias == before.resolved.target.alias
    {
        return Err(itself(before));
    }
    let beside: Vec<Resolved> = before.iter().map(|one| one.resolved.clone()).collect();
    let resolved = resolve_beside(context, &beside, &[arg], CloudSites::FarSide)
        .await?
        .pop()
        .ok_or_else(|| Error::internal("an application was due"))?;
    let manifest = if let Some(manifest) = &resolved.manifest {
        manifest.clone()
    } else {
        let target = &resolved.target;
        let _wait = context
            .ui
            .waiting(&format!("asking {} who it is", target.entry.url));
        let session = context.anonymous_session(target);
        session.manifest().await?.clone()
    };
    let target = &resolved.target;
    same_application(target, manifest.id)?;
    if let Some(before) = before {
        differs(before, &resolved, &manifest)?;
    }
    let named = if target.known {
        String::new()
    } else {
        format!(", called {} from now on", target.alias)
    };
    context.ui.step(
        &format!(
            "{} {} at {}{named}",
            manifest.type_id.name(),
            manifest.version,
            target.entry.url
        ),
        StepResult::Done,
        "",
    );
    Ok(IdentifiedApp { resolved, manifest })
}

/// The second application is another one than the first, and no copy of it.
fn differs(before: &IdentifiedApp, resolved: &Resolved, manifest: &Manifest) -> Result<()> {
    let (first, second) = (&before.resolved.target, &resolved.target);
    if first.alias == second.alias || first.entry.url == second.entry.url {
        return Err(itself(before));
    }
    if before.manifest.id == manifest.id {
        return Err(Error::refused(format!(
            "{} and {} carry one application id: one of them is a copy of the other",
            first.entry.url, second.entry.url
        ))
        .code(Code::ClonedApplication));
    }
    Ok(())
}

fn itself(party: &IdentifiedApp) -> Error {
    Error::refused(format!("{} cannot be linked to itself", party.alias()))
        .hint("a link is between two applications: name another one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_host_gets_its_scheme() {
        let shown = |text: &str| match parse(text) {
            Ok(AppArg::Url(url)) => url.to_string(),
            Ok(other) => format!("{other:?}"),
            Err(_) => "no".to_owned(),
        };
        assert_eq!(shown(" jira.example.com "), "https://jira.example.com");
        assert_eq!(shown("jira:8080/jira"), "https://jira:8080/jira");
        assert_eq!(shown("http://jira:8080/jira"), "http://jira:8080/jira");
        assert_eq!(shown("jira"), "Alias(Alias(\"jira\"))");
        assert_eq!(shown("Jira"), "no");
    }
}
