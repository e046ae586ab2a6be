//! One link: what is missing is made, what differs is changed.

use serde_json::{Map, Value, json};

use super::super::create::{Side, Wish, create};
use super::super::step::same_url;
use super::super::{Addresses, Details, Plan, Policy, Step, Way};
use super::{Action, Change, Estate, Firsts, Part, Remembered, Seen, levels};
use crate::domain::{
    Alias, ApplicationId, BaseUrl, Code, Directions, Flags, Level, View, pair_key,
};
use crate::error::{Error, Result};
use crate::wanted::WantedLink;

/// One end: an application, and what it shall keep of the other.
pub(super) struct End<'a> {
    pub(super) here: &'a Seen,
    pub(super) there: &'a Seen,
    pub(super) view: Option<&'a View>,
    /// What the file says of the levels, as this end has them.
    wanted: Directions<Option<Level>>,
}

impl End<'_> {
    fn id(&self) -> ApplicationId {
        self.there.manifest.id
    }
}

/// Plans one link.
pub(super) fn plan(
    estate: &Estate,
    local: &Seen,
    remote: &Seen,
    wanted: &WantedLink,
    firsts: &mut Firsts,
) -> Result<Part> {
    let ends = [(local, remote), (remote, local)]
        .into_iter()
        .filter(|(here, _)| wanted.has_record_on(&here.alias))
        .map(|(here, there)| End {
            here,
            there,
            view: here.records.get(&there.manifest.id),
            wanted: Directions {
                incoming: wanted.auth.get(&there.alias).copied(),
                outgoing: wanted.auth.get(&here.alias).copied(),
            },
        })
        .collect::<Vec<_>>();
    refuse(&ends, wanted)?;
    let key = pair_key(&local.alias, &remote.alias);
    let remembered = estate.links.get(&(key.0.clone(), key.1.clone()));
    let planner = Planner {
        wanted,
        remembered,
        local: &local.alias,
        remote: &remote.alias,
    };
    let mut steps = Vec::new();
    let mut changes = Vec::new();
    planner.creations(&ends, &mut steps, &mut changes);
    planner.fields(&ends, &mut steps, &mut changes);
    planner.firsts(&ends, firsts, &mut steps, &mut changes);
    let then = planner.levels(&ends, &mut steps, &mut changes);
    Ok(Part {
        drift: planner.drift(&ends),
        impersonates: steps.iter().any(starts_to_impersonate),
        named: wanted.names.keys().cloned().collect(),
        plan: Plan {
            goal: planner.goal(&ends, &then),
            steps,
            policy: Policy::Undo,
        },
        changes,
    })
}

/// What no file can want.
fn refuse(ends: &[End<'_>], wanted: &WantedLink) -> Result<()> {
    for end in ends {
        if end.view.is_some_and(|view| view.record.system) {
            return Err(Error::refused(format!(
                "the link to {} on {} is a system link, which the product manages by itself",
                end.there.alias, end.here.alias
            ))
            .code(Code::SystemLink)
            .hint("take it out of the file"));
        }
        let impersonates = wanted
            .auth
            .values()
            .any(|level| *level == Level::Impersonation);
        if impersonates && !end.here.manifest.type_id.is_atlassian() {
            return Err(Error::refused(format!(
                "impersonation needs an Atlassian application at both ends, and {} is of type {:?}",
                end.here.alias,
                end.here.manifest.type_id.as_str()
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

pub(super) struct Planner<'a> {
    pub(super) wanted: &'a WantedLink,
    pub(super) remembered: Option<&'a Remembered>,
    pub(super) local: &'a Alias,
    pub(super) remote: &'a Alias,
}

impl Planner<'_> {
    fn change(&self, action: Action, field: Option<String>, from: Value, to: Value) -> Change {
        Change {
            action,
            local: self.local.clone(),
            remote: Some(self.remote.clone()),
            consumer: None,
            field,
            from,
            to,
            drift: false,
        }
    }

    fn wish(&self, end: &End<'_>) -> Wish {
        let on = &end.here.alias;
        Wish {
            name: self.wanted.names.get(on).cloned(),
            application_url: self.wanted.application_urls.get(on).cloned(),
            display_url: self.wanted.display_urls.get(on).cloned(),
            primary: false,
        }
    }

    /// Whether the state says that there was a record.
    pub(super) fn was_there(&self, end: &End<'_>) -> bool {
        self.remembered
            .is_some_and(|remembered| remembered.holders.contains(&end.here.alias))
    }

    fn creations(&self, ends: &[End<'_>], steps: &mut Vec<Step>, changes: &mut Vec<Change>) {
        let mut fresh = Vec::new();
        for end in ends.iter().filter(|end| end.view.is_none()) {
            let side = |seen: &Seen| Side {
                alias: seen.alias.clone(),
                url: seen.url.clone(),
                manifest: seen.manifest.clone(),
                existing: None,
                primary: None,
                // Names are settled when all links are planned.
                others: Vec::new(),
            };
            let step = create(&side(end.here), &side(end.there), &self.wish(end));
            if let Step::Create { link, .. } = &step {
                fresh.push((end, link.clone()));
            }
            steps.push(step);
        }
        let each = |field: &str, value: &dyn Fn(&crate::plan::NewLink) -> String| {
            let map: Map<String, Value> = fresh
                .iter()
                .map(|(end, link)| (end.here.alias.to_string(), json!(value(link))))
                .collect();
            (field.to_owned(), Value::Object(map))
        };
        if !fresh.is_empty() && fresh.len() == ends.len() {
            let mut to = Map::from_iter([
                each("names", &|link| link.name.clone()),
                each("application_urls", &|link| link.rpc_url.clone()),
                each("display_urls", &|link| link.display_url.clone()),
            ]);
            to.insert("one_way".to_owned(), json!(self.wanted.one_way));
            let auth: Map<String, Value> = match ends {
                [end] => Map::from_iter([(end.here.alias.to_string(), json!(Level::None))]),
                ends => ends
                    .iter()
                    .map(|end| {
                        let level = end.wanted.outgoing.unwrap_or(Level::OAuth);
                        (end.here.alias.to_string(), json!(level))
                    })
                    .collect(),
            };
            to.insert("auth".to_owned(), Value::Object(auth));
            changes.push(Change {
                drift: fresh.iter().any(|(end, _)| self.was_there(end)),
                ..self.change(Action::Create, None, Value::Null, Value::Object(to))
            });
            return;
        }
        for (end, link) in &fresh {
            changes.push(Change {
                drift: self.was_there(end),
                ..self.change(
                    Action::Create,
                    Some(format!("records.{}", end.here.alias)),
                    Value::Null,
                    json!({ "name": link.name, "application_url": link.rpc_url, "display_url": link.display_url }),
                )
            });
        }
    }

    /// Names and addresses of the records that exist.
    fn fields(&self, ends: &[End<'_>], steps: &mut Vec<Step>, changes: &mut Vec<Change>) {
        for end in ends {
            let Some(view) = end.view else { continue };
            let (record, on, wish) = (&view.record, &end.here.alias, self.wish(end));
            let field = |name: &str| Some(format!("{name}.{on}"));
            let mut now = Details {
                name: record.name.clone(),
                display_url: record.display_url.clone(),
            };
            let shown = wish
                .display_url
                .as_ref()
                .map(ToString::to_string)
                .filter(|url| !same_url(url, &record.display_url));
            let then = Details {
                name: wish.name.unwrap_or_else(|| record.name.clone()),
                display_url: shown.unwrap_or_else(|| record.display_url.clone()),
            };
            if let (Some(url), Some(from)) = (&wish.application_url, &record.rpc_url)
                && !same_url(from, &url.to_string())
            {
                let from = Addresses {
                    rpc_url: from.clone(),
                    display_url: record.display_url.clone(),
                };
                // Moving a record gives it another display URL, which nobody asked for.
                now.display_url = match end.here.way {
                    Way::Rewritten => then.display_url.clone(),
                    Way::Checked | Way::Forced => left_by_a_move(end.there, url),
                };
                changes.push(self.change(
                    Action::Change,
                    field("application_urls"),
                    json!(from.rpc_url),
                    json!(url),
                ));
                steps.push(Step::Move {
                    on: on.clone(),
                    id: end.id(),
                    from,
                    to: Addresses {
                        rpc_url: url.to_string(),
                        display_url: now.display_url.clone(),
                    },
                    way: end.here.way,
                });
            }
            if record.name != then.name {
                changes.push(self.change(
                    Action::Change,
                    field("names"),
                    json!(record.name),
                    json!(then.name),
                ));
            }
            if record.display_url != then.display_url {
                changes.push(self.change(
                    Action::Change,
                    field("display_urls"),
                    json!(record.display_url),
                    json!(then.display_url),
                ));
            }
            if now.name != then.name || !same_url(&now.display_url, &then.display_url) {
                steps.push(Step::Edit {
                    on: on.clone(),
                    id: end.id(),
                    from: now,
                    to: then,
                });
            }
        }
    }

    /// Where the link shall be the first choice of its type.
    fn firsts(
        &self,
        ends: &[End<'_>],
        firsts: &mut Firsts,
        steps: &mut Vec<Step>,
        changes: &mut Vec<Change>,
    ) {
        for end in ends {
            let (on, type_id) = (&end.here.alias, &end.there.manifest.type_id);
            let mut first = firsts.get(on, type_id);
            if end.view.is_none() && first.is_none() {
                // It becomes it by itself.
                firsts.set(on, type_id, end.id());
                first = Some(end.id());
            }
            let is_first = match end.view {
                Some(view) => view.record.primary && first == Some(end.id()),
                None => first == Some(end.id()),
            };
            if !self.wanted.primary.contains(on) || is_first {
                continue;
            }
            firsts.set(on, type_id, end.id());
            if end.view.is_some() {
                let field = Some(format!("primary.{on}"));
                changes.push(self.change(Action::Change, field, json!(false), json!(true)));
            }
            steps.push(Step::MakePrimary {
                on: on.clone(),
                id: end.id(),
                was: first,
            });
        }
    }

    /// The levels; what cannot be taken back goes last. Gives what each end has afterwards.
    fn levels(
        &self,
        ends: &[End<'_>],
        steps: &mut Vec<Step>,
        changes: &mut Vec<Change>,
    ) -> Vec<Directions<Level>> {
        let mut after = Vec::new();
        let mut last = Vec::new();
        let none = Directions::both(Flags::NONE);
        let completes = ends.iter().any(|end| end.view.is_none());
        for (n, end) in ends.iter().enumerate() {
            let now = end.view.map_or(none, |view| view.flags);
            // An end that was alone and off is as good as a new one when the other is made.
            let is_new = end.view.is_none() || (completes && now == none);
            // What the file does not say follows the other end, where that is on.
            let other = ends
                .iter()
                .enumerate()
                .find(|(at, _)| *at != n)
                .and_then(|(_, other)| other.view)
                .map(|view| view.flags.mirrored())
                .filter(|flags| *flags != none);
            let follows = |of: fn(Directions<Flags>) -> Flags| {
                if !is_new || self.wanted.one_way.is_some() {
                    of(now)
                } else {
                    other.map_or(Flags::OAUTH, of)
                }
            };
            let flags = |wanted: Option<Level>, now: Flags, otherwise: Flags| match wanted {
                Some(level) if Level::from(now) == level => now,
                Some(level) => level.flags().unwrap_or(now),
                None => otherwise,
            };
            let then = Directions {
                incoming: flags(end.wanted.incoming, now.incoming, follows(|f| f.incoming)),
                outgoing: flags(end.wanted.outgoing, now.outgoing, follows(|f| f.outgoing)),
            };
            after.push(then.map(Level::from));
            if now == then {
                continue;
            }
            let step = Step::SetFlags {
                on: end.here.alias.clone(),
                id: end.id(),
                from: now,
                to: then,
            };
            if end.view.is_none() {
                steps.push(step);
            } else {
                last.push(step);
            }
        }
        last.sort_by_key(|step| step.gravity() == super::super::Gravity::Destructive);
        steps.extend(last);
        // One line for each direction, whichever end differs.
        for caller in [self.local, self.remote] {
            let mut seen = Vec::new();
            let mut to = None;
            for (end, after) in ends.iter().zip(&after) {
                let Some(view) = end.view else { continue };
                let now = levels(view);
                let (now, then) = if end.here.alias == *caller {
                    (now.outgoing, after.outgoing)
                } else {
                    (now.incoming, after.incoming)
                };
                seen.push((&end.here.alias, now));
                if now != then {
                    to = Some(then);
                }
            }
            let Some(to) = to else { continue };
            let from = match seen.as_slice() {
                [(_, one), rest @ ..] if rest.iter().all(|(_, other)| other == one) => json!(one),
                seen => seen
                    .iter()
                    .map(|(on, level)| (on.to_string(), json!(level)))
                    .collect::<Map<_, _>>()
                    .into(),
            };
            let made = self
                .remembered
                .and_then(|remembered| remembered.levels.get(caller));
            changes.push(Change {
                drift: made.is_some_and(|made| seen.iter().any(|(_, now)| now != made)),
                ..self.change(
                    Action::Change,
                    Some(format!("auth.{caller}")),
                    from,
                    json!(to),
                )
            });
        }
        after
    }
}

/// The display URL that an application gives a record that it relocates itself.
fn left_by_a_move(there: &Seen, url: &BaseUrl) -> String {
    let base = there.manifest.url.as_deref();
    base.and_then(|base| BaseUrl::parse(base).ok())
        .unwrap_or_else(|| url.clone())
        .to_string()
}
