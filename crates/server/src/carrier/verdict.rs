//! What comes of a test of an account, in words for people and in a word for programs.

use offhook_twilio::errors::explain;
use offhook_twilio::host::Region;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SendError;

/// What came of the test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// Everything that was tried went well.
    pub ok: bool,
    /// Each thing that was tried.
    pub checks: Vec<Check>,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// `credentials`, `account`, `region`, `voice`, `api_key`, `twiml_app` or `numbers`.
    pub name: String,
    /// It went well.
    pub ok: bool,
    /// It went well, and there is something to know about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warning: bool,
    /// What was found, in words.
    pub detail: String,
    /// What helps, where something is wrong.
    pub cure: Option<String>,
}

/// Why credentials are not taken, in a word for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The Account SID is not one.
    WrongSid,
    /// SID and token do not belong together, in no region.
    WrongToken,
    /// They do, in another region.
    OtherRegion(Region),
    /// These are the account's test credentials.
    TestCredentials,
    /// The account does not work.
    NotActive,
    /// The account cannot make calls here.
    NoVoice,
    /// The API key that was given opens nothing.
    WrongKey,
    /// Nobody could be asked.
    Unreachable,
    /// Something else that the carrier said.
    Refused,
}

impl Reason {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongSid => "wrong_sid",
            Self::WrongToken => "wrong_token",
            Self::OtherRegion(_) => "other_region",
            Self::TestCredentials => "test_credentials",
            Self::NotActive => "not_active",
            Self::NoVoice => "no_voice",
            Self::WrongKey => "wrong_key",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
        }
    }

    /// The field to correct.
    pub const fn field(self) -> &'static str {
        match self {
            Self::WrongSid | Self::NotActive | Self::NoVoice => "account_sid",
            Self::OtherRegion(_) => "region",
            Self::WrongKey => "api_key_secret",
            Self::WrongToken | Self::TestCredentials | Self::Unreachable | Self::Refused => {
                "auth_token"
            }
        }
    }
}

impl Verdict {
    /// Of these checks.
    pub fn of(checks: Vec<Check>) -> Self {
        Self {
            ok: checks.iter().all(|check| check.ok),
            checks,
        }
    }

    /// Adds what was tried later.
    pub fn push(&mut self, check: Check) {
        self.ok &= check.ok;
        self.checks.retain(|known| known.name != check.name);
        self.checks.push(check);
    }
}

impl Check {
    /// It went well.
    pub fn good(name: &str, detail: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ok: true,
            warning: false,
            detail: detail.into(),
            cure: None,
        }
    }

    /// It went well, but.
    pub fn warning(name: &str, detail: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            warning: true,
            cure: Some(cure.into()),
            ..Self::good(name, detail)
        }
    }

    /// It did not go well.
    pub fn bad(name: &str, detail: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            ok: false,
            cure: Some(cure.into()),
            ..Self::good(name, detail)
        }
    }

    /// The carrier said no, or nothing.
    pub fn failed(name: &str, error: &SendError) -> Self {
        match (error, error.code().and_then(explain)) {
            (_, Some(known)) => Self::bad(name, known.meaning, known.cure),
            (SendError::Refused(refusal), None) => Self::bad(
                name,
                refusal.message.clone(),
                "See Twilio's console for this account.",
            ),
            (error, None) => Self::bad(
                name,
                error.to_string(),
                "Check the network and the API's address, then try again.",
            ),
        }
    }
}
