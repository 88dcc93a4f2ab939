//! Calls as they are looked at: list, detail, export.

use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use offhook_core::call::{Direction, LegStatus};
use offhook_core::id::{CallId, ContactId, NumberId, UserId};
use offhook_store::calls::{self, CallFilter};
use offhook_store::{Page as StorePage, Tx, numbers, recordings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::contacts::note_export;
use super::view::{CallEventView, CallView, NoteView, RecordingView};
use super::{Page, PageQuery, Params, csv};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::calls::CallNow;
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(export))
        .routes(routes!(get))
}

/// Which calls are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallQuery {
    /// `inbound` or `outbound`.
    direction: Option<String>,
    /// One or more statuses with commas between: `completed,no-answer`; `live` is all that have not ended.
    status: Option<String>,
    /// An agent's id, or `me`.
    agent: Option<String>,
    /// A contact's id.
    contact: Option<String>,
    /// The number of the outside party.
    party: Option<String>,
    /// The id of one of our numbers, or the number itself.
    number: Option<String>,
    /// Part of a contact's name, company or e-mail, or a phone number in any format.
    q: Option<String>,
    /// Began then or later.
    from: Option<DateTime<Utc>>,
    /// Began before then.
    to: Option<DateTime<Utc>>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A call with everything that belongs to it.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallDetail {
    #[serde(flatten)]
    call: CallNow,
    /// The timeline, oldest first.
    events: Vec<CallEventView>,
    recordings: Vec<RecordingView>,
    notes: Vec<NoteView>,
}

impl CallQuery {
    async fn filter(&self, tx: &mut Tx, me: &UserId) -> Result<CallFilter, ApiError> {
        let direction = match self.direction.as_deref() {
            None | Some("") => None,
            Some("inbound") => Some(Direction::Inbound),
            Some("outbound") => Some(Direction::Outbound),
            Some(_) => return Err(ApiError::invalid("direction", "choose inbound or outbound")),
        };
        let words: Vec<&str> = self
            .status
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|w| !w.is_empty())
            .collect();
        let live = words.contains(&"live").then_some(true);
        let named = words.into_iter().filter(|word| *word != "live");
        let status = named
            .map(|word| LegStatus::parse(word).ok_or_else(|| ApiError::invalid("status", "use ringing, in-progress, completed, busy, no-answer, failed, canceled or live")))
            .collect::<Result<_, _>>()?;
        let agent = match self.agent.as_deref() {
            Some("me") => Some(me.clone()),
            other => id("agent", other, UserId::parse)?,
        };
        Ok(CallFilter {
            direction,
            status,
            live,
            agent,
            contact: id("contact", self.contact.as_deref(), ContactId::parse)?,
            party: self.party(tx).await?,
            number: self.number(tx).await?,
            q: self.q.clone().filter(|q| !q.trim().is_empty()),
            from: self.from,
            to: self.to,
        })
    }

    async fn party(&self, tx: &mut Tx) -> Result<Option<String>, ApiError> {
        match self.party.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => super::phone::required(tx, "party", text).await.map(Some),
            None => Ok(None),
        }
    }

    /// Our number, by its id or as it is written.
    async fn number(&self, tx: &mut Tx) -> Result<Option<NumberId>, ApiError> {
        let Some(text) = self.number.as_deref().filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        if let Ok(id) = NumberId::parse(text) {
            return Ok(Some(id));
        }
        let e164 = super::phone::required(tx, "number", text).await?;
        let known = numbers::by_e164(tx, &e164).await?;
        known
            .map(|number| Some(number.id))
            .ok_or_else(|| ApiError::invalid("number", "this is not one of our numbers"))
    }
}

fn id<T, E>(
    field: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    parse(text)
        .map(Some)
        .map_err(|_| ApiError::invalid(field, "this is not an id of that kind"))
}

pub(super) fn call_id(text: &str) -> Result<CallId, ApiError> {
    CallId::parse(text).map_err(|_| ApiError::NotFound("call"))
}

/// Calls, newest first.
#[utoipa::path(get, path = "/calls", tag = "calls", params(CallQuery), responses(
    (status = 200, body = Page<CallView>), (status = 422, body = Problem)))]
async fn list(
    caller: Caller<may::Work>,
    Params(query): Params<CallQuery>,
) -> Result<Json<Page<CallView>>, ApiError> {
    let now = caller.app().clock.now();
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor.clone(),
    }
    .page();
    let listed = caller
        .read(async |tx| {
            let filter = query.filter(tx, &caller.user).await?;
            Ok(calls::list(tx, &filter, &page).await?)
        })
        .await?;
    Ok(Json(Page::of(listed, |call| CallView::of(call, now))))
}

/// One call with its legs, timeline, recordings and notes.
#[utoipa::path(get, path = "/calls/{id}", tag = "calls", params(("id" = String, Path)), responses(
    (status = 200, body = CallDetail), (status = 404, body = Problem)))]
async fn get(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<CallDetail>, ApiError> {
    let now = caller.app().clock.now();
    let id = call_id(&id)?;
    caller
        .read(async |tx| detail(tx, &id, now).await)
        .await
        .map(Json)
}

pub(super) async fn detail(
    tx: &mut Tx,
    id: &CallId,
    now: DateTime<Utc>,
) -> Result<CallDetail, ApiError> {
    let call = calls::load(tx, id)
        .await
        .map_err(|error| ApiError::missing(error, "call"))?
        .call;
    Ok(CallDetail {
        call: CallNow::of(tx, &call, now).await?,
        events: calls::timeline(tx, id)
            .await?
            .into_iter()
            .map(CallEventView::from)
            .collect(),
        recordings: recordings::of_call(tx, id)
            .await?
            .into_iter()
            .map(RecordingView::from)
            .collect(),
        notes: calls::notes(tx, id)
            .await?
            .into_iter()
            .map(NoteView::from)
            .collect(),
    })
}

const COLUMNS: [&str; 16] = [
    "id",
    "direction",
    "status",
    "outcome",
    "from",
    "to",
    "contact",
    "agent",
    "queue",
    "started_at",
    "answered_at",
    "ended_at",
    "ended_by",
    "wait_seconds",
    "talk_seconds",
    "disposition",
];

/// The calls as a CSV file.
#[utoipa::path(get, path = "/calls/export", tag = "calls", params(CallQuery), responses(
    (status = 200, body = String, content_type = "text/csv")))]
async fn export(
    caller: Caller<may::Export>,
    Params(query): Params<CallQuery>,
) -> Result<Response, ApiError> {
    let now = caller.app().clock.now();
    let filter = caller
        .read(async |tx| query.filter(tx, &caller.user).await)
        .await?;
    let mut file = csv::File::begin(&COLUMNS)?;
    let mut page = StorePage {
        limit: 200,
        cursor: None,
    };
    loop {
        let listed = caller
            .read(async |tx| Ok(calls::list(tx, &filter, &page).await?))
            .await?;
        for call in listed.items {
            row(&mut file, CallView::of(call, now))?;
        }
        page.cursor = listed.next;
        if page.cursor.is_none() {
            break;
        }
    }
    note_export(&caller, "calls").await?;
    file.answer("calls")
}

fn row(file: &mut csv::File, call: CallView) -> Result<(), ApiError> {
    let name = |named: Option<super::NamedRef>| named.map(|n| n.name).unwrap_or_default();
    let seconds = |value: Option<i64>| value.map(|n| n.to_string()).unwrap_or_default();
    let cells = [
        call.id,
        call.direction,
        call.status,
        call.outcome.unwrap_or_default(),
        call.from_number,
        call.to_number,
        name(call.contact),
        name(call.agent),
        name(call.queue),
        csv::time(Some(call.started_at)),
        csv::time(call.answered_at),
        csv::time(call.ended_at),
        call.ended_by.unwrap_or_default(),
        seconds(call.wait_seconds),
        seconds(call.talk_seconds),
        call.disposition.unwrap_or_default(),
    ];
    file.row(&cells.each_ref().map(String::as_str))
}
