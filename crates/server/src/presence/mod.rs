//! Who can take a call: derived from facts at the moment it is asked, told to the app when it changes, swept for the vanished.

mod sweep;

pub use sweep::start;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::{Call, Device, Free, Mode, Ring};
use offhook_core::id::{CallId, UserId};
use offhook_core::presence::{Chosen, Client, Facts, Presence};
use offhook_store::events::{self, Audience, NewEvent};
use offhook_store::presence::{self as store, AgentFacts};
use offhook_store::{Error, Tx, agent_calling, calls, queues};
use serde_json::json;

use crate::calls::identity::Identity;

/// What presence follows from, as the rows tell it.
fn facts(row: &AgentFacts, unheard: TimeDelta) -> Facts {
    let seen = |at: Option<Time>, ready| at.map(|heard_at| Client { heard_at, ready });
    Facts {
        chosen: match row.chosen {
            store::Chosen::Available => Chosen::Available,
            store::Chosen::Away => Chosen::Away,
        },
        clients: [seen(row.seen_at, false), seen(row.ready_at, true)]
            .into_iter()
            .flatten()
            .collect(),
        own_phone: row.own_phone.is_some(),
        polled_at: row.polled_at,
        device_at: row.device_at,
        live_leg: row.live_call.is_some(),
        awaited: row.awaited_call.is_some(),
        wrap_up_until: row.wrap_up_until,
        unheard,
    }
}

/// An agent's presence now.
pub(crate) fn of(row: &AgentFacts, now: Time) -> Presence {
    facts(row, TimeDelta::zero()).presence(now)
}

/// The agents to whom a waiting call can be offered now, the one who has been idle longest first.
pub(crate) async fn available_for(tx: &mut Tx, call: &Call, now: Time) -> Result<Free, Error> {
    free_for(tx, &call.mode, (call.policy.ring, Some(&call.id)), now).await
}

/// The same for a call that has yet to begin.
pub(crate) async fn free_for(
    tx: &mut Tx,
    mode: &Mode,
    (ring, call): (Ring, Option<&CallId>),
    now: Time,
) -> Result<Free, Error> {
    let members = match mode {
        Mode::Queue { queue, .. } => queues::members(tx, queue).await?,
        Mode::RingAgents { agents, .. } => agents.clone(),
        Mode::Forward { .. }
        | Mode::Voicemail
        | Mode::Softphone
        | Mode::PhoneFirst { .. }
        | Mode::DeviceFirst { .. }
        | Mode::Direct => {
            return Ok(Free::default());
        }
    };
    let mut free: Vec<AgentFacts> = store::facts(tx, None, now).await?;
    let settings = agent_calling::list(tx).await?;
    let sends_on = |user: &UserId| {
        let theirs = settings.iter().find(|set| set.user == *user);
        theirs.is_some_and(|set| set.forward_always.is_some())
    };
    free.retain(|row| members.contains(&row.user) && of(row, now) == Presence::Available);
    free.retain(|row| !sends_on(&row.user));
    if ring == Ring::LongestIdle {
        // Whoever is being rung by another call is not asked twice at once.
        let open = calls::open_offers(tx, None).await?;
        free.retain(|row| {
            open.iter()
                .all(|offer| offer.agent != row.user || Some(&offer.call.id) == call)
        });
    }
    free.sort_by_key(|row| (row.last_call_ended_at, row.user.clone()));
    let org = tx.org_id().clone();
    let by_device = free
        .iter()
        .filter(|row| facts(row, TimeDelta::zero()).is_reached_by_device(now));
    let device = |row: &AgentFacts| Device {
        agent: row.user.clone(),
        identity: Identity {
            org: org.clone(),
            agent: row.user.clone(),
        }
        .name(),
    };
    Ok(Free {
        devices: by_device.map(device).collect(),
        agents: free.into_iter().map(|row| row.user).collect(),
    })
}

/// Tells the app what has changed about these agents; answers those who have become available.
pub(crate) async fn refresh(
    tx: &mut Tx,
    agents: &[UserId],
    now: Time,
) -> Result<Vec<UserId>, Error> {
    let mut freed = Vec::new();
    for agent in agents {
        for row in store::facts(tx, Some(agent), now).await? {
            if tell(tx, &row, now).await? && of(&row, now) == Presence::Available {
                freed.push(row.user);
            }
        }
    }
    Ok(freed)
}

/// Tells the app an agent's presence, if it was told another one last.
async fn tell(tx: &mut Tx, row: &AgentFacts, now: Time) -> Result<bool, Error> {
    let present = of(row, now);
    if row.shown.as_deref() == Some(present.as_str()) {
        return Ok(false);
    }
    if !store::show(tx, &row.user, present.as_str(), now).await? {
        return Ok(false);
    }
    let call = row.live_call.as_ref().or(row.awaited_call.as_ref());
    let event = NewEvent {
        kind: "presence".to_owned(),
        audience: Audience::Organization,
        data: json!({
            "agent": { "id": row.user, "name": row.name },
            "presence": {
                "state": present,
                "since": now,
                "call_id": call,
                "reason": row.reason.as_ref().filter(|_| row.chosen == store::Chosen::Away),
                "chosen": row.chosen,
                "wrap_up_ends_at": row.wrap_up_until.filter(|until| *until > now),
            },
        }),
    };
    events::insert(tx, &event, now).await?;
    Ok(true)
}

/// The agents whom a change of a call may have changed.
pub(crate) fn concerned(before: &Call, after: &Call) -> Vec<UserId> {
    let of = |call: &Call| -> Vec<UserId> {
        call.legs
            .iter()
            .filter_map(|leg| leg.agent.clone())
            .chain(call.agent.clone())
            .collect()
    };
    let mut agents = of(before);
    agents.extend(of(after));
    agents.sort_unstable();
    agents.dedup();
    agents
}

/// The place of a waiting caller in line; our order decides.
pub(crate) async fn place_in_line(tx: &mut Tx, call: &Call) -> Result<Option<usize>, Error> {
    let Mode::Queue { queue, .. } = &call.mode else {
        return Ok(None);
    };
    let waiting = calls::waiting(tx, Some(queue)).await?;
    Ok(waiting
        .iter()
        .position(|other| other.id == call.id)
        .map(|before| before + 1))
}
