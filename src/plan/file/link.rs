//! Plans one link: creates what is missing, changes what differs.

use serde_json::{Map, Value, json};

use super::change::{Action, Change};
use super::file_plan::ItemPlan;
use super::link_end::{LinkDraft, LinkEnd, LinkPlanner};
use super::observed_state::{ObservedApp, ObservedState};
use super::primary::{PrimaryLinks, PrimaryRequest};
use crate::desired::DesiredLink;
use crate::domain::{BaseUrl, Code, Directions, Level, Record, pair_key, same_url};
use crate::error::{Error, Result};
use crate::plan::side::{EndRequest, Side, create_record};
use crate::plan::{Addresses, Details, NewLink, Plan, Policy, RelocationMethod, Step};

/// Plans one link.
pub(super) fn plan(
    observed_state: &ObservedState,
    local: &ObservedApp,
    remote: &ObservedApp,
    wanted: &DesiredLink,
    firsts: &PrimaryLinks,
) -> Result<ItemPlan> {
    let ends = [(local, remote), (remote, local)]
        .into_iter()
        .filter(|(holder, _)| wanted.has_record_on(&holder.alias))
        .map(|(holder, peer)| LinkEnd {
            holder,
            peer,
            view: holder.records.get(&peer.manifest.id),
            wanted: Directions {
                incoming: wanted.auth.get(&peer.alias).copied(),
                outgoing: wanted.auth.get(&holder.alias).copied(),
            },
        })
        .collect::<Vec<_>>();
    refuse(&ends, wanted)?;
    let key = pair_key(&local.alias, &remote.alias);
    let planner = LinkPlanner {
        wanted,
        known: observed_state.links.get(&(key.0.clone(), key.1.clone())),
        local: &local.alias,
        remote: &remote.alias,
        ends,
    };
    let mut draft = LinkDraft::default();
    planner.create_records(&mut draft);
    planner.change_records(&mut draft);
    let primary = planner.primary_requests(firsts, &mut draft);
    let after = planner.set_levels(&mut draft);
    Ok(ItemPlan {
        drift: planner.drift(),
        impersonates: draft.steps.iter().any(starts_to_impersonate),
        named: wanted.names.keys().cloned().collect(),
        primary,
        plan: Plan {
            goal: planner.goal(&after),
            steps: draft.steps,
            policy: Policy::RollBack,
        },
        changes: draft.changes,
    })
}

/// Refuses what no file can want.
fn refuse(ends: &[LinkEnd<'_>], wanted: &DesiredLink) -> Result<()> {
    for end in ends {
        if end.view.is_some_and(|view| view.record.system) {
            return Err(Error::refused(format!(
                "the link to {} on {} is a system link, which the product manages by itself",
                end.peer.alias, end.holder.alias
            ))
            .code(Code::SystemLink)
            .hint("take it out of the file"));
        }
        let impersonates = wanted
            .auth
            .values()
            .any(|level| *level == Level::Impersonation);
        if impersonates && !end.holder.manifest.type_id.is_atlassian() {
            return Err(Error::refused(format!(
                "impersonation needs an Atlassian application at both ends, and {} is of type {:?}",
                end.holder.alias,
                end.holder.manifest.type_id.as_str()
            ))
            .hint("write auth = \"oauth\" for that link"));
        }
    }
    Ok(())
}

fn starts_to_impersonate(step: &Step) -> bool {
    matches!(step, Step::SetFlags { from, to, .. }
        if (to.incoming.impersonation && !from.incoming.impersonation)
            || (to.outgoing.impersonation && !from.outgoing.impersonation))
}

impl LinkPlanner<'_> {
    /// What the file says of the record at one end.
    fn request(&self, end: &LinkEnd<'_>) -> EndRequest {
        let on = end.on();
        EndRequest {
            name: self.wanted.names.get(on).cloned(),
            application_url: self.wanted.application_urls.get(on).cloned(),
            display_url: self.wanted.display_urls.get(on).cloned(),
            primary: false,
        }
    }

    fn create_records(&self, draft: &mut LinkDraft) {
        let mut created: Vec<(&LinkEnd<'_>, NewLink)> = Vec::new();
        for end in self.ends.iter().filter(|end| end.view.is_none()) {
            let side = |seen: &ObservedApp| Side {
                alias: seen.alias.clone(),
                url: seen.url.clone(),
                manifest: seen.manifest.clone(),
                existing: None,
                primary: None,
                // Names are settled when all links are planned.
                others: Vec::new(),
            };
            let step = create_record(&side(end.holder), &side(end.peer), &self.request(end));
            if let Step::Create { link, .. } = &step {
                created.push((end, link.clone()));
            }
            draft.steps.push(step);
        }
        if !created.is_empty() && created.len() == self.ends.len() {
            draft.changes.push(self.created_link(&created));
            return;
        }
        for (end, link) in &created {
            draft.changes.push(Change {
                drift: self.was_there(end),
                ..self.change(
                    Action::Create,
                    Some(format!("records.{}", end.on())),
                    Value::Null,
                    json!({ "name": link.name, "application_url": link.rpc_url, "display_url": link.display_url }),
                )
            });
        }
    }

    /// The change that shows a whole new link.
    fn created_link(&self, created: &[(&LinkEnd<'_>, NewLink)]) -> Change {
        let each = |field: &str, value: &dyn Fn(&NewLink) -> String| {
            let map: Map<String, Value> = created
                .iter()
                .map(|(end, link)| (end.on().to_string(), json!(value(link))))
                .collect();
            (field.to_owned(), Value::Object(map))
        };
        let mut to = Map::from_iter([
            each("names", &|link| link.name.clone()),
            each("application_urls", &|link| link.rpc_url.clone()),
            each("display_urls", &|link| link.display_url.clone()),
        ]);
        to.insert("one_way".to_owned(), json!(self.wanted.one_way));
        let auth: Map<String, Value> = match self.ends.as_slice() {
            [end] => Map::from_iter([(end.on().to_string(), json!(Level::None))]),
            ends => ends
                .iter()
                .map(|end| {
                    let level = end.wanted.outgoing.unwrap_or(Level::OAuth);
                    (end.on().to_string(), json!(level))
                })
                .collect(),
        };
        to.insert("auth".to_owned(), Value::Object(auth));
        Change {
            drift: created.iter().any(|(end, _)| self.was_there(end)),
            ..self.change(Action::Create, None, Value::Null, Value::Object(to))
        }
    }

    /// Changes names and addresses of the records that exist.
    fn change_records(&self, draft: &mut LinkDraft) {
        for end in &self.ends {
            if let Some(view) = end.view {
                self.change_record(end, &view.record, draft);
            }
        }
    }

    fn change_record(&self, end: &LinkEnd<'_>, record: &Record, draft: &mut LinkDraft) {
        let request = self.request(end);
        let mut now = Details {
            name: record.name.clone(),
            display_url: record.display_url.clone(),
        };
        let shown = request
            .display_url
            .as_ref()
            .map(ToString::to_string)
            .filter(|url| !same_url(url, &record.display_url));
        let then = Details {
            name: request.name.unwrap_or_else(|| record.name.clone()),
            display_url: shown.unwrap_or_else(|| record.display_url.clone()),
        };
        if let (Some(url), Some(from)) = (&request.application_url, &record.rpc_url)
            && !same_url(from, &url.to_string())
        {
            // Moving a record gives it another display URL, which was not asked for.
            now.display_url = match end.holder.method {
                RelocationMethod::Rewritten => then.display_url.clone(),
                RelocationMethod::Checked | RelocationMethod::Forced => {
                    display_url_after_move(end.peer, url)
                }
            };
            let to = url.to_string();
            self.change_field(end, "application_urls", [from, &to], draft);
            draft.steps.push(Step::Move {
                on: end.on().clone(),
                id: end.id(),
                from: Addresses {
                    rpc_url: from.clone(),
                    display_url: record.display_url.clone(),
                },
                to: Addresses {
                    rpc_url: to,
                    display_url: now.display_url.clone(),
                },
                method: end.holder.method,
            });
        }
        for (field, from, to) in [
            ("names", &record.name, &then.name),
            ("display_urls", &record.display_url, &then.display_url),
        ] {
            if from != to {
                self.change_field(end, field, [from, to], draft);
            }
        }
        if now.name != then.name || !same_url(&now.display_url, &then.display_url) {
            draft.steps.push(Step::Edit {
                on: end.on().clone(),
                id: end.id(),
                from: now,
                to: then,
            });
        }
    }

    fn change_field(
        &self,
        end: &LinkEnd<'_>,
        field: &str,
        [from, to]: [&str; 2],
        draft: &mut LinkDraft,
    ) {
        let name = format!("{field}.{}", end.on());
        draft.changes.push(Change {
            drift: self.is_drift(end, field),
            ..self.change(Action::Change, Some(name), json!(from), json!(to))
        });
    }

    /// What the file wants of the primary links of both ends. The steps follow from it when the order
    /// of all links is known.
    fn primary_requests(
        &self,
        observed: &PrimaryLinks,
        draft: &mut LinkDraft,
    ) -> Vec<PrimaryRequest> {
        let mut requests = Vec::new();
        for end in &self.ends {
            let (on, type_id) = (end.on(), &end.peer.manifest.type_id);
            let is_primary = end.view.is_some_and(|view| {
                view.record.primary && observed.get(on, type_id) == Some(end.id())
            });
            let is_wanted = self.wanted.primary.contains(on);
            if is_wanted && end.view.is_some() && !is_primary {
                let field = Some(format!("primary.{on}"));
                draft.changes.push(Change {
                    drift: self.is_drift(end, "primary"),
                    ..self.change(Action::Change, field, json!(false), json!(true))
                });
            }
            requests.push(PrimaryRequest {
                on: on.clone(),
                type_id: type_id.clone(),
                id: end.id(),
                is_new: end.view.is_none(),
                is_primary,
                is_wanted,
            });
        }
        requests
    }
}

/// The display URL that an application gives a record that it relocates itself.
fn display_url_after_move(peer: &ObservedApp, url: &BaseUrl) -> String {
    let base = peer.manifest.url.as_deref();
    base.and_then(|base| BaseUrl::parse(base).ok())
        .unwrap_or_else(|| url.clone())
        .to_string()
}
