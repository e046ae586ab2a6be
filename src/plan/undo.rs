//! How a step is undone.

/// How a step is undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo<S> {
    /// By this step, and nothing is lost.
    Exact(S),
    /// By this step, and what it names is lost.
    Lossy(S, String),
    /// Not at all, and this is why.
    Never(String),
}

impl<S> Undo<S> {
    /// The same, for a step of another kind.
    pub(super) fn map<T>(self, f: impl FnOnce(S) -> T) -> Undo<T> {
        match self {
            Self::Exact(step) => Undo::Exact(f(step)),
            Self::Lossy(step, loss) => Undo::Lossy(f(step), loss),
            Self::Never(why) => Undo::Never(why),
        }
    }
}
