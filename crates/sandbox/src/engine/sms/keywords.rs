//! Words that the network itself understands: who writes STOP gets nothing more, and is told so by the network, not by the application.

use super::super::numbers::Number;
use super::super::stock::NumberKind;

/// What a word asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Stop,
    Start,
    Help,
}

const STOP: &[&str] = &[
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
    "REVOKE",
    "OPTOUT",
];
const START: &[&str] = &["START", "YES", "UNSTOP"];
const HELP: &[&str] = &["HELP", "INFO"];

impl Keyword {
    /// What a text asks for: a keyword alone, in any case.
    pub(super) fn of(text: &str, number: &Number) -> Option<Self> {
        let word = text.trim().to_uppercase();
        let is = |words: &[&str]| words.contains(&word.as_str());
        // Of toll-free numbers the networks know only two words.
        if number.kind == NumberKind::TollFree {
            return match word.as_str() {
                "STOP" => Some(Self::Stop),
                "START" | "UNSTOP" => Some(Self::Start),
                _ => None,
            };
        }
        if is(STOP) {
            Some(Self::Stop)
        } else if is(START) {
            Some(Self::Start)
        } else {
            is(HELP).then_some(Self::Help)
        }
    }

    /// What the network answers.
    pub(super) fn answer(self, number: &Number) -> &'static str {
        let is_free = number.kind == NumberKind::TollFree;
        match self {
            Self::Stop if is_free => {
                "NETWORK MSG: You replied with the word \"stop\" which blocks all texts sent from this number. Text back \"unstop\" to receive messages again."
            }
            Self::Start if is_free => {
                "NETWORK MSG: You have replied \"unstop\" and will begin receiving messages again from this number."
            }
            Self::Stop => {
                "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe."
            }
            Self::Start => {
                "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
            }
            Self::Help => "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Keyword, NumberKind};
    use crate::engine::account::Number;

    fn number(kind: NumberKind) -> Number {
        Number {
            kind,
            ..Number::default()
        }
    }

    #[test]
    fn a_keyword_stands_alone_in_any_case() {
        let local = number(NumberKind::Local);
        assert_eq!(Keyword::of(" Stop\n", &local), Some(Keyword::Stop));
        assert_eq!(Keyword::of("optout", &local), Some(Keyword::Stop));
        assert_eq!(Keyword::of("UNSTOP", &local), Some(Keyword::Start));
        assert_eq!(Keyword::of("info", &local), Some(Keyword::Help));
        assert_eq!(Keyword::of("please stop", &local), None);
    }

    #[test]
    fn the_networks_of_toll_free_numbers_know_fewer_words() {
        let free = number(NumberKind::TollFree);
        assert_eq!(Keyword::of("stop", &free), Some(Keyword::Stop));
        assert_eq!(Keyword::of("QUIT", &free), None);
        assert!(Keyword::Stop.answer(&free).contains("unstop"));
    }
}
