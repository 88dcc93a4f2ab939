//! Opaque 256-bit tokens: the caller holds the token, the database only its hash.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

/// How a session's token begins.
pub const SESSION: &str = "ohs_";
/// How an API key begins.
pub const API_KEY: &str = "ohk_";
/// How the token in a one-time link begins.
pub const LINK: &str = "ohl_";

/// Makes a token nobody can guess.
pub fn mint(prefix: &str) -> String {
    format!(
        "{prefix}{}",
        BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>())
    )
}

/// What the database keeps of a token.
pub fn hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// The CSRF token that belongs to a session's token; who knows only this learns nothing of that.
pub fn csrf(token: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"offhook csrf v1:");
    digest.update(token.as_bytes());
    BASE64URL_NOPAD.encode(&digest.finalize())
}

/// Compares two tokens without telling by the time it takes where they differ.
pub fn same(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_their_hash_and_csrf_do_not_show_them() {
        let (a, b) = (mint(SESSION), mint(SESSION));
        assert_ne!(a, b);
        assert_eq!(a.len(), 4 + 43);
        assert_ne!(hash(&a), hash(&b));
        assert_ne!(hash(&a), csrf(&a));
        assert!(same(&csrf(&a), &csrf(&a)) && !same(&csrf(&a), &csrf(&b)));
    }
}
