//! `applink key rotate --retire`: the consumers before the present one are taken away.

use crate::apply::confirm::Confirmation;
use crate::apply::local_files::forget_token;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::Run;
use crate::cli::consumer::refuse_taken;
use crate::cli::key::rotate::registered::RotationTarget;
use crate::context::{Context, Target};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::oauth::PrivateKey;
use crate::observe::former_consumers::former_consumer;
use crate::plan::consumer::ConsumerToRetire;
use crate::plan::rotate::{ConsumerTarget, retire as plan_retire};
use crate::plan::{NewConsumer, Plan};
use crate::state::ConsumerEntry;

pub(super) async fn run(
    context: &mut Context,
    name: &str,
    found: RotationTarget,
    run: Run,
) -> Result<Exit> {
    let RotationTarget {
        target,
        session,
        known,
        id,
        now,
    } = found;
    let alias = target.alias.clone();
    let former = former(context, &target, name, &now)?;
    for one in &former {
        refuse_taken(&session, id, &one.key)
            .await
            .map_err(|error| {
                error.hint("that link needs it: whoever made it took the consumer key over")
            })?;
    }
    let keys: Vec<String> = former.iter().map(|one| one.key.clone()).collect();
    let own_file = known
        .as_ref()
        .filter(|known| known.key == now.key && known.fingerprint == now.fingerprint)
        .and_then(|known| known.key_file.as_ref())
        .map(|file| context.store.paths().resolve(file))
        .filter(|file| PrivateKey::load(file).is_ok());
    if own_file.is_none() && !former.is_empty() {
        context.ui.note(&format!(
            "the private key of {:?} cannot be used here: whether it is still accepted is not proven",
            now.key
        ));
    }
    let program = ConsumerTarget {
        on: alias.clone(),
        name: name.to_owned(),
        id,
        bits: crate::oauth::public_key::parse(&now.public_key).map_or(0, |public| public.bits),
        key_file: own_file.as_ref().map(|file| file.display().to_string()),
        consumer: now,
    };
    let mut plan = plan_retire(&program, &former);
    // What the state says of its file stays, whether it can be used or not.
    keep_file(&mut plan, known.as_ref());
    let run = run
        .targets(vec![target])
        .confirmation(Confirmation::Required(format!(
            "{} refuses {} from then on, and the tokens that users gave there end.",
            alias,
            listed(&keys)
        )))
        .without_verification();
    let exit = run
        .apply(context, plan, RemoteProvider::new([session]))
        .await?;
    if context.settings.dry_run {
        return Ok(exit);
    }
    if keys.is_empty() {
        context.ui.note(&format!(
            "no former consumer of {name:?} is known on {alias}: there is nothing to retire"
        ));
        return Ok(exit);
    }
    forget_token(context, &alias, name, &keys)?;
    for file in former.iter().filter_map(|one| one.key_file.as_deref()) {
        context.ui.note(&format!(
            "its private key is left in {file}: delete it, it opens nothing any more"
        ));
    }
    Ok(exit)
}

/// The consumers that are to go, with a public key for each.
fn former(
    context: &Context,
    target: &Target,
    name: &str,
    now: &NewConsumer,
) -> Result<Vec<ConsumerToRetire>> {
    let mut former = Vec::new();
    for one in context.state.state().former_of(&target.alias, name) {
        if one.key == now.key {
            return Err(Error::conflict(format!(
                "the link of {name:?} on {} names the consumer {:?} again, which was to be retired",
                target.alias, one.key
            ))
            .hint(format!(
                "give the program its present key again with: applink create {} --consumer NAME --consumer-key KEY",
                target.alias
            )));
        }
        former.push(former_consumer(
            context,
            &one.key,
            one.key_file.as_deref(),
            Some(&one.fingerprint),
            Some(now),
        )?);
    }
    Ok(former)
}

fn keep_file(plan: &mut Plan, known: Option<&ConsumerEntry>) {
    if let crate::plan::Goal::Consumer { key_file, .. } = &mut plan.goal
        && let Some(file) = known.and_then(|known| known.key_file.as_ref())
    {
        *key_file = Some(file.display().to_string());
    }
}

fn listed(keys: &[String]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
    quoted.join(" and ")
}
