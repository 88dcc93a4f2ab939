//! Messages as text: `Transcriptions` of an account and of a recording.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, gone, ok};
use super::{date, page, uri};
use crate::engine::transcripts::Transcript;

fn found(ask: &Ask) -> Vec<Transcript> {
    let recording = ask.names("recording");
    ask.engine(|engine, _, account| {
        let all = engine.transcripts(account, recording).into_iter();
        all.cloned().collect()
    })
}

/// `GET /Transcriptions.json` and `/Recordings/{sid}/Transcriptions.json`.
pub(super) async fn list(ask: Ask) -> Answer {
    if let Some(recording) = ask.names("recording") {
        let known = ask.engine(|engine, _, account| {
            engine
                .recording(account, recording)
                .map(|found| found.sid.clone())
        });
        ask.found(known)?;
    }
    let show = |one: &Transcript| show(&ask, one);
    let all = found(&ask);
    Ok(ok(page::page(
        &ask,
        "transcriptions",
        &all,
        |one| &one.sid,
        show,
    )))
}

/// `GET /Transcriptions/{sid}.json` and the same below a recording.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let sid = ask.name("transcription");
    let one = found(&ask).into_iter().find(|one| one.sid == sid);
    Ok(ok(show(&ask, &ask.found(one)?)))
}

/// `DELETE` of the same.
pub(super) async fn delete(ask: Ask) -> Answer {
    let sid = ask.name("transcription");
    let known = found(&ask).into_iter().any(|one| one.sid == sid);
    ask.found(known.then_some(()))?;
    gone(ask.engine(|engine, _, account| engine.delete_transcript(account, sid)))
}

fn show(ask: &Ask, one: &Transcript) -> Value {
    let own = format!("Transcriptions/{}", one.sid);
    let path = match ask.names("recording") {
        Some(recording) => format!("Recordings/{recording}/{own}"),
        None => own,
    };
    json!({
        "sid": one.sid,
        "account_sid": one.account_sid,
        "recording_sid": one.recording_sid,
        "status": one.status,
        "type": "fast",
        "transcription_text": one.text,
        "duration": one.duration.to_string(),
        "price": null,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "date_created": date(one.date_created),
        "date_updated": date(one.date_updated),
        "uri": uri(&one.account_sid, &path),
    })
}
