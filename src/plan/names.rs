//! Names of links: each is there once on an application, which gives a new link whose name is taken
//! another one (`Jira - 2`) and says nothing.

use crate::domain::{Alias, ApplicationId, Record};

/// The name that an application gives a new link: the wished one, or the first that is free of
/// `Jira - 2`, `Jira - 3`, …
pub(super) fn given(wished: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(wished) {
        return wished.to_owned();
    }
    let mut n: usize = 2;
    loop {
        let name = format!("{wished} - {n}");
        if !is_taken(&name) {
            return name;
        }
        n += 1;
    }
}

/// The record that has a name, if another one than `id` has.
pub(super) fn holder<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    id: ApplicationId,
    name: &str,
) -> Option<&'a Record> {
    records
        .into_iter()
        .find(|record| record.id != id && record.name == name)
}

/// Which record it is, for people: its name is known already.
pub(super) fn described(record: &Record) -> String {
    format!(
        "the link to {}",
        record.rpc_url.as_deref().unwrap_or(&record.display_url)
    )
}

/// That a name is taken, for people.
pub(super) fn taken(on: &Alias, name: &str, by: &str) -> String {
    format!("{by} has the name {name:?} on {on} already")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_free_number() {
        let named = |taken: &[&str]| given("Jira", |name| taken.contains(&name));
        assert_eq!(named(&[]), "Jira");
        assert_eq!(named(&["Jira - 2"]), "Jira");
        assert_eq!(named(&["Jira"]), "Jira - 2");
        assert_eq!(named(&["Jira", "Jira - 2", "Jira - 4"]), "Jira - 3");
    }
}
