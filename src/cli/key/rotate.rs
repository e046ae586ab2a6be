//! `applink key rotate`

pub(crate) mod registered;
mod retire;

use std::path::{Path, PathBuf};

use crate::apply::confirm::Confirmation;
use crate::apply::key_file::LocalSetup;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::args::{self, bits, consumer_key, name};
use crate::cli::consumer::keys::write_key;
use crate::cli::consumer::{refuse_taken, resolve_local};
use crate::cli::key::rotate::registered::{RotationTarget, find};
use crate::cli::{complete, prompt};
use crate::context::{Context, Target};
use crate::domain::{Alias, ApplicationId, PublicKey, SuggestedCommand};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::oauth::PrivateKey;
use crate::oauth::keys::DEFAULT_BITS;
use crate::observe::probe::{ConsumerStatus, consumer_status};
use crate::plan::NewConsumer;
use crate::plan::consumer::slug;
use crate::plan::rotate::{ConsumerTarget, already_rotated as plan_rotated, rotate as plan_rotate};
use crate::remote::Session;
use crate::resolve::AppArg;
use crate::state::ConsumerEntry;
use serde_json::json;

/// Give a third-party program another key pair
///
/// A new pair is made, its public half is stored on the application under the same consumer key,
/// and a signed request proves that it is accepted; if it is not, the old public key is put back.
/// From then on the old private key is refused: the program stands still until it has the new one.
///
/// With --new-consumer-key both work. The new pair gets a consumer key of its own, the program is
/// switched when it suits, and --retire takes the old consumer away afterwards. An application
/// that is given another consumer for a link goes on accepting the one before, and shows it on no
/// page.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink key rotate jira --consumer jenkins\n  \
    applink key rotate jira --consumer jenkins --bits 3072 \\\n      --key-file jenkins-new.pem\n\n\
    Without an outage:\n  \
    applink key rotate jira --consumer jenkins \\\n      --new-consumer-key jenkins-2027\n  \
    # let the program sign with the new key and consumer key; then:\n  \
    applink key rotate jira --consumer jenkins --retire")]
pub(crate) struct Args {
    /// The application: alias, URL or ALIAS=URL
    #[arg(value_name = "APP", add = complete::application())]
    app: Option<AppArg>,

    /// The name of the program
    #[arg(long, value_name = "NAME", value_parser = name, add = complete::program())]
    consumer: Option<String>,

    /// Give the new pair a consumer key of its own, and leave the old one accepted
    #[arg(long, value_name = "KEY", value_parser = consumer_key)]
    new_consumer_key: Option<String>,

    /// Take away the consumers that --new-consumer-key left accepted
    #[arg(long, conflicts_with_all = ["new_consumer_key", "bits", "key_file"])]
    retire: bool,

    /// The length of the new key pair
    #[arg(long, value_name = "BITS", value_parser = bits, default_value_t = DEFAULT_BITS)]
    bits: u32,

    /// Where the new private key is or will be [default: applink.keys beside the state]
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    key_file: Option<PathBuf>,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        args::missing([
            (self.app.is_some(), "<APP>"),
            (self.consumer.is_some(), "--consumer <NAME>"),
        ])
    }

    fn consumer(&self) -> &str {
        self.consumer.as_deref().unwrap_or_default()
    }
}

/// Runs the command.
pub(super) async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    prompt::program(&mut args.app, &mut args.consumer, context)?;
    let app = args.app.as_ref().ok_or_else(args::nothing)?;
    let lock = Run::lock(context, "key rotate")?;
    let target = resolve_local(context, app).await?;
    let identity = json!({
        "app": target.alias,
        "consumer": args.consumer(),
        "new_consumer_key": args.new_consumer_key,
        "retire": args.retire,
        "bits": args.bits,
        "key_file": args.key_file,
    });
    let run = match lock.begin(context, &identity).await? {
        Begin::Resumed(exit) => return Ok(exit),
        Begin::New(run) => run,
    };
    let wait = context.ui.waiting(&format!("looking at {}", target.alias));
    let found = find(context, args.consumer(), target).await?;
    drop(wait);
    if args.retire {
        retire::run(context, args.consumer(), found, *run).await
    } else {
        rotate(context, &args, found, *run).await
    }
}

async fn rotate(
    context: &mut Context,
    args: &Args,
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
    if let Some(key) = &args.new_consumer_key {
        if let Some(done) = done_before(context, args, &target, &now, known.as_ref(), id) {
            let run = run.targets(vec![target]).without_verification();
            let exit = run
                .apply(context, plan_rotated(&done), RemoteProvider::new([session]))
                .await?;
            hint_retire(context, &done);
            return Ok(exit);
        }
        refuse_key(context, &session, &now, id, key).await?;
    }
    let pair = new_pair(context, args, &target, &now).await?;
    let key = args.new_consumer_key.clone().unwrap_or(now.key.clone());
    let program = ConsumerTarget {
        on: alias.clone(),
        name: args.consumer().to_owned(),
        id,
        consumer: NewConsumer {
            key,
            public_key: pair
                .public
                .as_ref()
                .map(PublicKey::base64)
                .unwrap_or_default(),
            fingerprint: pair
                .public
                .as_ref()
                .map(PublicKey::fingerprint)
                .unwrap_or_default(),
            ..now.clone()
        },
        bits: pair.public.as_ref().map_or(args.bits, |public| public.bits),
        key_file: Some(pair.file.display().to_string()),
    };
    let plan = plan_rotate(&program, &now);
    let fresh = pair.fresh;
    let (file, keys) = (pair.file.clone(), context.store.paths().keys());
    let run =
        run.targets(vec![target])
            .confirmation(question(&alias, args, &now))
            .local_setup(fresh.map(|fresh| {
                LocalSetup::making(file.clone(), move || write_key(&fresh, &file, &keys))
            }))
            .without_verification();
    let exit = run
        .apply(context, plan, RemoteProvider::new([session]))
        .await?;
    if !context.settings.dry_run {
        let old = known.and_then(|known| known.key_file);
        let old = old.map(|file| context.store.paths().resolve(&file));
        print_new_key(context, &program, &now, old.as_deref());
    }
    Ok(exit)
}

/// Under the same consumer key the program is refused until it has the new private key.
fn question(on: &Alias, args: &Args, now: &NewConsumer) -> Confirmation {
    if args.new_consumer_key.is_some() {
        return Confirmation::IfInteractive;
    }
    Confirmation::Required(format!(
        "From then on {on} refuses what {:?} signs with its present key (consumer key {:?}), until it gets the new one; --new-consumer-key does it without an outage.",
        args.consumer(),
        now.key
    ))
}

/// What an earlier run of the same command has made, when that is how it is: the program has its new
/// consumer, and the one before is still to be retired.
fn done_before(
    context: &Context,
    args: &Args,
    target: &Target,
    now: &NewConsumer,
    known: Option<&ConsumerEntry>,
    id: ApplicationId,
) -> Option<ConsumerTarget> {
    let known = known.filter(|known| {
        args.new_consumer_key.as_ref() == Some(&now.key)
            && known.key == now.key
            && known.fingerprint == now.fingerprint
    })?;
    let mut former = context
        .state
        .state()
        .former_of(&target.alias, args.consumer());
    former.next()?;
    let file = known.key_file.as_ref();
    Some(ConsumerTarget {
        on: target.alias.clone(),
        name: args.consumer().to_owned(),
        id,
        consumer: now.clone(),
        bits: known.bits,
        key_file: file.map(|file| context.store.paths().resolve(file).display().to_string()),
    })
}

/// A consumer key that somebody has already would silently be taken over.
async fn refuse_key(
    context: &Context,
    session: &std::sync::Arc<Session>,
    now: &NewConsumer,
    id: ApplicationId,
    key: &str,
) -> Result<()> {
    if key == now.key {
        return Err(Error::usage(format!(
            "the consumer key is {key:?} already, and a new one is another one"
        ))
        .hint("without --new-consumer-key the new pair is stored under the same key"));
    }
    refuse_taken(session, id, key).await?;
    if context.settings.dry_run {
        return Ok(());
    }
    match consumer_status(session, key, None).await {
        Ok(ConsumerStatus::Accepted | ConsumerStatus::Known) => Err(Error::conflict(format!(
            "{} accepts a consumer {key:?} already, though none of its links names it",
            session.alias()
        ))
        .hint("choose another one: --new-consumer-key")),
        // Whatever keeps it from answering comes back when the new key is proven.
        Ok(ConsumerStatus::Unknown) | Err(_) => Ok(()),
    }
}

/// The new pair: where it is, and what is still to be written.
struct NewPair {
    file: PathBuf,
    public: Option<PublicKey>,
    fresh: Option<PrivateKey>,
}

async fn new_pair(
    context: &Context,
    args: &Args,
    target: &Target,
    now: &NewConsumer,
) -> Result<NewPair> {
    let file = match &args.key_file {
        Some(file) => std::path::absolute(file).unwrap_or_else(|_| file.clone()),
        None => free_file(context, target, args.consumer()),
    };
    if file.symlink_metadata().is_ok() {
        let key = PrivateKey::load(&file)?;
        let public = key.public().clone();
        if public.fingerprint() == now.fingerprint {
            return Err(Error::conflict(format!(
                "{} holds the key that is to be replaced",
                file.display()
            ))
            .hint("name a file that does not exist, and a new pair is made"));
        }
        return Ok(NewPair {
            file,
            public: Some(public),
            fresh: None,
        });
    }
    if context.settings.dry_run {
        return Ok(NewPair {
            file,
            public: None,
            fresh: None,
        });
    }
    let bits = args.bits;
    let wait = context
        .ui
        .waiting(&format!("making a key pair of {bits} bits"));
    let at = file.clone();
    let key = crate::cli::key::input::aside(move || {
        PrivateKey::generate(bits).map_err(|fault| fault.at(&at))
    });
    let key = key.await?;
    drop(wait);
    Ok(NewPair {
        file,
        public: Some(key.public().clone()),
        fresh: Some(key),
    })
}

/// The first file name of the program's that nothing has.
fn free_file(context: &Context, target: &Target, name: &str) -> PathBuf {
    let keys = context.store.paths().keys();
    let stem = format!("{}-{}", target.alias, slug(name));
    let mut number = 2_u32;
    loop {
        let file = keys.join(format!("{stem}-{number}.pem"));
        if file.symlink_metadata().is_err() {
            return file;
        }
        number = number.saturating_add(1);
    }
}

/// What the program needs now, and what becomes of the key that it had.
fn print_new_key(
    context: &Context,
    program: &ConsumerTarget,
    before: &NewConsumer,
    old: Option<&Path>,
) {
    let ui = &context.ui;
    let consumer = &program.consumer;
    if !ui.is_json() {
        ui.result(&format!("consumer key   {}", consumer.key));
        ui.result(&format!(
            "public key     SHA256:{} ({} bits)",
            consumer.fingerprint, program.bits
        ));
        if let Some(file) = &program.key_file {
            ui.result(&format!(
                "private key    {file} (give it to the program, and to nobody else)"
            ));
        }
    }
    if consumer.key == before.key {
        ui.note(&match old {
            Some(old) => format!(
                "the key before is refused from now on; it is left in {}: delete it when the program has the new one",
                old.display()
            ),
            None => "the key before is refused from now on".to_owned(),
        });
        return;
    }
    ui.note(&match old {
        Some(old) => format!(
            "the consumer {:?} is accepted as before, with the key in {}",
            before.key,
            old.display()
        ),
        None => format!("the consumer {:?} is accepted as before", before.key),
    });
    ui.note(&format!(
        "users who allowed {:?} have to allow {:?} anew: tokens belong to a consumer key",
        before.key, consumer.key
    ));
    hint_retire(context, program);
}

fn hint_retire(context: &Context, program: &ConsumerTarget) {
    if let Some(fix) = SuggestedCommand::applink([
        "key",
        "rotate",
        program.on.as_str(),
        "--consumer",
        &program.name,
        "--retire",
    ]) {
        context.ui.hint(&format!(
            "when the program signs with the new one: {}",
            fix.command()
        ));
    }
}
