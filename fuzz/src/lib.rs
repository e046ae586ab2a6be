//! What the targets share.

/// Tries one target; what does not hold ends the process, which is what a fuzzer looks for.
pub fn run(name: &str, bytes: &[u8]) {
    let target = applink::fuzz_targets::TARGETS
        .iter()
        .find(|(other, _)| *other == name);
    let (_, target) = target.expect("a target of that name");
    if let Err(what) = target(bytes) {
        panic!("{what}");
    }
}
