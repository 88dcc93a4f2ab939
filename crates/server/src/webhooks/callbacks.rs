//! What the carrier tells without asking: a leg's status, a recording's, what happens in a room.

use offhook_core::call::{Event, LegReport, LegStatus};
use offhook_core::id::CallId;
use offhook_store::{Error, calls, checkups};
use offhook_twilio::status::{ConferenceEventKind, RecordingStatus};
use offhook_twilio::webhook::{ConferenceEvent, RecordingEvent, StatusCallback};

use super::reply::FORWARD_LABEL;
use super::signed::Knock;
use super::urls::{Door, PROBE};
use super::voice;
use super::words::leg_status;
use crate::app::App;
use crate::calls::standing_room;
use crate::calls::story::{self, Source, Telling};
use crate::doors::click_to_call;
use crate::error::ApiError;
use crate::recordings;

/// The fields without which a callback says nothing.
pub(super) fn complete(knock: &Knock) -> Result<(), ApiError> {
    let needed: &[&str] = match knock.door {
        Door::Status => &["CallSid", "CallStatus"],
        // What is to be fetched is complete, whether that is said or not.
        Door::Recording if knock.form.text("RecordingUrl").is_some() => &["RecordingSid"],
        Door::Recording => &["RecordingSid", "RecordingStatus"],
        Door::Conference => &["ConferenceSid", "StatusCallbackEvent"],
        _ => &[],
    };
    let without_call = knock.path() == click_to_call::EVENTS && knock.query.get("callId").is_none();
    let missing = needed.iter().find(|field| knock.form.text(field).is_none());
    match missing.or(without_call.then_some(&"callId")) {
        Some(field) => Err(ApiError::Malformed {
            field: (*field).to_owned(),
            detail: "it is missing or empty".to_owned(),
        }),
        None => Ok(()),
    }
}

/// A leg's status.
pub(super) async fn status(app: &App, knock: &Knock, kept: Option<&str>) -> Result<(), Error> {
    if let Some(probe) = knock.query.get(PROBE) {
        return came_round(app, knock, kept, probe).await;
    }
    let form = StatusCallback::from(knock.form.clone());
    let status = form.call_status.as_ref().and_then(leg_status);
    let (Some(sid), Some(status)) = (form.call_sid.clone(), status) else {
        return story::no_call(app, knock, kept).await;
    };
    let report = LegReport {
        // A forward phone's leg is known by the leg that dialled it.
        label: knock.label().filter(|label| label != FORWARD_LABEL),
        parent_sid: form.parent_call_sid.clone(),
        sid: sid.clone(),
        status,
        duration_seconds: form.duration_seconds,
        error_code: form.error_code,
    };
    let Some(call) = call_of(app, knock, &sid).await? else {
        return unknown_leg(app, knock, kept, report).await;
    };
    tell(app, knock, kept, &call, vec![Event::Leg(report)]).await
}

/// What the doctor sent round has come, signed as it should be; no call of ours.
async fn came_round(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    probe: &str,
) -> Result<(), Error> {
    app.db
        .write(&knock.org, async |tx| {
            checkups::came_round(tx, probe, knock.at).await
        })
        .await?;
    story::no_call(app, knock, kept).await
}

/// The end of a call whose beginning we never heard of: it is a call all the same.
async fn unknown_leg(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    report: LegReport,
) -> Result<(), Error> {
    let gone = matches!(
        report.status,
        LegStatus::Completed
            | LegStatus::NoAnswer
            | LegStatus::Canceled
            | LegStatus::Busy
            | LegStatus::Failed
    );
    let begun = if gone {
        voice::begin_late(app, knock).await?
    } else {
        None
    };
    let report = vec![Event::Leg(report)];
    if let Some(call) = begun {
        return tell(app, knock, kept, &call, report).await;
    }
    standing_room::heard(app, &knock.org, None, &report).await?;
    story::no_call(app, knock, kept).await
}

/// A recording's status: the engine steers it while it runs, its file is fetched when it is complete.
pub(super) async fn recording(app: &App, knock: &Knock, kept: Option<&str>) -> Result<(), Error> {
    let mut form = RecordingEvent::from(knock.form.clone());
    if form.status.is_none() && form.url.is_some() {
        form.status = Some(RecordingStatus::Completed);
    }
    let (Some(recording_sid), Some(status)) = (form.recording_sid.clone(), form.status.clone())
    else {
        return story::no_call(app, knock, kept).await;
    };
    let sid = form.call_sid.clone().unwrap_or_default();
    let Some(call) = call_of(app, knock, &sid).await? else {
        return story::no_call(app, knock, kept).await;
    };
    recordings::heard(app, &knock.org, &call, &form).await?;
    let of_message = knock.query.get("voicemail").is_some();
    let events = match status {
        RecordingStatus::InProgress if !of_message => {
            vec![Event::RecordingStarted { sid, recording_sid }]
        }
        _ => Vec::new(),
    };
    tell(app, knock, kept, &call, events).await
}

/// What happens in a room.
pub(super) async fn conference(app: &App, knock: &Knock, kept: Option<&str>) -> Result<(), Error> {
    let form = ConferenceEvent::from(knock.form.clone());
    let Some(call) = knock.call() else {
        return story::no_call(app, knock, kept).await;
    };
    let events = room_event(form).into_iter().collect();
    tell(app, knock, kept, &call, events).await
}

fn room_event(form: ConferenceEvent) -> Option<Event> {
    let conference_sid = form.conference_sid?;
    let sequence = form.sequence_number.unwrap_or(0);
    match form.event? {
        ConferenceEventKind::Join => Some(Event::Joined {
            sid: form.call_sid?,
            label: form.participant_label?,
            conference_sid,
            sequence,
        }),
        ConferenceEventKind::Leave => Some(Event::Left {
            sid: form.call_sid?,
            label: form.participant_label?,
            status: form
                .participant_call_status
                .as_ref()
                .and_then(leg_status)
                .unwrap_or(LegStatus::Completed),
            conference_sid,
            sequence,
        }),
        ConferenceEventKind::End => Some(Event::RoomEnded { conference_sid }),
        _ => None,
    }
}

/// Our address names the call; a number's or an App's own callback names only the leg.
async fn call_of(app: &App, knock: &Knock, sid: &str) -> Result<Option<CallId>, Error> {
    if let Some(call) = knock.call() {
        return Ok(Some(call));
    }
    let found = app
        .db
        .read(&knock.org, async |tx| calls::by_leg_sid(tx, sid).await)
        .await?;
    Ok(found.map(|stored| stored.call.id))
}

async fn tell(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    call: &CallId,
    events: Vec<Event>,
) -> Result<(), Error> {
    let telling = Telling {
        kept,
        kind: Some("recording").filter(|_| knock.door == Door::Recording),
        form: Some(&knock.form),
        at: Some(knock.at),
        ..Telling::of(events, Source::Carrier)
    };
    match story::tell(app, &knock.org, call, &telling).await {
        Ok(_) => Ok(()),
        Err(Error::NotFound) => {
            standing_room::heard(app, &knock.org, Some(call), &telling.events).await?;
            story::no_call(app, knock, kept).await
        }
        Err(error) => Err(error),
    }
}
