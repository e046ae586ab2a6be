//! `applink key …`: the key pairs of third-party programs.

mod convert;
pub(crate) mod input;
pub(crate) mod rotate;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::key::input::{KeyInput, Passphrase, aside};
use crate::cli::{args, prompt};
use crate::context;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::oauth::keys::{self, DEFAULT_BITS, LEAST_BITS};
use crate::oauth::{KeyError, PrivateKey, files, public_key};
use crate::ui::Ui;
use crate::ui::output::{KeyGenerateOutput, KeyOutput, KeyShowOutput};

/// Key pairs for programs that sign their requests with OAuth 1.0a
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink key generate --key-file jenkins.pem\n  \
    applink key show jenkins.pem\n  \
    applink key convert jenkins.pem --to spki")]
pub struct Args {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, clap::Subcommand)]
enum KeyCommand {
    Generate(GenerateArgs),
    Show(KeyShowArgs),
    Convert(convert::Args),
    Rotate(Box<rotate::Args>),
}

impl Args {
    /// What is asked for, and by which command.
    pub(super) fn missing(&self) -> (&'static [&'static str], Vec<&'static str>) {
        match &self.command {
            KeyCommand::Generate(args) => (
                &["key", "generate"],
                args::missing([(args.key_file.is_some(), "--key-file <FILE>")]),
            ),
            KeyCommand::Show(args) => (&["key", "show"], args.input.missing()),
            KeyCommand::Convert(args) => (&["key", "convert"], args.missing()),
            KeyCommand::Rotate(args) => (&["key", "rotate"], args.missing()),
        }
    }
}

/// Make an RSA key pair
///
/// The private key goes to a new file that only you can read (PKCS #8), and is nowhere shown. The
/// public key goes to standard output, as an application takes it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink key generate --key-file jenkins.pem\n  \
    applink key generate --key-file jenkins.pem --bits 3072 > jenkins.pub\n  \
    applink key generate --key-file jenkins.pem -o json \\\n      | jq -r .key.fingerprint")]
pub struct GenerateArgs {
    /// The file of the private key; it must not exist
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    key_file: Option<PathBuf>,

    /// Its length: 2048, 3072 or 4096
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BITS, value_parser = bits)]
    bits: u32,

    /// Allow --bits 1024, for tests and old programs
    #[arg(long)]
    allow_weak: bool,
}

/// Show the public half of a key file, and its fingerprint
///
/// Any usual form is read: PKCS #1 and PKCS #8, also encrypted, public keys, certificates, and keys
/// of OpenSSH. The private half is never shown.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink key show jenkins.pem\n  \
    applink key show ~/.ssh/id_rsa.pub\n  \
    applink key show old.pem --passphrase env:KEY_PASSPHRASE -o json")]
pub struct KeyShowArgs {
    #[command(flatten)]
    input: KeyInput,
}

/// The lengths that are made.
fn bits(text: &str) -> std::result::Result<u32, String> {
    match text.parse() {
        Ok(bits @ (1024 | 2048 | 3072 | 4096)) => Ok(bits),
        _ => Err("2048, 3072 or 4096 is due".to_owned()),
    }
}

impl Args {
    /// Whether it is about a program that is registered on an application.
    pub(super) fn needs_state(&self) -> bool {
        matches!(self.command, KeyCommand::Rotate(_))
    }
}

/// Runs what needs the state.
pub(super) async fn run_with_state(args: Args, context: &mut context::Context) -> Result<Exit> {
    match args.command {
        KeyCommand::Rotate(args) => rotate::run(*args, context).await,
        _ => Err(Error::internal("a command without a state")),
    }
}

/// Runs what needs neither the state nor an application.
pub async fn run(args: Args, ui: &Ui, dry_run: bool, changing: &AtomicBool) -> Result<Exit> {
    match args.command {
        KeyCommand::Generate(args) => generate(args, ui, dry_run, changing).await,
        KeyCommand::Show(args) => show(args, ui).await,
        KeyCommand::Convert(args) => convert::run(args, ui, dry_run, changing).await,
        KeyCommand::Rotate(_) => Err(Error::internal("a command with a state")),
    }
}

async fn generate(
    args: GenerateArgs,
    ui: &Ui,
    dry_run: bool,
    changing: &AtomicBool,
) -> Result<Exit> {
    let bits = args.bits;
    check_length(ui, bits, args.allow_weak)?;
    let path = match args.key_file {
        Some(path) => path,
        None => prompt::path(ui, "The new file of the private key", "--key-file")?,
    };
    files::check_free(&path).map_err(|fault| fault.at(&path))?;
    if dry_run {
        if ui.is_json() {
            ui.json(&KeyGenerateOutput {
                changed: false,
                key: KeyOutput::planned(bits, &path),
            });
        } else {
            ui.result(&format!(
                "a key of {bits} bits would be made, with its private half in {}",
                path.display()
            ));
        }
        return Ok(Exit::Ok);
    }
    let wait = ui.waiting(&format!("making a key of {bits} bits"));
    let key =
        aside(move || PrivateKey::generate(bits).map_err(|fault| fault.at("the new key"))).await?;
    drop(wait);
    store(&key, &path, changing)?;
    let public = key.public();
    if ui.is_json() {
        ui.json(&KeyGenerateOutput {
            changed: true,
            key: KeyOutput::new(public, Some(&path)),
        });
    } else {
        ui.block(&public_key::to_pem(public));
        ui.status(&format!(
            "{bits} bits, SHA-256 fingerprint {}",
            public.fingerprint()
        ));
        ui.status(&format!(
            "the private key is in {}, which only you can read",
            path.display()
        ));
    }
    Ok(Exit::Ok)
}

/// Refuses a length that is too short unless that is allowed, and says what may be wrong with
/// the others.
pub(super) fn check_length(ui: &Ui, bits: u32, allow_weak: bool) -> Result<()> {
    if bits < LEAST_BITS {
        if !allow_weak {
            return Err(
                Error::usage(format!("a key of {bits} bits is too short to be safe"))
                    .hint("leave --bits out, or add --allow-weak for a test or an old program"),
            );
        }
        ui.warn(&format!(
            "{bits} bits are too short to be safe: for tests and old programs only"
        ));
    }
    if bits > 3072 {
        ui.warn(&format!(
            "not every application is known to store a key of {bits} bits; {DEFAULT_BITS} is the default"
        ));
    }
    Ok(())
}

/// Puts a new private key into its file. Its public half may be shown when this has returned.
pub(super) fn store(key: &PrivateKey, path: &Path, changing: &AtomicBool) -> Result<()> {
    key.to_pkcs8_pem()
        .and_then(|pem| files::create_private(path, &pem))
        .map_err(|fault| fault.at(path))?;
    // From here on there is something that a failure to tell of it does not undo.
    changing.store(true, Ordering::SeqCst);
    Ok(())
}

async fn show(args: KeyShowArgs, ui: &Ui) -> Result<Exit> {
    let file = args.input.file(ui)?;
    let path = file.clone();
    let passphrase = Passphrase::new(&file, &args.input, ui);
    let (public, is_private) = aside(move || {
        let found = keys::open(&path).map_err(|fault| fault.at(&path))?;
        let public = match found.public(None) {
            Err(KeyError::Encrypted) => found.public(Some(passphrase.ask()?.as_bytes())),
            other => other,
        };
        let public = public.map_err(|fault| fault.at(&path))?;
        Ok((public, found.is_private()))
    })
    .await?;
    if public.bits < LEAST_BITS {
        ui.warn(&format!(
            "{} bits are too short to be safe: at least {LEAST_BITS} are due",
            public.bits
        ));
    }
    if ui.is_json() {
        let file = is_private.then_some(file.as_path());
        ui.json(&KeyShowOutput {
            key: KeyOutput::new(&public, file),
        });
        return Ok(Exit::Ok);
    }
    let values = [
        ("bits", public.bits.to_string()),
        ("fingerprint", public.fingerprint()),
        (
            "private",
            if is_private {
                "in this file"
            } else {
                "not in this file"
            }
            .to_owned(),
        ),
        ("base64", public_key::to_base64(&public)),
    ];
    ui.labelled(11, values);
    ui.block(&public_key::to_pem(&public));
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests;
