//! How one record has to do with production: by its addresses, or by the id that it is about.

use crate::cli::scan::scope::Scope;
use crate::context::Context;
use crate::domain::{Alias, BaseUrl, Manifest, Record};

/// How a record leads to production.
#[derive(Debug, Default)]
pub(super) struct ScanFinding {
    pub(super) application: Option<BaseUrl>,
    pub(super) display: Option<BaseUrl>,
    /// The known production application whose id it has, under another address.
    pub(super) known: Option<(Alias, BaseUrl)>,
    /// It has the id of the copy itself, which is production's.
    pub(super) own: bool,
}

impl ScanFinding {
    pub(super) fn of(context: &Context, scope: &Scope, own: &Manifest, record: &Record) -> Self {
        let application = record
            .rpc_url
            .as_deref()
            .and_then(|url| scope.from.matches_text(url));
        let display = scope.from.matches_text(&record.display_url);
        let state = context.state.state();
        let url = record.application_url();
        let known = if application.is_none() {
            let production = state
                .applications
                .iter()
                .find(|(_, entry)| entry.id == record.id && scope.from.matches(&entry.url));
            // The copy of the other application has its id too, and is where it should lead.
            let leads_to_copy = state.applications.values().any(|entry| {
                entry.id == record.id
                    && !scope.from.matches(&entry.url)
                    && url
                        .as_ref()
                        .is_some_and(|url| url.below(&entry.url).is_some())
            });
            let moved = scope.to.as_ref().is_some_and(|to| {
                production
                    .and_then(|(_, entry)| scope.from.mapped(&entry.url, to))
                    .is_some_and(|mapped| url.as_ref() == Some(&mapped))
            });
            production
                .filter(|_| !leads_to_copy && !moved)
                .map(|(alias, entry)| (alias.clone(), entry.url.clone()))
        } else {
            None
        };
        Self {
            application,
            display,
            known,
            own: record.id == own.id,
        }
    }

    pub(super) fn is_any(&self) -> bool {
        self.calls() || self.display.is_some()
    }

    /// Whether the server would call production, not only people's browsers.
    pub(super) fn calls(&self) -> bool {
        self.application.is_some() || self.known.is_some() || self.own
    }

    pub(super) fn callee(&self, record: &Record) -> String {
        self.application
            .as_ref()
            .map(ToString::to_string)
            .or_else(|| record.rpc_url.clone().filter(|_| self.calls()))
            .or_else(|| self.display.as_ref().map(ToString::to_string))
            .or_else(|| record.rpc_url.clone())
            .unwrap_or_else(|| record.display_url.clone())
    }

    pub(super) fn words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        match (&self.application, &self.display) {
            (Some(_), Some(_)) => words.push("by both URLs".to_owned()),
            (Some(_), None) => words.push("by its application URL".to_owned()),
            (None, Some(_)) => words.push("by its display URL".to_owned()),
            (None, None) => {}
        }
        if let Some((alias, url)) = &self.known {
            words.push(format!("by the application id of {alias}, at {url}"));
        }
        if self.own {
            words.push("by the application id that the copy shares with production".to_owned());
        }
        words.join(", ")
    }
}
