//! The change of an auth token, in the carrier's own order: a second token is made, stored, promoted and tried; the one of
//! before stays good on webhooks for some minutes, and the API key is tested. Each step is written down before the next, so
//! that a process that dies at any point is followed by one that goes on from there, and no webhook is refused meanwhile.

mod steps;

pub(crate) use steps::go_on;

use chrono::{DateTime, Utc};
use offhook_core::Time;
use offhook_core::id::CarrierId;
use offhook_store::carriers::{self, CarrierAccount, Standing};
use offhook_store::jobs;
use offhook_store::{Error, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::jobs::Work;

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RotationState)]
pub enum State {
    /// Nobody ever asked for one.
    None,
    /// It is begun: a second token is being made.
    Created,
    /// The second token lies here, sealed; the carrier still signs with the first.
    Stored,
    /// The second token signs from now on.
    Promoted,
    /// The new token opens the account.
    Verified,
    /// All is well.
    Done,
    /// It ended early; the reason says how things stand.
    Failed,
}

/// One step of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RotationStep)]
pub struct Step {
    /// `create`, `store`, `promote`, `verify` or `keys`.
    pub name: String,
    /// It went well.
    pub ok: bool,
    /// In words.
    pub detail: String,
}

/// The last change of an account's token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rotation {
    /// How far it came.
    pub state: State,
    /// When it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    /// Until when webhooks with the token of before are accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_token_until: Option<DateTime<Utc>>,
    /// What was done.
    pub steps: Vec<Step>,
    /// Why it failed, or what it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Rotation {
    /// Of an account's row.
    pub fn of(row: &CarrierAccount) -> Self {
        let stored = row.standing.rotation.clone();
        stored
            .and_then(|value| serde_json::from_value(value).ok())
            .unwrap_or(Self {
                state: State::None,
                started_at: None,
                old_token_until: None,
                steps: Vec::new(),
                reason: None,
            })
    }

    fn begun(now: Time) -> Self {
        Self {
            state: State::Created,
            started_at: Some(now),
            old_token_until: None,
            steps: Vec::new(),
            reason: None,
        }
    }

    /// Whether it is under way.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::None | State::Done | State::Failed)
    }

    fn came_to(mut self, state: State, steps: &[(&str, &str)]) -> Self {
        self.steps.extend(steps.iter().map(|(name, detail)| Step {
            name: (*name).into(),
            ok: true,
            detail: (*detail).into(),
        }));
        Self {
            state,
            reason: None,
            ..self
        }
    }

    fn failed(mut self, step: &str, why: &str) -> Self {
        self.steps.push(Step {
            name: step.into(),
            ok: false,
            detail: why.into(),
        });
        Self {
            state: State::Failed,
            reason: Some(why.into()),
            ..self
        }
    }
}

/// Begins to change an account's token; one that is under way is answered as it stands.
pub async fn begin(tx: &mut Tx, id: &CarrierId, now: Time) -> Result<Rotation, Error> {
    let row = carriers::find(tx, id).await?.ok_or(Error::NotFound)?;
    let before = Rotation::of(&row);
    if before.is_open() {
        return Ok(before);
    }
    // A second token of which nobody knows whether it was promoted is gone on with: it may be the only one that is good.
    let begun = match &row.standing.next_token {
        Some(_) => Rotation::begun(now).came_to(
            State::Stored,
            &[("store", "The second token of before lies here.")],
        ),
        None => Rotation::begun(now),
    };
    put(tx, &row, row.standing.clone(), &begun).await?;
    jobs::enqueue(
        tx,
        &Work::RotateToken {
            account: id.clone(),
        }
        .of_account(id, now),
        now,
    )
    .await?;
    Ok(begun)
}

async fn put(
    tx: &mut Tx,
    row: &CarrierAccount,
    standing: Standing,
    rotation: &Rotation,
) -> Result<(), Error> {
    let value = serde_json::to_value(rotation).unwrap_or_default();
    carriers::set_standing(
        tx,
        &row.id,
        &Standing {
            rotation: Some(value),
            ..standing
        },
    )
    .await
}
