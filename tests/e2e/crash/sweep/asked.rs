//! The requests of an undisturbed run.

use std::collections::BTreeMap;

use applink_sandbox::Exchange;

/// One request of an undisturbed run.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) app: String,
    pub(super) nth: usize,
    pub(super) line: String,
    pub(super) write: bool,
}

/// Numbers the requests of each application.
pub(super) fn numbered(requests: &[Exchange]) -> Vec<Asked> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    requests
        .iter()
        .map(|request| {
            let nth = counts.entry(&request.app).or_default();
            *nth += 1;
            Asked {
                app: request.app.clone(),
                nth: *nth,
                line: format!("{} {}", request.method, request.path),
                write: request.is_write(),
            }
        })
        .collect()
}
