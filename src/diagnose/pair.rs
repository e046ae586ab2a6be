//! Pairs the records that are one link.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::observation::AppObservation;
use crate::domain::{Alias, ApplicationId, Record};

/// Two records that are one link, or one record alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The end that gives the link its name.
    pub local: Alias,
    /// The other end, where its application is known.
    pub remote: Option<Alias>,
    /// The record on `local`.
    pub local_record: Option<Record>,
    /// The record on `remote`.
    pub remote_record: Option<Record>,
}

/// Pairs the records of the applications that were seen.
///
/// `first` is the application named first in the command; without it the alias that comes first
/// in byte order gives a link its name. Two known applications with one id (clones) are told apart
/// by the record's URL.
pub fn pair(apps: &[AppObservation], first: Option<&Alias>) -> Vec<Pair> {
    let mut links: BTreeMap<(Alias, Alias), Pair> = BTreeMap::new();
    let mut alone = Vec::new();
    let partners = Partners::new(apps);
    for app in apps {
        let Ok(records) = &app.records else { continue };
        for record in records {
            match partners.of(app, record) {
                Some(other) => {
                    let (local, remote) = order(&app.alias, other, first);
                    let link = links
                        .entry((local.clone(), remote.clone()))
                        .or_insert_with(|| Pair {
                            local: local.clone(),
                            remote: Some(remote.clone()),
                            local_record: None,
                            remote_record: None,
                        });
                    let slot = if link.local == app.alias {
                        &mut link.local_record
                    } else {
                        &mut link.remote_record
                    };
                    if slot.is_some() {
                        // A second one, under the id of the address.
                        alone.push(Pair {
                            local: app.alias.clone(),
                            remote: None,
                            local_record: Some(record.clone()),
                            remote_record: None,
                        });
                    } else {
                        *slot = Some(record.clone());
                    }
                }
                None => alone.push(Pair {
                    local: app.alias.clone(),
                    remote: None,
                    local_record: Some(record.clone()),
                    remote_record: None,
                }),
            }
        }
    }
    links.into_values().chain(alone).collect()
}

/// Finds the applications that records are about, among those that were seen.
struct Partners<'a> {
    /// By their ids: the own one, and the one that is derived from the base URL.
    by_id: HashMap<ApplicationId, Vec<&'a AppObservation>>,
}

impl<'a> Partners<'a> {
    fn new(apps: &'a [AppObservation]) -> Self {
        let mut by_id: HashMap<_, Vec<&AppObservation>> = HashMap::new();
        for app in apps {
            let ids: BTreeSet<_> = app.ids().collect();
            for id in ids {
                by_id.entry(id).or_default().push(app);
            }
        }
        Self { by_id }
    }

    /// The known application that a record is about.
    fn of(&self, holder: &AppObservation, record: &Record) -> Option<&'a Alias> {
        let same_id = self.by_id.get(&record.id)?;
        let mut others = same_id
            .iter()
            .filter(|app| app.alias != holder.alias)
            .copied();
        let first = others.clone().next()?;
        let url = others.clone().nth(1).and(record.application_url());
        let found = url.and_then(|url| others.find(|app| app.url == url));
        Some(&found.unwrap_or(first).alias)
    }
}

fn order<'a>(a: &'a Alias, b: &'a Alias, first: Option<&Alias>) -> (&'a Alias, &'a Alias) {
    match first {
        Some(first) if a == first => (a, b),
        Some(first) if b == first => (b, a),
        _ => crate::domain::pair_key(a, b),
    }
}
