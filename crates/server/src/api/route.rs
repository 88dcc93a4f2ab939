//! What a call to a number does, as the API shows and takes it.

use offhook_core::call::Overflow;
use offhook_store::numbers::{Destination, Route};
use offhook_store::{Tx, queues, users};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{patch, phone};
use crate::error::ApiError;

/// Where a call goes first, and then.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct RouteView {
    /// First.
    to: DestinationView,
    /// Then, when nobody took it; null is the queue's own overflow, or voicemail.
    #[serde(default)]
    overflow: Option<OverflowView>,
    /// Spoken first; null is the queue's, the organization's or the bundled one.
    #[serde(default)]
    greeting: Option<String>,
}

/// Where a call goes first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(crate) enum DestinationView {
    /// Into a queue.
    Queue {
        /// Its id.
        queue: String,
    },
    /// To named agents.
    RingAgents {
        /// Their ids.
        agents: Vec<String>,
        /// Seconds until the overflow.
        #[serde(default = "ring_seconds")]
        seconds: u32,
    },
    /// On to a phone.
    Forward {
        /// Its number.
        to: String,
    },
    /// Straight to voicemail.
    Voicemail,
}

fn ring_seconds() -> u32 {
    60
}

/// What becomes of a caller whom nobody took in time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(crate) enum OverflowView {
    /// Leave a message.
    Voicemail,
    /// On to a phone, then voicemail.
    Forward {
        /// Its number.
        to: String,
    },
    /// A polite word and the end.
    HangUp,
}

/// Shows an overflow.
pub(super) fn overflow_view(overflow: Overflow) -> OverflowView {
    match overflow {
        Overflow::Voicemail => OverflowView::Voicemail,
        Overflow::Forward { to } => OverflowView::Forward { to },
        Overflow::HangUp => OverflowView::HangUp,
    }
}

/// Checks an overflow.
pub(super) async fn overflow(
    tx: &mut Tx,
    field: &str,
    view: &OverflowView,
) -> Result<Overflow, ApiError> {
    Ok(match view {
        OverflowView::Voicemail => Overflow::Voicemail,
        OverflowView::HangUp => Overflow::HangUp,
        OverflowView::Forward { to } => Overflow::Forward {
            to: phone::forward_target(tx, &format!("{field}.to"), to).await?,
        },
    })
}

/// Shows a route.
pub(super) fn route_view(route: Route) -> RouteView {
    RouteView {
        to: match route.to {
            Destination::Queue { queue } => DestinationView::Queue {
                queue: queue.into(),
            },
            Destination::RingAgents { agents, seconds } => DestinationView::RingAgents {
                agents: agents.into_iter().map(String::from).collect(),
                seconds,
            },
            Destination::Forward { to } => DestinationView::Forward { to },
            Destination::Voicemail => DestinationView::Voicemail,
        },
        overflow: route.overflow.map(overflow_view),
        greeting: route.greeting,
    }
}

/// Checks a route: whatever it names must be the organization's.
pub(super) async fn route(tx: &mut Tx, view: &RouteView) -> Result<Route, ApiError> {
    let to = match &view.to {
        DestinationView::Queue { queue } => {
            let known = queues::list(tx)
                .await?
                .into_iter()
                .find(|q| q.id.as_str() == queue);
            let known = known
                .ok_or_else(|| ApiError::invalid("route.to.queue", "there is no such queue"))?;
            Destination::Queue { queue: known.id }
        }
        DestinationView::RingAgents { agents, seconds } => {
            let org = tx.org_id().clone();
            let known = users::members(tx, &org).await?;
            let find = |id: &String| {
                known
                    .iter()
                    .find(|m| m.user.id.as_str() == id)
                    .map(|m| m.user.id.clone())
            };
            let found: Option<Vec<_>> = agents.iter().map(find).collect();
            let agents = found.filter(|agents| !agents.is_empty()).ok_or_else(|| {
                ApiError::invalid(
                    "route.to.agents",
                    "name one or more agents of this organization",
                )
            })?;
            Destination::RingAgents {
                agents,
                seconds: patch::within("route.to.seconds", *seconds, 10, 600)?,
            }
        }
        DestinationView::Forward { to } => Destination::Forward {
            to: phone::forward_target(tx, "route.to.to", to).await?,
        },
        DestinationView::Voicemail => Destination::Voicemail,
    };
    let overflow = match &view.overflow {
        Some(wanted) => Some(overflow(tx, "route.overflow", wanted).await?),
        None => None,
    };
    Ok(Route {
        to,
        overflow,
        greeting: patch::optional("route.greeting", view.greeting.as_deref(), 1000)?,
        chosen: true,
    })
}
