//! What the command line says about input and output.

/// The form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OutputFormat {
    /// For people; tab-separated in a pipe.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated values.
    Csv,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ColorChoice {
    /// On a terminal that can, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also in a pipe.
    Always,
    /// Not at all.
    Never,
}

/// The options of the command line about input and output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UiOptions {
    /// The form of the result.
    pub output: OutputFormat,
    /// When to use colours.
    pub color: ColorChoice,
    /// Only results, warnings and errors.
    pub quiet: bool,
    /// How much more to say.
    pub verbose: u8,
    /// Never ask.
    pub no_input: bool,
    /// Every confirmation is answered with yes.
    pub yes: bool,
}
