//! The REST face: Twilio's 2010-04-01 API over the engine, with its field names, paging and error bodies.

mod accounts;
mod applications;
mod ask;
mod callbacks;
mod calls;
mod conferences;
mod keys;
mod media;
mod numbers;
mod page;
mod params;
mod participants;
mod queues;
mod recordings;
mod refusal;
mod span;

use axum::Router;
use axum::routing::get;
use serde_json::Value;

use crate::driver::Sandbox;
use crate::seam::Time;
use refusal::Refusal;

/// The whole table of routes.
pub fn router(sandbox: Sandbox) -> Router {
    let account = Router::new()
        .merge(settings())
        .merge(voice())
        .merge(rooms())
        .merge(sound());
    let api = Router::new()
        .route("/Accounts/{account}", get(accounts::fetch))
        .nest("/Accounts/{account}", account)
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::method_not_allowed());
    Router::new().nest("/2010-04-01", api).with_state(sandbox)
}

fn settings() -> Router<Sandbox> {
    let key = get(keys::fetch).post(keys::update).delete(keys::delete);
    let number = get(numbers::fetch)
        .post(numbers::update)
        .delete(numbers::delete);
    let application = get(applications::fetch)
        .post(applications::update)
        .delete(applications::delete);
    Router::new()
        .route("/Keys.json", get(keys::list).post(keys::create))
        .route("/Keys/{key}", key)
        .route(
            "/IncomingPhoneNumbers.json",
            get(numbers::list).post(numbers::create),
        )
        .route("/IncomingPhoneNumbers/{number}", number)
        .route(
            "/Applications.json",
            get(applications::list).post(applications::create),
        )
        .route("/Applications/{application}", application)
}

fn voice() -> Router<Sandbox> {
    let queue = get(queues::fetch)
        .post(queues::update)
        .delete(queues::delete);
    Router::new()
        .route("/Calls.json", get(calls::list).post(calls::create))
        .route(
            "/Calls/{call}",
            get(calls::fetch).post(calls::update).delete(calls::delete),
        )
        .route("/Queues.json", get(queues::list).post(queues::create))
        .route("/Queues/{queue}", queue)
        .route("/Queues/{queue}/Members.json", get(queues::list_members))
        .route(
            "/Queues/{queue}/Members/{member}",
            get(queues::fetch_member).post(queues::update_member),
        )
}

fn rooms() -> Router<Sandbox> {
    const PARTICIPANTS: &str = "/Conferences/{conference}/Participants";
    let participant = get(participants::fetch)
        .post(participants::update)
        .delete(participants::delete);
    Router::new()
        .route("/Conferences.json", get(conferences::list))
        .route(
            "/Conferences/{conference}",
            get(conferences::fetch).post(conferences::update),
        )
        .route(
            &format!("{PARTICIPANTS}.json"),
            get(participants::list).post(participants::create),
        )
        .route(&format!("{PARTICIPANTS}/{{participant}}"), participant)
}

fn sound() -> Router<Sandbox> {
    let recording = get(recordings::fetch)
        .post(recordings::update)
        .delete(recordings::delete);
    Router::new()
        .route(
            "/Calls/{call}/Recordings.json",
            get(recordings::of_call).post(recordings::start),
        )
        .route("/Calls/{call}/Recordings/{recording}", recording.clone())
        .route(
            "/Conferences/{conference}/Recordings.json",
            get(recordings::of_conference),
        )
        .route(
            "/Conferences/{conference}/Recordings/{recording}",
            recording,
        )
        .route("/Recordings.json", get(recordings::list))
        .route(
            "/Recordings/{recording}",
            get(recordings::fetch_or_media).delete(recordings::delete),
        )
}

/// A time as Twilio writes it.
fn date(time: Time) -> String {
    time.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// A text as JSON; null when there is none.
fn or_null(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        text.into()
    }
}

/// The path of an account's resource.
fn uri(account: &str, rest: &str) -> String {
    format!("/2010-04-01/Accounts/{account}/{rest}.json")
}
