//! The reader and the writer of the plan file.

use super::Verdict;
use crate::desired::{DesiredState, FileEntry, read, write};
use crate::domain::{Position, text};

const START: Position = Position { line: 1, column: 1 };

/// One variable is set, and the others are not.
fn variable(name: &str) -> Option<String> {
    (name == "HOST").then(|| "wiki.example.com".to_owned())
}

/// A file that can be read says the same when it is written; one that is refused is refused in one
/// line that steers no terminal, with its place.
pub(super) fn desired(bytes: &[u8]) -> Verdict {
    let wanted = match read("links.toml", bytes, &variable) {
        Ok(wanted) => placeless(wanted),
        Err(error) => {
            if !text::is_pasteable(&error.message) {
                return Err(format!("a refusal that steers: {:?}", error.message));
            }
            if !error.message.starts_with("links.toml:") {
                return Err(format!("a refusal without its place: {}", error.message));
            }
            return Ok(());
        }
    };
    let links = wanted.links.iter().cloned();
    let consumers = wanted.consumers.iter().cloned();
    let entries: Vec<FileEntry> = links
        .map(|link| FileEntry::Link(link, Vec::new()))
        .chain(consumers.map(|consumer| FileEntry::Consumer(consumer, Vec::new())))
        .collect();
    let written = write(&wanted, &entries);
    match read("links.toml", written.as_bytes(), &variable) {
        Ok(again) if placeless(again.clone()) == wanted => Ok(()),
        Ok(again) => Err(format!(
            "{wanted:?}\nis written as\n{written}\nwhich is\n{again:?}"
        )),
        Err(error) => Err(format!(
            "written, it is refused: {}\n{written}",
            error.message
        )),
    }
}

/// Where something stands is not what it says.
fn placeless(mut wanted: DesiredState) -> DesiredState {
    for application in wanted.applications.values_mut() {
        application.at = START;
    }
    for link in &mut wanted.links {
        link.at = START;
    }
    for consumer in &mut wanted.consumers {
        consumer.at = START;
    }
    wanted
}
