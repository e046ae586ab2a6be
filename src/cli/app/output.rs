//! How an application of the state is shown.

use crate::context::{Context, Target};
use crate::domain::Manifest;
use crate::ui::output::{AppChangeOutput, AppOutput};

pub(crate) fn report(
    context: &Context,
    target: &Target,
    manifest: &Manifest,
    login: &str,
    changed: bool,
) {
    let ui = &context.ui;
    if ui.is_json() {
        let version = Some(manifest.version.as_str());
        ui.json(&AppChangeOutput {
            changed: changed && !context.settings.dry_run,
            app: Some(AppOutput::new(&target.alias, &target.entry, version)),
        });
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
