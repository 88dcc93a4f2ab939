//! The one-time link of the first run.

use chrono::TimeDelta;
use offhook_store::credentials::{self, Link, LinkPurpose};
use offhook_store::{Reason, organizations};

use super::token;
use crate::app::App;
use crate::error::ApiError;

/// How long the link can be used.
const LIFE: TimeDelta = TimeDelta::days(1);

/// Makes a set-up link; an earlier one that was not used ends. `offhook admin setup-link` prints it.
pub async fn setup_link(app: &App) -> Result<String, ApiError> {
    let (now, secret) = (app.clock.now(), token::mint(token::LINK));
    let link = Link {
        purpose: LinkPurpose::Setup,
        org: None,
        user: None,
        created_by: None,
        created_at: now,
        expires_at: now + LIFE,
    };
    let hash = token::hash(&secret);
    app.db.system(Reason::SetUp).write(async |conn| credentials::insert_link(conn, &link, &hash).await).await?;
    Ok(app.config.url(&format!("/setup/{secret}")))
}

/// A set-up link on the first run; `None` once there is an organization.
pub(crate) async fn on_first_run(app: &App) -> Result<Option<String>, ApiError> {
    let any = app.db.system(Reason::SetUp).read(async |conn| organizations::any(conn).await).await?;
    if any { Ok(None) } else { setup_link(app).await.map(Some) }
}
