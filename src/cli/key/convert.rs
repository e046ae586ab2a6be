//! `applink key convert`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum as _;
use zeroize::Zeroizing;

use crate::cli::args;
use crate::cli::key::input::{KeyInput, Passphrase, aside, usage};
use crate::domain::PublicKey;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::oauth::{KeyError, PrivateKey, files, keys, public_key};
use crate::ui::Ui;
use crate::ui::output::{ConvertedOutput, KeyConvertOutput, KeyOutput};

/// Write a key in another form
///
/// Any usual form is read. A private key is written only to a new file that nobody else can read,
/// or into a pipe with `--out -`; a public one to standard output where no file is named.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Forms:\n  \
    pkcs1  private, BEGIN RSA PRIVATE KEY: older libraries\n  \
    pkcs8  private, BEGIN PRIVATE KEY: Java and most others\n  \
    spki   public, BEGIN PUBLIC KEY: what the applications take\n  \
    jwk    public, JSON\n\n\
    Examples:\n  \
    applink key convert jenkins.pem --to spki\n  \
    applink key convert ~/.ssh/id_rsa --to pkcs8 --out jenkins.pem\n  \
    applink key convert jenkins.pem --to pkcs1 --out - \\\n      | kubectl create secret generic jenkins \\\n      --from-file=key=/dev/stdin")]
pub(super) struct Args {
    #[command(flatten)]
    input: KeyInput,

    /// The form
    #[arg(long, value_name = "FORM")]
    to: Option<Form>,

    /// The new file, which must not exist; `-` for standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    out: Option<PathBuf>,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let mut missing = self.input.missing();
        missing.extend(args::missing([(self.to.is_some(), "--to <FORM>")]));
        missing
    }

    fn form(&self, ui: &Ui) -> Result<Form> {
        if let Some(form) = self.to {
            return Ok(form);
        }
        let forms = Form::value_variants();
        let items: Vec<String> = forms.iter().map(|form| form.as_str().to_owned()).collect();
        let at = ui.choose("Which form?", &items, "--to")?;
        forms.get(at).copied().ok_or_else(args::nothing)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Pkcs1,
    Pkcs8,
    Spki,
    Jwk,
}

impl Form {
    fn is_private(self) -> bool {
        matches!(self, Self::Pkcs1 | Self::Pkcs8)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Pkcs1 => "pkcs1",
            Self::Pkcs8 => "pkcs8",
            Self::Spki => "spki",
            Self::Jwk => "jwk",
        }
    }
}

/// Where the result goes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Out {
    Stdout,
    File(PathBuf),
}

/// Runs the command.
pub(super) async fn run(args: Args, ui: &Ui, dry_run: bool, changing: &AtomicBool) -> Result<Exit> {
    let file = args.input.file(ui)?;
    let form = args.form(ui)?;
    let out = destination(&args, form, ui)?;
    if let Out::File(path) = &out {
        files::check_free(path).map_err(|fault| fault.at(path))?;
    }
    let path = file.clone();
    let passphrase = Passphrase::new(&file, &args.input, ui);
    let (public, text) = aside(move || read(&path, form, &passphrase)).await?;
    let file = match &out {
        Out::File(path) => Some(path.as_path()),
        Out::Stdout => None,
    };
    if let Some(path) = file.filter(|_| !dry_run) {
        let written = if form.is_private() {
            files::create_private(path, &text)
        } else {
            files::create_public(path, &text)
        };
        written.map_err(|fault| fault.at(path))?;
        changing.store(true, Ordering::SeqCst);
    }
    print_key(ui, form, &public, &text, file, dry_run);
    Ok(Exit::Ok)
}

/// A private key leaves this program only where nobody looks over one's shoulder.
fn destination(args: &Args, form: Form, ui: &Ui) -> Result<Out> {
    let out = match &args.out {
        Some(path) if path.as_os_str() != "-" => return Ok(Out::File(path.clone())),
        other => other,
    };
    if !form.is_private() {
        return Ok(Out::Stdout);
    }
    if out.is_none() {
        return Err(usage(
            "a private key is not written to standard output unasked",
            "name a new file with --out FILE, or use --out - in a pipe",
        ));
    }
    if ui.is_json() {
        return Err(usage(
            "a private key has no place in JSON",
            "name a new file with --out FILE",
        ));
    }
    if ui.terminal().stdout_tty {
        return Err(usage(
            "a private key is not shown on a terminal",
            "name a new file with --out FILE, or use --out - in a pipe",
        ));
    }
    Ok(Out::Stdout)
}

/// The public half, and the text that was asked for.
fn read(
    path: &Path,
    form: Form,
    passphrase: &Passphrase,
) -> Result<(PublicKey, Zeroizing<String>)> {
    let at = |fault: KeyError| fault.at(path);
    if form.is_private() {
        let key = PrivateKey::load_with(path, || passphrase.ask())?;
        let text = match form {
            Form::Pkcs1 => key.to_pkcs1_pem(),
            _ => key.to_pkcs8_pem(),
        };
        return Ok((key.public().clone(), text.map_err(at)?));
    }
    let found = keys::open(path).map_err(at)?;
    let public = match found.public(None) {
        Err(KeyError::Encrypted) => found.public(Some(passphrase.ask()?.as_bytes())),
        other => other,
    };
    let public = public.map_err(at)?;
    let text = match form {
        Form::Jwk => {
            let mut text = public_key::to_jwk(&public)
                .map_err(|error| Error::internal(error.to_string()))?
                .to_string();
            text.push('\n');
            text
        }
        _ => public_key::to_pem(&public),
    };
    Ok((public, Zeroizing::new(text)))
}

fn print_key(
    ui: &Ui,
    form: Form,
    public: &PublicKey,
    text: &str,
    file: Option<&Path>,
    dry_run: bool,
) {
    let is_private = form.is_private();
    if ui.is_json() {
        ui.json(&KeyConvertOutput {
            changed: file.is_some() && !dry_run,
            key: KeyOutput::new(public, file.filter(|_| is_private)),
            converted: ConvertedOutput {
                to: form.as_str(),
                file: file.map(|file| file.display().to_string()),
                text: (!is_private).then(|| text.to_owned()),
            },
        });
        return;
    }
    match file {
        None => ui.block(text),
        Some(path) => {
            let what = if dry_run {
                "would be written"
            } else {
                "is written"
            };
            let whose = if is_private {
                ", for you alone to read"
            } else {
                ""
            };
            ui.result(&format!(
                "{} {what} in the form {}{whose}",
                path.display(),
                form.as_str()
            ));
        }
    }
}
