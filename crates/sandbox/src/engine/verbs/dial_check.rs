//! Whom a `<Dial>` may call: numbers that exist, countries that are allowed, ten at once.

use offhook_twilio::twiml::{Dial, Noun};

use super::super::Engine;
use super::super::calls::is_e164;

/// Nouns that may ring at once.
pub(super) const AT_ONCE: usize = 10;
/// Emergency numbers, which need no country code.
const EMERGENCY: &[&str] = &["911", "933", "112", "999", "000", "110", "15", "17", "18"];
/// Prefixes of premium numbers.
const PREMIUM: &[&str] = &["+1900", "+1976"];

impl Engine {
    /// Takes out of a `<Dial>` what cannot be dialled, each with Twilio's error.
    pub(super) fn check_nouns(&mut self, leg: &str, dial: &mut Dial) {
        let account = self
            .leg(leg)
            .map(|leg| leg.record.account_sid.clone())
            .unwrap_or_default();
        let mut kept = Vec::new();
        for noun in std::mem::take(&mut dial.nouns) {
            match self.fault_of(&account, &noun) {
                Some((code, text)) => self.alert(leg, code, &text),
                None => kept.push(noun),
            }
        }
        if kept.len() > AT_ONCE && dial.sequential != Some(true) {
            kept.truncate(AT_ONCE);
            self.alert(
                leg,
                12200,
                "a Dial rings at most ten at once; the others were skipped",
            );
        }
        dial.nouns = kept;
    }

    fn fault_of(&self, account: &str, noun: &Noun) -> Option<(u32, String)> {
        match noun {
            Noun::Number(number) => {
                let to = phone_number(&number.number);
                if EMERGENCY.contains(&to.as_str()) {
                    return None;
                }
                if !is_e164(&to) {
                    let given = &number.number;
                    return Some((13223, format!("{given} is not a phone number")));
                }
                if is_premium(&to) {
                    return Some((13225, format!("{to} is forbidden")));
                }
                if !self.may_dial(account, &to) {
                    return Some((
                        13227,
                        format!("the account is not permitted to call the country of {to}"),
                    ));
                }
                self.trial_refuses(account, &to).then(|| {
                    (
                        21219,
                        format!("{to} is not verified; this is a trial account"),
                    )
                })
            }
            Noun::Sip(sip) => {
                let fine = ["sip:", "sips:"]
                    .iter()
                    .any(|scheme| sip.uri.to_ascii_lowercase().starts_with(scheme))
                    && sip.uri.contains('@');
                (!fine).then(|| (13243, format!("{} is not a SIP address", sip.uri)))
            }
            Noun::Conference(_) | Noun::Queue(_) => Some((
                13215,
                "a conference or a queue cannot be dialled beside others".into(),
            )),
            Noun::Client(_) | Noun::Sim(_) => None,
        }
    }
}

/// Whether nobody may be called there.
pub(in super::super) fn is_premium(number: &str) -> bool {
    PREMIUM.iter().any(|prefix| number.starts_with(prefix))
}

/// A number without what people put between its digits; a national one of North America with its country code.
pub(super) fn phone_number(text: &str) -> String {
    let number: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.'))
        .collect();
    let national = number.bytes().all(|b| b.is_ascii_digit());
    match number.len() {
        10 if national && !number.starts_with(['0', '1']) => format!("+1{number}"),
        11 if national && number.starts_with('1') => format!("+{number}"),
        _ => number,
    }
}

/// Where a SIP address leads, without headers and parameters.
pub(super) fn sip_address(uri: &str) -> String {
    uri.split(['?', ';']).next().unwrap_or_default().to_owned()
}
