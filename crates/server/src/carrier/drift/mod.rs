//! How what the carrier knows differs from what it should know: read item by item, repaired one by one or all at once.

mod read;
mod repair;

pub use read::read;
pub use repair::repair;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was read, and whether all is as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DriftReport)]
pub struct Report {
    /// When it was read.
    pub checked_at: DateTime<Utc>,
    /// Every item is as it should be.
    pub ok: bool,
    /// Each thing that was looked at.
    pub items: Vec<Item>,
}

/// What an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DriftKind)]
pub enum Kind {
    /// The TwiML App through which softphones call.
    TwimlApp,
    /// A phone number.
    Number,
    /// The account itself: its token, its state, its key.
    Account,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DriftItem)]
pub struct Item {
    /// Names it for the repair; the same in the next report.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// The number, or the name of the App or account.
    pub subject: String,
    /// The number's id here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_id: Option<String>,
    /// It is as it should be.
    pub ok: bool,
    /// What is wrong, or worth knowing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cure: Option<String>,
    /// What should be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The repair sets it right.
    pub repairable: bool,
}

impl Report {
    fn of(checked_at: DateTime<Utc>, items: Vec<Item>) -> Self {
        Self {
            checked_at,
            ok: items.iter().all(|item| item.ok),
            items,
        }
    }

    /// The items about a number.
    pub fn of_number<'a>(&'a self, number_id: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items
            .iter()
            .filter(move |item| item.number_id.as_deref() == Some(number_id))
    }
}

impl Item {
    fn good(kind: Kind, id: String, subject: &str) -> Self {
        Self {
            id,
            kind,
            subject: subject.to_owned(),
            number_id: None,
            ok: true,
            problem: None,
            cure: None,
            expected: None,
            found: None,
            repairable: false,
        }
    }

    fn wrong(self, problem: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            ok: false,
            problem: Some(problem.into()),
            cure: Some(cure.into()),
            ..self
        }
    }

    fn note(self, problem: impl Into<String>) -> Self {
        Self {
            problem: Some(problem.into()),
            ..self
        }
    }

    fn differs(self, expected: impl Into<String>, found: Option<&str>) -> Self {
        Self {
            expected: Some(expected.into()),
            found: Some(
                found
                    .filter(|found| !found.is_empty())
                    .unwrap_or("nothing")
                    .to_owned(),
            ),
            ..self
        }
    }

    fn by_repair(self) -> Self {
        Self {
            repairable: true,
            ..self
        }
    }

    fn of(self, number: &str) -> Self {
        Self {
            number_id: Some(number.to_owned()),
            ..self
        }
    }
}
