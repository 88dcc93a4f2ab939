//! Numbers that the carrier sells: searched with price and papers, bought, and given back.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use offhook_core::id::NumberId;
use offhook_core::phone::PhoneNumber;
use offhook_store::number_orders::{self, Order, OrderState};
use offhook_store::organizations;
use offhook_twilio::rest::available::{AddressRule, NumberKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::number_view::{CapabilitiesView, NumberView, Scene};
use super::numbers::{known_agent, load};
use super::route::{RouteView, route};
use super::view::Money;
use super::{Body, Page, Params, patch};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::calls::start::request_key;
use crate::error::{ApiError, Problem};
use crate::numbers::{self, Bought, Found, Offered, Papers, Price, Purchase, Wanted};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(countries))
        .routes(routes!(available))
        .routes(routes!(purchase))
        .routes(routes!(orders))
        .routes(routes!(release))
}

/// A country whose numbers are sold.
#[derive(Serialize, ToSchema)]
pub(crate) struct CountryView {
    /// ISO 3166 alpha-2.
    country: String,
    name: String,
    types: Vec<TypeView>,
}

/// A kind of number, and what it costs.
#[derive(Serialize, ToSchema)]
pub(crate) struct TypeView {
    /// `local`, `mobile`, `national` or `toll_free`.
    #[serde(rename = "type")]
    kind: String,
    /// For a month; null where the carrier does not tell.
    monthly: Option<Money>,
}

/// What to look for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// ISO 3166 alpha-2; the organization's own by default.
    country: Option<String>,
    /// `local`, `mobile`, `national` or `toll_free`; the first that is sold there by default.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Digits in the number, or letters for them; `*` is any one digit.
    contains: Option<String>,
    /// As people of the country write it, such as `020` or `415`.
    area_code: Option<String>,
    /// Only those that can do messages.
    sms: Option<bool>,
    /// A number that they shall be near; the US and Canada only.
    near: Option<String>,
    /// A city.
    locality: Option<String>,
}

/// Numbers that can be bought, and what they need.
#[derive(Serialize, ToSchema)]
pub(crate) struct AvailableView {
    items: Vec<OfferedView>,
    papers: PapersView,
}

/// A number that can be bought.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferedView {
    /// E.164.
    number: String,
    /// As people of its country write it.
    national: String,
    /// ISO 3166 alpha-2.
    country: String,
    locality: Option<String>,
    region: Option<String>,
    /// `local`, `mobile`, `national` or `toll_free`.
    #[serde(rename = "type")]
    kind: String,
    capabilities: CapabilitiesView,
    /// For a month; null where the carrier does not tell.
    monthly: Option<Money>,
}

/// Which papers the numbers need, and which of the account's fit.
#[derive(Serialize, ToSchema)]
pub(crate) struct PapersView {
    needs_bundle: bool,
    needs_address: bool,
    /// `none`, `any`, `local` (in the number's country) or `foreign` (outside of it).
    address_rule: String,
    bundles: Vec<BundleView>,
    addresses: Vec<AddressView>,
    /// The account has what is needed.
    ready: bool,
    /// What is needed, and what is chosen or missing.
    sentence: String,
    /// Where what is missing is made.
    link: Option<String>,
}

/// A bundle of papers.
#[derive(Serialize, ToSchema)]
pub(crate) struct BundleView {
    sid: String,
    name: String,
    /// `approved`, `rejected`, `pending review`, `in review`, `draft` or `provisionally approved`.
    status: String,
    fits: bool,
    why_not: Option<String>,
}

/// An address.
#[derive(Serialize, ToSchema)]
pub(crate) struct AddressView {
    sid: String,
    name: String,
    line: String,
    fits: bool,
    why_not: Option<String>,
}

/// What to buy, and what it shall be.
#[derive(Deserialize, ToSchema)]
pub(crate) struct PurchaseInput {
    /// As the search showed it.
    number: Option<String>,
    /// ISO 3166 alpha-2; the number's own by default.
    country: Option<String>,
    /// `local`, `mobile`, `national` or `toll_free`.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// The first that fits by default.
    bundle_sid: Option<String>,
    /// The first that fits by default.
    address_sid: Option<String>,
    label: Option<String>,
    /// The first queue, or the agent whose own it will be, by default.
    route: Option<RouteView>,
    /// The id of the agent whose own it will be.
    agent: Option<String>,
}

/// A purchase.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderView {
    id: String,
    /// E.164.
    number: String,
    /// `buying`, `unknown` (it may have been bought; the account is looked at), `done` or `failed`.
    state: String,
    /// Why it failed.
    reason: Option<String>,
    /// The number that came of it.
    number_id: Option<String>,
    at: DateTime<Utc>,
}

/// A purchase that goes on.
#[derive(Serialize, ToSchema)]
pub(crate) struct Pending {
    order: OrderView,
}

/// The number's own digits or its label, so that the wrong one is not given back.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Confirmation {
    confirm: Option<String>,
}

fn money(price: Option<Price>) -> Option<Money> {
    price.map(|(amount, currency)| Money { amount, currency })
}

fn kind(text: Option<&str>) -> Result<Option<NumberKind>, ApiError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let known = text.to_ascii_lowercase().replace(['-', ' '], "_").parse();
    known
        .map(Some)
        .map_err(|_| ApiError::invalid("type", "choose local, mobile, national or toll_free"))
}

/// The countries whose numbers are sold, with the price of each kind.
#[utoipa::path(get, path = "/numbers/countries", tag = "numbers", responses(
    (status = 200, body = Page<CountryView>), (status = 409, body = Problem, description = "`no_carrier`"),
    (status = 502, body = Problem)))]
async fn countries(
    caller: Caller<may::ManageNumbers>,
) -> Result<Json<Page<CountryView>>, ApiError> {
    let app = caller.app();
    let account = numbers::account_in_use(app, &caller.org).await?;
    let sold = numbers::sold(app, &account).await?;
    let view = |sold: numbers::Sold| CountryView {
        country: sold.country,
        name: sold.name,
        types: sold
            .kinds
            .into_iter()
            .map(|(kind, price)| TypeView {
                kind: kind.as_str().to_owned(),
                monthly: money(price),
            })
            .collect(),
    };
    Ok(Json(Page::whole(sold.into_iter().map(view).collect())))
}

/// Numbers that can be bought, what they cost, and which papers they need.
#[utoipa::path(get, path = "/numbers/available", tag = "numbers", params(SearchQuery), responses(
    (status = 200, body = AvailableView), (status = 409, body = Problem, description = "`no_carrier`"),
    (status = 422, body = Problem), (status = 502, body = Problem)))]
async fn available(
    caller: Caller<may::ManageNumbers>,
    Params(query): Params<SearchQuery>,
) -> Result<Json<AvailableView>, ApiError> {
    let country = match query.country.filter(|text| !text.trim().is_empty()) {
        Some(country) => country,
        None => {
            caller
                .read(async |tx| Ok(organizations::get(tx, &caller.org).await?.country))
                .await?
        }
    };
    let wanted = Wanted {
        country,
        kind: kind(query.kind.as_deref())?,
        contains: query.contains,
        area_code: query.area_code,
        sms: query.sms.unwrap_or_default(),
        near: query.near,
        locality: query.locality,
    };
    let found = numbers::search(caller.app(), &caller.org, &wanted).await?;
    Ok(Json(shown(found)))
}

fn shown(found: Found) -> AvailableView {
    let kind = found.kind.map_or("", NumberKind::as_str);
    let (monthly, country) = (money(found.monthly), found.country);
    let item = |offered: Offered| OfferedView {
        country: country.clone(),
        number: offered.number,
        national: offered.national,
        locality: offered.locality,
        region: offered.region,
        kind: kind.to_owned(),
        capabilities: CapabilitiesView {
            voice: offered.capabilities.voice,
            sms: offered.capabilities.sms,
            mms: offered.capabilities.mms,
        },
        monthly: monthly.clone(),
    };
    AvailableView {
        items: found.items.into_iter().map(item).collect(),
        papers: papers(&found.papers),
    }
}

fn papers(papers: &Papers) -> PapersView {
    let bundles = papers.bundles().into_iter().map(|fit| BundleView {
        sid: fit.sid,
        name: fit.name,
        status: fit.says,
        fits: fit.why_not.is_none(),
        why_not: fit.why_not,
    });
    let addresses = papers.addresses().into_iter().map(|fit| AddressView {
        sid: fit.sid,
        name: fit.name,
        line: fit.says,
        fits: fit.why_not.is_none(),
        why_not: fit.why_not,
    });
    PapersView {
        needs_bundle: papers.needs_bundle(),
        needs_address: papers.needs_address(),
        address_rule: papers.rule.unwrap_or(AddressRule::None).as_str().to_owned(),
        bundles: bundles.collect(),
        addresses: addresses.collect(),
        ready: papers.is_ready(),
        sentence: papers.sentence(),
        link: papers.link().map(str::to_owned),
    }
}

/// Buy a number. With an `Idempotency-Key` a repeat gives the same purchase and buys nothing twice; without one, a number that
/// is being bought is not bought again.
#[utoipa::path(post, path = "/numbers/purchase", tag = "numbers", request_body = PurchaseInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of up to 200 characters, new for each purchase")),
    responses(
    (status = 201, body = NumberView), (status = 202, body = Pending, description = "It goes on, or nobody knows yet: see the orders"),
    (status = 409, body = Problem, description = "`number_gone`, `number_exists`, `number_taken`, `no_credit`, `trial` or `no_carrier`"),
    (status = 422, body = Problem, description = "`papers_needed` with the field"), (status = 502, body = Problem)))]
async fn purchase(
    caller: Caller<may::ManageNumbers>,
    headers: HeaderMap,
    Body(input): Body<PurchaseInput>,
) -> Result<Response, ApiError> {
    let key = request_key(&caller, &headers)?;
    let (wanted_route, agent) = caller
        .read(async |tx| {
            let wanted = match &input.route {
                Some(view) => Some(route(tx, view).await?),
                None => None,
            };
            Ok((wanted, known_agent(tx, input.agent.as_deref()).await?))
        })
        .await?;
    let wanted = Purchase {
        number: input.number.unwrap_or_default(),
        country: input.country,
        kind: kind(input.kind.as_deref())?,
        bundle_sid: patch::optional("bundle_sid", input.bundle_sid.as_deref(), 34)?,
        address_sid: patch::optional("address_sid", input.address_sid.as_deref(), 34)?,
        label: patch::optional("label", input.label.as_deref(), 60)?,
        route: wanted_route,
        agent,
    };
    match numbers::purchase(caller.app(), &caller, key.as_deref(), &wanted).await? {
        Bought::Number(number) => {
            let scene = caller.read(async |tx| Ok(Scene::read(tx).await?)).await?;
            Ok((StatusCode::CREATED, Json(scene.view(*number))).into_response())
        }
        Bought::Pending(order) => {
            let order = order_view(*order);
            Ok((StatusCode::ACCEPTED, Json(Pending { order })).into_response())
        }
    }
}

fn order_view(order: Order) -> OrderView {
    OrderView {
        id: order.id.into(),
        number: order.e164,
        state: match order.state {
            OrderState::Buying => "buying",
            OrderState::Unknown => "unknown",
            OrderState::Done => "done",
            OrderState::Failed => "failed",
        }
        .to_owned(),
        reason: order.reason.filter(|_| order.state == OrderState::Failed),
        number_id: order.number.map(String::from),
        at: order.created_at,
    }
}

/// The newest purchases and what became of them.
#[utoipa::path(get, path = "/numbers/orders", tag = "numbers", responses((status = 200, body = Page<OrderView>)))]
async fn orders(caller: Caller<may::ManageNumbers>) -> Result<Json<Page<OrderView>>, ApiError> {
    let all = caller
        .read(async |tx| Ok(number_orders::list(tx).await?))
        .await?;
    Ok(Json(Page::whole(all.into_iter().map(order_view).collect())))
}

/// Give a number back to the carrier; somebody else may get it. Asks for its digits or its label.
#[utoipa::path(post, path = "/numbers/{id}/release", tag = "numbers", params(("id" = String, Path)), request_body = Confirmation, responses(
    (status = 204, description = "Given back"), (status = 202, description = "It goes on"),
    (status = 404, body = Problem), (status = 409, body = Problem, description = "`not_at_carrier`"),
    (status = 422, body = Problem, description = "`confirm` is neither its digits nor its label")))]
async fn release(
    caller: Caller<may::ManageNumbers>,
    Path(id): Path<String>,
    Body(said): Body<Confirmation>,
) -> Result<StatusCode, ApiError> {
    let id: NumberId = caller
        .read(async |tx| {
            let number = load(tx, &id).await?;
            let country = organizations::get(tx, &caller.org).await?.country;
            let confirm = said.confirm.as_deref().unwrap_or_default().trim();
            let named = number.label.as_deref() == Some(confirm) && !confirm.is_empty();
            let digits = PhoneNumber::parse(confirm, &country);
            if named || digits.is_ok_and(|digits| digits.as_str() == number.e164) {
                return Ok(number.id);
            }
            let shown = PhoneNumber::international_only(&number.e164)
                .map_or(number.e164, |number| number.display(&country));
            Err(ApiError::invalid(
                "confirm",
                format!("write {shown}, or the number's name, to give it back"),
            ))
        })
        .await?;
    if numbers::release(caller.app(), &caller, &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Ok(StatusCode::ACCEPTED)
    }
}
