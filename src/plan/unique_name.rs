//! Names of links: an application has each once, and gives a new link whose name is taken another
//! one (`Jira - 2`) without a word.

use crate::domain::{Alias, ApplicationId, Record};

/// The name that an application gives a new link: the requested one, or the first that is free of
/// `Jira - 2`, `Jira - 3`, …
pub(super) fn unique_name(wished: &str, is_taken: impl Fn(&str) -> bool) -> String {
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

/// Whether a name is the requested one, or what a server makes of it when it is in use: `Jira - 2`.
pub(crate) fn matches_requested_name(found: &str, wished: &str) -> bool {
    found == wished
        || found
            .strip_prefix(wished)
            .and_then(|rest| rest.strip_prefix(" - "))
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The record that has a name, if another one than `id` has.
pub(super) fn find_record_named<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    id: ApplicationId,
    name: &str,
) -> Option<&'a Record> {
    records
        .into_iter()
        .find(|record| record.id != id && record.name == name)
}

/// Which record it is, for people: its name is known already.
pub(super) fn describe_record(record: &Record) -> String {
    format!(
        "the link to {}",
        record.rpc_url.as_deref().unwrap_or(&record.display_url)
    )
}

/// That a name is taken, for people.
pub(super) fn name_is_taken(on: &Alias, name: &str, by: &str) -> String {
    format!("{by} has the name {name:?} on {on} already")
}

/// That another link is to get a name, for people.
pub(super) fn name_is_claimed(on: &Alias, name: &str, by: &str) -> String {
    format!("{by} gets the name {name:?} on {on} too")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_free_number() {
        let named = |taken: &[&str]| unique_name("Jira", |name| taken.contains(&name));
        assert_eq!(named(&[]), "Jira");
        assert_eq!(named(&["Jira - 2"]), "Jira");
        assert_eq!(named(&["Jira"]), "Jira - 2");
        assert_eq!(named(&["Jira", "Jira - 2", "Jira - 4"]), "Jira - 3");
    }

    #[test]
    fn names_that_a_server_numbers() {
        assert!(matches_requested_name("Jira", "Jira"));
        assert!(matches_requested_name("Jira - 2", "Jira"));
        assert!(!matches_requested_name("Jira - two", "Jira"));
        assert!(!matches_requested_name("Jira - ", "Jira"));
        assert!(!matches_requested_name("Jira2", "Jira"));
    }
}
