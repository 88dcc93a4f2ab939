//! A number that the account has turns out to be there, bought or taken over: our row follows.

use chrono::{DateTime, Utc};
use offhook_core::id::NumberId;
use offhook_store::number_orders::{self, Order, OrderState};
use offhook_store::numbers::{self, Capabilities, Facts, Number};
use offhook_store::{Error, Tx, jobs, users};
use offhook_twilio::rest::number;
use uuid::Uuid;

use super::{Task, first_route};
use crate::api::numbers::tell_added;
use crate::app::App;
use crate::carrier::{Account, SendError};

/// The account's number that is written so.
pub(super) async fn look(
    app: &App,
    account: &Account,
    e164: &str,
) -> Result<Option<number::Number>, SendError> {
    let request = number::list(&account.account_sid, Some(e164));
    let page = app.carrier.send(account, &request).await?;
    Ok(page
        .items
        .into_iter()
        .find(|found| found.phone_number == e164))
}

/// What the carrier says of a number, beside what was known already.
pub(super) fn facts(made: &number::Number, known: &Facts) -> Facts {
    let can = made.capabilities;
    Facts {
        friendly_name: made.friendly_name.clone(),
        country: known.country.clone(),
        kind: made.kind.clone().or_else(|| known.kind.clone()),
        capabilities: Some(Capabilities {
            voice: can.voice,
            sms: can.sms,
            mms: can.mms,
        }),
        monthly: known.monthly.clone(),
        emergency_status: made.emergency_address_status.clone(),
    }
}

/// Whether emergency calls may go out with it.
pub(super) fn has_emergency_address(made: &number::Number) -> bool {
    made.emergency_address_status.as_deref() == Some("registered")
}

/// The number of a purchase is ours: one row, however often this is told.
pub(super) async fn attach(
    tx: &mut Tx,
    order: &Order,
    made: &number::Number,
    now: DateTime<Utc>,
) -> Result<Number, Error> {
    let wanted = &order.wanted;
    let number = if let Some(mut known) = numbers::by_e164(tx, &order.e164).await? {
        known.sid = Some(made.sid.clone());
        known.carrier = order.carrier.clone();
        known.facts = facts(made, &known.facts);
        known.updated_at = now;
        numbers::update(tx, &known).await?;
        known
    } else {
        let org = tx.org_id().clone();
        // Whoever was to have it may have left meanwhile.
        let agent = match &wanted.agent {
            Some(agent) => users::member(tx, &org, agent)
                .await?
                .map(|member| member.user.id),
            None => None,
        };
        let route = if wanted.route.chosen {
            wanted.route.clone()
        } else {
            first_route(tx, agent.as_ref()).await?
        };
        let number = Number {
            id: NumberId::new(Uuid::now_v7()),
            e164: order.e164.clone(),
            label: wanted.label.clone(),
            carrier: order.carrier.clone(),
            sid: Some(made.sid.clone()),
            agent,
            route,
            emergency_address: has_emergency_address(made),
            record: None,
            fallback_url: None,
            facts: facts(made, &wanted.facts),
            created_at: now,
            updated_at: now,
        };
        numbers::insert(tx, &number).await?;
        tell_added(tx, &number, now).await?;
        number
    };
    let set_up = Task::SetUp {
        number: number.id.clone(),
    };
    jobs::enqueue(tx, &set_up.job(now), now).await?;
    let done = Order {
        state: OrderState::Done,
        number: Some(number.id.clone()),
        reason: None,
        carrier_code: None,
        updated_at: now,
        ..order.clone()
    };
    number_orders::update(tx, &done).await?;
    Ok(number)
}

/// It was not bought.
pub(super) async fn fail(
    tx: &mut Tx,
    order: &Order,
    reason: &str,
    code: Option<u32>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let failed = Order {
        state: OrderState::Failed,
        reason: Some(reason.to_owned()),
        carrier_code: code,
        updated_at: now,
        ..order.clone()
    };
    number_orders::update(tx, &failed).await
}
