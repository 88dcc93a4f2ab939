//! Secrets at rest: `XChaCha20-Poly1305` under a key stretched from `ENCRYPTION_KEY`, bound to the place where they lie.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rand::RngCore;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The sealed form: version, key id, nonce, then cipher text and tag.
const VERSION: u8 = 1;
const NONCE: usize = 24;
const SHORTEST_TEXT: usize = 32;

/// Why a secret could not be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// `ENCRYPTION_KEY` is neither 32 bytes in base64 or hex, nor a text of at least 32 characters.
    #[error(
        "ENCRYPTION_KEY must be 32 bytes in base64 or hex, or a text of at least 32 characters"
    )]
    WeakKey,
    /// It was sealed with a key that we do not have.
    #[error("sealed with another ENCRYPTION_KEY")]
    UnknownKey,
    /// It was changed, or belongs to another place.
    #[error("a sealed value does not open: changed, or moved from another row")]
    Broken,
}

/// A secret in the clear; it is never printed and leaves no trace in memory.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A sealed secret as it lies in a column; it is never printed either.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    pub(crate) fn from_column(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn as_column(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// Where a secret lies; a sealed value opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The organization's id.
    pub org: &'a str,
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row's id.
    pub id: &'a str,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        [self.org, self.table, self.column, self.id]
            .join("\u{1f}")
            .into_bytes()
    }
}

#[derive(Clone)]
struct Key {
    id: u8,
    cipher: XChaCha20Poly1305,
}

/// The keys: the first seals, all open, so that a key can be replaced while old values still open.
pub struct Keyring {
    keys: Vec<Key>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys)", self.keys.len())
    }
}

impl Keyring {
    /// Makes the keyring from `ENCRYPTION_KEY`.
    pub fn new(secret: &str) -> Result<Self, SealError> {
        Ok(Self {
            keys: vec![stretch(secret)?],
        })
    }

    /// Lets values sealed with an earlier key open too.
    pub fn with_earlier(mut self, secret: &str) -> Result<Self, SealError> {
        self.keys.push(stretch(secret)?);
        Ok(self)
    }

    /// Seals a secret for its place.
    pub fn seal(&self, place: Place<'_>, secret: &Secret) -> Result<Sealed, SealError> {
        let bytes = self.seal_bytes(place, secret.expose().as_bytes())?;
        Ok(Sealed(STANDARD_NO_PAD.encode(bytes)))
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: Place<'_>, sealed: &Sealed) -> Result<Secret, SealError> {
        let bytes = STANDARD_NO_PAD
            .decode(&sealed.0)
            .map_err(|_| SealError::Broken)?;
        let plain = self.open_bytes(place, &bytes)?;
        let text = std::str::from_utf8(&plain).map_err(|_| SealError::Broken)?;
        Ok(Secret::new(text))
    }

    /// Seals bytes, for files such as the spool.
    pub fn seal_bytes(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let key = self.keys.first().ok_or(SealError::UnknownKey)?;
        let mut nonce = [0_u8; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: &place.bytes(),
        };
        let cipher_text = key
            .cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| SealError::Broken)?;
        Ok([&[VERSION, key.id], nonce.as_slice(), &cipher_text].concat())
    }

    /// Opens bytes sealed by [`Keyring::seal_bytes`].
    pub fn open_bytes(
        &self,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let [VERSION, key_id, rest @ ..] = sealed else {
            return Err(SealError::Broken);
        };
        let (nonce, cipher_text) = rest.split_at_checked(NONCE).ok_or(SealError::Broken)?;
        let place = place.bytes();
        // Two keys may share the one byte that is their id.
        let mut refused = SealError::UnknownKey;
        for key in self.keys.iter().filter(|key| key.id == *key_id) {
            let payload = Payload {
                msg: cipher_text,
                aad: &place,
            };
            match key.cipher.decrypt(XNonce::from_slice(nonce), payload) {
                Ok(plain) => return Ok(Zeroizing::new(plain)),
                Err(_) => refused = SealError::Broken,
            }
        }
        Err(refused)
    }

    /// Seals anew what an earlier key sealed; `None` when the present key has sealed it.
    pub fn reseal(&self, place: Place<'_>, sealed: &Sealed) -> Result<Option<Sealed>, SealError> {
        let present = Self {
            keys: self.keys.iter().take(1).cloned().collect(),
        };
        if present.open(place, sealed).is_ok() {
            return Ok(None);
        }
        let secret = self.open(place, sealed)?;
        self.seal(place, &secret).map(Some)
    }
}

/// HKDF gives the key and its one-byte id, so that neither tells anything about the other.
fn stretch(secret: &str) -> Result<Key, SealError> {
    let material = key_material(secret)?;
    let hkdf = Hkdf::<Sha256>::new(Some(b"offhook/seal"), &material);
    let mut key = Zeroizing::new([0_u8; 32]);
    let mut id = [0_u8; 1];
    hkdf.expand(b"key/1", key.as_mut_slice())
        .expect("32 bytes are a legal length for HKDF-SHA256");
    hkdf.expand(b"key-id/1", &mut id)
        .expect("one byte is a legal length for HKDF-SHA256");
    Ok(Key {
        id: id[0],
        cipher: XChaCha20Poly1305::new(key.as_slice().into()),
    })
}

fn key_material(secret: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let text = secret.trim();
    if let Some(bytes) = hex(text).or_else(|| {
        STANDARD
            .decode(text)
            .ok()
            .or_else(|| STANDARD_NO_PAD.decode(text).ok())
    }) {
        let bytes = Zeroizing::new(bytes);
        if bytes.len() == 32 {
            return Ok(bytes);
        }
    }
    if text.chars().count() < SHORTEST_TEXT {
        return Err(SealError::WeakKey);
    }
    Ok(Zeroizing::new(text.as_bytes().to_vec()))
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    (0..64)
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place {
        org: "org_1",
        table: "carrier_accounts",
        column: "auth_token",
        id: "car_1",
    };
    const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let ring = Keyring::new(KEY).unwrap();
        let sealed = ring.seal(PLACE, &Secret::new("s3cret")).unwrap();
        assert_eq!(ring.open(PLACE, &sealed).unwrap().expose(), "s3cret");
        let elsewhere = Place {
            org: "org_2",
            ..PLACE
        };
        assert_eq!(ring.open(elsewhere, &sealed), Err(SealError::Broken));
    }

    #[test]
    fn the_same_secret_never_looks_the_same_and_never_prints() {
        let ring = Keyring::new(KEY).unwrap();
        let secret = Secret::new("s3cret");
        let (a, b) = (
            ring.seal(PLACE, &secret).unwrap(),
            ring.seal(PLACE, &secret).unwrap(),
        );
        assert_ne!(a, b);
        assert!(!a.as_column().contains("s3cret"));
        assert_eq!(format!("{secret:?} {a:?}"), "Secret(…) Sealed(…)");
    }

    #[test]
    fn an_earlier_key_still_opens_after_a_change_of_keys() {
        let old = Keyring::new("an old passphrase that is long enough, surely").unwrap();
        let sealed = old.seal(PLACE, &Secret::new("s3cret")).unwrap();
        let new = Keyring::new(KEY).unwrap();
        assert!(new.open(PLACE, &sealed).is_err());
        let both = new
            .with_earlier("an old passphrase that is long enough, surely")
            .unwrap();
        assert_eq!(both.open(PLACE, &sealed).unwrap().expose(), "s3cret");
    }

    #[test]
    fn what_an_earlier_key_sealed_is_sealed_anew_once_and_then_opens_without_that_key() {
        const OLD: &str = "an old passphrase that is long enough, surely";
        let sealed = Keyring::new(OLD)
            .unwrap()
            .seal(PLACE, &Secret::new("s3cret"))
            .unwrap();
        let both = Keyring::new(KEY).unwrap().with_earlier(OLD).unwrap();
        let anew = both
            .reseal(PLACE, &sealed)
            .unwrap()
            .expect("it was not ours");
        assert_eq!(both.reseal(PLACE, &anew), Ok(None));
        let new = Keyring::new(KEY).unwrap();
        assert_eq!(new.open(PLACE, &anew).unwrap().expose(), "s3cret");
        assert!(new.reseal(PLACE, &sealed).is_err(), "and nobody else can");
    }

    #[test]
    fn two_keys_with_one_id_do_not_hide_each_other() {
        let text = |n: u32| format!("a passphrase for tests that is long enough, number {n}");
        let first = stretch(KEY).unwrap().id;
        let twin = (0..100_000)
            .map(text)
            .find(|text| stretch(text).unwrap().id == first);
        let twin = twin.expect("one in 256 has it");
        let sealed = Keyring::new(&twin)
            .unwrap()
            .seal(PLACE, &Secret::new("s3cret"))
            .unwrap();
        let both = Keyring::new(KEY).unwrap().with_earlier(&twin).unwrap();
        assert_eq!(both.open(PLACE, &sealed).unwrap().expose(), "s3cret");
    }

    #[test]
    fn hex_base64_and_long_texts_are_keys_and_short_ones_are_not() {
        let base64 = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=";
        let sealed = Keyring::new(KEY)
            .unwrap()
            .seal(PLACE, &Secret::new("x"))
            .unwrap();
        assert_eq!(
            Keyring::new(base64)
                .unwrap()
                .open(PLACE, &sealed)
                .unwrap()
                .expose(),
            "x"
        );
        assert!(Keyring::new("a text of at least thirty-two chars").is_ok());
        assert!(matches!(Keyring::new("too short"), Err(SealError::WeakKey)));
    }

    #[test]
    fn a_changed_byte_does_not_open() {
        let ring = Keyring::new(KEY).unwrap();
        let mut bytes = ring.seal_bytes(PLACE, b"spool").unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        assert_eq!(ring.open_bytes(PLACE, &bytes), Err(SealError::Broken));
        assert_eq!(ring.open_bytes(PLACE, &bytes[..5]), Err(SealError::Broken));
    }
}
