//! The report as one file for a browser and for paper.

mod link;
mod page;
mod parts;
mod style;

pub(super) use page::render;
