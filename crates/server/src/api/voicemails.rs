//! Messages that callers left.

use axum::Json;
use axum::extract::Path;
use chrono::{DateTime, Utc};
use offhook_core::id::VoicemailId;
use offhook_store::calls::CallSummary;
use offhook_store::users;
use offhook_store::voicemails::{self, Voicemail};
use offhook_store::{Tx, calls};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::view::CallView;
use super::{Body, NamedRef, Page, PageQuery, Params};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(change))
}

/// Which voicemails are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VoicemailQuery {
    /// `true` leaves out those that somebody has heard.
    unheard: Option<bool>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A message that a caller left.
#[derive(Serialize, ToSchema)]
pub(crate) struct VoicemailView {
    id: String,
    /// The call in which it was left.
    call: CallView,
    /// To be heard at `/calls/{call}/recordings/{recording_id}/audio`; null until it has arrived.
    recording_id: Option<String>,
    seconds: u32,
    created_at: DateTime<Utc>,
    heard_at: Option<DateTime<Utc>>,
    heard_by: Option<NamedRef>,
}

/// What to change about a voicemail.
#[derive(Deserialize, ToSchema)]
pub(crate) struct VoicemailChange {
    /// Somebody has heard it; it cannot be unheard.
    heard: bool,
}

fn view(
    voicemail: Voicemail,
    call: CallSummary,
    people: &[users::Member],
    now: DateTime<Utc>,
) -> VoicemailView {
    let heard_by = voicemail.heard_by.map(|id| {
        let known = people.iter().find(|member| member.user.id == id);
        let name = known
            .map(|member| member.user.name.clone())
            .unwrap_or_default();
        NamedRef {
            id: id.into(),
            name,
        }
    });
    VoicemailView {
        id: voicemail.id.into(),
        call: CallView::of(call, now),
        recording_id: voicemail.recording.map(String::from),
        seconds: voicemail.seconds,
        created_at: voicemail.created_at,
        heard_at: voicemail.heard_at,
        heard_by,
    }
}

/// Voicemails, newest first.
#[utoipa::path(get, path = "/voicemails", tag = "voicemails", params(VoicemailQuery), responses((status = 200, body = Page<VoicemailView>)))]
async fn list(
    caller: Caller<may::Work>,
    Params(query): Params<VoicemailQuery>,
) -> Result<Json<Page<VoicemailView>>, ApiError> {
    let now = caller.app().clock.now();
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    }
    .page();
    caller
        .read(async |tx| {
            let people = users::members(tx, &caller.org).await?;
            let listed = voicemails::list(tx, query.unheard.unwrap_or(false), &page).await?;
            Ok(Page::of(listed, |(voicemail, call)| {
                view(voicemail, call, &people, now)
            }))
        })
        .await
        .map(Json)
}

/// Say that a voicemail was heard.
#[utoipa::path(patch, path = "/voicemails/{id}", tag = "voicemails", params(("id" = String, Path)), request_body = VoicemailChange, responses(
    (status = 200, body = VoicemailView), (status = 404, body = Problem)))]
async fn change(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
    Body(change): Body<VoicemailChange>,
) -> Result<Json<VoicemailView>, ApiError> {
    let now = caller.app().clock.now();
    let id = VoicemailId::parse(&id).map_err(|_| ApiError::NotFound("voicemail"))?;
    caller
        .write(async |tx| {
            load(tx, &id).await?;
            if change.heard {
                voicemails::mark_heard(tx, &id, &caller.user, now).await?;
            }
            let voicemail = load(tx, &id).await?;
            let people = users::members(tx, &caller.org).await?;
            let call = calls::summary(tx, &voicemail.call).await?;
            Ok(view(voicemail, call, &people, now))
        })
        .await
        .map(Json)
}

async fn load(tx: &mut Tx, id: &VoicemailId) -> Result<Voicemail, ApiError> {
    voicemails::get(tx, id)
        .await
        .map_err(|error| ApiError::missing(error, "voicemail"))
}
