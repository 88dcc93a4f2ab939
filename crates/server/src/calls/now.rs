//! A call as it stands at this moment: what live events bring whole, and what its page begins with.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use offhook_core::Time;
use offhook_core::call::{Call, LegStatus};
use offhook_store::{Error, Tx, calls, users};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::view::{CallView, LegView};

/// A call with what only matters while it runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallNow {
    #[serde(flatten)]
    call: CallView,
    /// The customer's leg as the carrier tells it: `queued`, `initiated`, `ringing`, `in-progress` …
    customer_status: Option<String>,
    /// When the carrier will dial the customer, where its pace lets the call wait.
    dials_at: Option<DateTime<Utc>>,
    /// The customer's leg is being recorded at this moment.
    recording: bool,
    /// The recording stands still: on hold, or by the agent's wish.
    recording_paused: bool,
    legs: Vec<LegView>,
}

impl CallNow {
    /// Shows a call as the transaction has it.
    pub(crate) async fn of(tx: &mut Tx, call: &Call, now: Time) -> Result<Self, Error> {
        let view = CallView::of(calls::summary(tx, &call.id).await?, now);
        let names = names(tx, call, &view).await?;
        let customer = call.customer();
        let waits = customer.filter(|leg| leg.status < LegStatus::Ringing);
        Ok(Self {
            customer_status: customer.map(|leg| leg.status.as_str().to_owned()),
            dials_at: waits.and_then(|leg| leg.dials_at).filter(|at| *at > now),
            recording: call.is_recording(),
            recording_paused: call.is_recording_paused(),
            legs: call
                .legs
                .iter()
                .map(|leg| LegView::of(leg, |id| names.get(id).cloned()))
                .collect(),
            call: view,
        })
    }
}

/// Whose legs they are; the call's own agent is named already.
async fn names(
    tx: &mut Tx,
    call: &Call,
    view: &CallView,
) -> Result<BTreeMap<String, String>, Error> {
    let known = view.agent.iter();
    let mut names: BTreeMap<_, _> = known
        .map(|agent| (agent.id.clone(), agent.name.clone()))
        .collect();
    let org = tx.org_id().clone();
    for agent in call.legs.iter().filter_map(|leg| leg.agent.as_ref()) {
        if names.contains_key(agent.as_str()) {
            continue;
        }
        if let Some(member) = users::member(tx, &org, agent).await? {
            names.insert(member.user.id.into(), member.user.name);
        }
    }
    Ok(names)
}
