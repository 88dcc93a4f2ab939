//! The event log: the timelines of all calls as one, with everything that the carrier said.

use axum::Json;
use chrono::{DateTime, Utc};
use offhook_core::id::CallId;
use offhook_store::calls::{self, EventFilter, LoggedEvent};
use offhook_store::{Listed, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::view::CallEventView;
use super::{Page, PageQuery, Params};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which lines are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// A call's id.
    call: Option<String>,
    /// The `CallSid` of any leg of a call: all that its call has.
    leg: Option<String>,
    /// Happened then or later.
    from: Option<DateTime<Utc>>,
    /// Happened before then.
    to: Option<DateTime<Utc>>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A line of some call's timeline.
#[derive(Serialize, ToSchema)]
pub(crate) struct LoggedEventView {
    call_id: String,
    #[serde(flatten)]
    event: CallEventView,
}

impl From<LoggedEvent> for LoggedEventView {
    fn from(logged: LoggedEvent) -> Self {
        Self {
            call_id: logged.call.into(),
            event: logged.line.into(),
        }
    }
}

impl EventQuery {
    /// `None` where the leg is of no call here.
    async fn filter(&self, tx: &mut Tx) -> Result<Option<EventFilter>, ApiError> {
        let call = match text(self.call.as_ref()) {
            Some(call) => Some(
                CallId::parse(call)
                    .map_err(|_| ApiError::invalid("call", "this is not a call's id"))?,
            ),
            None => None,
        };
        let of_leg = match text(self.leg.as_ref()) {
            Some(leg) => match calls::by_leg_sid(tx, leg).await? {
                Some(stored) => Some(stored.call.id),
                None => return Ok(None),
            },
            None => None,
        };
        if call.is_some() && of_leg.is_some() && call != of_leg {
            return Ok(None);
        }
        Ok(Some(EventFilter {
            call: call.or(of_leg),
            from: self.from,
            to: self.to,
        }))
    }
}

fn text(field: Option<&String>) -> Option<&str> {
    field
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
}

/// What happened to all calls, newest first.
#[utoipa::path(get, path = "/call-events", tag = "calls", params(EventQuery), responses(
    (status = 200, body = Page<LoggedEventView>), (status = 422, body = Problem)))]
async fn list(
    caller: Caller<may::ViewAudit>,
    Params(query): Params<EventQuery>,
) -> Result<Json<Page<LoggedEventView>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor.clone(),
    }
    .page();
    let listed = caller
        .read(async |tx| match query.filter(tx).await? {
            Some(filter) => Ok(calls::log(tx, &filter, &page).await?),
            None => Ok(Listed {
                items: Vec::new(),
                next: None,
            }),
        })
        .await?;
    Ok(Json(Page::of(listed, LoggedEventView::from)))
}
