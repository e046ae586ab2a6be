//! The key file that a `key` command reads, and its passphrase.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::cli::prompt;
use crate::context;
use crate::credentials::{CredentialSource, Resolver, SourceError};
use crate::error::{Error, Kind, Result};
use crate::oauth::KeyError;
use crate::ui::Ui;

/// A key file to read.
#[derive(Debug, clap::Args)]
pub(crate) struct KeyInput {
    /// The key file
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,

    /// Where the passphrase of an encrypted key is: env:VAR, file:PATH, command:PROGRAM ARGS or
    /// prompt
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    pub(crate) passphrase: Option<CredentialSource>,
}

impl KeyInput {
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        crate::cli::args::missing([(self.file.is_some(), "<FILE>")])
    }

    /// The file, asked for where it was not given.
    pub(crate) fn file(&self, ui: &Ui) -> Result<PathBuf> {
        match &self.file {
            Some(file) => Ok(file.clone()),
            None => prompt::path(ui, "The key file", "FILE"),
        }
    }
}

/// The text is never repeated in an error: it may be the passphrase itself.
pub(crate) fn source(text: &str) -> std::result::Result<CredentialSource, String> {
    text.parse().map_err(|error: SourceError| error.to_string())
}

/// Lets signals arrive while something is computed or somebody is asked.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::internal(format!("the key cannot be worked on: {error}")))?
}

/// How a passphrase is found, should it be needed.
pub(crate) struct Passphrase {
    pub(crate) resolver: Resolver,
    source: Option<CredentialSource>,
    can_ask: bool,
    file: PathBuf,
}

impl Passphrase {
    pub(crate) fn new(file: &Path, input: &KeyInput, ui: &Ui) -> Self {
        // What is typed on a command line starts where it is typed.
        let resolver = context::resolver(ui, Path::new(""));
        Self::of(file, input.passphrase.clone(), resolver, ui)
    }

    /// The passphrase of a key file, found by a resolver that is there already.
    pub(crate) fn of(
        file: &Path,
        source: Option<CredentialSource>,
        resolver: Resolver,
        ui: &Ui,
    ) -> Self {
        Self {
            resolver,
            source,
            can_ask: ui.can_ask(),
            file: file.to_owned(),
        }
    }

    /// Asks for it.
    pub(crate) fn ask(&self) -> Result<Zeroizing<String>> {
        let source = match &self.source {
            Some(source) => source,
            None if self.can_ask => &CredentialSource::Prompt,
            // As everywhere: what cannot be asked has to be given.
            None => {
                return Err(Error {
                    kind: Kind::Usage,
                    ..KeyError::Encrypted.at(&self.file)
                });
            }
        };
        self.resolver
            .secret_from(&format!("passphrase of {}", self.file.display()), source)
            .map(|secret| Zeroizing::new(secret.expose().to_owned()))
    }
}

/// Wrong usage that a person can put right with another option.
pub(crate) fn usage(message: &str, hint: &str) -> Error {
    Error::new(Kind::Usage, message).hint(hint)
}
