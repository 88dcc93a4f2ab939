//! One job from beginning to end.

use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::{Effect, Event};
use offhook_core::id::CallId;
use offhook_store::jobs::{self, Job};
use offhook_store::{Error, Reason, calls};

use super::Work;
use super::control::{After, Control};
use super::settle;
use crate::app::App;
use crate::calls::story::{self, Source, Telling};
use crate::carrier;
use crate::numbers::{self, Task};
use crate::recordings;
use crate::webhooks::urls::Doors;

/// Seconds before each further attempt; then it is given up.
const BACK_OFF: [i64; 5] = [1, 2, 5, 15, 60];

/// What becomes of a job that was not done at once.
pub(crate) enum Next {
    /// Done, with something to remember.
    Done(serde_json::Value),
    /// Again, at this time.
    Again(Time, String),
    /// Never.
    GiveUp(String),
}

/// Runs a job that this node has claimed.
pub(super) async fn run(app: &App, job: &Job) {
    let outcome = match serde_json::from_value(job.payload.clone()) {
        Ok(Work::Control { effect }) => control(app, job, &effect).await,
        Ok(Work::FetchRecording { recording }) => {
            let next = recordings::fetch(app, &job.org, &recording, job.attempts).await;
            end(app, job, next).await
        }
        Ok(Work::Settle) => {
            let next = settle::ask(app, job).await;
            end(app, job, next).await
        }
        Ok(Work::RotateToken { account }) => {
            let next = carrier::rotation::go_on(app, &job.org, &account).await;
            end(app, job, next).await
        }
        Ok(Work::Number { task }) => number(app, job, &task).await,
        Err(error) => {
            end(
                app,
                job,
                Ok(Next::GiveUp(format!("it cannot be read: {error}"))),
            )
            .await
        }
    };
    if let Err(error) = outcome {
        // The lease runs out and the job is taken up again, or settled as unknown.
        tracing::warn!(%error, job.id = %job.id, job.kind = %job.kind, "a job could not be finished");
        app.clock.sleep(Duration::from_millis(200)).await;
    }
    app.jobs.tell_ended();
}

/// Does something about a number; what buys one ends its job itself, with what came of it.
async fn number(app: &App, job: &Job, task: &Task) -> Result<(), Error> {
    let next = match task {
        Task::Buy { order } => return numbers::buy(app, job, order).await,
        Task::Settle { order, job: buying } => numbers::settle(app, job, order, buying).await,
        Task::SetUp { number } => numbers::set_up(app, job, number).await,
        Task::Release { number } => numbers::give_back(app, job, number).await,
    };
    end(app, job, next).await
}

/// Sends one request about a call, and tells the call what came of it in the transaction that ends the job.
async fn control(app: &App, job: &Job, effect: &Effect) -> Result<(), Error> {
    let Some(call_id) = &job.call else {
        return end(app, job, Ok(Next::GiveUp("it names no call".into()))).await;
    };
    let call = app
        .db
        .read(&job.org, async |tx| calls::load(tx, call_id).await)
        .await?
        .call;
    let account = carrier::of_call(&app.db, &app.keys, &call).await?;
    let now = app.clock.now();
    let system = app.db.system(Reason::Jobs);
    if !system
        .write(async |conn| jobs::sending(conn, job, now).await)
        .await?
    {
        return Ok(());
    }
    let after = match &account {
        Some(account) => {
            let control = Control {
                app,
                account,
                call: &call,
                doors: Doors::of(&app.config),
            };
            control.carry_out(effect).await
        }
        None => without_account(effect),
    };
    if let Some(error) = &after.error {
        tracing::warn!(%error, call.id = %call_id, job.kind = %job.kind, "the carrier did not do what was asked");
    }
    finish(app, job, call_id, after).await
}

fn without_account(effect: &Effect) -> After {
    let error = Some("there is no carrier account".to_owned());
    match effect {
        Effect::DialCustomer { label, .. } | Effect::DialAgent { label, .. } => After {
            error,
            ..After::tell(Event::PlaceRefused {
                label: label.clone(),
                code: None,
            })
        },
        _ => After {
            error,
            ..After::default()
        },
    }
}

async fn finish(app: &App, job: &Job, call: &CallId, after: After) -> Result<(), Error> {
    let now = app.clock.now();
    let again = back_off(job, now).filter(|_| after.again);
    let telling = Telling::of(after.events, Source::Carrier);
    let (error, unknown) = (after.error, after.is_unknown);
    let told = app.write(&job.org, async |tx| {
        if let Some(at) = again {
            jobs::retry_at(tx, job, at, error.as_deref().unwrap_or_default()).await?;
            return Ok::<_, Error>(None);
        }
        let ours = match &error {
            Some(error) if unknown => jobs::mark_unknown(tx, job, error, now).await?,
            Some(error) => jobs::give_up(tx, job, error, now).await?,
            None => jobs::finish(tx, job, None, now).await?,
        };
        if ours && !telling.events.is_empty() {
            return story::tell_in(app, tx, call, &telling).await.map(Some);
        }
        Ok(None)
    });
    if let Some(told) = told.await? {
        told.stir(app, &job.org);
    }
    Ok(())
}

/// Ends a job that tells no call anything.
async fn end(app: &App, job: &Job, next: Result<Next, Error>) -> Result<(), Error> {
    let now = app.clock.now();
    let next = match next {
        Ok(next) => next,
        Err(error) => match back_off(job, now) {
            Some(at) => Next::Again(at, error.to_string()),
            None => Next::GiveUp(error.to_string()),
        },
    };
    let system = app.db.system(Reason::Jobs);
    system
        .write(async |conn| match &next {
            Next::Done(result) => jobs::finish(conn, job, Some(result), now).await,
            Next::Again(at, why) => jobs::retry_at(conn, job, *at, why).await,
            Next::GiveUp(why) => jobs::give_up(conn, job, why, now).await,
        })
        .await?;
    if let Next::GiveUp(why) = &next {
        tracing::warn!(%why, job.id = %job.id, job.kind = %job.kind, "a job was given up");
    }
    Ok(())
}

/// When a job may be tried again, if it may.
fn back_off(job: &Job, now: Time) -> Option<Time> {
    let seconds = BACK_OFF.get(usize::try_from(job.attempts.saturating_sub(1)).ok()?)?;
    Some(now + TimeDelta::seconds(*seconds))
}
