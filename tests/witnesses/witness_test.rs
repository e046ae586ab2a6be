//! A test together with its needs.

use crate::need::Need;

pub(crate) struct WitnessTest {
    pub(crate) name: &'static str,
    pub(crate) needs: &'static [Need],
    pub(crate) run: fn(),
    /// Why it runs only with `--ignored`.
    pub(crate) long_run: Option<&'static str>,
}

/// A [`WitnessTest`] of a function, named by its module and its name.
macro_rules! witness_test {
    ($run:ident, needs: $needs:expr $(, long_run: $reason:expr)?) => {
        $crate::witness_test::WitnessTest {
            // The name without that of the crate.
            name: {
                const PATH: &str = concat!(module_path!(), "::", stringify!($run));
                PATH.strip_prefix("witnesses::").unwrap_or(PATH)
            },
            needs: const { &$needs },
            run: $run,
            long_run: None $(.or(Some($reason)))?,
        }
    };
}
pub(crate) use witness_test;
