//! What a documented door does with a call to a number whose route nobody has chosen: what that door's system always did.
//!
//! A route that somebody chose decides, whichever door the call comes in at.

use offhook_core::call::Overflow;
use offhook_store::numbers::{Destination, Number, Route};
use offhook_store::{Error, Tx, queues, users};

use super::known;

/// How long named agents are rung, seconds.
const RINGS: u32 = 60;

/// What a system did with every call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByDefault {
    /// Into the queue.
    Queue,
    /// On to the phone of `FORWARD_PHONE_NUMBER`, which is kept as the queue's overflow.
    Forward,
    /// To the agent whose number it is.
    Owner,
    /// To everybody who is available.
    Everybody,
}

/// The route of a number, for a call that came in at this path.
pub(crate) async fn at(tx: &mut Tx, number: &Number, path: &str) -> Result<Route, Error> {
    let route = number.route.clone();
    let Some(door) = known(path).filter(|_| !route.chosen) else {
        return Ok(route);
    };
    let to = match door.by_default {
        ByDefault::Queue => None,
        ByDefault::Forward => forward(tx, &route).await?,
        ByDefault::Owner => number.agent.clone().map(|agent| Destination::RingAgents {
            agents: vec![agent],
            seconds: RINGS,
        }),
        ByDefault::Everybody => Some(everybody(tx).await?),
    };
    Ok(Route {
        to: to.unwrap_or_else(|| route.to.clone()),
        ..route
    })
}

async fn forward(tx: &mut Tx, route: &Route) -> Result<Option<Destination>, Error> {
    let Destination::Queue { queue } = &route.to else {
        return Ok(None);
    };
    Ok(match queues::get(tx, queue).await?.overflow {
        Overflow::Forward { to } => Some(Destination::Forward { to }),
        Overflow::Voicemail | Overflow::HangUp => None,
    })
}

async fn everybody(tx: &mut Tx) -> Result<Destination, Error> {
    let org = tx.org_id().clone();
    let members = users::members(tx, &org).await?;
    let working = members.into_iter().filter(|m| m.membership.active);
    Ok(Destination::RingAgents {
        agents: working.map(|m| m.user.id).collect(),
        seconds: RINGS,
    })
}
