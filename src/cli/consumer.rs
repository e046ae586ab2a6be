//! Third-party programs: `applink create … --consumer` and `applink delete … --consumer`.

pub(crate) mod args;
pub(crate) mod keys;
mod observed;
pub(crate) mod preset;
mod request;

use std::path::PathBuf;

use crate::apply::confirm::Confirmation;
use crate::apply::key_file::LocalSetup;
use crate::apply::local_files;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::consumer::args::ConsumerArgs;
use crate::cli::consumer::keys::{given_key, key_pair, write_key};
use crate::cli::consumer::observed::ObservedConsumer;
use crate::cli::consumer::request::request;
use crate::context::{Context, Target};
use crate::domain::{ApplicationId, BaseUrl};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::observe::former_consumers::leftovers;
use crate::plan::consumer::{
    ConsumerRequest, RegisteredConsumer, placeholder, plan, plan_delete, slug,
};
use crate::plan::matches_requested_name;
use crate::resolve::AppArg;
use crate::state::ConsumerEntry;
use serde_json::json;

pub(super) use crate::observe::consumer::{
    Registered, find_registered, nearly, refuse_old, refuse_taken, refuse_unreadable, registered,
    resolve_local, unregistered,
};

/// Registers a program.
pub(super) async fn create(
    local: &AppArg,
    args: ConsumerArgs,
    context: &mut Context,
) -> Result<Exit> {
    let lock = Run::lock(context, "create")?;
    let target = resolve_local(context, local).await?;
    let preset_url = preset_url(&args, &target)?;
    let identity = json!({"app": target.alias, "consumer": args});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let given = given_key(&args)?;
    let observed = observe(context, target, &args, preset_url).await?;
    let pair = match given {
        Some(pair) => pair,
        None => key_pair(context, &args, &observed).await?,
    };
    let request = request(&observed, &args, &pair);
    warn_of_key(context, &observed, &args);
    let plan = plan(&request, observed.registered.as_ref())?;
    let confirmation = confirmation(&observed, &request);
    let alias = observed.target.alias.clone();
    let run = run
        .targets(vec![observed.target])
        .confirmation(confirmation)
        .local_setup(pair.fresh.zip(pair.key_file).map(|(fresh, path)| {
            let keys = context.store.paths().keys();
            LocalSetup::making(path.clone(), move || write_key(&fresh, &path, &keys))
        }));
    let exit = run
        .apply(context, plan, RemoteProvider::new([observed.session]))
        .await?;
    if !context.settings.dry_run && !context.ui.is_json() {
        print_credentials(context, &alias, &request);
    }
    Ok(exit)
}

/// The address that a preset brings, once its options are known to fit.
fn preset_url(args: &ConsumerArgs, target: &Target) -> Result<Option<BaseUrl>> {
    let Some(preset) = args.preset else {
        return Ok(None);
    };
    preset.check(
        target,
        args.url.as_ref(),
        args.consumer_key.as_deref(),
        args.public_key.as_deref(),
    )?;
    preset.url()
}

/// Reads what the application and the state know of the program, and refuses what cannot be
/// registered: another program's link, an unreadable one, a consumer key in use.
async fn observe(
    context: &Context,
    target: Target,
    args: &ConsumerArgs,
    preset_url: Option<BaseUrl>,
) -> Result<ObservedConsumer> {
    let name = args.consumer.clone().unwrap_or_default();
    let slug = slug(&name);
    let known = context
        .state
        .state()
        .consumer(&target.alias, &name)
        .cloned();
    let url = match args.url.clone().or(preset_url) {
        Some(url) => url,
        None => default_url(known.as_ref().map(|known| known.id), &slug)?,
    };
    let wait = context.ui.waiting(&format!("looking at {}", target.alias));
    let session = context.session(&target).await?;
    session.administrator().await?;
    session.websudo().await?;
    refuse_old(&session).await?;
    let id = ApplicationId::of_url(&url);
    let registered = find_registered(&session, id).await?;
    refuse_other(&target, &name, known.as_ref(), registered.as_ref())?;
    refuse_unreadable(&target, &name, registered.as_ref())?;
    // An option that is not given keeps its present value.
    let present = registered
        .as_ref()
        .and_then(|registered| registered.consumer.as_ref());
    let key = args
        .consumer_key
        .clone()
        .or_else(|| present.map(|present| present.key.clone()))
        .or_else(|| known.as_ref().map(|known| known.key.clone()))
        .unwrap_or_else(|| slug.clone());
    refuse_taken(&session, id, &key).await?;
    drop(wait);
    Ok(ObservedConsumer {
        target,
        session,
        name,
        slug,
        url,
        key,
        key_file: known.and_then(|known| known.key_file),
        registered,
    })
}

/// Says what may surprise of a consumer key: one with spaces, and one that had to leave letters of
/// the name out.
fn warn_of_key(context: &Context, observed: &ObservedConsumer, args: &ConsumerArgs) {
    let key = &observed.key;
    if key.contains(char::is_whitespace) {
        context.ui.warn(&format!(
            "the consumer key {key:?} holds a space: Jira does not support that"
        ));
    }
    let is_made = args.consumer_key.is_none() && *key == observed.slug;
    let has_lost = observed
        .name
        .chars()
        .any(|c| c.is_alphanumeric() && !c.is_ascii());
    if is_made && has_lost {
        context.ui.note(&format!(
            "the consumer key is {key:?}, since a key made from a name holds only a-z, 0-9 and '-'; choose another one with --consumer-key"
        ));
    }
}

/// Asks for what surprises: a key that stops working, a right that is widened.
fn confirmation(observed: &ObservedConsumer, request: &ConsumerRequest) -> Confirmation {
    let (name, alias) = (&observed.name, &observed.target.alias);
    let present = observed.present();
    let allowed = observed.allowed();
    let wanted = &request.consumer;
    if let Some(present) = present
        && present.key != wanted.key
    {
        Confirmation::Required(format!(
            "The consumer key {:?} stays accepted, though no link names it any more.",
            present.key
        ))
    } else if let Some(present) = present
        && present.fingerprint != wanted.fingerprint
    {
        Confirmation::Required(format!(
            "From then on {alias} refuses what {name:?} signs with the key that it has; key rotate with --new-consumer-key gives it another one without an outage.",
        ))
    } else if wanted.incoming.impersonation && !allowed.impersonation {
        Confirmation::Required(format!(
            "With impersonation {name:?} calls {alias} as any user, without a password.",
        ))
    } else if present.is_some() && wanted.incoming.two_legged && !allowed.two_legged {
        Confirmation::Required(format!(
            "{name:?} may call {alias} for users only so far; it gets the right to call it as itself, without a user.",
        ))
    } else {
        Confirmation::IfInteractive
    }
}

/// Removes a program.
pub(super) async fn delete(local: &AppArg, name: &str, context: &mut Context) -> Result<Exit> {
    let lock = Run::lock(context, "delete")?;
    let target = resolve_local(context, local).await?;
    let identity = json!({"app": target.alias, "consumer": name});
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let Registered {
        session,
        known,
        there,
    } = registered(context, &target, name).await?;
    let former = leftovers(context, &session, name, known.as_ref(), there.as_ref()).await?;
    let plan = plan_delete(&target.alias, name, there.as_ref(), &former)?;
    let meant = if plan.is_empty() {
        nearly(context, &target, &session, name).await
    } else {
        None
    };
    let alias = target.alias.clone();
    let question = Confirmation::TypeName {
        about: format!(
            "This takes the right to call {} away from {name:?}, and its users' tokens with it.",
            target.alias
        ),
        name: name.to_owned(),
    };
    let run = run.targets(vec![target]).confirmation(question);
    let former_files: Vec<PathBuf> = context
        .state
        .state()
        .former_of(&alias, name)
        .filter_map(|one| one.key_file.clone())
        .collect();
    let exit = run
        .apply(context, plan, RemoteProvider::new([session]))
        .await?;
    if let Some(hint) = meant {
        context.ui.hint(&hint);
    }
    if !context.settings.dry_run {
        let own = known.and_then(|known| known.key_file);
        local_files::tell_key_files(context, own.into_iter().chain(former_files));
    }
    Ok(exit)
}

/// A program that only calls needs no address; the link needs one of its own all the same, under
/// a domain that never exists (RFC 2606).
fn default_url(known: Option<ApplicationId>, slug: &str) -> Result<BaseUrl> {
    let url = placeholder(slug).map_err(|error| {
        Error::usage(format!("no address can be made from the name: {error}"))
            .hint("give one with --url")
    })?;
    match known {
        Some(id) if id != ApplicationId::of_url(&url) => {
            Err(Error::usage("it was registered with an address of its own")
                .hint("give the same --url again"))
        }
        _ => Ok(url),
    }
}

/// The link at that address may be another program's.
fn refuse_other(
    target: &Target,
    name: &str,
    known: Option<&ConsumerEntry>,
    there: Option<&RegisteredConsumer>,
) -> Result<()> {
    match there {
        Some(RegisteredConsumer { view, .. })
            if view.record.type_id.is_generic()
                && !matches_requested_name(&view.record.name, name)
                && known.is_none_or(|known| known.id != view.record.id) =>
        {
            Err(Error::conflict(format!(
                "the address belongs to the link {:?} on {}",
                view.record.name, target.alias
            ))
            .hint("give this program an address of its own: --url"))
        }
        _ => Ok(()),
    }
}

/// What the program needs to know, and what it will be seen as.
fn print_credentials(context: &Context, alias: &crate::domain::Alias, request: &ConsumerRequest) {
    let ui = &context.ui;
    let (consumer, bits) = (&request.consumer, request.bits);
    let mut values = vec![
        ("consumer key", consumer.key.clone()),
        (
            "public key",
            format!("SHA256:{} ({bits} bits)", consumer.fingerprint),
        ),
    ];
    if let Some(path) = &request.key_file {
        let whose = "give it to the program, and to nobody else";
        values.push(("private key", format!("{path} ({whose})")));
    }
    if let Some(target) = context.app(alias) {
        let paths = [
            ("request token", "/plugins/servlet/oauth/request-token"),
            ("authorize", "/plugins/servlet/oauth/authorize"),
            ("access token", "/plugins/servlet/oauth/access-token"),
        ];
        let url = |path: &str| target.entry.url.join(path);
        values.extend(paths.map(|(label, path)| (label, url(path))));
    }
    ui.labelled(14, values);
    for line in request.snippet.iter().flat_map(|text| text.lines()) {
        ui.status(line);
    }
    if request.consumer.incoming.two_legged && !request.consumer.incoming.impersonation {
        ui.note("two-legged calls are seen as an anonymous user: no user to execute as can be set here for a generic link");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_parts_of_addresses() {
        assert_eq!(slug("Jenkins (CI)"), "jenkins--ci");
        assert_eq!(slug("äöü"), "consumer");
        assert!(default_url(None, "jenkins").is_ok());
    }
}
