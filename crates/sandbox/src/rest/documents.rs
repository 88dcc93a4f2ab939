//! `numbers.twilio.com/v2/RegulatoryCompliance`: end users, their documents, the kinds of both, and the regulations.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::refusal::Refusal;
use super::{iso, or_null, page};
use crate::engine::papers::documents::{Document, EndUser, PaperChange};
use crate::engine::papers::newest_first;
use crate::engine::papers::regulations::{
    DOCUMENTS, DocumentKind, EndUserKind, Regulation, detailed, fixed_sid, regulation, regulations,
};

const ROOT: &str = "https://numbers.twilio.com/v2/RegulatoryCompliance";

fn change(ask: &Ask) -> Result<PaperChange, Refusal> {
    Ok(PaperChange {
        friendly_name: ask.params.filled("FriendlyName"),
        attributes: ask.params.object("Attributes")?,
    })
}

/// `GET /EndUsers`.
pub(super) async fn users(ask: Ask) -> Answer {
    let all: Vec<EndUser> = ask.look(|account| {
        newest_first(&account.papers.end_users, |user| user.date_created)
            .into_iter()
            .cloned()
            .collect()
    })?;
    Ok(ok(page::with_meta(
        &ask,
        "results",
        &all,
        |user| &user.sid,
        show_user,
    )))
}

/// `POST /EndUsers`.
pub(super) async fn create_user(ask: Ask) -> Answer {
    ask.params.needed("FriendlyName")?;
    let word = ask.params.needed("Type")?;
    let kind = EndUserKind::read(&word)
        .ok_or_else(|| Refusal::invalid(20001, format!("Type {word} is not valid")))?;
    let change = change(&ask)?;
    created(
        ask.engine(|engine, now, account| engine.create_end_user(now, account, kind, change)),
        show_user,
    )
}

/// `GET /EndUsers/{sid}`.
pub(super) async fn fetch_user(ask: Ask) -> Answer {
    let user = ask.look(|account| {
        account
            .papers
            .end_users
            .get(ask.name("paper"))
            .map(show_user)
    })?;
    Ok(ok(ask.found(user)?))
}

/// `POST /EndUsers/{sid}`.
pub(super) async fn update_user(ask: Ask) -> Answer {
    let change = change(&ask)?;
    answer(
        ask.engine(|engine, now, account| {
            engine.update_end_user(now, account, ask.name("paper"), change)
        }),
        show_user,
    )
}

/// `DELETE /EndUsers/{sid}` and `/SupportingDocuments/{sid}`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_paper(account, ask.name("paper"))))
}

/// `GET /SupportingDocuments`.
pub(super) async fn documents(ask: Ask) -> Answer {
    let all: Vec<Document> = ask.look(|account| {
        newest_first(&account.papers.documents, |paper| paper.date_created)
            .into_iter()
            .cloned()
            .collect()
    })?;
    Ok(ok(page::with_meta(
        &ask,
        "results",
        &all,
        |paper| &paper.sid,
        show_document,
    )))
}

/// `POST /SupportingDocuments`.
pub(super) async fn create_document(ask: Ask) -> Answer {
    ask.params.needed("FriendlyName")?;
    let kind = ask.params.needed("Type")?;
    let change = change(&ask)?;
    created(
        ask.engine(|engine, now, account| engine.create_document(now, account, &kind, change)),
        show_document,
    )
}

/// `GET /SupportingDocuments/{sid}`.
pub(super) async fn fetch_document(ask: Ask) -> Answer {
    let paper = ask.look(|account| {
        account
            .papers
            .documents
            .get(ask.name("paper"))
            .map(show_document)
    })?;
    Ok(ok(ask.found(paper)?))
}

/// `POST /SupportingDocuments/{sid}`.
pub(super) async fn update_document(ask: Ask) -> Answer {
    let change = change(&ask)?;
    answer(
        ask.engine(|engine, now, account| {
            engine.update_document(now, account, ask.name("paper"), change)
        }),
        show_document,
    )
}

fn show_user(user: &EndUser) -> Value {
    json!({
        "sid": user.sid,
        "account_sid": user.account_sid,
        "friendly_name": user.friendly_name,
        "type": user.kind.as_str(),
        "attributes": user.attributes,
        "date_created": iso(user.date_created),
        "date_updated": iso(user.date_updated),
        "url": format!("{ROOT}/EndUsers/{}", user.sid),
    })
}

fn show_document(paper: &Document) -> Value {
    json!({
        "sid": paper.sid,
        "account_sid": paper.account_sid,
        "friendly_name": paper.friendly_name,
        "mime_type": null,
        "status": paper.status,
        "failure_reason": or_null(&paper.failure_reason),
        "errors": null,
        "type": paper.kind,
        "attributes": paper.attributes,
        "date_created": iso(paper.date_created),
        "date_updated": iso(paper.date_updated),
        "url": format!("{ROOT}/SupportingDocuments/{}", paper.sid),
    })
}

/// `GET /EndUserTypes`.
pub(super) async fn user_types(ask: Ask) -> Answer {
    Ok(ok(page::with_meta(
        &ask,
        "end_user_types",
        &EndUserKind::ALL,
        |kind| kind.as_str(),
        |kind| show_user_type(*kind),
    )))
}

/// `GET /EndUserTypes/{sid}`, or by its name.
pub(super) async fn fetch_user_type(ask: Ask) -> Answer {
    let wanted = ask.name("kind");
    let kind = EndUserKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == wanted || user_type_sid(*kind) == wanted);
    Ok(ok(show_user_type(ask.found(kind)?)))
}

fn user_type_sid(kind: EndUserKind) -> String {
    fixed_sid("OY", &format!("end user {}", kind.as_str()))
}

fn show_user_type(kind: EndUserKind) -> Value {
    let sid = user_type_sid(kind);
    json!({
        "url": format!("{ROOT}/EndUserTypes/{sid}"),
        "sid": sid,
        "friendly_name": match kind { EndUserKind::Individual => "Individual", EndUserKind::Business => "Business" },
        "machine_name": kind.as_str(),
        "fields": detailed(kind.fields()),
    })
}

/// `GET /SupportingDocumentTypes`.
pub(super) async fn document_types(ask: Ask) -> Answer {
    let all: Vec<&DocumentKind> = DOCUMENTS.iter().collect();
    Ok(ok(page::with_meta(
        &ask,
        "supporting_document_types",
        &all,
        |kind| kind.machine_name,
        |kind| show_document_type(kind),
    )))
}

/// `GET /SupportingDocumentTypes/{sid}`, or by its name.
pub(super) async fn fetch_document_type(ask: Ask) -> Answer {
    let wanted = ask.name("kind");
    let kind = DOCUMENTS
        .iter()
        .find(|kind| kind.machine_name == wanted || document_type_sid(kind) == wanted);
    Ok(ok(show_document_type(ask.found(kind)?)))
}

fn document_type_sid(kind: &DocumentKind) -> String {
    fixed_sid("OY", &format!("document {}", kind.machine_name))
}

fn show_document_type(kind: &DocumentKind) -> Value {
    let sid = document_type_sid(kind);
    json!({
        "url": format!("{ROOT}/SupportingDocumentTypes/{sid}"),
        "sid": sid,
        "friendly_name": kind.name,
        "machine_name": kind.machine_name,
        "fields": detailed(kind.fields),
    })
}

/// `GET /Regulations`.
pub(super) async fn all_regulations(ask: Ask) -> Answer {
    let params = &ask.params;
    let same = |name: &str, is: &str| {
        params
            .filled(name)
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(is))
    };
    let found: Vec<(String, Regulation)> = regulations()
        .filter(|rule| {
            same("IsoCountry", rule.country.iso)
                && same("NumberType", rule.kind.in_regulations())
                && same("EndUserType", rule.end_user.as_str())
        })
        .map(|rule| (rule.sid(), rule))
        .collect();
    Ok(ok(page::with_meta(
        &ask,
        "results",
        &found,
        |(sid, _)| sid,
        |(_, rule)| show_regulation(rule),
    )))
}

/// `GET /Regulations/{sid}`.
pub(super) async fn fetch_regulation(ask: Ask) -> Answer {
    let rule = ask.found(regulation(ask.name("regulation")))?;
    Ok(ok(show_regulation(&rule)))
}

fn show_regulation(rule: &Regulation) -> Value {
    let sid = rule.sid();
    json!({
        "url": format!("{ROOT}/Regulations/{sid}"),
        "sid": sid,
        "friendly_name": rule.friendly_name(),
        "iso_country": rule.country.iso,
        "number_type": rule.kind.in_regulations(),
        "end_user_type": rule.end_user.as_str(),
        "requirements": rule.requirements_json(),
    })
}
