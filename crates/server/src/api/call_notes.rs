//! What people write on a call: the note, and what it meant.

use axum::Json;
use axum::extract::Path;
use chrono::{DateTime, Utc};
use offhook_core::call::Event;
use offhook_store::calls::{self, CallSummary};
use offhook_store::{Tx, organizations};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Body;
use super::calls::{CallDetail, call_id, detail};
use crate::app::App;
use crate::auth::{Caller, Permission, may};
use crate::calls::changed;
use crate::calls::story::{self, Source, Telling, Told};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(change))
}

/// What an agent says about a call.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CallChange {
    /// What was said; it replaces the note so far, null removes it. `notes` of the call keeps the last of each author.
    #[serde(default, deserialize_with = "none_as_empty")]
    note: Option<String>,
    /// What it meant, in the organization's words; null removes it.
    #[serde(default, deserialize_with = "none_as_empty")]
    disposition: Option<String>,
    /// Kept while it is being typed: it ends no wrap-up, and other screens see it when it is saved.
    #[serde(default)]
    draft: bool,
}

/// Write down what was said and what it meant; the agent whose call it was, or a supervisor.
///
/// It ends the wrap-up of this call early when its own agent does it, and nobody else's; not with `draft`.
#[utoipa::path(patch, path = "/calls/{id}", tag = "calls", params(("id" = String, Path)), request_body = CallChange, responses(
    (status = 200, body = CallDetail), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change(
    caller: Caller<may::Work>,
    Path(text): Path<String>,
    Body(change): Body<CallChange>,
) -> Result<Json<CallDetail>, ApiError> {
    let now = caller.app().clock.now();
    let id = call_id(&text)?;
    let change = change.checked()?;
    caller
        .write(async |tx| {
            let summary = calls::summary(tx, &id)
                .await
                .map_err(|error| ApiError::missing(error, "call"))?;
            let theirs = summary.agent.as_ref().map(|agent| &agent.id);
            if theirs.is_some_and(|agent| *agent != caller.user) {
                caller.require(Permission::ManageCalls)?;
            }
            if let Some(word) = change
                .disposition
                .as_deref()
                .filter(|word| !word.is_empty())
            {
                known_disposition(tx, word).await?;
            }
            let (note, disposition) = (change.note.as_deref(), change.disposition.as_deref());
            calls::annotate(tx, &id, note, disposition, now).await?;
            if let Some(note) = note {
                calls::keep_note(tx, &id, &caller.user, note, now).await?;
            }
            let told = if change.draft {
                None
            } else {
                saved(tx, &caller, &summary, &change, now).await?
            };
            Ok((told, detail(tx, &id, now).await?))
        })
        .await
        .map(|(told, detail)| {
            if let Some(told) = told {
                told.stir(caller.app(), &caller.org);
            }
            Json(detail)
        })
}

/// Null stands for no text, which is told from a field that was left out.
fn none_as_empty<'de, D: Deserializer<'de>>(field: D) -> Result<Option<String>, D::Error> {
    let given = Option::<String>::deserialize(field)?;
    Ok(Some(given.unwrap_or_default()))
}

impl CallChange {
    fn checked(mut self) -> Result<Self, ApiError> {
        let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
        self.note = trimmed(self.note);
        self.disposition = trimmed(self.disposition);
        if self
            .note
            .as_ref()
            .is_some_and(|note| note.chars().count() > 10_000)
        {
            return Err(ApiError::invalid("note", "use at most 10000 characters"));
        }
        Ok(self)
    }
}

/// Saved for good: it stands in the timeline, ends what it ends, and other screens are told.
async fn saved(
    tx: &mut Tx,
    caller: &Caller<may::Work>,
    call: &CallSummary,
    change: &CallChange,
    now: DateTime<Utc>,
) -> Result<Option<Told>, ApiError> {
    let line = calls::NewCallEvent {
        at: now,
        source: "agent".to_owned(),
        kind: "annotated".to_owned(),
        payload: json!({
            "by": caller.user,
            "note": change.note.is_some(),
            "disposition": change.disposition,
        }),
        key: None,
        reply: None,
    };
    calls::append(tx, &call.id, &line).await?;
    let told = wrap_up(tx, caller, call, now).await?;
    if told.is_none() {
        changed(tx, &call.id, now).await?;
    }
    Ok(told)
}

/// Saving ends the wrap-up of one's own call while it lasts; it ends nothing of anybody else's, nor of another call.
async fn wrap_up(
    tx: &mut Tx,
    caller: &Caller<may::Work>,
    call: &CallSummary,
    now: DateTime<Utc>,
) -> Result<Option<Told>, ApiError> {
    let own = call
        .agent
        .as_ref()
        .is_some_and(|agent| agent.id == caller.user);
    if !own || call.wrap_up_until.is_none_or(|until| until <= now) {
        return Ok(None);
    }
    let event = Event::WrappedUp {
        agent: caller.user.clone(),
    };
    let telling = Telling::of(vec![event], Source::Agent(caller.user.clone()));
    Ok(Some(
        story::tell_in(caller.app(), tx, &call.id, &telling).await?,
    ))
}

async fn known_disposition(tx: &mut Tx, word: &str) -> Result<(), ApiError> {
    let org = tx.org_id().clone();
    let known = organizations::get(tx, &org).await?.settings.dispositions;
    if known.iter().any(|one| one == word) {
        return Ok(());
    }
    Err(ApiError::invalid(
        "disposition",
        format!("use one of: {}", known.join(", ")),
    ))
}
