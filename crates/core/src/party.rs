//! The outside party of a call as the carrier names it: a number, nobody, or something odd.

use crate::phone::PhoneNumber;

/// Who is at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// A phone number.
    Number(PhoneNumber),
    /// The caller does not want to be known, or is not.
    Withheld,
    /// A Voice SDK client; its identity.
    Client(String),
    /// A SIP address.
    Sip(String),
    /// Short codes and other things that can be shown but not called back.
    Other(String),
}

/// Words for a withheld number, and the numbers that Twilio makes of them by the letters of the keypad.
const WITHHELD: [&str; 12] = [
    "anonymous",
    "unknown",
    "restricted",
    "private",
    "unavailable",
    "withheld",
    "blocked",
    "+266696687",
    "+8656696",
    "+7378742833",
    "+2562533",
    "+86282452253",
];

impl Party {
    /// Reads the carrier's `From` or `To`.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        let word = text.to_ascii_lowercase();
        if text.is_empty()
            || WITHHELD.contains(&word.as_str())
            || word.starts_with("sip:anonymous@")
        {
            return Self::Withheld;
        }
        if let Some(identity) = text.strip_prefix("client:") {
            return Self::Client(identity.to_owned());
        }
        if word.starts_with("sip:") || word.starts_with("sips:") {
            return Self::Sip(text.to_owned());
        }
        // A form field that lost its plus sign has a blank there, or nothing.
        let plus = if text.starts_with('+') {
            text.to_owned()
        } else {
            format!("+{text}")
        };
        match PhoneNumber::international_only(&plus) {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Other(text.to_owned()),
        }
    }

    /// The number, if it can be called back.
    pub fn number(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Number(number) => Some(number),
            Self::Withheld | Self::Client(_) | Self::Sip(_) | Self::Other(_) => None,
        }
    }

    /// What is stored with the call.
    pub fn stored(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Withheld => "anonymous".to_owned(),
            Self::Client(identity) => format!("client:{identity}"),
            Self::Sip(text) | Self::Other(text) => text.clone(),
        }
    }

    /// What people of the country are shown.
    pub fn display(&self, country: &str) -> String {
        match self {
            Self::Number(number) => number.display(country),
            Self::Withheld => "Number withheld".to_owned(),
            Self::Client(identity) => identity.clone(),
            Self::Sip(text) | Self::Other(text) => text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_a_number_in_any_spelling_of_the_carrier() {
        for text in ["+12025550123", " 12025550123", "12025550123"] {
            assert_eq!(Party::of(text).stored(), "+12025550123", "{text}");
        }
    }

    #[test]
    fn a_caller_may_be_withheld_in_many_ways() {
        for text in [
            "",
            "anonymous",
            "Anonymous",
            "Restricted",
            "+266696687",
            "sip:anonymous@anonymous.invalid",
        ] {
            assert_eq!(Party::of(text), Party::Withheld, "{text}");
        }
        assert_eq!(Party::Withheld.number(), None);
        assert_eq!(Party::of("anonymous").display("US"), "Number withheld");
    }

    #[test]
    fn odd_callers_are_kept_as_they_are() {
        assert_eq!(Party::of("client:o_a"), Party::Client("o_a".to_owned()));
        assert_eq!(
            Party::of("sip:ana@example.com").stored(),
            "sip:ana@example.com"
        );
        assert_eq!(Party::of("7726"), Party::Other("7726".to_owned()));
    }
}
