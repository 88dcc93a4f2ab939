//! A refusal of the REST face: HTTP status, Twilio's error code, and a sentence.

/// What a REST call is refused with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct RestError {
    /// HTTP status.
    pub status: u16,
    /// Twilio's error code.
    pub code: u32,
    /// What it means.
    pub message: String,
}

impl RestError {
    /// A 400 with one of Twilio's codes.
    pub fn invalid(code: u32, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code,
            message: message.into(),
        }
    }

    /// The resource is not there (20404).
    pub fn not_found(what: &str) -> Self {
        Self {
            status: 404,
            code: 20404,
            message: format!("The requested resource {what} was not found"),
        }
    }

    /// A parameter is not there (20001).
    pub fn missing(name: &str) -> Self {
        Self::invalid(
            20001,
            format!("Missing required parameter {name} in the post body"),
        )
    }
}
