//! A purchase of which nobody knows what became of it: the account's own numbers tell.

use chrono::TimeDelta;
use offhook_core::id::{JobId, OrderId};
use offhook_store::jobs::{self, Job, JobState};
use offhook_store::number_orders::{self, Order, OrderState};
use offhook_store::{Error, Reason};
use serde_json::json;

use super::account_of;
use super::found::{attach, fail, look};
use crate::app::App;
use crate::carrier;
use crate::jobs::Next;

/// How long after the request the carrier may still carry it out.
const MAY_COME: TimeDelta = TimeDelta::seconds(60);
/// How long until it is looked again.
const AGAIN: TimeDelta = TimeDelta::seconds(15);

/// Looks whether a purchase came to an end, and brings it to one.
pub(crate) async fn settle(
    app: &App,
    job: &Job,
    id: &OrderId,
    buying: &JobId,
) -> Result<Next, Error> {
    let now = app.clock.now();
    let order = app
        .db
        .read(&job.org, async |tx| number_orders::get(tx, id).await)
        .await?;
    if matches!(order.state, OrderState::Done | OrderState::Failed) {
        return Ok(Next::Done(json!({})));
    }
    if goes_on(app, buying).await? {
        return Ok(Next::Again(now + AGAIN, "it is being bought".to_owned()));
    }
    let Some(account) = account_of(app, &job.org, &order.carrier).await? else {
        return Ok(Next::Again(
            now + AGAIN * 20,
            "the account is gone".to_owned(),
        ));
    };
    if order.state == OrderState::Buying {
        // Its node died.
        let lost = Order {
            state: OrderState::Unknown,
            updated_at: now,
            ..order.clone()
        };
        app.write(&job.org, async |tx| number_orders::update(tx, &lost).await)
            .await?;
    }
    match look(app, &account, &order.e164).await {
        Ok(Some(ours)) => {
            app.write(&job.org, async |tx| attach(tx, &order, &ours, now).await)
                .await?;
            carrier::changed(app, &job.org).await;
            Ok(Next::Done(json!({})))
        }
        Ok(None) if now >= order.created_at + MAY_COME && order.state == OrderState::Unknown => {
            let why = "the carrier did not carry it out; nothing was bought";
            app.write(&job.org, async |tx| fail(tx, &order, why, None, now).await)
                .await?;
            Ok(Next::Done(json!({})))
        }
        Ok(None) => Ok(Next::Again(
            now + AGAIN,
            "the account does not have it yet".to_owned(),
        )),
        Err(error) => Ok(Next::Again(now + AGAIN, error.to_string())),
    }
}

/// Whether the job that buys may still do so.
async fn goes_on(app: &App, buying: &JobId) -> Result<bool, Error> {
    let system = app.db.system(Reason::Jobs);
    match system
        .read(async |conn| jobs::get(conn, buying).await)
        .await
    {
        Ok(job) => Ok(matches!(job.state, JobState::Available | JobState::Running)),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}
