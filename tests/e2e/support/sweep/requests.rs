//! The requests of an undisturbed run.

use std::collections::BTreeMap;

use applink_sandbox::Exchange;

/// One request of an undisturbed run.
#[derive(Debug, Clone)]
pub(crate) struct RecordedRequest {
    pub(crate) app: String,
    pub(crate) nth: usize,
    pub(crate) line: String,
    pub(crate) write: bool,
}

/// Numbers the requests of each application.
pub(crate) fn recorded_requests(requests: &[Exchange]) -> Vec<RecordedRequest> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    requests
        .iter()
        .map(|request| {
            let nth = counts.entry(&request.app).or_default();
            *nth += 1;
            RecordedRequest {
                app: request.app.clone(),
                nth: *nth,
                line: format!("{} {}", request.method, request.path),
                write: request.is_write(),
            }
        })
        .collect()
}
