//! `numbers.twilio.com/v2/RegulatoryCompliance/Bundles`: papers put together, evaluated, and handed in.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::params::Params;
use super::refusal::Refusal;
use super::span::Span;
use super::{iso, or_null, page};
use crate::engine::papers::bundles::{self, Bundle, BundleChange, BundleStatus, Item};
use crate::engine::papers::evaluation::Evaluation;
use crate::engine::papers::newest_first;

const ROOT: &str = "https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles";

/// `GET /Bundles`.
pub(super) async fn list(ask: Ask) -> Answer {
    let params = &ask.params;
    let valid = Span::of(params, "ValidUntilDate")?;
    let same = |name: &str, is: &str| params.filled(name).is_none_or(|wanted| wanted == is);
    let wanted = |bundle: &&Bundle| {
        let rule = bundle.regulation();
        let of_rule = |name: &str, is: Option<&str>| {
            params
                .filled(name)
                .is_none_or(|wanted| is == Some(wanted.as_str()))
        };
        same("Status", bundle.status.as_str())
            && same("FriendlyName", &bundle.friendly_name)
            && same("RegulationSid", &bundle.regulation_sid)
            && of_rule("IsoCountry", rule.map(|rule| rule.country.iso))
            && of_rule("NumberType", rule.map(|rule| rule.kind.in_regulations()))
            && of_rule("EndUserType", rule.map(|rule| rule.end_user.as_str()))
            && params
                .flag("HasValidUntilDate")
                .is_none_or(|wanted| wanted == bundle.valid_until.is_some())
            && valid.holds(bundle.valid_until)
            && (params.filled("BundleSids").is_none()
                || params.all("BundleSids").any(|sid| sid == bundle.sid))
    };
    let mut found: Vec<Bundle> = ask.look(|account| {
        let all = newest_first(&account.papers.bundles, |bundle| bundle.date_updated);
        all.into_iter().filter(wanted).cloned().collect()
    })?;
    if params.get("SortBy") == Some("valid-until") {
        found.sort_by_key(|bundle| std::cmp::Reverse(bundle.valid_until));
    }
    if params.get("SortDirection") == Some("ASC") {
        found.reverse();
    }
    Ok(ok(page::with_meta(
        &ask,
        "results",
        &found,
        |bundle| &bundle.sid,
        show,
    )))
}

fn change(params: &Params) -> Result<BundleChange, Refusal> {
    let status = params.filled("Status");
    let read = status.as_deref().map(|word| {
        BundleStatus::read(word)
            .ok_or_else(|| Refusal::invalid(20001, format!("Status {word} is not valid")))
    });
    Ok(BundleChange {
        friendly_name: params.filled("FriendlyName"),
        email: params.filled("Email"),
        status_callback: params.text("StatusCallback"),
        status: read.transpose()?,
    })
}

/// `POST /Bundles`.
pub(super) async fn create(ask: Ask) -> Answer {
    let params = &ask.params;
    params.needed("FriendlyName")?;
    params.needed("Email")?;
    let regulation = bundles::chosen(
        params.filled("RegulationSid").as_deref(),
        params.filled("IsoCountry").as_deref(),
        params.filled("NumberType").as_deref(),
        params.filled("EndUserType").as_deref(),
    )?;
    let change = BundleChange {
        status: None,
        ..change(params)?
    };
    created(
        ask.engine(|engine, now, account| engine.create_bundle(now, account, regulation, change)),
        show,
    )
}

/// `GET /Bundles/{sid}`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let bundle =
        ask.engine(|engine, _, account| engine.bundle(account, ask.name("bundle")).map(show));
    Ok(ok(ask.found(bundle)?))
}

/// `POST /Bundles/{sid}`.
pub(super) async fn update(ask: Ask) -> Answer {
    let change = change(&ask.params)?;
    answer(
        ask.engine(|engine, now, account| {
            engine.update_bundle(now, account, ask.name("bundle"), change)
        }),
        show,
    )
}

/// `DELETE /Bundles/{sid}`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_bundle(account, ask.name("bundle"))))
}

fn look<T>(ask: &Ask, of: impl FnOnce(&Bundle) -> T) -> Result<T, Refusal> {
    let found = ask.engine(|engine, _, account| engine.bundle(account, ask.name("bundle")).map(of));
    ask.found(found)
}

/// `GET /Bundles/{sid}/ItemAssignments`.
pub(super) async fn items(ask: Ask) -> Answer {
    let items = look(&ask, |bundle| bundle.items.clone())?;
    Ok(ok(page::with_meta(
        &ask,
        "results",
        &items,
        |item| &item.sid,
        |item| show_item(&ask, item),
    )))
}

/// `POST /Bundles/{sid}/ItemAssignments`.
pub(super) async fn assign(ask: Ask) -> Answer {
    let object = ask.params.needed("ObjectSid")?;
    let made = ask.engine(|engine, now, account| {
        engine.assign_item(now, account, ask.name("bundle"), &object)
    });
    created(made, |item| show_item(&ask, item))
}

/// `GET /Bundles/{sid}/ItemAssignments/{sid}`.
pub(super) async fn fetch_item(ask: Ask) -> Answer {
    let item = look(&ask, |bundle| {
        bundle
            .items
            .iter()
            .find(|item| item.sid == ask.name("item"))
            .cloned()
    })?;
    Ok(ok(show_item(&ask, &ask.found(item)?)))
}

/// `DELETE /Bundles/{sid}/ItemAssignments/{sid}`.
pub(super) async fn remove(ask: Ask) -> Answer {
    gone(ask.engine(|engine, now, account| {
        engine.remove_item(now, account, ask.name("bundle"), ask.name("item"))
    }))
}

/// `GET /Bundles/{sid}/Evaluations`.
pub(super) async fn evaluations(ask: Ask) -> Answer {
    let (mut all, rule) = look(&ask, |bundle| {
        (bundle.evaluations.clone(), bundle.regulation_sid.clone())
    })?;
    all.reverse();
    Ok(ok(page::with_meta(
        &ask,
        "results",
        &all,
        |one| &one.sid,
        |one| show_evaluation(&ask, &rule, one),
    )))
}

/// `POST /Bundles/{sid}/Evaluations`.
pub(super) async fn evaluate(ask: Ask) -> Answer {
    let rule = look(&ask, |bundle| bundle.regulation_sid.clone())?;
    let made =
        ask.engine(|engine, now, account| engine.evaluate_bundle(now, account, ask.name("bundle")));
    created(made, |one| show_evaluation(&ask, &rule, one))
}

/// `GET /Bundles/{sid}/Evaluations/{sid}`.
pub(super) async fn fetch_evaluation(ask: Ask) -> Answer {
    let (found, rule) = look(&ask, |bundle| {
        let one = bundle
            .evaluations
            .iter()
            .find(|one| one.sid == ask.name("evaluation"));
        (one.cloned(), bundle.regulation_sid.clone())
    })?;
    Ok(ok(show_evaluation(&ask, &rule, &ask.found(found)?)))
}

/// `GET /Bundles/{sid}/Copies`.
pub(super) async fn copies(ask: Ask) -> Answer {
    let of = look(&ask, |bundle| bundle.sid.clone())?;
    let found: Vec<Bundle> = ask.look(|account| {
        let all = newest_first(&account.papers.bundles, |bundle| bundle.date_created);
        all.into_iter()
            .filter(|bundle| bundle.copy_of == of)
            .cloned()
            .collect()
    })?;
    Ok(ok(page::with_meta(
        &ask,
        "results",
        &found,
        |bundle| &bundle.sid,
        show_copy,
    )))
}

/// `POST /Bundles/{sid}/Copies`.
pub(super) async fn copy(ask: Ask) -> Answer {
    let name = ask.params.filled("FriendlyName");
    created(
        ask.engine(|engine, now, account| {
            engine.copy_bundle(now, account, ask.name("bundle"), name)
        }),
        show_copy,
    )
}

fn show_copy(bundle: &Bundle) -> Value {
    json!({
        "sid": bundle.sid,
        "account_sid": bundle.account_sid,
        "regulation_sid": or_null(&bundle.regulation_sid),
        "friendly_name": bundle.friendly_name,
        "status": bundle.status.as_str(),
        "valid_until": bundle.valid_until.map(iso),
        "email": bundle.email,
        "status_callback": or_null(&bundle.status_callback),
        "date_created": iso(bundle.date_created),
        "date_updated": iso(bundle.date_updated),
    })
}

fn show(bundle: &Bundle) -> Value {
    let url = format!("{ROOT}/{}", bundle.sid);
    let below = |name: &str| format!("{url}/{name}");
    let mut body = show_copy(bundle);
    body["links"] = json!({
        "evaluations": below("Evaluations"),
        "item_assignments": below("ItemAssignments"),
        "bundle_copies": below("Copies"),
    });
    body["url"] = url.into();
    body
}

fn show_item(ask: &Ask, item: &Item) -> Value {
    let bundle = ask.name("bundle");
    json!({
        "sid": item.sid,
        "account_sid": ask.account,
        "bundle_sid": bundle,
        "object_sid": item.object_sid,
        "date_created": iso(item.date_created),
        "url": format!("{ROOT}/{bundle}/ItemAssignments/{}", item.sid),
    })
}

fn show_evaluation(ask: &Ask, rule: &str, one: &Evaluation) -> Value {
    let bundle = ask.name("bundle");
    json!({
        "sid": one.sid,
        "account_sid": ask.account,
        "regulation_sid": rule,
        "bundle_sid": bundle,
        "status": if one.is_compliant { "compliant" } else { "noncompliant" },
        "results": one.results,
        "date_created": iso(one.date_created),
        "url": format!("{ROOT}/{bundle}/Evaluations/{}", one.sid),
    })
}
