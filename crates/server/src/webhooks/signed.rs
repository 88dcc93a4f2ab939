//! The door-keeper: a webhook reaches a handler only with its organization's signature on it.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use offhook_core::Time;
use offhook_core::id::{CallId, OrgId};
use offhook_twilio::signature;
use offhook_twilio::webhook::Form;

use super::later;
use super::urls::Door;
use crate::app::App;
use crate::carrier::{Account, Sender};
use crate::error::ApiError;
use crate::spool::Entry;

/// The longest body; the carrier's are a tenth of it.
const LONGEST: usize = 64 * 1024;

/// A webhook whose signature is right.
#[derive(Debug, Clone)]
pub struct Knock {
    /// Where it knocks.
    pub door: Door,
    /// Whose it is.
    pub org: OrgId,
    /// The path and query.
    pub url: String,
    /// What our own address said.
    pub query: Form,
    /// What the carrier says.
    pub form: Form,
    /// When it came.
    pub at: Time,
    /// As it came.
    pub entry: Entry,
}

impl Knock {
    /// Reads a webhook; `None` when it knocks at no door of ours, or its body is no form.
    pub fn read(org: OrgId, entry: Entry) -> Option<Self> {
        let (path, query) = entry.url.split_once('?').unwrap_or((&entry.url, ""));
        Some(Self {
            door: Door::at(path)?,
            org,
            query: Form::parse(query.as_bytes()).ok()?,
            form: Form::parse(entry.body.as_bytes()).ok()?,
            url: entry.url.clone(),
            at: entry.at,
            entry,
        })
    }

    /// The path at which it knocks: the door's own, or a documented one.
    pub fn path(&self) -> &str {
        self.url.split('?').next().unwrap_or_default()
    }

    /// The call that our address named.
    pub fn call(&self) -> Option<CallId> {
        let query = &self.query;
        CallId::parse(query.get("call").or_else(|| query.get("callId"))?).ok()
    }

    /// The leg's label that our address named.
    pub fn label(&self) -> Option<String> {
        self.query.text("label")
    }

    /// The leg.
    pub fn sid(&self) -> Option<String> {
        self.form.text("CallSid")
    }
}

impl FromRequest<App> for Knock {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let entry = read(app, request).await?;
        match check(app, &entry).await {
            Checked::Right(account) => {
                let org = account.org.clone();
                let signed = Entry {
                    org: Some(org.clone()),
                    ..entry
                };
                Self::read(org, signed).ok_or_else(|| {
                    ApiError::Malformed {
                        field: "body".into(),
                        detail: "it is not a form".into(),
                    }
                    .into_response()
                })
            }
            Checked::Wrong => {
                metrics::counter!("offhook_webhooks_refused_total").increment(1);
                Err(StatusCode::FORBIDDEN.into_response())
            }
            // The database is away and we have never heard of this account: it is checked when it can be.
            Checked::Unclear => Err(later::unclear(app, &entry).await),
        }
    }
}

/// What is to be thought of a signature.
pub(super) enum Checked {
    /// This account's.
    Right(Arc<Account>),
    /// Nobody's, or another's.
    Wrong,
    /// Nobody can tell while the database is away.
    Unclear,
}

/// Checks a webhook's signature with its organization's token: on what is remembered, then on what the database says,
/// so that neither a new token is refused nor an old one believed for long.
pub(super) async fn check(app: &App, entry: &Entry) -> Checked {
    let Ok(form) = Form::parse(entry.body.as_bytes()) else {
        return Checked::Wrong;
    };
    let names: Vec<&str> = ["AccountSid", "To"]
        .iter()
        .filter_map(|name| form.get(name))
        .collect();
    if entry.signature.is_empty() || names.is_empty() {
        return Checked::Wrong;
    }
    let url = app.config.url(&entry.url);
    let fits = |account: &Account| {
        form.get("AccountSid")
            .is_none_or(|sid| sid == account.account_sid)
            && account.signed(app.clock.now(), &url, form.pairs(), &entry.signature)
    };
    match app
        .accounts
        .sender(&app.db, &app.keys, &names, app.clock.now())
        .await
    {
        Sender::Known(account) if fits(&account) => return Checked::Right(account),
        Sender::Nobody => return Checked::Wrong,
        Sender::Unclear => return Checked::Unclear,
        Sender::Known(_) => {}
    }
    match app
        .accounts
        .sender_now(&app.db, &app.keys, &names, app.clock.now())
        .await
    {
        Sender::Known(account) if fits(&account) => Checked::Right(account),
        Sender::Known(account) => {
            crate::carrier::doubt(app, &account);
            Checked::Wrong
        }
        Sender::Nobody => Checked::Wrong,
        Sender::Unclear => Checked::Unclear,
    }
}

async fn read(app: &App, request: Request) -> Result<Entry, Response> {
    let url = request
        .uri()
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    let signature = signature_of(request.headers());
    let body = to_bytes(request.into_body(), LONGEST)
        .await
        .map_err(|_| ApiError::TooLarge(LONGEST).into_response())?;
    let body = String::from_utf8(body.to_vec()).map_err(|_| {
        ApiError::Malformed {
            field: "body".into(),
            detail: "it is not UTF-8".into(),
        }
        .into_response()
    })?;
    Ok(Entry {
        at: app.clock.now(),
        url,
        signature,
        body,
        org: None,
    })
}

/// A webhook signed with a shared key is none that we could check: it counts as unsigned.
fn signature_of(headers: &HeaderMap) -> String {
    if headers.contains_key(signature::SETTINGS_HEADER) {
        return String::new();
    }
    let value = headers
        .get(signature::HEADER)
        .and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}
