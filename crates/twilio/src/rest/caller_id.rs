//! Numbers that an account has verified as its own without owning them: they may be shown as caller.

use serde::Deserialize;

use super::{Listed, Nothing, Page, Params, Request, path};

/// A verified number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CallerId {
    /// `PN…`.
    pub sid: String,
    /// E.164.
    pub phone_number: String,
    /// Its name.
    pub friendly_name: Option<String>,
}

impl Listed for CallerId {
    const KEY: &'static str = "outgoing_caller_ids";
}

/// A verification under way: Twilio calls, and the person keys the code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Validation {
    /// E.164.
    pub phone_number: String,
    /// Six digits.
    #[serde(deserialize_with = "code")]
    pub validation_code: String,
    /// The call that asks for it.
    pub call_sid: Option<String>,
}

/// A text, or a number whose zeros in front were lost on the way.
fn code<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = super::wire::text(deserializer)?;
    text.map(|text| format!("{text:0>6}"))
        .ok_or_else(|| serde::de::Error::missing_field("validation_code"))
}

/// The verified numbers.
pub fn list(account_sid: &str) -> Request<Page<CallerId>> {
    Request::get(path(account_sid, &["OutgoingCallerIds"]), Params::default())
}

/// Begins to verify a number: it is called at once.
pub fn verify(account_sid: &str, number: &str, name: Option<&str>) -> Request<Validation> {
    Request::create(
        path(account_sid, &["OutgoingCallerIds"]),
        Params::default()
            .put("PhoneNumber", number)
            .maybe("FriendlyName", name),
    )
}

/// Forgets a verified number.
pub fn delete(account_sid: &str, sid: &str) -> Request<Nothing> {
    Request::delete(path(account_sid, &["OutgoingCallerIds", sid]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verification_is_read_with_its_code_and_is_not_repeated() {
        let request = verify("AC1", "+14155550177", Some("Front desk"));
        assert!(!request.idempotent, "each one is a call");
        let body = br#"{"account_sid":"AC1","call_sid":"CA1","friendly_name":"Front desk","phone_number":"+14155550177","validation_code":"012345"}"#;
        let asked = request.read(200, body).expect("a code");
        assert_eq!(
            (asked.validation_code.as_str(), asked.call_sid.as_deref()),
            ("012345", Some("CA1"))
        );
        let number = br#"{"phone_number":"+14155550177","validation_code":12345}"#;
        assert_eq!(
            request.read(200, number).expect("a code").validation_code,
            "012345"
        );
    }
}
