//! A request's parameters, by Twilio's names and with Twilio's error codes.

use serde_json::Value;

use super::refusal::Refusal;
use crate::engine::error::RestError;

/// The parameters in order; a name may repeat.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads a query or a form.
    pub(super) fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// The parameters as they came.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// A text; the empty one too.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A text as the engine wants it: what is missing is none.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// A text that says something.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        self.text(name).filter(|value| !value.is_empty())
    }

    /// Every value of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A text that must be there.
    pub(super) fn required(&self, name: &str, code: u32) -> Result<String, Refusal> {
        self.filled(name)
            .ok_or_else(|| Refusal::invalid(code, format!("No '{name}' parameter is specified")))
    }

    /// A text that must be there, as newer products ask for it.
    pub(super) fn needed(&self, name: &str) -> Result<String, Refusal> {
        self.filled(name)
            .ok_or_else(|| RestError::missing(name).into())
    }

    /// A JSON object among the parameters.
    pub(super) fn object(&self, name: &str) -> Result<Option<Value>, Refusal> {
        let Some(text) = self.filled(name) else {
            return Ok(None);
        };
        match serde_json::from_str::<Value>(&text) {
            Ok(value) if value.is_object() => Ok(Some(value)),
            _ => Err(Refusal::invalid(
                20001,
                format!("{name} must be a JSON object"),
            )),
        }
    }

    /// `true` or `false`, in the spellings that official libraries use.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)?.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// A whole number within limits.
    pub(super) fn number(
        &self,
        name: &str,
        code: u32,
        limits: std::ops::RangeInclusive<u32>,
    ) -> Result<Option<u32>, Refusal> {
        let Some(text) = self.filled(name) else {
            return Ok(None);
        };
        let number = text.parse().ok().filter(|number| limits.contains(number));
        number.map(Some).ok_or_else(|| {
            Refusal::invalid(
                code,
                format!(
                    "{name} must be a number from {} to {}",
                    limits.start(),
                    limits.end()
                ),
            )
        })
    }

    /// One of several words.
    pub(super) fn one_of(
        &self,
        name: &str,
        code: u32,
        words: &[&str],
    ) -> Result<Option<String>, Refusal> {
        let Some(text) = self.filled(name) else {
            return Ok(None);
        };
        if words.contains(&text.as_str()) {
            return Ok(Some(text));
        }
        Err(Refusal::invalid(
            code,
            format!("{name} must be one of {}", words.join(", ")),
        ))
    }

    /// `GET` or `POST`; empty when it is not there.
    pub(super) fn method(&self, name: &str) -> Result<String, Refusal> {
        let method = self.filled(name).unwrap_or_default().to_ascii_uppercase();
        if matches!(method.as_str(), "" | "GET" | "POST") {
            Ok(method)
        } else {
            Err(Refusal::invalid(
                21403,
                format!("{name} must be GET or POST"),
            ))
        }
    }
}
