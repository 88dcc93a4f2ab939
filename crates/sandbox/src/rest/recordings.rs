//! Recordings: started on a call, paused, stopped, looked at and deleted.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::span::Span;
use super::{callbacks, date, media, page, uri};
use crate::engine::records::{RecordingRecord, RecordingStatus};
use crate::engine::requests::UpdateRecording;
use crate::seam::Sid;

/// Days for which deleted recordings are remembered.
const DELETED_KEPT: i64 = 40;

/// `POST /Calls/{sid}/Recordings.json`.
pub(super) async fn start(ask: Ask) -> Answer {
    let new = callbacks::recording(&ask.params)?;
    created(
        ask.engine(|engine, now, account| {
            engine.start_recording(now, account, ask.name("call"), new)
        }),
        |made| show(made, Below::Call),
    )
}

/// `POST /Calls|Conferences/{sid}/Recordings/{sid or Twilio.CURRENT}.json`: pause, go on or stop.
pub(super) async fn update(ask: Ask) -> Answer {
    let status = ask.params.required("Status", 20001)?;
    let change = UpdateRecording {
        status: status.clone(),
        skip_pause: ask.params.get("PauseBehavior") == Some("skip"),
    };
    let (owner, below) = (owner(&ask), Below::of(&ask));
    let recording = ask.engine(|engine, now, account| {
        engine.update_recording(
            now,
            account,
            ask.name("recording"),
            owner.as_deref(),
            change,
        )
    });
    answer(recording, |recording| {
        let mut body = show(recording, below);
        // Only this answer tells the fine state.
        body["status"] = if status == "stopped" {
            "stopped".into()
        } else {
            recording.status.as_str().into()
        };
        body
    })
}

/// `GET /Calls/{sid}/Recordings.json`.
pub(super) async fn of_call(ask: Ask) -> Answer {
    let call = ask.engine(|engine, _, account| {
        engine
            .call(account, ask.name("call"))
            .map(|call| call.sid.clone())
    });
    let call = ask.found(call)?;
    listed(&ask, Some(&call))
}

/// `GET /Conferences/{sid}/Recordings.json`.
pub(super) async fn of_conference(ask: Ask) -> Answer {
    let room = ask.engine(|engine, _, account| {
        engine
            .conference(account, ask.name("conference"))
            .map(|room| room.sid.clone())
    });
    let room = ask.found(room)?;
    listed(&ask, Some(&room))
}

/// `GET /Recordings.json`, of the whole account.
pub(super) async fn list(ask: Ask) -> Answer {
    let owner = ask
        .params
        .filled("CallSid")
        .or_else(|| ask.params.filled("ConferenceSid"));
    listed(&ask, owner.as_ref())
}

fn listed(ask: &Ask, owner: Option<&Sid>) -> Answer {
    let made = Span::of(&ask.params, "DateCreated")?;
    let below = Below::of(ask);
    let ever = ask.params.flag("IncludeSoftDeleted") == Some(true);
    Ok(ok(ask.engine(|engine, now, account| {
        // What was deleted is remembered for forty days, without its sound.
        let young = now - chrono::TimeDelta::days(DELETED_KEPT);
        let recordings = engine
            .recordings_ever(account, owner.map(String::as_str))
            .into_iter()
            .filter(|recording| !recording.deleted || (ever && recording.date_updated > young));
        let recordings: Vec<_> = recordings
            .filter(|recording| made.holds(Some(recording.date_created)))
            .collect();
        page::page(
            ask,
            "recordings",
            &recordings,
            |recording| &recording.sid,
            |recording| show(recording, below),
        )
    })))
}

/// `GET …/Recordings/{sid}.json` below a call or a conference.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let owner = owner(&ask);
    let recording = find(&ask, ask.name("recording")).filter(|found| {
        owner.is_none() || owner == found.call_sid || owner == found.conference_sid
    });
    Ok(ok(show(&ask.found(recording)?, Below::of(&ask))))
}

/// `GET /Recordings/{sid}` with `.json`, or with `.wav`, `.mp3` or nothing for the sound.
pub(super) async fn fetch_or_media(ask: Ask) -> Answer {
    let name = ask.raw_name("recording");
    if let Some(sid) = name.strip_suffix(".json") {
        return Ok(ok(show(&ask.found(find(&ask, sid))?, Below::Account)));
    }
    if let Some(sid) = name.strip_suffix(".mp3") {
        return media::mp3(&ask, &ask.found(find(&ask, sid))?).await;
    }
    let sid = name.strip_suffix(".wav").unwrap_or(name);
    media::wav(&ask, &ask.found(find(&ask, sid))?)
}

/// `DELETE …/Recordings/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, now, account| {
        engine.delete_recording(now, account, ask.name("recording"))
    }))
}

/// The call or conference that the path names.
fn owner(ask: &Ask) -> Option<Sid> {
    ask.names("call")
        .or_else(|| ask.names("conference"))
        .map(str::to_owned)
}

fn find(ask: &Ask, sid: &str) -> Option<RecordingRecord> {
    ask.engine(|engine, _, account| engine.recording(account, sid).cloned())
}

/// Whose recordings are looked at: each shows them a little differently.
#[derive(Clone, Copy)]
enum Below {
    Account,
    Call,
    Conference,
}

impl Below {
    fn of(ask: &Ask) -> Self {
        match (ask.names("call"), ask.names("conference")) {
            (Some(_), _) => Self::Call,
            (None, Some(_)) => Self::Conference,
            (None, None) => Self::Account,
        }
    }
}

fn show(recording: &RecordingRecord, below: Below) -> Value {
    let (account, sid) = (&recording.account_sid, &recording.sid);
    let own = uri(account, &format!("Recordings/{sid}"));
    // While it runs, a look tells no more than this.
    let status = match recording.status {
        _ if recording.deleted => "deleted",
        RecordingStatus::InProgress | RecordingStatus::Paused | RecordingStatus::Processing => {
            "processing"
        }
        RecordingStatus::Completed | RecordingStatus::Absent => recording.status.as_str(),
    };
    let mut body = json!({
        "sid": sid,
        "account_sid": account,
        "call_sid": recording.call_sid,
        "conference_sid": recording.conference_sid,
        "status": status,
        "channels": recording.channels,
        "source": recording.source,
        "start_time": date(recording.start_time),
        "duration": recording.duration.map_or_else(|| "-1".to_owned(), |seconds| seconds.to_string()),
        "date_created": date(recording.date_created),
        "date_updated": date(recording.date_updated),
        "price": recording.price,
        "price_unit": "USD",
        "error_code": null,
        "encryption_details": null,
        "api_version": "2010-04-01",
    });
    let under = |list: &str, owner: &Option<Sid>| match owner {
        Some(owner) => uri(account, &format!("{list}/{owner}/Recordings/{sid}")),
        None => own.clone(),
    };
    match below {
        Below::Call => {
            body["track"] = recording.track.as_str().into();
            body["uri"] = under("Calls", &recording.call_sid).into();
        }
        Below::Conference => body["uri"] = under("Conferences", &recording.conference_sid).into(),
        Below::Account => {
            body["media_url"] = own.trim_end_matches(".json").into();
            body["subresource_uris"] = json!({});
            body["uri"] = own.into();
        }
    }
    body
}
