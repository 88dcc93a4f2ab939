//! Whether a bundle fulfils its regulation, and what is missing.

use serde_json::{Value, json};

use super::bundles::Bundle;
use super::regulations::{DOCUMENTS, DocumentKind, Regulation, Requirement, end_user_requirement};
use super::{Papers, says};
use crate::seam::{Sid, Time};

/// A field is missing.
const FIELD: u32 = 22215;
/// A paper is missing.
const PAPER: u32 = 22216;

/// How a bundle fared once.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// `EL…`.
    pub sid: Sid,
    /// Whether it fulfils all.
    pub is_compliant: bool,
    /// Each requirement, as Twilio writes it.
    pub results: Vec<Value>,
    /// When.
    pub date_created: Time,
}

/// What is held against one requirement.
struct Asked<'a> {
    requirement_name: &'a str,
    requirement: &'a str,
    name: &'a str,
    kind: &'a str,
    fields: &'a [(&'a str, &'a str)],
}

/// Holds a bundle against a regulation.
pub(super) fn evaluate(rule: &Regulation, bundle: &Bundle, papers: &Papers) -> (bool, Vec<Value>) {
    let user = bundle
        .items
        .iter()
        .filter_map(|item| papers.end_users.get(&item.object_sid))
        .find(|user| user.kind == rule.end_user);
    let name = if rule.end_user.as_str() == "business" {
        "Business"
    } else {
        "Individual"
    };
    let asked = Asked {
        requirement_name: end_user_requirement(rule.end_user),
        requirement: name,
        name,
        kind: rule.end_user.as_str(),
        fields: rule.end_user.fields(),
    };
    let mut results = vec![result(&asked, user.map(|user| &user.attributes), papers)];
    for requirement in rule.requirements() {
        results.push(of_documents(&requirement, bundle, papers));
    }
    (
        results.iter().all(|result| result["passed"] == true),
        results,
    )
}

fn of_documents(requirement: &Requirement, bundle: &Bundle, papers: &Papers) -> Value {
    let kind_of = |name: &str| DOCUMENTS.iter().find(|kind| kind.machine_name == name);
    let shown = bundle
        .items
        .iter()
        .filter_map(|item| papers.documents.get(&item.object_sid))
        .find(|document| requirement.accepted.contains(&document.kind.as_str()));
    let kind: Option<&DocumentKind> = match shown {
        Some(document) => kind_of(&document.kind),
        None => requirement.accepted.first().and_then(|name| kind_of(name)),
    };
    let Some(kind) = kind else { return Value::Null };
    let asked = Asked {
        requirement_name: requirement.requirement_name,
        requirement: requirement.name,
        name: kind.name,
        kind: kind.machine_name,
        fields: kind.fields,
    };
    result(&asked, shown.map(|document| &document.attributes), papers)
}

fn result(asked: &Asked<'_>, attributes: Option<&Value>, papers: &Papers) -> Value {
    let none = Value::Null;
    let given = attributes.unwrap_or(&none);
    let (valid, invalid): (Vec<_>, Vec<_>) = asked.fields.iter().partition(|(field, _)| {
        says(given, field) && (*field != "address_sids" || knows_addresses(&given[*field], papers))
    });
    let passed = attributes.is_some() && invalid.is_empty();
    let reason = match attributes {
        None => Some((
            PAPER,
            format!(
                "A {} is missing. Please add one to the regulatory bundle.",
                asked.name
            ),
        )),
        Some(_) if !invalid.is_empty() => Some((FIELD, format!("{} is not complete.", asked.name))),
        Some(_) => None,
    };
    let field = |(machine, friendly): &(&str, &str), wrong: bool| {
        json!({
            "friendly_name": friendly,
            "object_field": machine,
            "failure_reason": wrong.then(|| format!("The {friendly} is missing. Please enter in a {friendly} on the {} information.", asked.name)),
            "error_code": wrong.then_some(FIELD),
        })
    };
    json!({
        "friendly_name": asked.name,
        "requirement_friendly_name": asked.requirement,
        "requirement_name": asked.requirement_name,
        "object_type": asked.kind,
        "passed": passed,
        "failure_reason": reason.as_ref().map(|(_, text)| text),
        "error_code": reason.as_ref().map(|(code, _)| code),
        "valid": valid.into_iter().map(|one| field(one, false)).collect::<Vec<_>>(),
        "invalid": invalid.into_iter().map(|one| field(one, true)).collect::<Vec<_>>(),
    })
}

fn knows_addresses(sids: &Value, papers: &Papers) -> bool {
    sids.as_array().is_some_and(|sids| {
        sids.iter().all(|sid| {
            sid.as_str()
                .is_some_and(|sid| papers.addresses.contains_key(sid))
        })
    })
}
