//! Files that were cut, byte by byte.

use std::fs;

use super::super::*;
use super::{Home, add, link};
use crate::error::Error;

/// Whatever is left of a file, it is refused, or it says a part of what it said; it is never taken
/// for an empty state, and the backup is named.
#[test]
fn a_state_that_is_cut_at_any_byte() {
    let home = Home::new();
    home.change(|state| add(state, 1)).unwrap();
    let whole = home
        .change(|state| {
            add(state, 2);
            state.upsert_link(link(1, 2));
        })
        .unwrap();
    let text = home.text();
    for cut in 0..text.len() {
        fs::write(home.path(), &text.as_bytes()[..cut]).unwrap();
        match home.store.load() {
            Err(error) => {
                let error = Error::from(error);
                assert_eq!(error.exit().code(), 7, "{cut}: {error}");
            }
            Ok(read) => {
                // Cut between two tables, or in the last number or word of one.
                assert!(!read.is_fresh(), "{cut}");
                let (read, whole) = (read.state(), whole.state());
                assert_eq!(read.lineage, whole.lineage, "{cut}");
                assert!(read.applications.len() <= whole.applications.len());
                assert!(cut > text.len() / 4, "{cut}");
            }
        }
    }
    fs::write(home.path(), "").unwrap();
    let refused = Error::from(home.store.load().unwrap_err());
    let hints = refused.hints.join(" ");
    assert!(hints.contains(".bak"), "{refused}: {hints}");
}
