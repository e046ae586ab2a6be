//! Opens the private key of a client certificate, whatever its algorithm: TLS takes other keys than
//! OAuth does.

use zeroize::Zeroizing;

use super::error::KeyError;
use super::formats;
use super::pem;
use super::rsa_numbers::elements;

/// The one private key of a PEM file, in PEM form and no longer encrypted. Calls `passphrase` only
/// for an encrypted key.
pub fn open<E: From<KeyError>>(
    bytes: &[u8],
    passphrase: impl FnOnce() -> Result<Zeroizing<String>, E>,
) -> Result<Zeroizing<String>, E> {
    let text = std::str::from_utf8(bytes).map_err(|_| KeyError::NotAKey)?;
    let mut keys = pem::blocks(text)?;
    keys.retain(|block| block.label.ends_with("PRIVATE KEY"));
    let [key] = keys.as_slice() else {
        return Err(match keys.len() {
            0 => KeyError::NotAKey,
            several => KeyError::Several(several),
        }
        .into());
    };
    match key.label.as_str() {
        _ if key.has_headers => Err(KeyError::Encryption("the old way of PEM headers").into()),
        "OPENSSH PRIVATE KEY" => Err(KeyError::Encryption("the way of OpenSSH").into()),
        "ENCRYPTED PRIVATE KEY" => {
            let passphrase = passphrase()?;
            let opened = formats::open_pkcs8(&key.bytes, passphrase.as_bytes())?;
            // A wrong passphrase sometimes yields garbage with valid padding.
            if elements(opened.as_bytes()).is_none() {
                return Err(KeyError::Passphrase.into());
            }
            Ok(encode("PRIVATE KEY", opened.as_bytes()))
        }
        label => Ok(encode(label, &key.bytes)),
    }
}

/// Whether a file seems to hold a private key.
pub fn has_private_key(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"PRIVATE KEY-----";
    bytes.windows(MARK.len()).any(|window| window == MARK)
}

fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(pem::encode(label, der))
}
