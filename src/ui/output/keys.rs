//! The documents of `key`.

use std::path::Path;

use serde::Serialize;

use super::document::Document;
use crate::domain::PublicKey;
use crate::oauth::public_key;

/// The document of `key show`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "key show"))]
pub struct KeyShowOutput {
    /// The key in the file.
    pub key: KeyOutput,
}

impl Document for KeyShowOutput {}

/// A key; never its private half.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "key"))]
pub struct KeyOutput {
    /// SHA-256 of the public key, in hex; null in a dry run.
    pub fingerprint: Option<String>,
    /// Its length.
    pub bits: u32,
    /// The file with the private key; null for a public one.
    pub key_file: Option<String>,
    /// In PEM.
    pub public_key: Option<String>,
    /// In one line.
    pub public_key_base64: Option<String>,
}

impl KeyOutput {
    /// A key; `file` is that of the private half.
    pub fn new(public: &PublicKey, file: Option<&Path>) -> Self {
        Self {
            fingerprint: Some(public.fingerprint()),
            bits: public.bits,
            key_file: file.map(|file| file.display().to_string()),
            public_key: Some(public_key::to_pem(public)),
            public_key_base64: Some(public_key::to_base64(public)),
        }
    }

    /// A key that a dry run does not make.
    pub fn planned(bits: u32, file: &Path) -> Self {
        Self {
            fingerprint: None,
            bits,
            key_file: Some(file.display().to_string()),
            public_key: None,
            public_key_base64: None,
        }
    }
}

/// The document of `key generate`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "key generate"))]
pub struct KeyGenerateOutput {
    /// Whether a key was made; false in a dry run.
    pub changed: bool,
    /// The new key.
    pub key: KeyOutput,
}

impl Document for KeyGenerateOutput {}

/// The document of `key convert`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "key convert"))]
pub struct KeyConvertOutput {
    /// Whether a file was written.
    pub changed: bool,
    /// The key that was read.
    pub key: KeyOutput,
    /// The form that was asked for.
    pub converted: ConvertedOutput,
}

impl Document for KeyConvertOutput {}

/// A key in another form.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "converted"))]
pub struct ConvertedOutput {
    /// `pkcs1`, `pkcs8`, `spki`, `jwk`.
    pub to: &'static str,
    /// The file that was written.
    pub file: Option<String>,
    /// The key; null for a private one.
    pub text: Option<String>,
}
