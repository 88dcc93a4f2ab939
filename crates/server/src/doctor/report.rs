//! What the doctor says: checks in groups, each with a finding and a cure in words that need no engineer, and the set-up checklists.

use chrono::{DateTime, Utc};
use offhook_twilio::errors;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::carrier::SendError;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = DoctorState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All is well.
    Ok,
    /// It works, but somebody should look.
    Warning,
    /// It does not work.
    Failed,
    /// It could not be tried, or there is nothing to try yet.
    Skipped,
}

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = DoctorGroup)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// What the server was told when it was started.
    Settings,
    /// The server itself: database, storage, work.
    Server,
    /// The account at the carrier.
    Carrier,
    /// The ways by which the carrier reaches us.
    Webhooks,
    /// Phone numbers.
    Numbers,
    /// What calls were like.
    Calls,
    /// Who is there.
    People,
    /// What agents' browsers said about themselves.
    Browser,
}

/// What can be done about a finding with a click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DoctorRepair)]
pub struct Repair {
    /// `repair`: `POST /doctor/repair` with `target` as `check`; `open`: the page `target` of the app.
    pub action: String,
    /// The check, or the page.
    pub target: String,
}

/// One of the carrier's error codes, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExplainedCode)]
pub struct Code {
    /// Twilio's code.
    pub code: u32,
    /// What happened.
    pub meaning: String,
    /// What helps.
    pub cure: String,
}

impl Code {
    /// A code in words; one that nobody knows leads to Twilio's own page.
    pub fn explained(code: u32) -> Self {
        let (meaning, cure) = match errors::explain(code) {
            Some(known) => (known.meaning.to_owned(), known.cure.to_owned()),
            None => (
                format!("Twilio reported its error {code}."),
                format!("Read https://www.twilio.com/docs/api/errors/{code}."),
            ),
        };
        Self {
            code,
            meaning,
            cure,
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DoctorCheck)]
pub struct Check {
    /// A stable word for it.
    pub id: String,
    /// What it is about.
    pub group: Group,
    /// Its name.
    pub title: String,
    /// How it came out.
    pub state: State,
    /// What was found.
    pub finding: String,
    /// What helps, where something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cure: Option<String>,
    /// What a click can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
    /// The carrier's codes in it, explained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Code>,
    /// Which of the five documented systems name this trouble.
    pub seeds: Vec<String>,
}

impl Check {
    /// With a click that repairs it.
    pub(super) fn repairs(mut self) -> Self {
        self.repair = Some(Repair {
            action: "repair".to_owned(),
            target: self.id.clone(),
        });
        self
    }

    /// With the page where it is put right.
    pub(super) fn opens(mut self, page: &str) -> Self {
        self.repair = Some(Repair {
            action: "open".to_owned(),
            target: page.to_owned(),
        });
        self
    }

    /// With the carrier's codes.
    pub(super) fn codes(mut self, codes: impl IntoIterator<Item = u32>) -> Self {
        self.codes = codes.into_iter().map(Code::explained).collect();
        self
    }
}

/// A check before it was made: what stays the same however it comes out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub id: &'static str,
    pub group: Group,
    pub title: &'static str,
    /// The systems whose documents name it.
    pub seeds: &'static [&'static str],
}

impl Item {
    pub(super) fn ok(self, finding: impl Into<String>) -> Check {
        self.comes_out(State::Ok, finding.into(), None)
    }

    pub(super) fn skipped(self, finding: impl Into<String>) -> Check {
        self.comes_out(State::Skipped, finding.into(), None)
    }

    pub(super) fn warning(self, finding: impl Into<String>, cure: impl Into<String>) -> Check {
        self.comes_out(State::Warning, finding.into(), Some(cure.into()))
    }

    pub(super) fn failed(self, finding: impl Into<String>, cure: impl Into<String>) -> Check {
        self.comes_out(State::Failed, finding.into(), Some(cure.into()))
    }

    /// The carrier said no, or nothing.
    pub(super) fn refused(self, error: &SendError) -> Check {
        match (error, error.code()) {
            (_, Some(code)) => {
                let said = Code::explained(code);
                self.failed(said.meaning, said.cure).codes([code])
            }
            (SendError::Refused(refusal), None) => self.failed(
                format!("Twilio answered {}: {}.", refusal.status, refusal.message),
                "Look into Twilio's console for this account.",
            ),
            (SendError::NotSent(_) | SendError::Unknown(_), None) => self.failed(
                "Twilio's API did not answer.",
                "Check that this server may connect to the internet by https (api.twilio.com, port 443) and the API's address in Settings, then run the check again.",
            ),
        }
    }

    /// Nobody answered in time.
    pub(super) fn late(self) -> Check {
        self.warning(
            "This took longer than the check waits.",
            "Run the check again; if it stays, the network or the other side is slow.",
        )
    }

    fn comes_out(self, state: State, finding: String, cure: Option<String>) -> Check {
        Check {
            id: self.id.to_owned(),
            group: self.group,
            title: self.title.to_owned(),
            state,
            finding,
            cure,
            repair: None,
            codes: Vec::new(),
            seeds: self.seeds.iter().map(|seed| (*seed).to_owned()).collect(),
        }
    }
}

/// How many checks came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DoctorCounts)]
pub struct Counts {
    /// Well.
    pub ok: usize,
    /// To be looked at.
    pub warning: usize,
    /// Not working.
    pub failed: usize,
    /// Not tried.
    pub skipped: usize,
}

/// One item of a set-up checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChecklistItem)]
pub struct Tick {
    /// As the document words it.
    pub text: String,
    /// Null is what a machine cannot know.
    pub done: Option<bool>,
    /// The check that tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_id: Option<String>,
    /// Why nobody but a person can tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A document's set-up checklist, ticking itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Checklist {
    /// `000` to `004`.
    pub system: String,
    /// The system's kind.
    pub name: String,
    /// Its items, in the document's order.
    pub items: Vec<Tick>,
}

/// Everything that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DoctorReport)]
pub struct Report {
    /// When; null: never yet.
    pub at: Option<DateTime<Utc>>,
    /// Somebody lets it be made just now.
    pub running: bool,
    /// Nothing has failed.
    pub ok: bool,
    /// How many checks came out how.
    pub counts: Counts,
    /// The checks, in groups.
    pub checks: Vec<Check>,
    /// The five documents' checklists.
    pub checklists: Vec<Checklist>,
}

impl Report {
    /// Nothing was looked at yet.
    pub(super) fn none() -> Self {
        Self {
            at: None,
            running: false,
            ok: false,
            counts: Counts::default(),
            checks: Vec::new(),
            checklists: Vec::new(),
        }
    }

    /// These checks, in their groups.
    pub(super) fn of(at: DateTime<Utc>, mut checks: Vec<Check>) -> Self {
        checks.sort_by_key(|check| check.group);
        let count = |state| checks.iter().filter(|check| check.state == state).count();
        let counts = Counts {
            ok: count(State::Ok),
            warning: count(State::Warning),
            failed: count(State::Failed),
            skipped: count(State::Skipped),
        };
        Self {
            at: Some(at),
            running: false,
            ok: counts.failed == 0,
            counts,
            checks,
            checklists: Vec::new(),
        }
    }

    /// How a check came out.
    pub(super) fn state(&self, id: &str) -> Option<State> {
        let found = self.checks.iter().find(|check| check.id == id);
        found.map(|check| check.state)
    }
}
