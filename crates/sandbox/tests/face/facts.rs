//! The facts of Twilio's REST API (`facts.txt`), and answers held against them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

/// A route as Twilio describes it.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    shape: String,
    key: String,
    pub(crate) need: Vec<String>,
    pub(crate) take: Vec<String>,
}

pub(crate) struct Facts {
    shapes: BTreeMap<String, Vec<(String, String)>>,
    pub(crate) routes: Vec<Route>,
}

pub(crate) static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::read(include_str!("facts.txt")));

/// Fields that Twilio sends although its description does not name them.
const UNNAMED: &[&str] = &["detail"];

/// Fields that are null at times although the description does not say so: of a room that has not ended, and of what was not
/// asked for about a number.
const EMPTY: &[&str] = &[
    "reason_conference_ended",
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
];

impl Facts {
    fn read(text: &str) -> Self {
        let mut facts = Self {
            shapes: BTreeMap::new(),
            routes: Vec::new(),
        };
        for line in text.lines() {
            let mut words = line.split(' ');
            match words.next() {
                Some("shape") => {
                    let name = words.next().expect("a name").to_owned();
                    let fields = words.map(|word| word.split_once(':').expect("a field"));
                    let fields = fields.map(|(name, kind)| (name.to_owned(), kind.to_owned()));
                    facts.shapes.insert(name, fields.collect());
                }
                Some("route") => {
                    let words: Vec<&str> = words.collect();
                    let said =
                        |word: &str| word.split_once('=').map_or("", |(_, said)| said).to_owned();
                    let names = |word: &str| {
                        let said = said(word);
                        said.split(',')
                            .filter(|name| !name.is_empty())
                            .map(str::to_owned)
                            .collect::<Vec<_>>()
                    };
                    facts.routes.push(Route {
                        method: words[0].into(),
                        path: words[1].into(),
                        status: words[2].parse().expect("a status"),
                        shape: words[3].into(),
                        key: said(words[4]),
                        need: names(words[5]),
                        take: names(words[6]),
                    });
                }
                _ => {}
            }
        }
        facts
    }

    /// The route of a request; one with fewer names in braces before one with more.
    pub(crate) fn route(&self, method: &str, path: &str) -> Option<&Route> {
        let path = path.split('?').next().unwrap_or_default();
        let fitting = self
            .routes
            .iter()
            .filter(|route| route.method == method && fits(&route.path, path));
        fitting.min_by_key(|route| route.path.matches('{').count())
    }

    /// Holds a good answer against its route: status, every field, and no field too many.
    pub(crate) fn check(&self, route: &Route, status: u16, body: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        if status != route.status {
            wrong.push(format!("status {status}, not {}", route.status));
        }
        let Some(shape) = self.shapes.get(&route.shape) else {
            return wrong;
        };
        if route.key.is_empty() {
            held(shape, body, &mut wrong);
            return wrong;
        }
        match body[&route.key].as_array() {
            Some(items) => items.iter().for_each(|item| held(shape, item, &mut wrong)),
            None => wrong.push(format!("no list {}", route.key)),
        }
        paged(route, body, &mut wrong);
        wrong
    }
}

/// A page says where it lies, and where the next one is.
fn paged(route: &Route, body: &Value, wrong: &mut Vec<String>) {
    let (place, names) = if route.path.starts_with("/2010-04-01") {
        if route.path.ends_with("/AvailablePhoneNumbers.json") {
            return;
        }
        (
            body,
            [
                "first_page_uri",
                "next_page_uri",
                "previous_page_uri",
                "uri",
                "page",
                "page_size",
                "start",
                "end",
            ]
            .as_slice(),
        )
    } else {
        (
            &body["meta"],
            [
                "first_page_url",
                "next_page_url",
                "previous_page_url",
                "url",
                "page",
                "page_size",
                "key",
            ]
            .as_slice(),
        )
    };
    for name in names {
        if place.get(name).is_none() {
            wrong.push(format!("no {name} on the page"));
        }
    }
}

fn fits(route: &str, path: &str) -> bool {
    let (route, path): (Vec<&str>, Vec<&str>) =
        (route.split('/').collect(), path.split('/').collect());
    route.len() == path.len()
        && route
            .iter()
            .zip(path)
            .all(|(wanted, is)| match wanted.strip_suffix(".json") {
                Some(name) if name.starts_with('{') => is.strip_suffix(".json").is_some(),
                None if wanted.starts_with('{') => !is.is_empty(),
                _ => *wanted == is,
            })
}

fn held(shape: &[(String, String)], body: &Value, wrong: &mut Vec<String>) {
    let Some(fields) = body.as_object() else {
        wrong.push(format!("no object: {body}"));
        return;
    };
    for (name, kind) in shape {
        match fields.get(name) {
            None => wrong.push(format!("{name} is missing")),
            Some(Value::Null) if EMPTY.contains(&name.as_str()) => {}
            Some(value) if !is(kind, value) => wrong.push(format!("{name} is {value}, not {kind}")),
            Some(_) => {}
        }
    }
    let known: BTreeSet<&str> = shape
        .iter()
        .map(|(name, _)| name.as_str())
        .chain(UNNAMED.iter().copied())
        .collect();
    for name in fields.keys().filter(|name| !known.contains(name.as_str())) {
        wrong.push(format!("{name} is not Twilio's"));
    }
}

fn is(kind: &str, value: &Value) -> bool {
    if let Some(kind) = kind.strip_suffix('?') {
        return value.is_null() || is(kind, value);
    }
    let text = value.as_str();
    if let Some(words) = kind
        .strip_prefix("enum(")
        .and_then(|words| words.strip_suffix(')'))
    {
        return text.is_some_and(|text| words.split('|').any(|word| word == text));
    }
    if let Some(prefix) = kind
        .strip_prefix("sid(")
        .and_then(|prefix| prefix.strip_suffix(')'))
    {
        return text.is_some_and(|text| {
            text.len() == 34
                && text
                    .strip_prefix(prefix)
                    .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()))
        });
    }
    match kind {
        "text" => text.is_some(),
        "uri" => text.is_some_and(|text| text.starts_with('/') || text.contains("://")),
        "rfc2822" => text.is_some_and(|text| chrono::DateTime::parse_from_rfc2822(text).is_ok()),
        "iso" => text.is_some_and(|text| {
            text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok()
        }),
        "int" => value.is_i64() || value.is_u64(),
        // Prices are numbers in the description and texts on the wire.
        "num" => value.is_number() || text.is_some_and(|text| text.parse::<f64>().is_ok()),
        "bool" => value.is_boolean(),
        "list" => value.is_array(),
        "map" => value.is_object(),
        _ => true,
    }
}
