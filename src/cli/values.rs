//! The words of options whose types belong to the output room, which does not know clap.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::ui::graph::GraphFormat;
use crate::ui::{ColorChoice, OutputFormat};

impl ValueEnum for OutputFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Table, Self::Json, Self::Csv]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (word, help) = match self {
            Self::Table => ("table", "For people; tab-separated in a pipe"),
            Self::Json => ("json", "One JSON document"),
            Self::Csv => ("csv", "Comma-separated values"),
        };
        Some(PossibleValue::new(word).help(help))
    }
}

impl ValueEnum for ColorChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Always, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (word, help) = match self {
            Self::Auto => ("auto", "On a terminal that can, unless `NO_COLOR` is set"),
            Self::Always => ("always", "Also in a pipe"),
            Self::Never => ("never", "Not at all"),
        };
        Some(PossibleValue::new(word).help(help))
    }
}

impl ValueEnum for GraphFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Dot, Self::Mermaid, Self::Svg]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (word, help) = match self {
            Self::Dot => ("dot", "Graphviz"),
            Self::Mermaid => ("mermaid", "Mermaid, as in Markdown pages"),
            Self::Svg => ("svg", "A picture"),
        };
        Some(PossibleValue::new(word).help(help))
    }
}
