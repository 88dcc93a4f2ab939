//! The one request that buys a number: paid, never sent twice, and its result is written down with the end of its job.

use offhook_core::id::OrderId;
use offhook_store::jobs::{self, Job};
use offhook_store::number_orders::{self, Order, OrderState};
use offhook_store::{Error, Reason};
use offhook_twilio::rest::number::{self, Papers};

use super::found::{attach, fail, look};
use super::{account_of, set_up};
use crate::app::App;
use crate::carrier::{self, Account, SendError};

/// What the carrier answered.
enum Answer {
    Bought(Box<number::Number>),
    Refused(String, Option<u32>),
    /// Nobody knows: the account is looked at later.
    Unknown(String),
}

/// Buys the number of a purchase.
pub(crate) async fn buy(app: &App, job: &Job, id: &OrderId) -> Result<(), Error> {
    let order = app
        .db
        .read(&job.org, async |tx| number_orders::get(tx, id).await)
        .await?;
    if order.state != OrderState::Buying {
        let (system, now) = (app.db.system(Reason::Jobs), app.clock.now());
        let done = system.write(async |conn| jobs::finish(conn, job, None, now).await);
        return done.await.map(|_| ());
    }
    let answer = match account_of(app, &job.org, &order.carrier).await? {
        None => Answer::Refused(
            "the carrier account is gone; nothing was bought".to_owned(),
            None,
        ),
        Some(account) => {
            let (system, now) = (app.db.system(Reason::Jobs), app.clock.now());
            if !system
                .write(async |conn| jobs::sending(conn, job, now).await)
                .await?
            {
                return Ok(());
            }
            ask(app, &account, &order).await
        }
    };
    write_down(app, job, &order, &answer).await
}

async fn ask(app: &App, account: &Account, order: &Order) -> Answer {
    let settings = set_up::settings(app, order.wanted.label.as_deref());
    let papers = Papers {
        bundle_sid: order.wanted.bundle_sid.clone(),
        address_sid: order.wanted.address_sid.clone(),
    };
    let request = number::create(&account.account_sid, &order.e164, &settings, &papers);
    match app.carrier.send(account, &request).await {
        Ok(made) => Answer::Bought(Box::new(made)),
        Err(SendError::NotSent(why)) => Answer::Refused(
            format!("the carrier could not be reached, so nothing was bought: {why}"),
            None,
        ),
        Err(SendError::Unknown(why)) => Answer::Unknown(why),
        Err(SendError::Refused(refusal)) => match refusal.code {
            // Not for sale may mean that it is this account's already.
            Some(21421 | 21422) => match look(app, account, &order.e164).await {
                Ok(Some(ours)) => Answer::Bought(Box::new(ours)),
                _ => Answer::Refused(refusal.message, refusal.code),
            },
            code => Answer::Refused(refusal.message, code.or(Some(u32::from(refusal.status)))),
        },
    }
}

/// The job ends in the transaction that says what came of it. What was bought is written down even when another node has
/// the job by now.
async fn write_down(app: &App, job: &Job, order: &Order, answer: &Answer) -> Result<(), Error> {
    let now = app.clock.now();
    app.write(&job.org, async |tx| {
        let order = number_orders::get(tx, &order.id).await?;
        if order.state == OrderState::Done {
            return jobs::finish(tx, job, None, now).await.map(|_| ());
        }
        match answer {
            Answer::Bought(made) => {
                attach(tx, &order, made, now).await?;
                jobs::finish(tx, job, None, now).await?;
            }
            Answer::Refused(why, code) => {
                fail(tx, &order, why, *code, now).await?;
                jobs::give_up(tx, job, why, now).await?;
            }
            Answer::Unknown(why) => {
                let unknown = Order {
                    state: OrderState::Unknown,
                    reason: Some(why.clone()),
                    updated_at: now,
                    ..order
                };
                number_orders::update(tx, &unknown).await?;
                jobs::mark_unknown(tx, job, why, now).await?;
            }
        }
        Ok::<_, Error>(())
    })
    .await?;
    if matches!(answer, Answer::Bought(_)) {
        carrier::changed(app, &job.org).await;
    }
    Ok(())
}
