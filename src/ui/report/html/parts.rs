//! Pieces that several sections of the page have.

use maud::{Markup, html};

use super::super::{map, words};
use crate::diagnose::codes;
use crate::domain::{CheckStatus, Code, Health};

/// A state as a shape and a word.
pub(super) fn badge(health: Health) -> Markup {
    html! {
        span class={ "badge " (health.as_str()) } { (map::icon(health)) (health.as_str()) }
    }
}

/// A sign and a word for how a check ended.
pub(super) fn check(status: CheckStatus, word: Option<&str>) -> Markup {
    let (sign, class) = words::check(status);
    html! { span class=(class) { (sign) " " (word.unwrap_or(class)) } }
}

/// The head of a table.
pub(super) fn head(titles: &[&str]) -> Markup {
    html! { thead { tr { @for title in titles { th scope="col" { (title) } } } } }
}

/// A code, or a dash.
pub(super) fn code(code: Option<Code>) -> Markup {
    html! {
        @if let Some(code) = code { code { (code.as_str()) } } @else { "–" }
    }
}

/// A text in which what stands between backquotes is a command.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (at, piece) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}

/// The entry of the catalogue for a code.
pub(super) fn entry(code: Code) -> Markup {
    let entry = codes::entry(code);
    html! {
        div.code {
            h4 {
                code { (code.as_str()) }
                " " (code.category().as_str()) ", " (entry.status())
            }
            p { (prose(entry.meaning)) " " span.dim { "Where: " (entry.where_to_fix) } }
            @for (title, texts) in [("Causes", entry.causes), ("What to do", entry.fixes)] {
                p { b { (title) } }
                ul { @for text in texts { li { (prose(text)) } } }
            }
        }
    }
}
