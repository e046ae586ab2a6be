//! The rows as a table, and as JSON.

use crate::cli::list::clients;
use crate::cli::list::row::Row;
use crate::context::Context;
use crate::domain::{Alias, RecordState};
use crate::error::Error;
use crate::ui::output::{ConsumerOutput, ListOutput, RecordOutput, TroubleOutput};
use crate::ui::{Cell, Column, Table};

pub(super) fn show(
    context: &Context,
    rows: &[Row],
    clients: &[clients::ClientRow],
    errors: &[(Alias, Error)],
) {
    let ui = &context.ui;
    let mut table = Table::new([
        Column::new("local"),
        Column::new("remote"),
        Column::new("name").extra(2),
        Column::new("type").extra(3),
        Column::new("application url").extra(1),
        Column::new("in"),
        Column::new("out"),
        Column::new("remarks").wraps(),
    ])
    .when_empty("no links");
    for row in rows {
        table.push([
            Cell::new(row.local.as_str()),
            // What has no alias is told by its name, which may have no column of its own.
            row.remote.as_ref().map_or_else(
                || Cell::missing().seen_as(format!("{:?}", row.record.name)),
                |alias| Cell::new(alias.as_str()),
            ),
            Cell::new(row.record.name.as_str()),
            Cell::new(row.record.type_id.name()),
            row.record
                .rpc_url
                .as_deref()
                .map_or_else(Cell::missing, Cell::new),
            Cell::new(row.levels.incoming.as_str()),
            Cell::new(row.levels.outgoing.as_str()),
            Cell::new(remarks(row, true)).brief(remarks(row, false)),
        ]);
    }
    ui.show(&table, || ListOutput {
        links: rows.iter().map(record).collect(),
        oauth2_clients: clients.iter().map(clients::ClientRow::output).collect(),
        errors: TroubleOutput::all(errors),
    });
    if ui.is_json() {
        return;
    }
    clients::show(context, clients);
    print_warnings(context, rows, errors);
}

/// What did not answer, and what is due.
pub(super) fn print_warnings(context: &Context, rows: &[Row], errors: &[(Alias, Error)]) {
    let ui = &context.ui;
    ui.warnings(errors.iter().map(|(_, error)| error));
    let due = rows
        .iter()
        .filter(|row| row.state == RecordState::PendingDelete);
    for row in due {
        ui.hint(&format!(
            "the link {:?} on {} is still to be deleted: applink resume",
            row.record.name, row.local
        ));
    }
}

/// With the public key of a program or without it.
fn remarks(row: &Row, with_key: bool) -> String {
    let mut words = Vec::new();
    if row.state != RecordState::Active {
        words.push(state_word(row.state).to_owned());
    }
    if row.two_way == Some(false) {
        words.push("one-way".to_owned());
    }
    if row.record.primary {
        words.push("primary".to_owned());
    }
    if row.record.system {
        words.push("system".to_owned());
    }
    if let Some(consumer) = row.consumer.as_ref().filter(|_| with_key) {
        words.push(match (&consumer.fingerprint, consumer.bits) {
            (Some(fingerprint), Some(bits)) => {
                let start = fingerprint.get(..16).unwrap_or(fingerprint);
                format!("SHA256:{start} {bits} bits")
            }
            _ => "a key that cannot be read".to_owned(),
        });
    }
    words.join(", ")
}

pub(super) fn state_word(state: RecordState) -> &'static str {
    match state {
        RecordState::Active => "active",
        RecordState::PendingDelete => "pending-delete",
        RecordState::Unfinished => "unfinished",
    }
}

fn record(row: &Row) -> RecordOutput {
    RecordOutput {
        local: row.local.clone(),
        remote: row.remote.clone(),
        id: row.record.id,
        name: row.record.name.clone(),
        type_id: row.record.type_id.clone(),
        application_url: row.record.rpc_url.clone(),
        display_url: row.record.display_url.clone(),
        primary: row.record.primary,
        system: row.record.system,
        incoming: row.levels.incoming,
        outgoing: row.levels.outgoing,
        two_way: row.two_way,
        state: state_word(row.state),
        consumer: row.consumer.as_ref().map(ConsumerOutput::from),
    }
}
