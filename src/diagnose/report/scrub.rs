//! The last pass over every text of a report.
//!
//! The structures are taken apart by name, so that a new field cannot be forgotten here.

use super::patterns::scrubbed;
use super::{
    Account, App, End, Finding, Link, Question, RecordText, Report, Request, Status, Trouble,
};

impl Report {
    /// Scrubs every text. Whatever gets a new field has to be named here.
    pub fn scrub(&mut self, mask: &dyn Fn(&str) -> String) {
        let mut pass = |text: &mut String| *text = scrubbed(text, mask);
        let Self {
            made_at,
            applink_version,
            apps,
            links,
            requests,
            left_out: _,
            errors,
        } = self;
        pass(made_at);
        pass(applink_version);
        for app in apps {
            app.each_text(&mut pass);
        }
        for link in links {
            link.each_text(&mut pass);
        }
        for one in requests {
            one.each_text(&mut pass);
        }
        for one in errors {
            one.each_text(&mut pass);
        }
    }
}

type Pass<'a> = &'a mut dyn FnMut(&mut String);

impl App {
    fn each_text(&mut self, pass: Pass<'_>) {
        let Self {
            alias: _,
            product,
            type_id,
            name,
            version,
            applinks_version,
            id,
            url,
            base_url,
            inbound,
            ahead: _,
            account,
            records: _,
            server,
            consumer,
            way,
            moved,
            trouble,
        } = self;
        let Account {
            user,
            seen_as,
            source,
        } = account;
        [product, type_id, url].into_iter().for_each(&mut *pass);
        [
            name,
            version,
            applinks_version,
            id,
            base_url,
            consumer,
            way,
            moved,
            user,
            seen_as,
            source,
        ]
        .into_iter()
        .flatten()
        .chain(inbound)
        .chain(server)
        .for_each(&mut *pass);
        if let Some(trouble) = trouble {
            trouble.each_text(pass);
        }
    }
}

impl Link {
    fn each_text(&mut self, pass: Pass<'_>) {
        let Self {
            number: _,
            local: _,
            remote: _,
            name,
            id,
            health: _,
            code: _,
            summary,
            fixes,
            one_way_wanted: _,
            questions,
            ends,
            levels: _,
            checks,
            codes: _,
            notes: _,
        } = self;
        [name, summary]
            .into_iter()
            .chain(id)
            .chain(fixes)
            .for_each(&mut *pass);
        for question in questions {
            let Question {
                key: _,
                text: _,
                reply: _,
                mark: _,
                because,
            } = question;
            because.iter_mut().for_each(&mut *pass);
        }
        for end in ends {
            end.each_text(pass);
        }
        for check in checks {
            let Finding {
                name,
                end: _,
                status: _,
                code: _,
                summary,
            } = check;
            pass(name);
            pass(summary);
        }
    }
}

impl End {
    fn each_text(&mut self, pass: Pass<'_>) {
        let Self {
            app: _,
            health: _,
            code: _,
            readable: _,
            record,
            levels: _,
            status,
            at_url,
            moved,
            kept,
            realm,
        } = self;
        if let Some(RecordText {
            id,
            name,
            type_id,
            application_url,
            display_url,
            primary: _,
            system: _,
        }) = record
        {
            [id, name, type_id, display_url]
                .into_iter()
                .chain(application_url)
                .for_each(&mut *pass);
        }
        let Status {
            working: _,
            named,
            category,
            details,
            remote: _,
        } = status;
        [named, category, details, at_url, moved, realm]
            .into_iter()
            .flatten()
            .chain(kept)
            .for_each(pass);
    }
}

impl Request {
    fn each_text(&mut self, pass: Pass<'_>) {
        let Self {
            at,
            millis: _,
            app: _,
            method,
            url,
            status: _,
            note,
            servers,
            user,
        } = self;
        [at, method, url, note]
            .into_iter()
            .chain(servers)
            .chain(user)
            .for_each(pass);
    }
}

impl Trouble {
    fn each_text(&mut self, pass: Pass<'_>) {
        let Self {
            app: _,
            kind: _,
            code: _,
            message,
            hints,
        } = self;
        std::iter::once(message).chain(hints).for_each(pass);
    }
}
