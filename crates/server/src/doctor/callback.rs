//! A real signed callback, sent by the carrier: it is asked to call a device that nobody has, which ends at once and costs nothing,
//! and to tell us so by way of the public address.

use chrono::TimeDelta;
use offhook_core::id::OrgId;
use offhook_store::{Tx, checkups, numbers};
use offhook_twilio::rest::call::{self, Instructions, NewCall};
use offhook_twilio::words::CallEvent;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address::{arrived, begin};
use super::case::Case;
use super::report::{Check, Code, Group, Item};
use crate::app::App;
use crate::carrier;
use crate::error::ApiError;
use crate::webhooks::urls::{Door, Doors, PROBE};

const TRIP: Item = Item {
    id: "webhooks.round_trip",
    group: Group::Webhooks,
    title: "A signed callback from Twilio arrives",
    seeds: &["001", "003", "004"],
};

/// A device of this name registers nowhere; agents' names look otherwise.
const NOBODY: &str = "client:offhook_doctor_nobody";
/// How long the callback may take.
const PATIENCE: TimeDelta = TimeDelta::seconds(15);

/// How a callback came round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CallbackRoundTrip)]
pub(crate) struct RoundTrip {
    /// It came, with a signature that fits.
    pub(super) ok: bool,
    /// How long it took.
    pub(super) seconds: Option<f64>,
    /// What happened, in words.
    pub(super) detail: String,
    /// What helps, where it did not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cure: Option<String>,
    /// What it cost.
    pub(super) cost: String,
    /// The carrier's codes, explained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) codes: Vec<Code>,
}

impl RoundTrip {
    fn of(ok: bool, detail: impl Into<String>, cure: Option<&str>) -> Self {
        Self {
            ok,
            seconds: None,
            detail: detail.into(),
            cure: cure.map(str::to_owned),
            cost: "Nothing: Twilio does not bill a call that nobody takes.".to_owned(),
            codes: Vec::new(),
        }
    }
}

/// Sends one round, and waits for it.
pub(super) async fn send(app: &App, org: &OrgId) -> Result<RoundTrip, ApiError> {
    let account = carrier::of_org(&app.db, &app.keys, org)
        .await?
        .ok_or_else(|| ApiError::conflict("no_carrier", "enter the carrier account first"))?;
    let shown = app
        .db
        .read(org, async |tx: &mut Tx| numbers::list(tx).await)
        .await?
        .into_iter()
        .find(|number| number.carrier == account.id)
        .ok_or_else(|| {
            ApiError::conflict(
                "no_number",
                "the account in use has no number here to call from",
            )
        })?;
    let id = begin(app, org, true).await?;
    let new = NewCall {
        status_callback: Some(Doors::of(&app.config).with(Door::Status, &[(PROBE, &id)])),
        status_callback_events: vec![CallEvent::Initiated, CallEvent::Completed],
        timeout: Some(5),
        ..NewCall::new(
            NOBODY,
            shown.e164,
            Instructions::Twiml("<Response><Hangup/></Response>".to_owned()),
        )
    };
    let placed = call::create(&account.account_sid, &new);
    if let Err(error) = app.carrier.try_once(&account, &placed).await {
        let check = TRIP.refused(&error);
        let cure = check.cure.as_deref();
        return Ok(RoundTrip {
            codes: check.codes.clone(),
            ..RoundTrip::of(
                false,
                format!("It could not be sent. {}", check.finding),
                cure,
            )
        });
    }
    Ok(match arrived(app, org, &id, PATIENCE).await {
        Some(took) => {
            let seconds = took.as_seconds_f64();
            RoundTrip {
                seconds: Some(seconds),
                ..RoundTrip::of(
                    true,
                    format!("Twilio's callback came {seconds:.1} s later, and its signature fits."),
                    None,
                )
            }
        }
        None => RoundTrip::of(
            false,
            format!(
                "Twilio's callback did not come within {} s, or its signature did not fit.",
                PATIENCE.num_seconds()
            ),
            Some(
                "Run the checks: they tell whether the public address leads here and what Twilio says about it in its alerts. If the auth token was changed in Twilio's console, enter the new one in Settings.",
            ),
        ),
    })
}

/// How the last one went.
pub(super) async fn check(case: &Case<'_>) -> Check {
    let read = case
        .app
        .db
        .read(&case.org, async |tx: &mut Tx| {
            checkups::last_round_trip(tx).await
        })
        .await;
    let trip = match read {
        Ok(Some(trip)) => trip,
        Ok(None) => {
            return TRIP.skipped(
                "Not tried yet. Send one: Twilio calls a device that nobody has and tells us so, which costs nothing.",
            );
        }
        Err(_) => return TRIP.skipped("The database could not be asked."),
    };
    let when = trip.sent_at.format("%-d %b %H:%M UTC");
    match trip.back_at {
        Some(back_at) => TRIP.ok(format!(
            "On {when} it came {:.1} s later, and its signature fitted.",
            (back_at - trip.sent_at).as_seconds_f64()
        )),
        None => TRIP.failed(
            format!("On {when} it did not come, or its signature did not fit."),
            "See the public address and Twilio's alerts here, then send one again.",
        ),
    }
}
