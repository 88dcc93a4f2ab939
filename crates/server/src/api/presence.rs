//! The team: what each agent is doing, and one's own choice to take calls.

use axum::Json;
use chrono::{DateTime, TimeDelta, Utc};
use offhook_core::id::UserId;
use offhook_store::presence::{self, AgentFacts, Chosen};
use offhook_store::{Tx, calls, numbers, users};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, Page, patch};
use crate::app::App;
use crate::auth::{Caller, Role, may};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(agents)).routes(routes!(choose))
}

/// What an agent is doing: derived, never stored.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Presence {
    /// `offline`, `available`, `busy`, `wrap_up` or `away`.
    state: String,
    since: Option<DateTime<Utc>>,
    /// The call that keeps a busy agent.
    call_id: Option<String>,
    /// Why away.
    reason: Option<String>,
    /// What the agent chose, whatever the device says: `available` or `away`.
    chosen: String,
    wrap_up_ends_at: Option<DateTime<Utc>>,
}

/// An agent and what they are doing.
#[derive(Serialize, ToSchema)]
pub(crate) struct AgentView {
    /// The user's id.
    id: String,
    name: String,
    email: String,
    role: Role,
    presence: Presence,
    /// The number that this agent shows, E.164.
    number: Option<String>,
    counts: Counts,
}

/// What an agent did in the last 24 hours.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct Counts {
    /// Inbound calls taken.
    inbound: u64,
    /// Outbound calls placed.
    outbound: u64,
    /// Calls that were offered and not taken.
    missed: u64,
}

/// An agent's own choice.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Choice {
    /// `available` or `away`.
    state: String,
    /// Why away, such as `lunch`.
    reason: Option<String>,
}
