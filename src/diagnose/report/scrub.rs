//! The last pass over every text of a report.
//!
//! Each structure names all of its fields, so that a new field does not compile until it stands
//! here, and a field of a new type does not until it is said whether that type holds texts.

use super::model::{
    AccountReport, AppReport, EndReport, FailureReport, LevelFlow, LinkReport, RecordReport,
    RequestReport, StatusReport, SupportAnswer, SupportQuestion, SupportReport,
};
use super::patterns::scrubbed;
use crate::domain::{Alias, Category, Check, CheckStatus, Code, Directions, Health, Level};

impl SupportReport {
    /// Scrubs every text.
    pub fn scrub(&mut self, mask: &dyn Fn(&str) -> String) {
        self.each_text(&mut |text| *text = scrubbed(text, mask));
    }
}

type Pass<'a> = &'a mut dyn FnMut(&mut String);

/// Something with texts that servers or people wrote.
trait Texts {
    fn each_text(&mut self, pass: Pass<'_>);
}

impl Texts for String {
    fn each_text(&mut self, pass: Pass<'_>) {
        pass(self);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn each_text(&mut self, pass: Pass<'_>) {
        if let Some(one) = self {
            one.each_text(pass);
        }
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn each_text(&mut self, pass: Pass<'_>) {
        for one in self {
            one.each_text(pass);
        }
    }
}

/// Types whose values are applink's own: nothing in them can be a secret.
macro_rules! closed {
    ($($kind:ty),* $(,)?) => {$(
        impl Texts for $kind {
            fn each_text(&mut self, _: Pass<'_>) {}
        }
    )*};
}

/// Structures with all of their fields.
macro_rules! structures {
    ($($kind:ident { $($field:ident),* $(,)? })*) => {$(
        impl Texts for $kind {
            fn each_text(&mut self, pass: Pass<'_>) {
                let Self { $($field),* } = self;
                $($field.each_text(pass);)*
            }
        }
    )*};
}

closed! {
    bool, u16, u64, i64, usize, &'static str, Alias, Category, CheckStatus, Code,
    Directions<Level>, Health, Level, SupportAnswer,
}

structures! {
    SupportReport { made_at, applink_version, apps, links, requests, left_out, errors }
    AppReport {
        alias, product, type_id, name, version, applinks_version, id, url, base_url, inbound,
        ahead, account, records, server, consumer, way, moved, trouble,
    }
    AccountReport { user, seen_as, source }
    LinkReport {
        number, local, remote, id, name, health, code, category, summary, fixes, one_way_wanted,
        questions, ends, levels, checks, codes, notes,
    }
    SupportQuestion { key, text, reply, mark, because }
    EndReport {
        app, health, code, levels, readable, record, status, at_url, moved, kept, realm,
    }
    RecordReport { id, name, type_id, application_url, display_url, primary, system }
    StatusReport { working, named, category, details, remote }
    LevelFlow { from, to, outgoing, incoming, equal }
    Check { name, end, status, code, summary }
    RequestReport { at, millis, app, method, url, status, note, servers, user }
    FailureReport { app, kind, code, message, hints }
}
