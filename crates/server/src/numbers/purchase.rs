//! A number is bought: checked before, written down before the request leaves, once for each key, and answered with what it came to.

use offhook_core::id::{JobId, OrderId, OrgId};
use offhook_core::phone::PhoneNumber;
use offhook_store::number_orders::{self, Order, OrderState};
use offhook_store::numbers::{self, Facts, Number, Route};
use offhook_store::{Tx, jobs, organizations};
use offhook_twilio::errors::explain;
use offhook_twilio::rest::available::NumberKind;
use serde_json::json;
use uuid::Uuid;

use super::papers;
use super::search::{for_sale, rule_of};
use super::{Task, Who, account_in_use, first_route, outcome, prices, said};
use crate::api::audit;
use crate::app::App;
use crate::error::ApiError;

/// When it is looked whether a purchase came to an end.
const LOOK_AFTER: chrono::TimeDelta = chrono::TimeDelta::seconds(15);

/// What to buy, and what it shall be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Purchase {
    /// In any format of the organization's country, or with a country's code.
    pub(crate) number: String,
    /// ISO 3166 alpha-2; the number's own by default.
    pub(crate) country: Option<String>,
    /// Its kind, where it is known.
    pub(crate) kind: Option<NumberKind>,
    /// `BU…`; the first that fits by default.
    pub(crate) bundle_sid: Option<String>,
    /// `AD…`; the first that fits by default.
    pub(crate) address_sid: Option<String>,
    /// Its name.
    pub(crate) label: Option<String>,
    /// What a call to it does.
    pub(crate) route: Option<Route>,
    /// The agent whose own it will be.
    pub(crate) agent: Option<offhook_core::id::UserId>,
}

/// What came of it so far.
pub(crate) enum Bought {
    /// It is ours.
    Number(Box<Number>),
    /// It is not known yet.
    Pending(Box<Order>),
}

/// The route of a number that is to be bought or taken over.
pub(crate) async fn route_of(
    tx: &mut Tx,
    wanted: Option<&Route>,
    agent: Option<&offhook_core::id::UserId>,
) -> Result<Route, ApiError> {
    match wanted {
        Some(route) => Ok(route.clone()),
        None => Ok(first_route(tx, agent).await?),
    }
}

/// Buys a number. The same key gives the same purchase, and a number that is being bought is not bought again.
pub(crate) async fn purchase(
    app: &App,
    who: &Who,
    key: Option<&str>,
    wanted: &Purchase,
) -> Result<Bought, ApiError> {
    let org = &who.org;
    let e164 = app
        .db
        .read(org, async |tx| {
            let country = organizations::get(tx, org).await?.country;
            PhoneNumber::parse(&wanted.number, &country)
                .map_err(|error| ApiError::invalid("number", error.to_string()))
        })
        .await?;
    if let Some(known) = under_way(app, org, key, e164.as_str()).await? {
        return settled(app, org, &known, None).await;
    }
    let order = checked(app, who, key, &e164, wanted).await?;
    let begun = begin(app, who, &order).await;
    match begun {
        Ok(job) => settled(app, org, &order, Some(&job)).await,
        // The same key or the same number at the same moment: the other request buys it.
        Err(ApiError::Conflict {
            code: "conflict", ..
        }) => match under_way(app, org, key, e164.as_str()).await? {
            Some(known) => settled(app, org, &known, None).await,
            None => Err(ApiError::Unavailable),
        },
        Err(error) => Err(error),
    }
}

/// The purchase of this key, or the one of this number that is going on.
async fn under_way(
    app: &App,
    org: &OrgId,
    key: Option<&str>,
    e164: &str,
) -> Result<Option<Order>, ApiError> {
    app.db
        .read(org, async |tx| {
            if let Some(key) = key
                && let Some(known) = number_orders::by_request_key(tx, key).await?
            {
                return Ok(Some(known));
            }
            if numbers::by_e164(tx, e164).await?.is_some() {
                return Err(ApiError::conflict(
                    "number_exists",
                    "this number is in the list already",
                ));
            }
            Ok(number_orders::open_of(tx, e164).await?)
        })
        .await
}

/// Every check that there is, so that no purchase is begun that must fail.
async fn checked(
    app: &App,
    who: &Who,
    key: Option<&str>,
    e164: &PhoneNumber,
    wanted: &Purchase,
) -> Result<Order, ApiError> {
    let account = account_in_use(app, &who.org).await?;
    let of_number = || {
        e164.country()
            .ok_or_else(|| ApiError::invalid("country", "name the number's country"))
    };
    let country = match wanted
        .country
        .as_deref()
        .filter(|text| !text.trim().is_empty())
    {
        Some(country) => super::search::country(country)?,
        None => of_number()?,
    };
    let found = for_sale(app, &account, e164.as_str(), &country, wanted.kind).await?;
    let Some((found, kind)) = found else {
        return Err(gone());
    };
    let (papers, monthly) = tokio::join!(
        papers::read(app, &account, &country, kind, rule_of(&found)),
        prices::monthly(app, &account, &country, kind),
    );
    let papers = papers.map_err(|error| said(&error))?;
    let chosen = papers.choose(wanted.bundle_sid.as_deref(), wanted.address_sid.as_deref())?;
    let route = app
        .db
        .read(&who.org, async |tx| {
            route_of(tx, wanted.route.as_ref(), wanted.agent.as_ref()).await
        })
        .await?;
    let now = app.clock.now();
    Ok(Order {
        id: OrderId::new(Uuid::now_v7()),
        e164: e164.to_string(),
        carrier: account.id,
        wanted: number_orders::Wanted {
            bundle_sid: chosen.bundle_sid,
            address_sid: chosen.address_sid,
            label: wanted.label.clone(),
            route,
            agent: wanted.agent.clone(),
            facts: Facts {
                country: Some(country),
                kind: Some(kind.as_str().to_owned()),
                monthly,
                ..Facts::default()
            },
        },
        state: OrderState::Buying,
        reason: None,
        carrier_code: None,
        number: None,
        request_key: key.map(str::to_owned),
        created_at: now,
        updated_at: now,
    })
}

/// Writes it down, with the job that buys and the one that looks what came of it.
async fn begin(app: &App, who: &Who, order: &Order) -> Result<JobId, ApiError> {
    let now = app.clock.now();
    app.write(&who.org, async |tx| {
        number_orders::insert(tx, order).await.map_err(|error| {
            if error.is_conflict("number_taken") {
                return ApiError::conflict(
                    "number_taken",
                    "this number belongs to another organization here",
                );
            }
            error.into()
        })?;
        let buy = Task::Buy {
            order: order.id.clone(),
        };
        let job = jobs::enqueue(tx, &buy.job(now), now).await?;
        let job = job.ok_or(ApiError::Unavailable)?;
        let settle = Task::Settle {
            order: order.id.clone(),
            job: job.clone(),
        };
        jobs::enqueue(tx, &settle.job(now + LOOK_AFTER), now).await?;
        let detail =
            json!({ "papers": order.wanted.bundle_sid, "monthly": order.wanted.facts.monthly });
        audit::note(tx, who, now, "number.buy", order.id.as_str(), detail).await?;
        Ok(job)
    })
    .await
}

/// What a purchase came to; waited for where its job is known.
async fn settled(
    app: &App,
    org: &OrgId,
    order: &Order,
    job: Option<&JobId>,
) -> Result<Bought, ApiError> {
    if let Some(job) = job {
        outcome(app, job).await?;
    }
    let (order, number) = app
        .db
        .read(org, async |tx| {
            let order = number_orders::get(tx, &order.id).await?;
            let number = match &order.number {
                Some(id) => Some(
                    numbers::get(tx, id)
                        .await
                        .map_err(|error| ApiError::missing(error, "number"))?,
                ),
                None => None,
            };
            Ok::<_, ApiError>((order, number))
        })
        .await?;
    match (order.state, number) {
        (OrderState::Done, Some(number)) => Ok(Bought::Number(Box::new(number))),
        (OrderState::Failed, _) => Err(refused(&order)),
        _ => Ok(Bought::Pending(Box::new(order))),
    }
}

fn gone() -> ApiError {
    ApiError::conflict(
        "number_gone",
        "this number is not for sale any more; search again",
    )
}

/// Why a purchase failed.
fn refused(order: &Order) -> ApiError {
    let known = order.carrier_code.and_then(explain);
    let detail = known.map_or_else(
        || {
            order
                .reason
                .clone()
                .unwrap_or_else(|| "it was not bought".to_owned())
        },
        |known| format!("{} {}", known.meaning, known.cure),
    );
    let needed = |field: &str, detail| ApiError::Invalid {
        field: field.to_owned(),
        code: "papers_needed",
        detail,
    };
    match order.carrier_code {
        Some(21421 | 21422 | 21452) => gone(),
        Some(21649) => needed("bundle_sid", detail),
        Some(21613 | 21615 | 21631 | 21650 | 21651) => needed("address_sid", detail),
        Some(21404 | 10002) => ApiError::conflict("trial", detail),
        // The carrier's word for an account without money, whatever its own code.
        Some(402) => ApiError::conflict("no_credit", detail),
        None => ApiError::Carrier {
            code: "carrier_unreachable",
            detail,
            carrier_code: None,
        },
        Some(code) => ApiError::Carrier {
            code: "carrier_refused",
            detail,
            carrier_code: Some(code.into()),
        },
    }
}
