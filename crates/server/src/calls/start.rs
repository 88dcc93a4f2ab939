//! An agent calls somebody: every check and a plain error first, then the row and the room; the device connects afterwards.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use offhook_core::call::{Call, Mode, Placing};
use offhook_core::dial::{Dial, DialRefused, DialRules};
use offhook_core::id::{CallId, ContactId, NumberId, UserId};
use offhook_core::limits::{LimitReached, Limits};
use offhook_core::phone::PhoneNumber;
use offhook_store::numbers::Number;
use offhook_store::organizations::Organization;
use offhook_store::presence as presence_store;
use offhook_store::users::Member;
use offhook_store::{Tx, agent_calling, calls, carriers, contacts, numbers, organizations, users};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::actions::view;
use super::identity::Identity;
use super::story::{self, Source, Telling};
use crate::api::Body;
use crate::api::view::CallView;
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};
use crate::webhooks::policy_of;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(start))
}

/// Whom to call, and how.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(crate) struct NewCall {
    /// A phone number in any format of the organization's country, or with a country's code.
    #[serde(default, deserialize_with = "as_written")]
    pub(crate) to: Option<String>,
    /// Which of the organization's numbers is shown; the agent's own by default.
    pub(crate) from: Option<String>,
    pub(crate) contact_id: Option<String>,
    /// `softphone` (default); `phone_first`: the agent's own phone rings first; or `direct`: the softphone dials the customer
    /// itself, which does not wait for the carrier's pace, and a room is made of it when one is needed.
    pub(crate) mode: Option<String>,
    /// Whether this call is recorded; the organization's setting by default.
    pub(crate) record: Option<bool>,
}

/// Whatever stands where a number belongs is read as one, so that the refusal names the formats that are taken.
fn as_written<'de, D: Deserializer<'de>>(field: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(field)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// How the agent comes into the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// As the request says.
    AsAsked,
    /// Called first, by a front end that knows no hang-up.
    AgentFirst {
        /// The agent's leg stands in the room.
        in_room: bool,
    },
    /// The device of a front end that knows no hang-up dials by itself.
    ByDevice,
}

/// Call somebody. The app then connects its device with the call's id; the customer is dialled as soon as the agent is there.
///
/// With an `Idempotency-Key` header a repeat gives the same call and dials nobody twice.
#[utoipa::path(post, path = "/calls", tag = "calls", request_body = NewCall,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of up to 200 characters, new for each call")),
    responses(
    (status = 201, body = CallView), (status = 200, body = CallView, description = "The call that this key made before"),
    (status = 409, body = Problem, description = "`agent_busy`, `no_carrier` or `no_number`"),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn start(
    caller: Caller<may::Work>,
    headers: HeaderMap,
    Body(wanted): Body<NewCall>,
) -> Result<(StatusCode, Json<CallView>), ApiError> {
    let app = caller.app();
    let now = app.clock.now();
    let key = request_key(&caller, &headers)?;
    let id = CallId::new(Uuid::now_v7());
    let begun = caller
        .write(async |tx| {
            // The turn first: a repeat that comes at the same moment waits for the call that it then finds.
            presence_store::take_turn(tx, &caller.user).await?;
            if let Some(known) = known(tx, key.as_deref()).await? {
                return Ok((StatusCode::OK, None, view(tx, &known, now).await?));
            }
            let placing = check(tx, &caller.user, &id, &wanted, How::AsAsked, now).await?;
            let begun = Call::place(now, placing);
            let telling = Telling::of(Vec::new(), Source::Agent(caller.user.clone()));
            let told = story::begin(app, tx, begun, key.as_deref(), &telling).await?;
            let view = view(tx, &told.call, now).await?;
            Ok((StatusCode::CREATED, Some(told), view))
        })
        .await;
    match begun {
        Ok((status, told, view)) => {
            if let Some(told) = told {
                told.stir(app, &caller.org);
            }
            Ok((status, Json(view)))
        }
        // The same key at the same moment: the other request made the call.
        Err(ApiError::Conflict {
            code: "conflict", ..
        }) if key.is_some() => {
            let made = caller.read(async |tx| match known(tx, key.as_deref()).await? {
                Some(call) => view(tx, &call, now).await,
                None => Err(ApiError::Unavailable),
            });
            Ok((StatusCode::OK, Json(made.await?)))
        }
        Err(error) => Err(error),
    }
}

/// A key is an agent's own: another agent's same key is another call.
pub(crate) fn request_key<P>(
    caller: &Caller<P>,
    headers: &HeaderMap,
) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > 200 {
        return Err(ApiError::invalid(
            "Idempotency-Key",
            "use 1 to 200 plain characters",
        ));
    }
    Ok(Some(format!("{}:{text}", caller.user)))
}

async fn known(tx: &mut Tx, key: Option<&str>) -> Result<Option<Call>, ApiError> {
    match key {
        Some(key) => Ok(calls::by_request_key(tx, key)
            .await?
            .map(|stored| stored.call)),
        None => Ok(None),
    }
}

/// Every check, before anything is dialled.
pub(super) async fn check(
    tx: &mut Tx,
    agent: &UserId,
    id: &CallId,
    wanted: &NewCall,
    how: How,
    now: offhook_core::Time,
) -> Result<Placing, ApiError> {
    let org = tx.org_id().clone();
    let organization = organizations::get(tx, &org).await?;
    let member = users::member(tx, &org, agent)
        .await?
        .ok_or(ApiError::Unauthorized)?;
    if carriers::list(tx).await?.is_empty() {
        return Err(ApiError::conflict(
            "no_carrier",
            "an admin has to connect a carrier account first, in Settings",
        ));
    }
    let shown = caller_id(tx, &organization, &member, wanted.from.as_deref()).await?;
    let (dial, shown) = destination(
        tx,
        &organization,
        shown,
        wanted.to.as_deref().unwrap_or_default(),
    )
    .await?;
    let party = match &dial {
        Dial::Number(number) => number.to_string(),
        Dial::Emergency(number) => number.clone(),
    };
    if matches!(dial, Dial::Number(_)) {
        within_limits(tx, agent, &organization, now).await?;
        not_busy(tx, agent, how, now).await?;
    }
    let contact = contact(tx, wanted.contact_id.as_deref(), &party).await?;
    let mut policy = policy_of(&organization.settings);
    // The later the word, the more it counts: organization, number, agent, call.
    let set = agent_calling::find(tx, agent).await?;
    let of_agent = set.and_then(|set| set.record);
    policy.record = wanted
        .record
        .or(of_agent)
        .or(shown.record)
        .unwrap_or(policy.record);
    Ok(Placing {
        id: id.clone(),
        org,
        agent: agent.clone(),
        mode: match how {
            How::ByDevice => Mode::Direct,
            How::AsAsked => mode(wanted.mode.as_deref(), &member)?,
            How::AgentFirst { in_room } => first_leg(in_room, &member),
        },
        ends_with_agent: how != How::AsAsked,
        party,
        our_number: shown.e164,
        number: shown.id,
        contact,
        policy,
    })
}

/// The number that a call shows.
pub(crate) struct Shown {
    /// E.164.
    pub(crate) e164: String,
    /// Its id, where it is one of the organization's and not only verified.
    pub(crate) id: Option<NumberId>,
    record: Option<bool>,
    emergency_address: bool,
}

impl From<Number> for Shown {
    fn from(number: Number) -> Self {
        Self {
            e164: number.e164,
            id: Some(number.id),
            record: number.record,
            emergency_address: number.emergency_address,
        }
    }
}

impl Shown {
    /// The carrier has verified it as the organization's.
    fn verified(e164: String) -> Self {
        Self {
            e164,
            id: None,
            record: None,
            emergency_address: false,
        }
    }
}

/// Only a number of the organization's own, or the agent's own that the carrier has verified, is ever shown.
pub(crate) async fn caller_id(
    tx: &mut Tx,
    organization: &Organization,
    member: &Member,
    wanted: Option<&str>,
) -> Result<Shown, ApiError> {
    let ours = numbers::list(tx).await?;
    let set = agent_calling::find(tx, &member.user.id).await?;
    let verified = set.and_then(|set| set.caller_id);
    if let Some(wanted) = wanted.map(str::trim).filter(|wanted| !wanted.is_empty()) {
        let e164 =
            PhoneNumber::parse(wanted, &organization.country).map(|number| number.to_string());
        let found = ours
            .into_iter()
            .find(|number| number.id.as_str() == wanted || Ok(&number.e164) == e164.as_ref());
        let verified = verified.filter(|verified| Ok(verified) == e164.as_ref());
        let found = found.map(Shown::from).or(verified.map(Shown::verified));
        return found.ok_or_else(|| ApiError::Invalid {
            field: "from".to_owned(),
            code: "caller_id_not_owned",
            detail: "choose one of the organization's numbers".to_owned(),
        });
    }
    if let Some(verified) = verified {
        return Ok(Shown::verified(verified));
    }
    let chosen = ours
        .iter()
        .find(|number| Some(&number.id) == member.membership.caller_number.as_ref());
    let own = || {
        ours.iter()
            .find(|number| number.agent.as_ref() == Some(&member.user.id))
    };
    let found = chosen.or_else(own).or(ours.first()).cloned();
    found.map(Shown::from).ok_or_else(|| {
        ApiError::conflict(
            "no_number",
            "the organization has no phone number yet; an admin can add one in Numbers",
        )
    })
}

/// Where the call goes. An emergency call shows a number with a registered address, whichever was chosen.
async fn destination(
    tx: &mut Tx,
    organization: &Organization,
    shown: Shown,
    to: &str,
) -> Result<(Dial, Shown), ApiError> {
    let mut rules = DialRules {
        country: organization.country.clone(),
        allowed: organization.settings.allowed_countries.clone(),
        emergency_address: shown.emergency_address,
    };
    let mut shown = shown;
    if offhook_core::dial::emergency(to, &rules.country).is_some() && !rules.emergency_address {
        let registered = numbers::list(tx)
            .await?
            .into_iter()
            .find(|number| number.emergency_address);
        if let Some(registered) = registered {
            rules.emergency_address = true;
            shown = registered.into();
        }
    }
    match rules.check(to) {
        Ok(dial) => Ok((dial, shown)),
        Err(refused) => Err(ApiError::Invalid {
            field: "to".to_owned(),
            code: refused.code(),
            detail: words(&refused),
        }),
    }
}

fn words(refused: &DialRefused) -> String {
    refused.to_string()
}

/// Counted in the organization's turn: two starts at one moment cannot both be the last that fits.
async fn within_limits(
    tx: &mut Tx,
    agent: &UserId,
    organization: &Organization,
    now: offhook_core::Time,
) -> Result<(), ApiError> {
    let limits = Limits {
        starts_per_minute: organization.settings.starts_per_minute,
        concurrent: organization.settings.concurrent_limit,
    };
    organizations::take_turn(tx).await?;
    let starts = calls::starts_since(tx, agent, now - chrono::TimeDelta::minutes(1)).await?;
    let live = u32::try_from(calls::live_outbound(tx).await?).unwrap_or(u32::MAX);
    limits
        .check(now, &starts, live)
        .map_err(|reached: LimitReached| ApiError::TooMany {
            code: reached.code(),
            detail: reached.to_string(),
            retry_after: reached.retry_after_seconds().into(),
        })
}

async fn not_busy(
    tx: &mut Tx,
    agent: &UserId,
    how: How,
    now: offhook_core::Time,
) -> Result<(), ApiError> {
    let facts = presence_store::facts(tx, Some(agent), now).await?;
    let mut kept: Vec<CallId> = facts
        .into_iter()
        .flat_map(|row| row.live_call.into_iter().chain(row.awaited_call))
        .collect();
    if how != How::AsAsked {
        let theirs = calls::live_of_agent(tx, agent).await?;
        kept.extend(theirs.into_iter().map(|call| call.id));
        kept.sort_unstable();
        kept.dedup();
        let mut busy = Vec::new();
        for id in kept {
            let still_rings = calls::load(tx, &id).await?.call.rings_its_agent();
            busy.extend((!still_rings).then_some(id));
        }
        kept = busy;
    }
    if !kept.is_empty() {
        return Err(ApiError::conflict("agent_busy", "you are in another call"));
    }
    Ok(())
}

async fn contact(
    tx: &mut Tx,
    named: Option<&str>,
    party: &str,
) -> Result<Option<ContactId>, ApiError> {
    let Some(named) = named.filter(|named| !named.is_empty()) else {
        return Ok(contacts::by_phone(tx, party)
            .await?
            .map(|contact| contact.id));
    };
    let unknown = || ApiError::invalid("contact_id", "there is no such contact");
    let id = ContactId::parse(named).map_err(|_| unknown())?;
    contacts::get(tx, &id).await.map_err(|_| unknown())?;
    Ok(Some(id))
}

/// Where the agent is called first.
fn first_leg(in_room: bool, member: &Member) -> Mode {
    match &member.membership.own_phone {
        _ if in_room => Mode::Softphone,
        Some(phone) => Mode::PhoneFirst {
            agent_phone: phone.clone(),
        },
        None => Mode::DeviceFirst {
            identity: Identity {
                org: member.membership.org.clone(),
                agent: member.user.id.clone(),
            }
            .name(),
        },
    }
}

fn mode(wanted: Option<&str>, member: &Member) -> Result<Mode, ApiError> {
    match wanted {
        None | Some("" | "softphone") => Ok(Mode::Softphone),
        Some("phone_first") => match &member.membership.own_phone {
            Some(phone) => Ok(Mode::PhoneFirst {
                agent_phone: phone.clone(),
            }),
            None => Err(ApiError::invalid(
                "mode",
                "you have no phone of your own yet; an admin can enter it in Users",
            )),
        },
        Some("direct") => Ok(Mode::Direct),
        Some(_) => Err(ApiError::invalid(
            "mode",
            "choose softphone, phone_first or direct",
        )),
    }
}
