//! How an application of the state is shown.

use serde_json::{Value, json};

use crate::context::{Context, Target};
use crate::domain::{Alias, Manifest};
use crate::state::AppEntry;

pub(crate) fn report(
    context: &Context,
    target: &Target,
    manifest: &Manifest,
    login: &str,
    changed: bool,
) {
    let ui = &context.ui;
    if ui.is_json() {
        ui.json(&json!({
            "schema": 1,
            "changed": changed && !context.settings.dry_run,
            "app": row(&target.alias, &target.entry, Some(manifest.version.as_str())),
        }));
        return;
    }
    let what = if context.settings.dry_run {
        "would be added"
    } else {
        "is known"
    };
    ui.result(&format!(
        "{} {what}: {} {} at {} ({login})",
        target.alias,
        manifest.type_id.name(),
        manifest.version,
        target.entry.url
    ));
}

pub(crate) fn row(alias: &Alias, entry: &AppEntry, version: Option<&str>) -> Value {
    json!({
        "alias": alias,
        "url": entry.url,
        "id": entry.id,
        "type": entry.type_id,
        "version": version,
        "user": entry.user,
        "credential": entry.credential.as_ref().map(ToString::to_string),
    })
}
