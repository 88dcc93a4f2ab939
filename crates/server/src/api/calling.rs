//! How an agent makes and takes calls: the assigned number, the number shown, recording, voicemail, and where calls go instead.

use axum::Json;
use axum::extract::Path;
use offhook_core::id::{NumberId, UserId};
use offhook_core::phone::PhoneNumber;
use offhook_store::agent_calling::{self, Calling};
use offhook_store::numbers::{self, Number};
use offhook_store::users::{self, Member};
use offhook_store::{Tx, organizations};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, audit, patch, phone};
use crate::app::App;
use crate::auth::{Caller, Role, may};
use crate::error::{ApiError, Problem};
use crate::numbers as stories;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get, put))
}

/// How an agent makes and takes calls.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallingView {
    /// The id of the number that is this agent's own.
    number_id: Option<String>,
    /// The number shown on this agent's calls, E.164; null: the own number, else the organization's first.
    pub(crate) caller_id: Option<String>,
    /// Whether this agent's calls are recorded; null: as the number and the organization say.
    pub(crate) record: Option<bool>,
    /// Whoever calls this agent alone and is not answered may leave a message.
    voicemail: bool,
    /// Every call to this agent goes there.
    forward_always: Option<String>,
    /// Calls to this agent alone go there while the agent talks.
    forward_on_busy: Option<String>,
    /// Calls to this agent alone go there that are not taken in time.
    forward_on_no_answer: Option<String>,
    /// E.164: takes calls on this phone instead of the softphone.
    own_phone: Option<String>,
}

/// What to change; what is left out stays as it is, null takes away.
#[derive(Default, Deserialize, ToSchema)]
pub(crate) struct CallingInput {
    #[serde(default, deserialize_with = "patch::nullable")]
    number_id: Option<Option<String>>,
    /// One of the organization's numbers, or one that the carrier has verified.
    #[serde(default, deserialize_with = "patch::nullable")]
    caller_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    record: Option<Option<bool>>,
    voicemail: Option<bool>,
    #[serde(default, deserialize_with = "patch::nullable")]
    forward_always: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    forward_on_busy: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    forward_on_no_answer: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    own_phone: Option<Option<String>>,
}

impl CallingInput {
    /// A number of the agent's own, what is shown, and perhaps whether calls are recorded.
    pub(crate) fn own(number: &NumberId, shown: String, record: Option<bool>) -> Self {
        Self {
            number_id: Some(Some(number.to_string())),
            caller_id: Some(Some(shown)),
            record: record.map(Some),
            ..Self::default()
        }
    }
}

/// The number shown: one of ours, or a verified one.
enum Shown {
    Ours(NumberId),
    Verified(String),
}

async fn find(tx: &mut Tx, id: &str) -> Result<Member, ApiError> {
    let not_found = || ApiError::NotFound("agent");
    let id = UserId::parse(id).map_err(|_| not_found())?;
    let org = tx.org_id().clone();
    users::member(tx, &org, &id).await?.ok_or_else(not_found)
}

async fn calling_of(
    tx: &mut Tx,
    user: &UserId,
    now: offhook_core::Time,
) -> Result<Calling, ApiError> {
    let kept = agent_calling::find(tx, user).await?;
    Ok(kept.unwrap_or_else(|| Calling::usual(user, now)))
}

async fn shown(
    tx: &mut Tx,
    member: &Member,
    now: offhook_core::Time,
) -> Result<CallingView, ApiError> {
    let ours = numbers::list(tx).await?;
    let calling = calling_of(tx, &member.user.id, now).await?;
    let own = ours
        .iter()
        .find(|number| number.agent.as_ref() == Some(&member.user.id));
    let chosen = ours
        .iter()
        .find(|number| Some(&number.id) == member.membership.caller_number.as_ref());
    Ok(CallingView {
        number_id: own.map(|number| number.id.to_string()),
        caller_id: calling
            .caller_id
            .or_else(|| chosen.map(|number| number.e164.clone())),
        record: calling.record,
        voicemail: calling.voicemail,
        forward_always: calling.forward_always,
        forward_on_busy: calling.forward_on_busy,
        forward_on_no_answer: calling.forward_on_no_answer,
        own_phone: member.membership.own_phone.clone(),
    })
}

/// How an agent makes and takes calls; agents may look at their own settings.
#[utoipa::path(get, path = "/agents/{id}/calling", tag = "agents", params(("id" = String, Path)), responses(
    (status = 200, body = CallingView), (status = 404, body = Problem)))]
async fn get(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<CallingView>, ApiError> {
    let now = caller.app().clock.now();
    if id != caller.user.as_str() && caller.role < Role::Admin {
        // Whether there is such an agent is no secret within the team; how calls reach them is.
        caller.read(async |tx| find(tx, &id).await).await?;
        return Err(ApiError::Forbidden(
            "only admins see how others take their calls".to_owned(),
        ));
    }
    caller
        .read(async |tx| {
            let member = find(tx, &id).await?;
            shown(tx, &member, now).await
        })
        .await
        .map(Json)
}

/// Change how an agent makes and takes calls.
#[utoipa::path(put, path = "/agents/{id}/calling", tag = "agents", params(("id" = String, Path)), request_body = CallingInput, responses(
    (status = 200, body = CallingView), (status = 404, body = Problem),
    (status = 422, body = Problem, description = "`caller_id_not_owned`, or a number that may not be called"), (status = 502, body = Problem)))]
pub(crate) async fn put(
    caller: Caller<may::ManageUsers>,
    Path(id): Path<String>,
    Body(input): Body<CallingInput>,
) -> Result<Json<CallingView>, ApiError> {
    let now = caller.app().clock.now();
    let caller_id = match &input.caller_id {
        Some(Some(text)) if !text.trim().is_empty() => {
            caller.read(async |tx| find(tx, &id).await).await?;
            Some(Some(may_be_shown(&caller, text).await?))
        }
        Some(_) => Some(None),
        None => None,
    };
    let view = caller
        .write(async |tx| {
            let member = find(tx, &id).await?;
            let mut calling = calling_of(tx, &member.user.id, now).await?;
            let mut membership = member.membership.clone();
            merge(tx, &mut calling, &input).await?;
            match &caller_id {
                Some(Some(Shown::Ours(number))) => {
                    calling.caller_id = None;
                    membership.caller_number = Some(number.clone());
                }
                Some(Some(Shown::Verified(e164))) => calling.caller_id = Some(e164.clone()),
                Some(None) => {
                    calling.caller_id = None;
                    membership.caller_number = None;
                }
                None => {}
            }
            if let Some(own) = &input.own_phone {
                membership.own_phone = phone::optional(tx, "own_phone", own.as_deref()).await?;
            }
            calling.updated_at = now;
            membership.updated_at = now;
            agent_calling::save(tx, &calling).await?;
            users::save_membership(tx, &membership).await?;
            if let Some(number) = &input.number_id {
                own_number(tx, &member.user.id, number.as_deref(), now).await?;
            }
            let (subject, detail) = (member.user.id.as_str(), json!({}));
            audit::note(tx, &caller, now, "agent.calling", subject, detail).await?;
            let member = Member {
                membership,
                ..member.clone()
            };
            shown(tx, &member, now).await
        })
        .await?;
    // An own phone or a forward changes what this person can be offered.
    if let Ok(user) = UserId::parse(&id) {
        caller.app().live.stir(&caller.org, &user);
    }
    Ok(Json(view))
}

/// A number that the carrier would show for this organization.
async fn may_be_shown(caller: &Caller<may::ManageUsers>, text: &str) -> Result<Shown, ApiError> {
    let (e164, ours) = caller
        .read(async |tx| {
            let country = organizations::get(tx, &caller.org).await?.country;
            let e164 = PhoneNumber::parse(text, &country)
                .map_err(|error| ApiError::invalid("caller_id", error.to_string()))?;
            let ours = numbers::by_e164(tx, e164.as_str()).await?;
            Ok((e164.to_string(), ours))
        })
        .await?;
    if let Some(Number { id, .. }) = ours {
        return Ok(Shown::Ours(id));
    }
    let verified = match stories::is_verified(caller.app(), &caller.org, &e164).await {
        Ok(verified) => verified,
        Err(ApiError::Conflict { .. }) => false,
        Err(error) => return Err(error),
    };
    if verified {
        return Ok(Shown::Verified(e164));
    }
    Err(ApiError::Invalid {
        field: "caller_id".to_owned(),
        code: "caller_id_not_owned",
        detail: "choose one of the organization's numbers, or one that the carrier has verified"
            .to_owned(),
    })
}

async fn merge(tx: &mut Tx, calling: &mut Calling, input: &CallingInput) -> Result<(), ApiError> {
    if let Some(record) = input.record {
        calling.record = record;
    }
    calling.voicemail = input.voicemail.unwrap_or(calling.voicemail);
    let forwards = [
        (
            "forward_always",
            &input.forward_always,
            &mut calling.forward_always,
        ),
        (
            "forward_on_busy",
            &input.forward_on_busy,
            &mut calling.forward_on_busy,
        ),
        (
            "forward_on_no_answer",
            &input.forward_on_no_answer,
            &mut calling.forward_on_no_answer,
        ),
    ];
    for (field, wanted, kept) in forwards {
        if let Some(wanted) = wanted {
            *kept = match wanted
                .as_deref()
                .map(str::trim)
                .filter(|text| !text.is_empty())
            {
                Some(text) => Some(phone::forward_target(tx, field, text).await?),
                None => None,
            };
        }
    }
    Ok(())
}

async fn own_number(
    tx: &mut Tx,
    user: &UserId,
    wanted: Option<&str>,
    now: offhook_core::Time,
) -> Result<(), ApiError> {
    let ours = numbers::list(tx).await?;
    match wanted {
        Some(wanted) => {
            let known = ours.iter().find(|number| number.id.as_str() == wanted);
            let known = known.ok_or_else(|| {
                ApiError::invalid(
                    "number_id",
                    "there is no such number; GET /api/v1/numbers lists them",
                )
            })?;
            if known.agent.as_ref() != Some(user) {
                stories::assign(tx, &known.id, Some(user), now).await?;
            }
        }
        None => {
            for number in ours.iter().filter(|n| n.agent.as_ref() == Some(user)) {
                stories::assign(tx, &number.id, None, now).await?;
            }
        }
    }
    Ok(())
}
