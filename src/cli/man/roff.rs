//! Escapes for roff.

/// A line of text as the formatter takes it.
pub(crate) fn roff(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-");
    // A line that starts with a dot or a quote would be a request.
    if escaped.starts_with(['.', '\'']) {
        format!("\\&{escaped}")
    } else {
        escaped
    }
}
