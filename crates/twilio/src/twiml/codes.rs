//! Twilio's error codes for what is wrong inside a document; the call goes on with the default.

/// The code of an attribute's wrong value.
pub(super) fn value(element: &str, attribute: &str) -> u32 {
    match (element, attribute) {
        ("Dial", "method") => 13210,
        ("Dial", "timeout") => 13212,
        ("Dial", "hangupOnStar") => 13213,
        ("Dial", "timeLimit") => 13216,
        ("Dial", "record") => 13217,
        ("Number", "method") => 13221,
        ("Number", "sendDigits") => 13222,
        ("Conference", "muted") => 13230,
        ("Conference", "endConferenceOnExit") => 13231,
        ("Conference", "startConferenceOnEnter") => 13232,
        ("Conference", "waitMethod") => 13234,
        ("Conference", "beep") => 13235,
        ("Sip", "method") => 13241,
        ("Gather", "finishOnKey") => 13310,
        ("Gather", "method") => 13312,
        ("Gather", "timeout") => 13313,
        ("Gather", "numDigits") => 13314,
        ("Play", "loop") => 13410,
        ("Say", "loop") => 13510,
        ("Record", "method") => 13610,
        ("Record", "timeout") => 13611,
        ("Record", "maxLength") => 13612,
        ("Record", "finishOnKey") => 13613,
        ("Record", "transcribe") => 13614,
        ("Record", "playBeep") => 13616,
        ("Redirect", "method") => 13710,
        ("Pause", "length") => 13910,
        ("Enqueue", "method") => 14201,
        ("Enqueue", "waitUrlMethod") => 14206,
        ("Queue", "method") => 14210,
        ("Stream", "track") => 31941,
        _ => 12200,
    }
}

/// The code of an element inside another that does not take it.
pub(super) fn nested(within: &str) -> u32 {
    match within {
        "Dial" => 13215,
        "Gather" => 13320,
        _ => 12200,
    }
}
