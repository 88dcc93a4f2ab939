//! The lock-out after failed log-ins: per e-mail, counted in the database so that every node knows.

use chrono::TimeDelta;
use offhook_store::{Reason, credentials};

use super::token;
use crate::app::App;
use crate::error::ApiError;

/// How many failures in [`WINDOW`] lock an e-mail out.
pub(crate) const FAILURES: u32 = 10;
/// Failures further apart than this are forgotten.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// How long the lock-out lasts.
const LOCKED: TimeDelta = TimeDelta::minutes(15);

/// What is counted: a hash, so that the table is no list of e-mails.
fn subject(email: &str) -> String {
    token::hash(&format!("log-in:{}", email.trim().to_lowercase()))
}

/// Refuses an e-mail that is locked out.
pub(crate) async fn check(app: &App, email: &str) -> Result<(), ApiError> {
    let (now, subject) = (app.clock.now(), subject(email));
    let until = app
        .db
        .system(Reason::Credentials)
        .read(async |conn| credentials::locked_until(conn, &subject, now).await)
        .await?;
    match until {
        Some(until) => Err(locked((until - now).num_seconds())),
        None => Ok(()),
    }
}

fn locked(seconds: i64) -> ApiError {
    ApiError::TooMany {
        code: "locked_out",
        detail: "too many wrong passwords for this e-mail; wait, or ask an admin for a reset link"
            .to_owned(),
        retry_after: u64::try_from(seconds).unwrap_or(0) + 1,
    }
}

/// Counts a failure and answers what the caller is told.
pub(crate) async fn failed(app: &App, email: &str) -> ApiError {
    let (now, subject) = (app.clock.now(), subject(email));
    let counted = app
        .db
        .system(Reason::Credentials)
        .write(async |conn| {
            let failures = credentials::count_failure(conn, &subject, now, now - WINDOW).await?;
            if failures >= FAILURES {
                credentials::lock_out(conn, &subject, Some(now + LOCKED)).await?;
            }
            Ok::<_, offhook_store::Error>(failures)
        })
        .await;
    metrics::counter!("offhook_log_in_failures_total").increment(1);
    match counted {
        Ok(failures) if failures >= FAILURES => locked(LOCKED.num_seconds()),
        Ok(_) => ApiError::WrongLogin,
        Err(error) => error.into(),
    }
}

/// Forgets an e-mail's failures after a good log-in.
pub(crate) async fn succeeded(app: &App, email: &str) -> Result<(), ApiError> {
    let subject = subject(email);
    app.db
        .system(Reason::Credentials)
        .write(async |conn| credentials::forget_failures(conn, &subject).await)
        .await
        .map_err(ApiError::from)
}
