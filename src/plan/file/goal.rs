//! What the state will remember of one link.

use super::link_end::LinkPlanner;
use crate::domain::{Alias, ApplicationId, Directions, LastApplied, Level};
use crate::plan::Goal;

impl LinkPlanner<'_> {
    /// The goal of the link, where each end has these levels afterwards.
    pub(super) fn goal(&self, after: &[Directions<Level>]) -> Goal {
        // A one-way link is named by the end that holds the record.
        let (local, remote) = match &self.wanted.one_way {
            Some(holder) if holder == self.remote => (self.remote, self.local),
            _ => (self.local, self.remote),
        };
        let id_of = |alias: &Alias| -> ApplicationId {
            self.ends
                .iter()
                .flat_map(|end| [end.holder, end.peer])
                .find(|seen| seen.alias == *alias)
                .map_or_else(|| uuid::Uuid::nil().into(), |seen| seen.manifest.id)
        };
        Goal::Link {
            local: local.clone(),
            remote: remote.clone(),
            local_link_id: id_of(remote),
            remote_link_id: self.wanted.one_way.is_none().then(|| id_of(local)),
            outgoing: self.level_to_remember(local, after),
            incoming: self.level_to_remember(remote, after),
            last_applied: Some(Box::new(self.last_applied())),
        }
    }

    /// The level of the calls of one application. Where the file does not say it, the state
    /// remembers what applink made, so that what was changed outside applink stays visible.
    fn level_to_remember(&self, caller: &Alias, after: &[Directions<Level>]) -> Level {
        let mut levels = self.ends.iter().zip(after).map(|(end, after)| {
            if end.on() == caller {
                after.outgoing
            } else {
                after.incoming
            }
        });
        let now = levels.next();
        let agree = levels.all(|other| Some(other) == now);
        let last_applied = self.known.and_then(|made| made.levels.get(caller));
        match (self.wanted.auth.get(caller), last_applied) {
            (None, Some(made)) if self.ends.iter().all(|end| end.view.is_some()) => *made,
            // Levels that do not agree are nothing that applink made.
            _ if !agree => Level::Unknown,
            _ => now.unwrap_or(Level::None),
        }
    }

    /// What the file says of the records, and of the rest what was applied before.
    fn last_applied(&self) -> LastApplied {
        let mut made = self
            .known
            .map(|remembered| remembered.last_applied.clone())
            .unwrap_or_default();
        let wanted = self.wanted;
        made.names.extend(wanted.names.clone());
        for (all, urls) in [
            (&mut made.application_urls, &wanted.application_urls),
            (&mut made.display_urls, &wanted.display_urls),
        ] {
            all.extend(urls.iter().map(|(on, url)| (on.clone(), url.to_string())));
        }
        // A link stops being the primary one only when another link becomes it.
        made.primary.clone_from(&wanted.primary);
        made
    }
}
