//! A call comes in at one of our numbers: what its route, its queue and the organization's settings make of it.

use offhook_core::Time;
use offhook_core::call::{Arrival, Free, Mode, Overflow, Policy, Ring};
use offhook_core::id::CallId;
use offhook_core::names;
use offhook_core::presence::DEVICE_LIVES;
use offhook_store::numbers::{Destination, Number};
use offhook_store::organizations::{self, Settings};
use offhook_store::queues::{self, Queue};
use offhook_store::{Error, Tx, contacts, presence as store};

use super::set_by_agents::{self, Coming};
use crate::audio;
use crate::doors::default_route;
use crate::presence;

/// How long an offer lives where no queue says so.
const OFFER_SECONDS: u32 = 30;
/// How long a caller waits at most where no queue says so.
const MAX_WAIT_SECONDS: u32 = 300;

/// Who calls whom.
pub(super) struct Caller<'a> {
    pub(super) id: CallId,
    pub(super) sid: &'a str,
    pub(super) from: &'a str,
    pub(super) at: Time,
}

/// Reads what is needed to begin the call.
pub(super) async fn read(
    tx: &mut Tx,
    caller: Caller<'_>,
    number: &Number,
    path: &str,
) -> Result<Arrival, Error> {
    let number = &Number {
        route: default_route::at(tx, number, path).await?,
        ..number.clone()
    };
    let org = tx.org_id().clone();
    let settings = organizations::get(tx, &org).await?.settings;
    let queue = match &number.route.to {
        Destination::Queue { queue } => Some(queues::get(tx, queue).await?),
        Destination::RingAgents { .. } | Destination::Forward { .. } | Destination::Voicemail => {
            None
        }
    };
    let contact = contacts::by_phone(tx, caller.from).await?;
    let mode = mode(&caller.id, number, queue.as_ref());
    let policy = policy(&settings, number, queue.as_ref());
    let coming = Coming {
        number,
        from: caller.from,
        settings: &settings,
        at: caller.at,
    };
    let (mode, policy) = set_by_agents::applied(tx, &coming, mode, policy).await?;
    // Whoever sees a page of ours is found after the call was written down; a device rings with the first answer.
    let free = if store::any_device(tx, caller.at - DEVICE_LIVES).await? {
        presence::free_for(tx, &mode, (policy.ring, None), caller.at).await?
    } else {
        Free::default()
    };
    Ok(Arrival {
        mode,
        policy,
        free,
        id: caller.id,
        org,
        sid: caller.sid.to_owned(),
        party: caller.from.to_owned(),
        our_number: number.e164.clone(),
        number: Some(number.id.clone()),
        contact: contact.map(|contact| contact.id),
    })
}

fn mode(call: &CallId, number: &Number, queue: Option<&Queue>) -> Mode {
    match (&number.route.to, queue) {
        (Destination::Queue { .. }, Some(queue)) => Mode::Queue {
            queue: queue.id.clone(),
            name: queue.name.clone(),
        },
        (Destination::RingAgents { agents, .. }, _) => Mode::RingAgents {
            agents: agents.clone(),
            name: names::waiting_place(call),
        },
        (Destination::Forward { to }, _) => Mode::Forward { to: to.clone() },
        (Destination::Voicemail | Destination::Queue { .. }, _) => Mode::Voicemail,
    }
}

fn policy(settings: &Settings, number: &Number, queue: Option<&Queue>) -> Policy {
    let rings_for = match &number.route.to {
        Destination::RingAgents { seconds, .. } => Some(*seconds),
        Destination::Queue { .. } | Destination::Forward { .. } | Destination::Voicemail => None,
    };
    let max_wait = queue
        .map(|queue| queue.max_wait_seconds)
        .or(rings_for)
        .unwrap_or(MAX_WAIT_SECONDS);
    let offer = queue.map_or(OFFER_SECONDS, |queue| queue.offer_seconds);
    let overflow = number
        .route
        .overflow
        .clone()
        .or_else(|| queue.map(|queue| queue.overflow.clone()));
    let greeting = number
        .route
        .greeting
        .clone()
        .or_else(|| queue.and_then(|queue| queue.greeting.clone()));
    Policy {
        ring: queue.map_or(Ring::All, |queue| queue.ring),
        offer_seconds: offer.min(max_wait),
        max_wait_seconds: max_wait,
        overflow: overflow.unwrap_or(Overflow::Voicemail),
        greeting: greeting.or_else(|| settings.greeting.clone()),
        ..of_settings(settings)
    }
}

/// What the organization's settings alone say.
pub(crate) fn of_settings(settings: &Settings) -> Policy {
    let notice = settings
        .recording_notice_text
        .clone()
        .unwrap_or_else(|| audio::NOTICE.to_owned());
    Policy {
        ring: Ring::All,
        offer_seconds: OFFER_SECONDS,
        max_wait_seconds: MAX_WAIT_SECONDS,
        overflow: Overflow::HangUp,
        record: settings.record_calls,
        recording_notice: (settings.record_calls && settings.recording_notice).then_some(notice),
        greeting: None,
        wrap_up_seconds: settings.wrap_up_seconds,
        forward_shows_caller: settings.forward_shows_caller,
        no_message: false,
    }
}
