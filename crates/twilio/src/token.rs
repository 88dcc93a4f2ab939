//! Access tokens of the Voice SDK: JWTs with a Voice grant, signed by an API key. Time is an argument.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// Twilio refuses tokens that live longer (error 20104, on the wire 31207).
pub const LONGEST_LIFE: Duration = Duration::hours(24);
const LONGEST_IDENTITY: usize = 121;
const CONTENT_TYPE: &str = "twilio-fpa;v=1";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceToken {
    /// The account, `AC…`.
    pub account_sid: String,
    /// The API key that signs, `SK…`.
    pub key_sid: String,
    /// Who the device is: 1 to 121 of `A-Z a-z 0-9 _`.
    pub identity: String,
    /// Whether the device may be called.
    pub incoming: bool,
    /// The TwiML App that the device's calls go to; without one it cannot call.
    pub application_sid: Option<String>,
    /// Parameters that the App is sent with every call.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// The home region, such as `ie1`; the US when absent.
    pub region: Option<String>,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Why a token cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    /// Twilio neither calls nor lets call such an identity.
    #[error("an identity has 1 to 121 characters, each of A-Z, a-z, 0-9 and _")]
    Identity,
    /// Longer than a day, or not at all.
    #[error("a token lives more than nothing and at most 24 hours")]
    Life,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no access token.
    #[error("the token is malformed: {0}")]
    Malformed(&'static str),
    /// Its signature is wrong, or its key is unknown.
    #[error("the token's signature is wrong")]
    Signature,
    /// Its time is over, or has not begun.
    #[error("the token has expired or is not valid yet")]
    Expired,
    /// It lives longer than a day.
    #[error("the token's lifetime is over 24 hours")]
    Life,
}

impl TokenError {
    /// The code that the Voice SDK is told.
    pub const fn code(&self) -> u32 {
        match self {
            Self::Signature => 31202,
            Self::Malformed(_) => 31204,
            Self::Expired => 31205,
            Self::Life => 31207,
        }
    }
}

/// Whether Twilio accepts the identity for calls.
pub fn is_identity(identity: &str) -> bool {
    (1..=LONGEST_IDENTITY).contains(&identity.len())
        && identity
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl VoiceToken {
    /// The signed token.
    pub fn mint(&self, secret: &str) -> Result<String, MintError> {
        if !is_identity(&self.identity) {
            return Err(MintError::Identity);
        }
        let life = self.expires_at - self.issued_at;
        if life <= Duration::zero() || life > LONGEST_LIFE {
            return Err(MintError::Life);
        }
        let header = Header {
            typ: "JWT".into(),
            alg: "HS256".into(),
            cty: Some(CONTENT_TYPE.into()),
            twr: self.region.clone(),
        };
        let signed = format!("{}.{}", part(&header), part(&self.claims()));
        let signature = URL_SAFE_NO_PAD.encode(mac(secret, &signed).finalize().into_bytes());
        Ok(format!("{signed}.{signature}"))
    }

    /// The token's content, if the key's secret signed it and it is valid now.
    ///
    /// `secret_of` finds the secret by the key's SID and the account's; without one the signature counts as wrong.
    pub fn verify(
        token: &str,
        now: DateTime<Utc>,
        secret_of: impl FnOnce(&str, &str) -> Option<String>,
    ) -> Result<Self, TokenError> {
        let (signed, signature) = token
            .rsplit_once('.')
            .ok_or(TokenError::Malformed("it has no three parts"))?;
        let (header, claims) = signed
            .split_once('.')
            .ok_or(TokenError::Malformed("it has no three parts"))?;
        let header: Header = unpart(header)?;
        if header.alg != "HS256" {
            return Err(TokenError::Malformed("it is not signed by HS256"));
        }
        if header.cty.as_deref() != Some(CONTENT_TYPE) {
            return Err(TokenError::Malformed("its content type is not Twilio's"));
        }
        let claims: Claims = unpart(claims)?;
        let secret = secret_of(&claims.iss, &claims.sub).ok_or(TokenError::Signature)?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| TokenError::Malformed("its signature is not base64"))?;
        mac(&secret, signed)
            .verify_slice(&signature)
            .map_err(|_| TokenError::Signature)?;
        Self::accept(claims, header.twr, now)
    }

    fn accept(
        claims: Claims,
        region: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<Self, TokenError> {
        let time = |seconds: i64| {
            DateTime::from_timestamp(seconds, 0)
                .ok_or(TokenError::Malformed("a time is out of range"))
        };
        let expires_at = time(claims.exp)?;
        let begins_at = claims.nbf.or(claims.iat).map(time).transpose()?;
        let issued_at = match claims.iat.map(time).transpose()? {
            Some(issued_at) => issued_at,
            None => begins_at.unwrap_or(now),
        };
        if expires_at - issued_at > LONGEST_LIFE {
            return Err(TokenError::Life);
        }
        // Clocks differ a little; nothing is issued in the far future.
        if expires_at <= now
            || begins_at.is_some_and(|begins_at| begins_at > now + Duration::seconds(30))
        {
            return Err(TokenError::Expired);
        }
        let voice = claims
            .grants
            .voice
            .ok_or(TokenError::Malformed("it has no Voice grant"))?;
        let outgoing = voice.outgoing.unwrap_or_default();
        Ok(Self {
            account_sid: claims.sub,
            key_sid: claims.iss,
            identity: claims
                .grants
                .identity
                .filter(|identity| is_identity(identity))
                .ok_or(TokenError::Malformed("its identity is not acceptable"))?,
            incoming: voice.incoming.is_some_and(|incoming| incoming.allow),
            application_sid: outgoing.application_sid,
            params: outgoing.params.unwrap_or_default(),
            region,
            issued_at,
            expires_at,
        })
    }

    fn claims(&self) -> Claims {
        let issued = self.issued_at.timestamp();
        let outgoing = self.application_sid.clone().map(|sid| Outgoing {
            application_sid: Some(sid),
            params: (!self.params.is_empty()).then(|| self.params.clone()),
        });
        Claims {
            jti: format!("{}-{issued}", self.key_sid),
            iss: self.key_sid.clone(),
            sub: self.account_sid.clone(),
            iat: Some(issued),
            nbf: Some(issued),
            exp: self.expires_at.timestamp(),
            grants: Grants {
                identity: Some(self.identity.clone()),
                voice: Some(Voice {
                    incoming: self.incoming.then_some(Incoming { allow: true }),
                    outgoing,
                }),
            },
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    #[serde(default)]
    typ: String,
    alg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cty: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    twr: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    #[serde(default)]
    jti: String,
    iss: String,
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    exp: i64,
    grants: Grants,
}

#[derive(Serialize, Deserialize)]
struct Grants {
    identity: Option<String>,
    voice: Option<Voice>,
}

#[derive(Serialize, Deserialize)]
struct Voice {
    #[serde(skip_serializing_if = "Option::is_none")]
    incoming: Option<Incoming>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outgoing: Option<Outgoing>,
}

#[derive(Serialize, Deserialize)]
struct Incoming {
    #[serde(default)]
    allow: bool,
}

#[derive(Default, Serialize, Deserialize)]
struct Outgoing {
    application_sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<serde_json::Map<String, serde_json::Value>>,
}

fn part(value: &impl Serialize) -> String {
    URL_SAFE_NO_PAD
        .encode(serde_json::to_vec(value).expect("plain structs of strings and numbers serialize"))
}

fn unpart<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, TokenError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenError::Malformed("it is not base64"))?;
    serde_json::from_slice(&bytes)
        .map_err(|_| TokenError::Malformed("its content is not an access token's"))
}

fn mac(secret: &str, text: &str) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac
}
