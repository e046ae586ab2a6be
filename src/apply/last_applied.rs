//! What a file gave to records, and applink itself gave them otherwise since: that was not changed by
//! hand.

use crate::domain::{Alias, ApplicationId};
use crate::plan::Step;
use crate::plan::execute::{Report, StepStatus};
use crate::state::{LinkEntry, State};

/// Lets what is remembered follow the steps of a report.
pub(crate) fn update(state: &mut State, report: &Report) {
    for one in &report.steps {
        if one.status != StepStatus::Done {
            continue;
        }
        let (on, id) = (one.step.on(), one.step.id());
        if matches!(one.step, Step::MakePrimary { .. }) {
            give_up(state, on, id);
        }
        let Some(left) = &one.left else { continue };
        for link in state.links.iter_mut().filter(|link| is_it(link, on, id)) {
            let record = &left.record;
            let values = &mut link.last_applied;
            if let Some(name) = values.names.get_mut(on) {
                name.clone_from(&record.name);
            }
            if let (Some(url), Some(now)) = (values.application_urls.get_mut(on), &record.rpc_url) {
                url.clone_from(now);
            }
            if let Some(url) = values.display_urls.get_mut(on) {
                url.clone_from(&record.display_url);
            }
        }
    }
}

fn is_it(link: &LinkEntry, on: &Alias, id: ApplicationId) -> bool {
    !link.last_applied.is_empty() && link.id_on(on) == Some(id)
}

/// Another link takes the first place of its type on an application.
fn give_up(state: &mut State, on: &Alias, id: ApplicationId) {
    let type_of = |alias: &Alias| state.applications.get(alias).map(|app| &app.type_id);
    let first = state.by_id(id).map(|(_, app)| &app.type_id);
    let losers: Vec<usize> = state
        .links
        .iter()
        .enumerate()
        .filter(|(_, link)| link.last_applied.primary.contains(on) && link.id_on(on) != Some(id))
        .filter(|(_, link)| link.other(on).and_then(type_of) == first)
        .map(|(at, _)| at)
        .collect();
    for at in losers {
        if let Some(link) = state.links.get_mut(at) {
            link.last_applied.primary.remove(on);
        }
    }
}
