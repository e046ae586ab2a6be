//! Tables: aligned with headers for a person, tab-separated without headers for a pipe, CSV.
//!
//! No form ever cuts a value. On a terminal that is too narrow, values are wrapped, then details
//! of values and the least important columns are left out (those that tell rows apart are named),
//! and at last every row is written as a list of its fields.

use super::cell::{Cell, Column};
use super::style::{Role, Style};
use super::width;

/// Rows under columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    empty: String,
}

/// A table laid out for a terminal, and the columns that did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FittedTable {
    pub(super) text: String,
    pub(super) hidden: Vec<String>,
}

/// Between two columns.
const GAP: usize = 2;
/// A column that wraps does not get narrower than this while others can be left out.
const COMFORT: usize = 16;
/// A column that wraps never gets narrower than this.
const NARROW: usize = 8;

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            empty: "nothing to show".to_owned(),
        }
    }

    /// Sets the sentence for a table without rows.
    #[must_use]
    pub fn when_empty(mut self, words: impl Into<String>) -> Self {
        self.empty = words.into();
        self
    }

    /// Adds a row; missing values are added, surplus ones ignored.
    pub fn push<I>(&mut self, cells: I)
    where
        I: IntoIterator,
        I::Item: Into<Cell>,
    {
        let mut row: Vec<Cell> = cells.into_iter().map(Into::into).collect();
        row.resize(self.columns.len(), Cell::missing());
        self.rows.push(row);
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The sentence for a table without rows.
    pub(super) fn words_when_empty(&self) -> &str {
        &self.empty
    }

    /// For a pipe: tab-separated, no header, nothing cut.
    pub fn to_tsv(&self) -> String {
        let mut out = String::new();
        for row in &self.rows {
            for (i, cell) in row.iter().enumerate() {
                if i > 0 {
                    out.push('\t');
                }
                out.push_str(&cell.plain());
            }
            out.push('\n');
        }
        out
    }

    /// CSV after RFC 4180 with a header line. A value that a spreadsheet would take for a
    /// formula is preceded by `'`.
    pub fn to_csv(&self) -> String {
        let mut out = String::new();
        let headers = self.columns.iter().map(|column| csv_field(&column.header));
        push_line(&mut out, headers);
        for row in &self.rows {
            push_line(&mut out, row.iter().map(|cell| csv_field(&cell.plain())));
        }
        out
    }

    /// For a terminal of `columns` columns.
    pub(super) fn to_terminal(&self, columns: usize, style: Style) -> FittedTable {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let natural = self.all_natural(columns, style);
        // Details of values go before a column does.
        let has_details = self.rows.iter().flatten().any(|cell| cell.brief.is_some());
        if has_details && self.fit(&all, &natural, columns, COMFORT).is_none() {
            return self.without_details().laid_out(columns, style);
        }
        self.laid_out(columns, style)
    }

    fn all_natural(&self, columns: usize, style: Style) -> Vec<usize> {
        (0..self.columns.len())
            .map(|i| self.natural(i, style).min(columns.saturating_add(1)))
            .collect()
    }

    fn without_details(&self) -> Self {
        let mut table = self.clone();
        for cell in table.rows.iter_mut().flatten() {
            if let Some(brief) = cell.brief.take() {
                cell.seen = Some(brief);
            }
        }
        table
    }

    fn laid_out(&self, columns: usize, style: Style) -> FittedTable {
        let natural = self.all_natural(columns, style);
        let mut kept: Vec<usize> = (0..self.columns.len()).collect();
        let mut dropped = Vec::new();
        loop {
            if let Some(mut widths) = self.fit(&kept, &natural, columns, COMFORT) {
                // A narrow column may still stand where a wide one before it did not.
                for column in dropped.into_iter().rev() {
                    let mut more = kept.clone();
                    more.push(column);
                    more.sort_unstable();
                    if let Some(fitting) = self.fit(&more, &natural, columns, COMFORT) {
                        (kept, widths) = (more, fitting);
                    }
                }
                return self.aligned(&kept, &widths, style);
            }
            let Some(least) = self.least_important(&kept) else {
                break;
            };
            kept.retain(|i| *i != least);
            dropped.push(least);
        }
        match self.fit(&kept, &natural, columns, NARROW) {
            Some(widths) => self.aligned(&kept, &widths, style),
            None => self.stacked(columns, style),
        }
    }

    /// The width at which nothing of a column is wrapped.
    fn natural(&self, column: usize, style: Style) -> usize {
        let header = self.columns.get(column).map_or("", |c| &c.header);
        self.rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| width::of(&cell.shown(style)))
            .chain([width::of(header)])
            .max()
            .unwrap_or(0)
    }

    /// The last of the columns with the highest rank.
    fn least_important(&self, kept: &[usize]) -> Option<usize> {
        let rank = |i: usize| self.columns.get(i).map_or(0, |column| column.rank);
        kept.iter()
            .copied()
            .filter(|i| rank(*i) > 0)
            .max_by_key(|i| rank(*i))
    }

    /// Widths for these columns, where wrapping alone makes them fit.
    fn fit(
        &self,
        kept: &[usize],
        natural: &[usize],
        columns: usize,
        least: usize,
    ) -> Option<Vec<usize>> {
        let mut widths: Vec<usize> = kept
            .iter()
            .map(|i| natural.get(*i).copied().unwrap_or(0))
            .collect();
        let gaps = GAP * kept.len().saturating_sub(1);
        let mut surplus = (widths.iter().sum::<usize>() + gaps).saturating_sub(columns);
        while surplus > 0 {
            // The widest column that may wrap gives one of its columns.
            let (_, widest) = kept
                .iter()
                .zip(widths.iter_mut())
                .filter(|(i, width)| {
                    self.columns.get(**i).is_some_and(|column| {
                        column.wraps && **width > least.max(width::of(&column.header))
                    })
                })
                .max_by_key(|(_, width)| **width)?;
            *widest -= 1;
            surplus -= 1;
        }
        Some(widths)
    }

    fn aligned(&self, kept: &[usize], widths: &[usize], style: Style) -> FittedTable {
        let mut text = String::new();
        let columns: Vec<(&Column, usize, usize)> = kept
            .iter()
            .zip(widths)
            .filter_map(|(i, width)| self.columns.get(*i).map(|column| (column, *i, *width)))
            .collect();
        let headers = columns.iter().map(|(column, _, columns)| {
            let header = column.header.to_uppercase();
            (
                width::pad(&header, *columns, column.right),
                header,
                Role::Dim,
            )
        });
        push_row(&mut text, headers, style);
        for row in &self.rows {
            let cells: Vec<Vec<String>> = columns
                .iter()
                .map(|(_, i, columns)| {
                    let shown = row.get(*i).map_or_else(String::new, |c| c.shown(style));
                    width::wrap(&shown, *columns)
                })
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                let pieces = columns
                    .iter()
                    .zip(&cells)
                    .map(|((column, i, columns), lines)| {
                        let piece = lines.get(line).cloned().unwrap_or_default();
                        let role = row.get(*i).map_or(Role::Plain, |cell| cell.role);
                        (width::pad(&piece, *columns, column.right), piece, role)
                    });
                push_row(&mut text, pieces, style);
            }
        }
        let hidden = self
            .columns
            .iter()
            .enumerate()
            .filter(|(i, column)| !kept.contains(i) && !column.is_extra)
            .map(|(_, column)| column.header.to_uppercase())
            .collect();
        FittedTable { text, hidden }
    }

    /// Every field on lines of its own.
    fn stacked(&self, columns: usize, style: Style) -> FittedTable {
        let mut text = String::new();
        for (n, row) in self.rows.iter().enumerate() {
            if n > 0 {
                text.push('\n');
            }
            for (column, cell) in self.columns.iter().zip(row) {
                text.push_str(&style.paint(Role::Dim, &column.header.to_uppercase()));
                text.push('\n');
                for line in width::wrap(&cell.shown(style), columns.saturating_sub(2)) {
                    text.push_str("  ");
                    text.push_str(&style.paint(cell.role, &line));
                    text.push('\n');
                }
            }
        }
        FittedTable {
            text,
            hidden: Vec::new(),
        }
    }
}

/// One line of pieces that are already as wide as they have to be; no blanks at its end.
fn push_row(out: &mut String, pieces: impl Iterator<Item = (String, String, Role)>, style: Style) {
    let mut line = String::new();
    let mut blanks = 0;
    for (n, (padded, piece, role)) in pieces.enumerate() {
        if n > 0 {
            blanks += GAP;
        }
        if piece.is_empty() {
            blanks += width::of(&padded);
            continue;
        }
        let before = padded.len() - padded.trim_start_matches(' ').len();
        let lead = if padded.starts_with(&piece) {
            0
        } else {
            before
        };
        line.push_str(&" ".repeat(blanks + lead));
        line.push_str(&style.paint(role, &piece));
        blanks = width::of(&padded).saturating_sub(lead + width::of(&piece));
    }
    out.push_str(&line);
    out.push('\n');
}

fn push_line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (i, field) in fields.enumerate() {
        if i > 0 {
            out.push(',');
        }
        out.push_str(&field);
    }
    out.push_str("\r\n");
}

/// One field of CSV.
fn csv_field(text: &str) -> String {
    let formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let guarded = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    let plain = !guarded.contains(['"', ',', '\r', '\n']) && guarded.trim() == guarded;
    if plain {
        guarded
    } else {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
