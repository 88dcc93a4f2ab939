//! STIR/SHAKEN: what the network says of a caller's number, where networks say it.

use super::error::RestError;
use super::leg::{Far, Leg, Role};
use super::records::CallRecord;
use super::{Engine, geo};

/// The words that networks have.
const WORDS: [&str; 8] = [
    "TN-Validation-Passed-A",
    "TN-Validation-Passed-B",
    "TN-Validation-Passed-C",
    "TN-Validation-Failed-A",
    "TN-Validation-Failed-B",
    "TN-Validation-Failed-C",
    "TN-Validation-Failed",
    "No-TN-Validation",
];
/// Where networks say it.
const COUNTRIES: [&str; 2] = ["US", "FR"];

impl Engine {
    /// Chooses what the network says of a number when it calls: none for the usual, an empty text for nothing.
    pub fn set_attestation(&mut self, number: &str, stir: Option<String>) -> Result<(), RestError> {
        match stir {
            None => {
                self.attestations.remove(number);
            }
            Some(stir) if stir.is_empty() || WORDS.contains(&stir.as_str()) => {
                self.attestations.insert(number.to_owned(), stir);
            }
            Some(stir) => {
                return Err(RestError::invalid(
                    20001,
                    format!("{stir} is none of {}", WORDS.join(", ")),
                ));
            }
        }
        Ok(())
    }

    /// What is said of a caller.
    pub(super) fn attestation(&self, call: &CallRecord, far: &Far) -> String {
        if matches!(far, Far::Client { .. }) || !COUNTRIES.contains(&geo::country(&call.to)) {
            return String::new();
        }
        let usual = if call.from.starts_with('+') {
            "TN-Validation-Passed-A"
        } else {
            "No-TN-Validation"
        };
        let chosen = self.attestations.get(&call.from);
        chosen.map_or_else(|| usual.to_owned(), Clone::clone)
    }

    /// What a client that is rung learns of whoever calls: only where the caller's own number is shown.
    pub(super) fn attested(&self, leg: &str) -> Option<String> {
        let leg = self.leg(leg)?;
        let Role::Child { parent, .. } = &leg.role else {
            return None;
        };
        let parent: &Leg = self.leg(parent)?;
        let shown = parent.record.from == leg.record.from && !parent.stir.is_empty();
        shown.then(|| parent.stir.clone())
    }
}
