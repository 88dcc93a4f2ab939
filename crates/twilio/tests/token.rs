//! Access tokens against one that Twilio's official Python library made.

use chrono::{DateTime, Duration, Utc};
use offhook_twilio::token::{MintError, TokenError, VoiceToken, is_identity};
use proptest::{prop_assert, prop_assert_eq, proptest};

const SECRET: &str = "the secret of the key";
/// Made by twilio 9.13.0 for Python at 1 795 000 000 seconds, for an hour, region ie1.
const OFFICIAL: &str = concat!(
    "eyJhbGciOiJIUzI1NiIsImN0eSI6InR3aWxpby1mcGE7dj0xIiwidHdyIjoiaWUxIiwidHlwIjoiSldUIn0.",
    "eyJqdGkiOiJTSzAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAyLTE3OTUwMDAwMDAiLCJncmFudHMiOnsidm9pY2UiOnsiaW5jb21pbmciOnsiYWxsb3ci",
    "OnRydWV9LCJvdXRnb2luZyI6eyJhcHBsaWNhdGlvbl9zaWQiOiJBUDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAzIiwicGFyYW1zIjp7InRlYW0iOiJy",
    "ZWQifX19LCJpZGVudGl0eSI6Im9fYWJjX2FfZGVmIn0sImlzcyI6IlNLMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDIiLCJleHAiOjE3OTUwMDM2MDAs",
    "Im5iZiI6MTc5NTAwMDAwMCwic3ViIjoiQUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMSJ9.",
    "uedOhgn1uNnt6E47hBcOcEccUedmj0Ef6sInCOhCko0",
);

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + seconds, 0).expect("a time in range")
}

fn token() -> VoiceToken {
    VoiceToken {
        account_sid: "AC00000000000000000000000000000001".into(),
        key_sid: "SK00000000000000000000000000000002".into(),
        identity: "o_abc_a_def".into(),
        incoming: true,
        application_sid: Some("AP00000000000000000000000000000003".into()),
        params: [("team".to_owned(), "red".into())].into_iter().collect(),
        region: Some("ie1".into()),
        issued_at: at(0),
        expires_at: at(3600),
    }
}

fn verify(token: &str, now: DateTime<Utc>) -> Result<VoiceToken, TokenError> {
    VoiceToken::verify(token, now, |key, account| {
        (key == "SK00000000000000000000000000000002"
            && account == "AC00000000000000000000000000000001")
            .then(|| SECRET.to_owned())
    })
}

#[test]
fn the_official_librarys_token_says_what_ours_says() {
    assert_eq!(verify(OFFICIAL, at(60)), Ok(token()));
}

#[test]
fn our_token_carries_the_official_librarys_claims() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let parts = |token: &str| -> Vec<serde_json::Value> {
        let decode = |part: &str| {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
        };
        token.split('.').take(2).map(decode).collect()
    };
    let mut ours = parts(&token().mint(SECRET).expect("a good token"));
    let issued = ours[1]
        .as_object_mut()
        .and_then(|claims| claims.remove("iat"));
    assert_eq!(
        issued,
        Some(1_795_000_000.into()),
        "besides Twilio's claims we say when it was issued"
    );
    assert_eq!(ours, parts(OFFICIAL));
}

#[test]
fn a_token_ends_and_begins_at_its_time() {
    assert_eq!(verify(OFFICIAL, at(3599)).map(|_| ()), Ok(()));
    assert_eq!(verify(OFFICIAL, at(3600)), Err(TokenError::Expired));
    assert_eq!(verify(OFFICIAL, at(-31)), Err(TokenError::Expired));
}

#[test]
fn each_fault_has_the_code_that_the_voice_sdk_knows() {
    let code = |token: &str| verify(token, at(1)).expect_err("refused").code();
    assert_eq!(code("nonsense"), 31204);
    assert_eq!(code("a.b.c"), 31204);
    assert_eq!(code(&OFFICIAL.replace("uedO", "uedP")), 31202);
    assert_eq!(
        code(&token().mint("another secret").expect("a good token")),
        31202
    );
    assert_eq!(
        code(
            &VoiceToken {
                key_sid: "SKunknown".into(),
                ..token()
            }
            .mint(SECRET)
            .expect("a good token")
        ),
        31202
    );
    assert_eq!(
        verify(OFFICIAL, at(4000)).expect_err("expired").code(),
        31205
    );
    assert_eq!(TokenError::Life.code(), 31207);
}

#[test]
fn nobody_gets_a_token_for_a_bad_identity_or_too_long_a_life() {
    assert_eq!(
        VoiceToken {
            identity: "t1.a2".into(),
            ..token()
        }
        .mint(SECRET),
        Err(MintError::Identity)
    );
    assert_eq!(
        VoiceToken {
            expires_at: at(0) + Duration::hours(24) + Duration::seconds(1),
            ..token()
        }
        .mint(SECRET),
        Err(MintError::Life)
    );
    assert_eq!(
        VoiceToken {
            expires_at: at(0),
            ..token()
        }
        .mint(SECRET),
        Err(MintError::Life)
    );
    assert!(
        is_identity(&"a".repeat(121))
            && !is_identity(&"a".repeat(122))
            && !is_identity("")
            && !is_identity("zoë")
    );
}

#[test]
fn an_unsigned_token_is_refused() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let claims = OFFICIAL.split('.').nth(1).expect("three parts");
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","cty":"twilio-fpa;v=1","typ":"JWT"}"#);
    assert_eq!(
        verify(&format!("{header}.{claims}."), at(1))
            .expect_err("refused")
            .code(),
        31204
    );
}

proptest! {
    #[test]
    fn what_is_minted_is_verified(identity in "[A-Za-z0-9_]{1,121}", incoming: bool, app in proptest::option::of("AP[0-9a-f]{32}"), life in 1..=86_400i64) {
        let minted = VoiceToken { identity, incoming, params: serde_json::Map::new(), application_sid: app, expires_at: at(life), ..token() };
        prop_assert_eq!(verify(&minted.mint(SECRET).expect("a good token"), at(0)), Ok(minted));
    }

    #[test]
    fn no_changed_token_is_accepted(at_byte in 0..OFFICIAL.len(), to in "[A-Za-z0-9_-]") {
        let changed = format!("{}{to}{}", &OFFICIAL[..at_byte], &OFFICIAL[at_byte + 1..]);
        prop_assert!(changed == OFFICIAL || verify(&changed, at(1)).is_err() || verify(&changed, at(1)) == verify(OFFICIAL, at(1)));
    }
}
