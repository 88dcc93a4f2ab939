//! What follows from a decision within its transaction: jobs, and what the app is told with all that it needs.

use offhook_core::Time;
use offhook_core::call::{Call, Effect, LiveEvent};
use offhook_core::id::CallId;
use offhook_store::events::{self, Audience, NewEvent};
use offhook_store::jobs::JobState;
use offhook_store::users::Role;
use offhook_store::{Error, Tx, calls, jobs, users, voicemails};
use serde_json::{Value, json};

use super::CallNow;
use crate::api::NamedRef;
use crate::jobs::{Dial, Work, settle};
use crate::recordings;

/// Something for the carrier becomes a job.
pub(super) async fn job(
    tx: &mut Tx,
    call: &CallId,
    effect: Effect,
    now: Time,
) -> Result<(), Error> {
    let job = Work::Control { effect }.of_call(call, now);
    jobs::enqueue(tx, &job, now).await.map(|_| ())
}

/// Calls off what has not left for the carrier; answers the labels of legs that were asked for and will never be dialled.
pub(super) async fn call_off(tx: &mut Tx, call: &CallId, now: Time) -> Result<Vec<String>, Error> {
    if jobs::cancel_unsent(tx, call, now).await? == 0 {
        return Ok(Vec::new());
    }
    let all = jobs::of_call(tx, call).await?;
    let called_off = all
        .into_iter()
        .filter(|job| job.state == JobState::Cancelled);
    Ok(called_off
        .filter_map(|job| Dial::read(job.payload))
        .map(|dial| dial.label)
        .collect())
}

/// What is for the app becomes events. The call is shown as this transaction leaves it, the same in each.
pub(super) async fn live(
    tx: &mut Tx,
    call: &Call,
    told: &[LiveEvent],
    now: Time,
) -> Result<(), Error> {
    if told.is_empty() {
        return Ok(());
    }
    let shown = shown(tx, call, now).await?;
    for live in told {
        let event = event(tx, call, live, &shown).await?;
        events::insert(tx, &event, now).await?;
    }
    Ok(())
}

async fn event(
    tx: &mut Tx,
    call: &Call,
    live: &LiveEvent,
    shown: &Value,
) -> Result<NewEvent, Error> {
    let (kind, audience, data) = match live {
        LiveEvent::IncomingCall { offer, agent } => {
            let offered = call.offers.iter().find(|known| known.id == *offer);
            let data = json!({
                "offer": {
                    "id": offer,
                    "offered_at": offered.map(|offer| offer.offered_at),
                    "expires_at": offered.map(|offer| offer.expires_at),
                },
                "call": shown,
            });
            ("incoming_call", Audience::Agent(agent.clone()), data)
        }
        LiveEvent::OfferClosed {
            offer,
            agent,
            reason,
            by,
        } => {
            let by = match by {
                Some(by) => named(tx, by).await?,
                None => None,
            };
            let data = json!({ "offer_id": offer, "call_id": call.id, "reason": reason, "by": by });
            ("offer_closed", Audience::Agent(agent.clone()), data)
        }
        LiveEvent::Join { agent } => (
            "join",
            Audience::Agent(agent.clone()),
            json!({ "call_id": call.id, "call": shown }),
        ),
        LiveEvent::CallStatusUpdate => (
            "call_status_update",
            Audience::Organization,
            json!({ "call": shown }),
        ),
    };
    Ok(NewEvent {
        kind: kind.to_owned(),
        audience,
        data,
    })
}

/// Something of the call's row changed past the engine (its price, its note): the app is told.
pub(crate) async fn changed(tx: &mut Tx, call: &CallId, now: Time) -> Result<(), Error> {
    let call = calls::load(tx, call).await?.call;
    live(tx, &call, &[LiveEvent::CallStatusUpdate], now).await
}

async fn shown(tx: &mut Tx, call: &Call, now: Time) -> Result<Value, Error> {
    let shown = CallNow::of(tx, call, now).await?;
    serde_json::to_value(shown).map_err(|error| Error::inconsistent("calls", error))
}

async fn named(tx: &mut Tx, user: &offhook_core::id::UserId) -> Result<Option<NamedRef>, Error> {
    let org = tx.org_id().clone();
    let member = users::member(tx, &org, user).await?;
    Ok(member.map(|member| NamedRef {
        id: member.user.id.into(),
        name: member.user.name,
    }))
}

/// A message was left: it stands in the list at once, and can be heard as soon as its file is here.
pub(super) async fn keep_message(
    tx: &mut Tx,
    call: &Call,
    recording_sid: Option<&str>,
    seconds: u32,
    now: Time,
) -> Result<(), Error> {
    let recording = match recording_sid {
        Some(sid) => Some(recordings::expect(tx, &call.id, sid, now).await?),
        None => None,
    };
    let saved = voicemails::save(tx, &call.id, recording.as_ref(), seconds, now).await?;
    let data = json!({ "voicemail": { "id": saved.id, "seconds": saved.seconds }, "call": shown(tx, call, now).await? });
    let event = NewEvent {
        kind: "voicemail".to_owned(),
        audience: Audience::Role(Role::Agent),
        data,
    };
    events::insert(tx, &event, now).await.map(|_| ())
}

/// A call is over: some seconds later the carrier knows what it cost, and every recording should have been told.
pub(super) async fn ended(tx: &mut Tx, call: &Call, now: Time) -> Result<(), Error> {
    let mut job = Work::Settle.of_call(&call.id, now);
    job.run_at = now + settle::FIRST;
    jobs::enqueue(tx, &job, now).await.map(|_| ())
}
