//! Webhook signatures: what Twilio writes into `X-Twilio-Signature`, made and checked as its own libraries do.
//!
//! The URL is the one that was configured, without its fragment. <https://www.twilio.com/docs/usage/webhooks/webhooks-security>

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use url::{Url, form_urlencoded};

use crate::words::words;

/// The header that carries the signature.
pub const HEADER: &str = "X-Twilio-Signature";
/// The header that tells of a signature by a shared key instead of the auth token.
pub const SETTINGS_HEADER: &str = "X-Twilio-Webhooks-Signature-Settings";

words! {
    /// How a signature is computed.
    Algorithm {
        /// What the auth token signs with, always.
        HmacSha1 = "HMAC_SHA1",
        /// What a shared key may sign with.
        HmacSha256 = "HMAC_SHA256",
    }
}

/// What the settings header says: a shared key signed, not the auth token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The shared key's id.
    pub key: Option<String>,
    /// How it signed.
    pub algorithm: Algorithm,
}

/// A signing algorithm that we do not know; such a webhook is refused and counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("webhook signed with unknown algorithm {0}")]
pub struct UnknownAlgorithm(pub String);

impl Settings {
    /// Reads the settings header: `key=<id>,algorithm=<name>`. Without an algorithm it is HMAC-SHA1.
    pub fn parse(header: &str) -> Result<Self, UnknownAlgorithm> {
        let field = |wanted: &str| {
            let mut fields = header.split(',').filter_map(|part| part.split_once('='));
            fields
                .find(|(name, value)| name.trim() == wanted && !value.trim().is_empty())
                .map(|(_, value)| value.trim().to_owned())
        };
        let algorithm = match field("algorithm") {
            Some(name) => name
                .to_uppercase()
                .parse()
                .map_err(|_| UnknownAlgorithm(name))?,
            None => Algorithm::HmacSha1,
        };
        Ok(Self {
            key: field("key"),
            algorithm,
        })
    }
}

/// Signs a webhook with form fields (none for GET, whose parameters are in the URL).
pub fn sign(token: &str, url: &str, params: &[(String, String)]) -> String {
    compute(Algorithm::HmacSha1, token, without_fragment(url), params)
}

/// Signs a webhook with a JSON body; gives the URL with the body's hash in it, and the signature.
pub fn sign_json(token: &str, url: &str, body: &[u8]) -> (String, String) {
    let url = without_fragment(url);
    let join = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{join}bodySHA256={}", hex(&Sha256::digest(body)));
    let signature = compute(Algorithm::HmacSha1, token, &url, &[]);
    (url, signature)
}

/// Whether the account's auth token signed this webhook.
pub fn verify(token: &str, url: &str, params: &[(String, String)], signature: &str) -> bool {
    verify_with(Algorithm::HmacSha1, token, url, params, signature)
}

/// Whether the secret signed this webhook by the algorithm that its settings header names.
///
/// Twilio is not consistent about ports and, in old back ends, about the query's encoding, so several spellings of the URL are tried.
pub fn verify_with(
    algorithm: Algorithm,
    secret: &str,
    url: &str,
    params: &[(String, String)],
    signature: &str,
) -> bool {
    let matches = |url: &String| {
        compute(algorithm, secret, url, params)
            .as_bytes()
            .ct_eq(signature.as_bytes())
    };
    // Every spelling is tried, whatever the earlier ones gave: the time tells nothing.
    spellings(without_fragment(url))
        .iter()
        .fold(Choice::from(0), |any, url| any | matches(url))
        .into()
}

/// Whether the account's auth token signed this webhook, and its body is the one whose hash the URL names.
pub fn verify_json(token: &str, url: &str, body: &[u8], signature: &str) -> bool {
    let named = Url::parse(url).ok().and_then(|url| {
        url.query_pairs()
            .find(|(name, _)| name == "bodySHA256")
            .map(|(_, hash)| hash.to_lowercase())
    });
    let Some(named) = named else { return false };
    let same_body = hex(&Sha256::digest(body))
        .as_bytes()
        .ct_eq(named.as_bytes());
    (same_body & Choice::from(u8::from(verify(token, url, &[], signature)))).into()
}

fn compute(algorithm: Algorithm, secret: &str, url: &str, params: &[(String, String)]) -> String {
    let mut fields: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in params {
        fields.entry(name).or_default().insert(value);
    }
    let mut text = url.to_owned();
    for (name, values) in fields {
        for value in values {
            text.push_str(name);
            text.push_str(value);
        }
    }
    let mac = match algorithm {
        Algorithm::HmacSha1 => mac::<Hmac<Sha1>>(secret, &text),
        Algorithm::HmacSha256 => mac::<Hmac<Sha256>>(secret, &text),
    };
    STANDARD.encode(mac)
}

fn mac<M: Mac + KeyInit>(secret: &str, text: &str) -> Vec<u8> {
    let mut mac =
        <M as KeyInit>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(url, _)| url)
}

/// The URL without and with its port; then both as a browser would encode them; then both with the query as old back ends encode it.
fn spellings(url: &str) -> BTreeSet<String> {
    let mut spellings = BTreeSet::from([without_port(url), with_port(url)]);
    if let Ok(normal) = Url::parse(url) {
        for spelling in [without_port(normal.as_str()), with_port(normal.as_str())] {
            spellings.insert(with_legacy_query(&spelling));
            spellings.insert(spelling);
        }
    }
    spellings
}

/// A URL cut into pieces without changing a character: scheme with `://`, user with `@`, host, port with `:`, the rest.
struct Pieces<'a> {
    scheme: &'a str,
    user: &'a str,
    host: &'a str,
    port: &'a str,
    rest: &'a str,
}

fn pieces(url: &str) -> Option<Pieces<'_>> {
    let (scheme, rest) = url.split_at(url.find("://")? + 3);
    let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    // Only a colon after an IPv6 literal's bracket begins a port.
    let bracket = host.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = host.split_at(
        host[bracket..]
            .find(':')
            .map_or(host.len(), |at| bracket + at),
    );
    Some(Pieces {
        scheme,
        user,
        host,
        port,
        rest,
    })
}

fn without_port(url: &str) -> String {
    pieces(url).map_or_else(
        || url.to_owned(),
        |p| [p.scheme, p.user, p.host, p.rest].concat(),
    )
}

fn with_port(url: &str) -> String {
    let Some(p) = pieces(url).filter(|pieces| pieces.port.is_empty()) else {
        return url.to_owned();
    };
    let port = if ["https://", "wss://"]
        .iter()
        .any(|secure| p.scheme.eq_ignore_ascii_case(secure))
    {
        ":443"
    } else {
        ":80"
    };
    [p.scheme, p.user, p.host, port, p.rest].concat()
}

/// The query decoded and encoded again as Node's old `querystring` does: same names together, each with `=`.
fn with_legacy_query(url: &str) -> String {
    let Some((base, query)) = url.split_once('?').filter(|(_, query)| !query.is_empty()) else {
        return url.to_owned();
    };
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value.into_owned()),
            None => groups.push((name.into_owned(), vec![value.into_owned()])),
        }
    }
    let pairs = groups.iter().flat_map(|(name, values)| {
        values
            .iter()
            .map(move |value| format!("{}={}", legacy(name), legacy(value)))
    });
    format!("{base}?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn legacy(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push('%');
            out.push_str(&hex(&[byte]).to_uppercase());
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| char::from(DIGITS[usize::from(half)]))
        .collect()
}
