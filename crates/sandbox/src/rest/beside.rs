//! What goes on beside a call: streams of its sound and transcriptions in real time, started and stopped.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer};
use super::params::Params;
use super::refusal::Refusal;
use super::{callbacks, date, uri};
use crate::engine::captions::{Captions, CaptionsRequest};
use crate::engine::requests::Callback;
use crate::engine::streams::{LiveStream, StreamRequest};

const TRACKS: &[&str] = &["inbound_track", "outbound_track", "both_tracks"];
/// Parameters that a stream may have.
const PARAMETERS: u32 = 99;

fn track(params: &Params) -> Result<String, Refusal> {
    Ok(params.one_of("Track", 20001, TRACKS)?.unwrap_or_default())
}

/// `POST /Calls/{sid}/Streams.json`.
pub(super) async fn start_stream(ask: Ask) -> Answer {
    let params = &ask.params;
    let parameters = (1..=PARAMETERS).map_while(|number| {
        let name = params.filled(&format!("Parameter{number}.Name"))?;
        let value = params.text(&format!("Parameter{number}.Value"));
        Some((name, value.unwrap_or_default()))
    });
    let request = StreamRequest {
        url: params.needed("Url")?,
        name: params.filled("Name").unwrap_or_default(),
        track: track(params)?,
        callback: callbacks::callback(params, "StatusCallback")?,
        parameters: parameters.collect(),
    };
    let made = ask.engine(|engine, now, account| {
        engine.start_stream(now, account, ask.name("call"), request)
    });
    answer(made, show_stream)
}

/// `POST /Calls/{sid}/Streams/{sid or name}.json`.
pub(super) async fn stop_stream(ask: Ask) -> Answer {
    stopped(&ask)?;
    let stream = ask.name("stream");
    answer(
        ask.engine(|engine, now, account| {
            engine.end_stream(now, account, ask.name("call"), stream)
        }),
        show_stream,
    )
}

/// `POST /Calls/{sid}/Transcriptions.json`.
pub(super) async fn start_captions(ask: Ask) -> Answer {
    let params = &ask.params;
    let text = |name: &str| params.filled(name).unwrap_or_default();
    let told = callbacks::callback(params, "StatusCallbackUrl")?;
    let request = CaptionsRequest {
        name: text("Name"),
        track: track(params)?,
        callback: Callback {
            method: params.method("StatusCallbackMethod")?,
            ..told
        },
        labels: [text("InboundTrackLabel"), text("OutboundTrackLabel")],
        partial: params.flag("PartialResults") == Some(true),
        language: text("LanguageCode"),
        engine: text("TranscriptionEngine"),
        plain: params.flag("EnableAutomaticPunctuation") == Some(false),
    };
    let made = ask.engine(|engine, now, account| {
        engine.start_captions(now, account, ask.name("call"), &request)
    });
    answer(made, show_captions)
}

/// `POST /Calls/{sid}/Transcriptions/{sid or name}.json`.
pub(super) async fn stop_captions(ask: Ask) -> Answer {
    stopped(&ask)?;
    let which = ask.name("transcription");
    answer(
        ask.engine(|engine, now, account| {
            engine.end_captions(now, account, ask.name("call"), which)
        }),
        show_captions,
    )
}

fn stopped(ask: &Ask) -> Result<(), Refusal> {
    match ask.params.one_of("Status", 20001, &["stopped"])? {
        Some(_) => Ok(()),
        None => Err(Refusal::invalid(20001, "Status must be stopped")),
    }
}

fn status(stopped: bool) -> &'static str {
    if stopped { "stopped" } else { "in-progress" }
}

fn show_stream(stream: &LiveStream) -> Value {
    let path = format!("Calls/{}/Streams/{}", stream.call_sid, stream.sid);
    json!({
        "sid": stream.sid,
        "account_sid": stream.account_sid,
        "call_sid": stream.call_sid,
        "name": super::or_null(&stream.name),
        "status": status(stream.stopped),
        "date_updated": date(stream.date_updated),
        "uri": uri(&stream.account_sid, &path),
    })
}

fn show_captions(one: &Captions) -> Value {
    let path = format!("Calls/{}/Transcriptions/{}", one.call_sid, one.sid);
    json!({
        "sid": one.sid,
        "account_sid": one.account_sid,
        "call_sid": one.call_sid,
        "name": one.name,
        "status": status(one.stopped),
        "date_updated": date(one.date_updated),
        "uri": uri(&one.account_sid, &path),
    })
}
