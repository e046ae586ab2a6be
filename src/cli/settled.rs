//! What is said where nothing is to be done: what is so already.

use crate::plan::{Agenda, Goal, Purpose};

/// The sentence, which is true of what was looked at.
pub(super) fn nothing_to_do(agenda: &Agenda) -> String {
    let what = match (agenda.purpose, agenda.parts.as_slice()) {
        (Purpose::Repair, _) => "nothing was found that can be mended from here".to_owned(),
        (Purpose::Goal, [plan]) => standing(&plan.goal),
        _ => "it is so already".to_owned(),
    };
    format!("nothing to do: {what}")
}

fn standing(goal: &Goal) -> String {
    match goal {
        Goal::NoLink {
            local,
            remote: Some(remote),
            one_side: false,
        } => format!("{local} and {remote} have no link"),
        Goal::NoLink {
            local,
            remote: Some(remote),
            ..
        } => format!("{local} has no link to {remote}"),
        Goal::NoLink { local, .. } => format!("{local} has no such link"),
        Goal::NoConsumer { on, name } => format!("{on} has no program called {name:?}"),
        Goal::NoOAuth2Client { on, name } => {
            format!("{on} has no OAuth 2.0 client called {name:?}")
        }
        Goal::Moved { app, url } => format!("the links of {app} lead to {url} already"),
        Goal::Migrated { local, remote } => {
            format!("{local} and {remote} use none of the old means")
        }
        Goal::Detached { from } => format!("nothing that is changed here leads to {from}"),
        Goal::Link { .. }
        | Goal::Relocated { .. }
        | Goal::Consumer { .. }
        | Goal::OAuth2Client { .. } => "it is so already".to_owned(),
    }
}
