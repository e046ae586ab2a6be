//! The reader and the writer of the state.

use super::Verdict;
use crate::state::{consistency, document};

/// A state that can be read says the same when it is written, and changes nothing where nothing
/// changed; an application that is added is there, and the rest is as it was.
pub(super) fn state(bytes: &[u8]) -> Verdict {
    let Ok((text, state)) = document::read(bytes) else {
        return Ok(());
    };
    match document::edit(Some(&text), &state, &state) {
        Ok(None) => {}
        other => return Err(format!("unchanged, it is written as {other:?}")),
    }
    let mut less = state.clone();
    let Some(alias) = less.applications.keys().next().cloned() else {
        return Ok(());
    };
    less.remove_application(&alias);
    if consistency::check(&less).is_err() {
        return Ok(());
    }
    let Ok(Some(written)) = document::edit(Some(&text), &state, &less) else {
        return Err("a change that is not written".to_owned());
    };
    match document::read(written.as_bytes()) {
        Ok((_, read)) if document::is_same_content(&read, &less) => Ok(()),
        Ok(_) => Err(format!("written, it says something else:\n{written}")),
        Err(fault) => Err(format!(
            "written, it is refused: {}\n{written}",
            fault.message
        )),
    }
}
