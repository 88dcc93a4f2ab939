//! One request to the REST face: who asks, for what, with which parameters. Nothing else reads the HTTP request.

use std::collections::HashMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, RawPathParams, Request};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::hosts::Region;
use super::magic;
use super::params::Params;
use super::permissions;
use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::Engine;
use crate::engine::account::{Account, AccountStatus, KeyKind};
use crate::engine::error::RestError;
use crate::engine::regions::{self, regional};
use crate::seam::{Sid, Time};

/// What a handler gives back.
pub(super) type Answer = Result<Response, Refusal>;

/// An authenticated request.
pub(super) struct Ask {
    /// The account in the path, which the credentials open; without one there, the credentials' own.
    pub(super) account: Sid,
    /// Whether the credentials are an account's own, not an API key's.
    pub(super) main: bool,
    /// Whether these are test credentials, which change nothing.
    pub(super) test: bool,
    /// The parameters of the query or of the form.
    pub(super) params: Params,
    /// Path and query as they came.
    pub(super) uri: Uri,
    names: HashMap<String, String>,
    sandbox: Sandbox,
}

impl Ask {
    /// A name in the path, without its `.json`.
    pub(super) fn name(&self, name: &str) -> &str {
        let name = self.raw_name(name);
        name.strip_suffix(".json").unwrap_or(name)
    }

    /// A name in the path, without its `.json`, where the path has one of this kind.
    pub(super) fn names(&self, name: &str) -> Option<&str> {
        self.names.contains_key(name).then(|| self.name(name))
    }

    /// A name in the path as it came.
    pub(super) fn raw_name(&self, name: &str) -> &str {
        self.names.get(name).map_or("", String::as_str)
    }

    /// Looks at or changes the sandbox's state.
    pub(super) fn engine<R>(&self, act: impl FnOnce(&mut Engine, Time, &str) -> R) -> R {
        self.sandbox
            .engine(|engine, now| act(engine, now, &self.account))
    }

    /// The account's keys, numbers and applications.
    pub(super) fn look<R>(&self, act: impl FnOnce(&Account) -> R) -> Result<R, Refusal> {
        self.engine(|engine, _, account| engine.account(account).map(act))
            .ok_or_else(Refusal::authenticate)
    }

    /// Refuses an API key: only the account's own credentials may do this.
    pub(super) fn only_main(&self) -> Result<(), Refusal> {
        if self.main {
            Ok(())
        } else {
            Err(Refusal::authenticate())
        }
    }

    /// What was asked for, or that it is not there.
    pub(super) fn found<T>(&self, found: Option<T>) -> Result<T, Refusal> {
        found.ok_or_else(|| Refusal::no_such(self.uri.path()))
    }
}

impl FromRequest<Sandbox> for Ask {
    type Rejection = Response;

    async fn from_request(request: Request, sandbox: &Sandbox) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let path = RawPathParams::from_request_parts(&mut parts, sandbox)
            .await
            .map_err(IntoResponse::into_response)?;
        let names: HashMap<String, String> = path
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let matched = parts.extensions.get::<MatchedPath>();
        let matched = matched.map_or("", MatchedPath::as_str).to_owned();
        let wanted = names
            .get("account")
            .map(|account| account.strip_suffix(".json").unwrap_or(account));
        let region = parts.extensions.get::<Region>();
        let region = region.map_or(regions::HOME, |region| region.0.as_str());
        let place = Place {
            wanted,
            region,
            matched: &matched,
        };
        let opened = sandbox
            .engine(|engine, now| {
                let opened = open(engine, &place, &parts.headers, &parts.method)?;
                if engine.admit(now, &opened.account) {
                    Ok(opened)
                } else {
                    Err(Refusal::too_many())
                }
            })
            .map_err(IntoResponse::into_response)?;
        let Opened {
            account,
            main,
            test,
        } = opened;
        let params = if parts.method == Method::POST {
            let body = Bytes::from_request(Request::from_parts(parts.clone(), body), sandbox)
                .await
                .map_err(|_| Refusal::unreadable().into_response())?;
            Params::parse(&body)
        } else {
            Params::parse(parts.uri.query().unwrap_or_default().as_bytes())
        };
        if params.get("Page").is_some_and(|page| page.starts_with('-')) {
            let text = "Page number must not be negative";
            return Err(Refusal::invalid(20001, text).into_response());
        }
        // Nested routers see a shortened URI.
        let uri = parts
            .extensions
            .get::<axum::extract::OriginalUri>()
            .map_or(parts.uri, |original| original.0.clone());
        Ok(Self {
            account,
            main,
            test,
            params,
            uri,
            names,
            sandbox: sandbox.clone(),
        })
    }
}

/// What a request is about.
struct Place<'a> {
    wanted: Option<&'a str>,
    region: &'a str,
    matched: &'a str,
}

/// What credentials open.
struct Opened {
    /// The account that a request is about.
    account: Sid,
    /// Whether the credentials are an account's own.
    main: bool,
    /// Whether they are its test credentials.
    test: bool,
}

/// Test credentials open three lists, and nobody else's.
fn open_test(
    engine: &Engine,
    place: &Place<'_>,
    method: &Method,
    (user, password): (&str, &str),
) -> Option<Result<Opened, Refusal>> {
    let known = engine.accounts().any(|account| {
        let (sid, token) = account.test_credentials();
        sid == user && token == password
    });
    if !known {
        return None;
    }
    if !magic::is_open(method, place.matched) {
        return Some(Err(Refusal::not_for_tests()));
    }
    if place.wanted != Some(user) {
        return Some(Err(Refusal::authenticate()));
    }
    Some(Ok(Opened {
        account: user.to_owned(),
        main: true,
        test: true,
    }))
}

/// The account that a request is about, and whether the credentials are an account's own.
fn open(
    engine: &Engine,
    place: &Place<'_>,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Opened, Refusal> {
    let (region, matched) = (place.region, place.matched);
    let (user, password) = basic(headers).ok_or_else(Refusal::authenticate)?;
    let wrong = Refusal::authenticate;
    if let Some(opened) = open_test(engine, place, method, (&user, &password)) {
        return opened;
    }
    let (holder, kind) = match engine.account(&regional(&user, region)) {
        Some(account) if account.opens(&password) => (account, KeyKind::Main),
        Some(_) => return Err(wrong()),
        None => {
            let account = engine.account_of_key(&user).ok_or_else(wrong)?;
            let key = account.keys.get(&user).ok_or_else(wrong)?;
            // Keys, as all credentials, open only their own region.
            if key.secret != password || regions::split(&account.sid).1 != region {
                return Err(wrong());
            }
            (account, key.kind.clone())
        }
    };
    let main = kind == KeyKind::Main;
    // A parent's own credentials open the accounts below it.
    let account = match place.wanted {
        Some(wanted) => engine
            .account(&regional(wanted, region))
            .filter(|account| account.sid == holder.sid || (main && account.owner == holder.sid))
            .ok_or_else(wrong)?,
        None => holder,
    };
    if let KeyKind::Restricted(permissions) = &kind
        && !permissions::allow(permissions, method, matched)
    {
        return Err(Refusal::forbidden());
    }
    let is_account = matched.ends_with("{account}") || matched.ends_with("/Accounts.json");
    if holder.status == AccountStatus::Closed {
        return Err(wrong());
    }
    if !is_account && !engine.is_active(&account.sid) {
        return Err(Refusal::inactive());
    }
    Ok(Opened {
        account: account.sid.clone(),
        main,
        test: false,
    })
}

/// User and password of a Basic header.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// 200 with a body.
pub(super) fn ok(body: Value) -> Response {
    Json(body).into_response()
}

/// 200 with what the engine gave, or its refusal.
pub(super) fn answer<T>(result: Result<T, RestError>, show: impl FnOnce(&T) -> Value) -> Answer {
    Ok(ok(show(&result?)))
}

/// 201 with what the engine made, or its refusal.
pub(super) fn created<T>(result: Result<T, RestError>, show: impl FnOnce(&T) -> Value) -> Answer {
    Ok((StatusCode::CREATED, Json(show(&result?))).into_response())
}

/// 204, or the engine's refusal.
pub(super) fn gone(result: Result<(), RestError>) -> Answer {
    result?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
