//! PStream's frames: JSON objects `{"type", "version", "payload"}` in text messages.

use serde::Deserialize;
use serde_json::{Value, json};

/// What a client may say; fields that are absent are empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Payload {
    pub(super) token: String,
    #[serde(rename = "reconnectTimeout")]
    pub(super) reconnect_timeout: f64,
    pub(super) media: MediaWish,
    pub(super) callsid: String,
    pub(super) sdp: String,
    pub(super) twilio: Custom,
    pub(super) reconnect: Option<String>,
    pub(super) dtmf: String,
    pub(super) content: Value,
    pub(super) contenttype: String,
    pub(super) messagetype: String,
    pub(super) voiceeventsid: String,
}

/// `register`'s wish: to be called, or no more.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MediaWish {
    pub(super) audio: bool,
}

/// The parameters of `device.connect()`, form-encoded.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Custom {
    pub(super) params: String,
}

/// A client's frame.
#[derive(Debug, Deserialize)]
pub(super) struct Frame {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) payload: Payload,
}

/// A frame of ours.
pub(super) fn frame(kind: &str, payload: &Value) -> String {
    json!({ "type": kind, "version": "1.6", "payload": payload }).to_string()
}

/// An error that concerns the device.
pub(super) fn error(code: u32, message: &str) -> String {
    frame(
        "error",
        &json!({ "error": { "code": code, "message": message } }),
    )
}

/// The parameters of an outgoing call, in the client's order.
pub(super) fn parameters(encoded: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// Custom parameters of an incoming call: the SDK takes names literally and decodes values.
pub(super) fn custom(parameters: &[(String, String)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| {
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        format!("{name}={value}")
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_parameters_survive_the_way_to_the_browser_and_back() {
        let pairs = vec![
            ("custom + param".to_owned(), "我".to_owned()),
            ("foo".into(), "bar baz&x=1".into()),
        ];
        assert_eq!(
            custom(&pairs),
            "custom + param=%E6%88%91&foo=bar+baz%26x%3D1"
        );
        assert_eq!(
            parameters("To=%2B1555&call%20id=a%26b"),
            [
                ("To".to_owned(), "+1555".to_owned()),
                ("call id".to_owned(), "a&b".to_owned())
            ]
        );
        assert_eq!(parameters(""), []);
    }

    #[test]
    fn a_frame_needs_nothing_but_its_type() {
        let frame: Frame =
            serde_json::from_str(r#"{"type":"register","payload":{"media":{"audio":true}}}"#)
                .unwrap();
        assert!(frame.kind == "register" && frame.payload.media.audio);
        let bare: Frame = serde_json::from_str(r#"{"type":"listen","version":"1.6"}"#).unwrap();
        assert!(bare.payload.token.is_empty());
    }
}
