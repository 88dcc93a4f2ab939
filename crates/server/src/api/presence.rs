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

use super::{Body, Page, PageQuery, Params, patch};
use crate::app::App;
use crate::auth::{Caller, Role, may};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(agents))
        .routes(routes!(choose))
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

impl Presence {
    /// Shows an agent's presence as it is now.
    pub(crate) fn of(facts: &AgentFacts, now: DateTime<Utc>) -> Self {
        let state = crate::presence::of(facts, now).as_str();
        let told = facts.shown.as_deref() == Some(state);
        Self {
            state: state.to_owned(),
            since: facts.shown_since.filter(|_| told).or(facts.chosen_at),
            call_id: facts
                .live_call
                .as_ref()
                .or(facts.awaited_call.as_ref())
                .map(ToString::to_string),
            reason: facts
                .reason
                .clone()
                .filter(|_| facts.chosen == Chosen::Away),
            chosen: match facts.chosen {
                Chosen::Available => "available".to_owned(),
                Chosen::Away => "away".to_owned(),
            },
            wrap_up_ends_at: facts.wrap_up_until.filter(|until| *until > now),
        }
    }
}

/// One agent's presence.
pub(crate) async fn of_agent(
    tx: &mut Tx,
    user: &UserId,
    now: DateTime<Utc>,
) -> Result<Presence, ApiError> {
    let facts = presence::facts(tx, Some(user), now).await?;
    facts
        .first()
        .map(|facts| Presence::of(facts, now))
        .ok_or(ApiError::NotFound("agent"))
}

/// The team: who can take this, who is on a call, since when. Who came last stands first.
#[utoipa::path(get, path = "/agents", tag = "agents", params(PageQuery), responses((status = 200, body = Page<AgentView>)))]
async fn agents(
    caller: Caller<may::Work>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<AgentView>>, ApiError> {
    let now = caller.app().clock.now();
    let all = caller.read(async |tx| team(tx, now).await).await?;
    let place = |(since, agent): &(DateTime<Utc>, AgentView)| (*since, agent.id.clone());
    Page::of_all(all, &query, place, |(_, agent)| agent).map(Json)
}

/// Every active agent, and since when they belong to the organization.
async fn team(
    tx: &mut Tx,
    now: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, AgentView)>, ApiError> {
    let org = tx.org_id().clone();
    let facts = presence::facts(tx, None, now).await?;
    let members = users::members(tx, &org).await?;
    let numbers = numbers::list(tx).await?;
    let counts = calls::counts_by_agent(tx, now - TimeDelta::hours(24)).await?;
    let mut team = Vec::new();
    for member in members.into_iter().filter(|m| m.membership.active) {
        let Some(facts) = facts.iter().find(|f| f.user == member.user.id) else {
            continue;
        };
        let counted = counts.iter().find(|(user, _)| *user == member.user.id);
        let own = numbers.iter().find(|n| {
            n.agent.as_ref() == Some(&member.user.id)
                || member.membership.caller_number.as_ref() == Some(&n.id)
        });
        let agent = AgentView {
            id: member.user.id.into(),
            name: member.user.name,
            email: member.user.email,
            role: member.membership.role.into(),
            presence: Presence::of(facts, now),
            number: own.map(|n| n.e164.clone()),
            counts: counted.map_or_else(Counts::default, |(_, c)| Counts {
                inbound: c.inbound,
                outbound: c.outbound,
                missed: c.missed,
            }),
        };
        team.push((member.membership.created_at, agent));
    }
    Ok(team)
}

/// Choose to take calls, or not.
#[utoipa::path(put, path = "/me/availability", tag = "agents", request_body = Choice, responses(
    (status = 200, body = Presence), (status = 422, body = Problem)))]
async fn choose(
    caller: Caller<may::Work>,
    Body(choice): Body<Choice>,
) -> Result<Json<Presence>, ApiError> {
    let now = caller.app().clock.now();
    let chosen = match choice.state.as_str() {
        "available" => Chosen::Available,
        "away" => Chosen::Away,
        _ => return Err(ApiError::invalid("state", "choose available or away")),
    };
    let reason = patch::optional("reason", choice.reason.as_deref(), 60)?;
    let presence = caller
        .write(async |tx| {
            presence::choose(tx, &caller.user, chosen, reason.as_deref(), now).await?;
            of_agent(tx, &caller.user, now).await
        })
        .await?;
    caller.app().live.stir(&caller.org, &caller.user);
    Ok(Json(presence))
}
