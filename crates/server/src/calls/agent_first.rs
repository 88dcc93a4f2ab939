//! The agent is called first, and the customer only when the agent is there: what the documented doors mean by making a call.
//!
//! First the leg that stands in a room of ours already, else the agent's own phone, else the agent's device.

use std::pin::pin;
use std::time::Duration;

use offhook_core::call::{Call, LegRole};
use offhook_core::id::CallId;
use offhook_store::{Tx, calls, presence};
use offhook_twilio::errors;
use uuid::Uuid;

use super::standing_room;
use super::start::{self, How, NewCall};
use super::story::{self, Source, Telling};
use crate::auth::{Caller, may};
use crate::error::ApiError;

/// How long a request waits for the carrier to name the first leg,
const PATIENCE: Duration = Duration::from_secs(10);
/// and how often it looks when no job of this node has ended.
const LOOK: Duration = Duration::from_secs(1);

/// Whom to call for whom.
pub(crate) struct Wanted {
    /// The customer and what else a call needs.
    pub(crate) call: NewCall,
    /// What the front end calls the room.
    pub(crate) named: Option<String>,
    /// The agent's key of this request.
    pub(crate) key: Option<String>,
}

/// A call whose agent is being called.
pub(crate) struct Started {
    /// Which.
    pub(crate) call: Call,
    /// The `CallSid` of the first leg; `None` while the carrier has not named it.
    pub(crate) first_leg: Option<String>,
}

/// Starts the call, and waits until the carrier has named its first leg. The same key gives the same call while it lasts.
pub(crate) async fn start(
    caller: &Caller<may::Work>,
    wanted: &Wanted,
) -> Result<Started, ApiError> {
    let app = caller.app();
    let now = app.clock.now();
    let new = CallId::new(Uuid::now_v7());
    let named = wanted.named.as_deref();
    let (id, told) = caller
        .write(async |tx| {
            presence::take_turn(tx, &caller.user).await?;
            let known = repeated(tx, wanted.key.as_deref()).await?;
            if let Some(call) = known.as_ref().filter(|call| !call.is_over()) {
                return Ok((call.id.clone(), None));
            }
            // A key whose call is over is free for a new one, which then has none.
            let key = wanted.key.as_deref().filter(|_| known.is_none());
            let room = standing_room::waiting(tx, &caller.user, named, now).await?;
            let id = room.as_ref().map_or(&new, |room| &room.call);
            let how = How::AgentFirst {
                in_room: room.is_some(),
            };
            let placing = start::check(tx, &caller.user, id, &wanted.call, how, now).await?;
            let telling = Telling::of(Vec::new(), Source::Agent(caller.user.clone()));
            let begun = Call::place(now, placing);
            let mut told = story::begin(app, tx, begun, key, &telling).await?;
            match (&room, named) {
                (Some(room), _) => told = standing_room::enter(app, tx, room, now).await?,
                (None, Some(named)) => {
                    standing_room::name(tx, id, &caller.user, named, now).await?;
                }
                (None, None) => {}
            }
            Ok((id.clone(), Some(told)))
        })
        .await?;
    if let Some(told) = told {
        told.stir(app, &caller.org);
    }
    named_by_the_carrier(caller, &id).await
}

async fn repeated(tx: &mut Tx, key: Option<&str>) -> Result<Option<Call>, ApiError> {
    match key {
        Some(key) => Ok(calls::by_request_key(tx, key)
            .await?
            .map(|stored| stored.call)),
        None => Ok(None),
    }
}

/// Waits for the first leg's `CallSid`, or for the carrier's no.
async fn named_by_the_carrier(
    caller: &Caller<may::Work>,
    id: &CallId,
) -> Result<Started, ApiError> {
    let (clock, jobs) = (&caller.app().clock, &caller.app().jobs);
    let until = clock.now() + PATIENCE;
    loop {
        let mut ended = pin!(jobs.ended());
        ended.as_mut().enable();
        let call = caller
            .read(async |tx| Ok(calls::load(tx, id).await?.call))
            .await?;
        let first = call.legs.iter().find(|leg| leg.role == LegRole::Agent);
        let first_leg = first.and_then(|leg| leg.sid.clone());
        if first_leg.is_none() && call.is_over() {
            return Err(refused(first.and_then(|leg| leg.error_code)));
        }
        if first_leg.is_some() || clock.now() >= until {
            return Ok(Started { call, first_leg });
        }
        tokio::select! {
            () = ended => (),
            () = clock.sleep(LOOK) => (),
        }
    }
}

/// The carrier's no, in its words.
fn refused(code: Option<u32>) -> ApiError {
    let said = code.and_then(errors::explain);
    let detail = said.map_or_else(
        || "the carrier did not place the call".to_owned(),
        |said| format!("{} {}", said.meaning, said.cure),
    );
    ApiError::Carrier {
        code: "call_refused",
        detail,
        carrier_code: code.map(i64::from),
    }
}
