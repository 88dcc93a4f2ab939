//! A webhook's parameters as they came, and how to read one of them.

use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The parameters in the order in which they came; a name may repeat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    pairs: Vec<(String, String)>,
}

/// A body that is no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body is not a URL-encoded form: {0}")]
pub struct FormError(String);

impl Form {
    /// Reads a body or a query.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        let pairs =
            serde_urlencoded::from_bytes(body).map_err(|error| FormError(error.to_string()))?;
        Ok(Self { pairs })
    }

    /// The parameters as they came, which is what the signature covers.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The first value of a name, even when it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a name; an empty one counts as missing.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// A word of a list that may grow.
    pub(super) fn word<T: for<'a> From<&'a str>>(&self, name: &str) -> Option<T> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .map(T::from)
    }

    /// A number; anything else counts as missing.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }

    /// `true` or `false`; anything else counts as missing.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)?.trim().to_lowercase().parse().ok()
    }

    /// A time as Twilio writes it: `Wed, 18 Nov 2026 10:00:00 +0000`.
    pub(super) fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc2822(self.get(name)?.trim())
            .ok()
            .map(|time| time.to_utc())
    }
}

impl FromIterator<(String, String)> for Form {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self {
            pairs: pairs.into_iter().collect(),
        }
    }
}

/// As an object, for the log of events; of a repeated name the first value.
impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (at, (name, value)) in self.pairs.iter().enumerate() {
            if self.pairs[..at].iter().all(|(earlier, _)| earlier != name) {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}
