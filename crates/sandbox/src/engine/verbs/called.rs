//! Whom a noun of `<Dial>` calls, and how.

use offhook_twilio::twiml::Noun;
use offhook_twilio::words::Method;

use super::super::requests::Callback;
use super::dial::callback;
use super::dial_check::{phone_number, sip_address};

/// A party to be called.
pub(super) struct Called {
    pub(super) to: String,
    /// Custom parameters for a Voice SDK client.
    pub(super) custom: Vec<(String, String)>,
    /// Keys pressed after the answer.
    pub(super) digits: String,
    pub(super) progress: Callback,
    /// What is heard first: address and method.
    pub(super) whisper: Option<(String, String)>,
}

impl Called {
    fn new(to: String, progress: Callback) -> Self {
        Self {
            to,
            custom: Vec::new(),
            digits: String::new(),
            progress,
            whisper: None,
        }
    }

    fn hearing(mut self, url: Option<String>, method: Option<Method>) -> Self {
        let method = method.map_or_else(String::new, |method| method.as_str().to_owned());
        self.whisper = url.map(|url| (url, method));
        self
    }

    /// `None` for a noun that calls nobody.
    pub(super) fn of(noun: Noun) -> Option<Self> {
        Some(match noun {
            Noun::Number(n) => {
                let progress = callback(
                    n.status_callback.as_ref(),
                    n.status_callback_method,
                    &n.status_callback_event,
                );
                let called = Self::new(phone_number(&n.number), progress);
                Self {
                    digits: n.send_digits.unwrap_or_default(),
                    ..called.hearing(n.url, n.method)
                }
            }
            Noun::Client(c) => {
                let progress = callback(
                    c.status_callback.as_ref(),
                    c.status_callback_method,
                    &c.status_callback_event,
                );
                let custom = c.parameters.into_iter().map(|p| (p.name, p.value));
                let called = Self::new(format!("client:{}", c.identity), progress);
                Self {
                    custom: custom.collect(),
                    ..called.hearing(c.url, c.method)
                }
            }
            Noun::Sip(s) => {
                let progress = callback(
                    s.status_callback.as_ref(),
                    s.status_callback_method,
                    &s.status_callback_event,
                );
                Self::new(sip_address(&s.uri), progress).hearing(s.url, s.method)
            }
            Noun::Sim(s) => Self::new(format!("sim:{}", s.sid), Callback::default()),
            Noun::Conference(_) | Noun::Queue(_) => return None,
        })
    }
}
