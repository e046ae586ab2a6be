//! A private key of any algorithm, opened and not looked into: client certificates may have other
//! keys than OAuth has.

use zeroize::Zeroizing;

use super::armour;
use super::fault::KeyFault;
use super::formats;

/// The one private key of a PEM file, in PEM form and no longer encrypted. `passphrase` is asked
/// when it is needed.
pub fn open<E: From<KeyFault>>(
    bytes: &[u8],
    passphrase: impl FnOnce() -> Result<Zeroizing<String>, E>,
) -> Result<Zeroizing<String>, E> {
    let text = std::str::from_utf8(bytes).map_err(|_| KeyFault::NotAKey)?;
    let mut keys = armour::blocks(text)?;
    keys.retain(|block| block.label.ends_with("PRIVATE KEY"));
    let [key] = keys.as_slice() else {
        return Err(match keys.len() {
            0 => KeyFault::NotAKey,
            several => KeyFault::Several(several),
        }
        .into());
    };
    match key.label.as_str() {
        _ if key.has_headers => Err(KeyFault::Encryption("the old way of PEM headers").into()),
        "OPENSSH PRIVATE KEY" => Err(KeyFault::Encryption("the way of OpenSSH").into()),
        "ENCRYPTED PRIVATE KEY" => {
            let passphrase = passphrase()?;
            let opened = formats::open_pkcs8(&key.bytes, passphrase.as_bytes())?;
            // What comes out with a wrong passphrase is now and then padded right.
            if opened.as_bytes().first() != Some(&super::der::SEQUENCE) {
                return Err(KeyFault::Passphrase.into());
            }
            Ok(pem("PRIVATE KEY", opened.as_bytes()))
        }
        label => Ok(pem(label, &key.bytes)),
    }
}

/// Whether a file has a private key at all.
pub fn is_there(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"PRIVATE KEY-----";
    bytes.windows(MARK.len()).any(|window| window == MARK)
}

fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    use base64::Engine as _;
    let base64 = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(der));
    Zeroizing::new(armour::pem(label, &base64))
}
