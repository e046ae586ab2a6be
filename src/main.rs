//! applink.
fn main() {}
