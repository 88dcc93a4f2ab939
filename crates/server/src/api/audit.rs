//! The audit trail: who changed what.

use axum::Json;
use chrono::{DateTime, Utc};
use offhook_store::audit::{self, AuditLine};
use offhook_store::{Tx, users};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{NamedRef, Page, PageQuery, Params};
use crate::app::App;
use crate::auth::{Caller, Identity, may};
use crate::error::ApiError;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// One change.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditView {
    id: String,
    at: DateTime<Utc>,
    /// Who; null is the system.
    actor: Option<NamedRef>,
    /// Such as `user.add`.
    action: String,
    /// To what, an id.
    subject: String,
    detail: Value,
}

/// The audit trail, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", params(PageQuery), responses((status = 200, body = Page<AuditView>)))]
async fn list(
    caller: Caller<may::ViewAudit>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<AuditView>>, ApiError> {
    let page = query.page();
    caller
        .read(async |tx| {
            let people = users::members(tx, &caller.org).await?;
            let view = |line: AuditLine| AuditView {
                id: line.id.into(),
                at: line.at,
                actor: line.actor.map(|id| {
                    let known = people.iter().find(|member| member.user.id == id);
                    let name = known
                        .map(|member| member.user.name.clone())
                        .unwrap_or_default();
                    NamedRef {
                        id: id.into(),
                        name,
                    }
                }),
                action: line.action,
                subject: line.subject,
                detail: line.detail,
            };
            Ok(Page::of(audit::list(tx, &page).await?, view))
        })
        .await
        .map(Json)
}

/// Writes down what somebody did, in the transaction that does it.
pub(crate) async fn note(
    tx: &mut Tx,
    by: &Identity,
    at: DateTime<Utc>,
    action: &str,
    subject: &str,
    detail: Value,
) -> Result<(), ApiError> {
    Ok(audit::write(tx, Some(&by.user), action, subject, &detail, at).await?)
}
