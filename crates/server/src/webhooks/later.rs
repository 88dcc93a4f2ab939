//! What a webhook is answered while the database is away: it lies in the spool, and a caller is asked for a moment.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use offhook_core::call::Prompt;
use offhook_twilio::twiml;
use offhook_twilio::webhook::Form;
use url::form_urlencoded::Serializer;

use super::reply::{Twiml, farewell, spoken};
use super::turns;
use super::urls::{Door, Doors};
use crate::app::App;
use crate::spool::Entry;

/// A caller's document asks again after so many seconds (the prompt takes the rest of five),
const PAUSE: u32 = 4;
/// so many times: a minute in all.
const TRIES: u32 = 12;

/// Keeps a webhook whose sender cannot be looked up, unchecked: it is checked when it is drained.
pub(super) async fn unclear(app: &App, entry: &Entry) -> Response {
    let path = entry.url.split('?').next().unwrap_or_default();
    match Door::at(path) {
        Some(door) => spooled(app, door, entry).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Writes a webhook down on this node and answers it as well as that is possible.
pub(super) async fn spooled(app: &App, door: Door, entry: &Entry) -> Response {
    match door {
        // Nothing is lost with these questions, and they are answered the same whatever the database says.
        Door::Wait | Door::Music => return turns::music(app).into_response(),
        Door::Farewell => return turns::farewell(app).into_response(),
        Door::Fallback => {
            let form = Form::parse(entry.body.as_bytes()).unwrap_or_default();
            return turns::fallback(app, &form).into_response();
        }
        _ => {}
    }
    let first = tries(&entry.url) == 0;
    if let (true, Err(error)) = (first, app.spool.append(&app.keys, entry).await) {
        tracing::error!(%error, "a webhook could neither be stored nor spooled");
        if !door.wants_twiml() {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    if door.wants_twiml() {
        one_moment(app, door, &entry.url).into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// One moment, please; then the same question again.
fn one_moment(app: &App, door: Door, url: &str) -> Twiml {
    let doors = Doors::of(&app.config);
    let tries = tries(url);
    if tries >= TRIES {
        return farewell(&doors, &Prompt::Apology);
    }
    let again = doors.again(door, &with_tries(url, tries + 1));
    twiml::Response::default()
        .then(spoken(&doors, &Prompt::OneMoment))
        .then(twiml::Pause::seconds(PAUSE))
        .then(twiml::Redirect::new(again))
        .into()
}

fn tries(url: &str) -> u32 {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let tries = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "try");
    tries.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

fn with_tries(url: &str, tries: u32) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let others = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "try");
    let query = Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("try", &tries.to_string())
        .finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_is_counted_in_the_address_and_nothing_else_in_it_changes() {
        let first = "/webhooks/twilio/room?call=call_1&turn=2";
        assert_eq!(tries(first), 0);
        let second = with_tries(first, 1);
        assert_eq!(second, "/webhooks/twilio/room?call=call_1&turn=2&try=1");
        assert_eq!(
            with_tries(&second, 2),
            "/webhooks/twilio/room?call=call_1&turn=2&try=2"
        );
        assert_eq!(
            with_tries("/webhooks/twilio/voice", 1),
            "/webhooks/twilio/voice?try=1"
        );
    }
}
