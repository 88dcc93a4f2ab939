//! Recordings and voicemails: brought home from the carrier, and played to whoever may hear them.

mod fetch;
mod peaks;
mod play;
mod range;
mod storage;

pub(crate) use fetch::fetch;
pub use play::routes;
pub use storage::Storage;

use offhook_core::Time;
use offhook_core::call::Event;
use offhook_core::id::{CallId, OrgId, RecordingId};
use offhook_store::recordings::{self as store, Heard, RecordingStatus};
use offhook_store::{Error, Tx, jobs, voicemails};
use offhook_twilio::rest::recording::Recording;
use offhook_twilio::status;
use offhook_twilio::webhook::RecordingEvent;

use crate::app::App;
use crate::jobs::Work;

/// What the carrier says about a recording, by callback or when it is asked.
pub(crate) struct Said {
    heard: Heard,
    /// It is a message after the tone.
    of_message: bool,
}

impl Said {
    /// By callback; `None` if it says nothing.
    fn told(event: &RecordingEvent) -> Option<Self> {
        Some(Self {
            heard: Heard {
                sid: event.recording_sid.clone()?,
                status: stands(event.status.as_ref()?),
                channels: event.channels,
                seconds: event.duration_seconds,
                started_at: event.start_time,
            },
            of_message: event.source == Some(status::RecordingSource::RecordVerb),
        })
    }

    /// When it is asked.
    pub(crate) fn read(recording: &Recording) -> Self {
        Self {
            heard: Heard {
                sid: recording.sid.clone(),
                status: stands(&recording.status),
                channels: recording.channels,
                seconds: recording.duration,
                started_at: recording.start_time,
            },
            of_message: recording.source == Some(status::RecordingSource::RecordVerb),
        }
    }

    /// The message that it is, where nobody told that one was left.
    pub(crate) fn message(&self, leg: &str) -> Option<Event> {
        let seconds = self.heard.seconds.filter(|seconds| *seconds > 0)?;
        (self.of_message && self.heard.status == RecordingStatus::Waiting).then(|| {
            Event::MessageLeft {
                sid: leg.to_owned(),
                recording_sid: Some(self.heard.sid.clone()),
                seconds,
            }
        })
    }

    /// Whether nothing more is to be waited for.
    pub(crate) fn is_final(&self) -> bool {
        self.heard.status > RecordingStatus::InProgress
    }
}

/// Notes a callback about a recording.
pub(crate) async fn heard(
    app: &App,
    org: &OrgId,
    call: &CallId,
    event: &RecordingEvent,
) -> Result<(), Error> {
    match Said::told(event) {
        Some(said) => note(app, org, call, &said).await,
        None => Ok(()),
    }
}

/// Notes what the carrier says about a recording, in whatever order; a complete one is fetched, once.
pub(crate) async fn note(app: &App, org: &OrgId, call: &CallId, said: &Said) -> Result<(), Error> {
    let now = app.clock.now();
    let known = app
        .write(org, async |tx| {
            let recording = store::heard(tx, call, &said.heard, now).await?;
            if said.of_message && voicemails::of_call(tx, call).await?.is_some() {
                voicemails::save(tx, call, Some(&recording.id), 0, now).await?;
            }
            if recording.status == RecordingStatus::Waiting {
                enqueue(tx, call, &recording.id, now).await?;
            }
            Ok(())
        })
        .await;
    match known {
        // A recording of a call that is not here.
        Err(Error::Conflict { .. } | Error::NotFound) => Ok(()),
        other => other,
    }
}

/// A recording that will be there: known by its SID before the carrier's own callback.
pub(crate) async fn expect(
    tx: &mut Tx,
    call: &CallId,
    sid: &str,
    now: Time,
) -> Result<RecordingId, Error> {
    let heard = Heard {
        sid: sid.to_owned(),
        status: RecordingStatus::Waiting,
        channels: None,
        seconds: None,
        started_at: None,
    };
    let recording = store::heard(tx, call, &heard, now).await?;
    if recording.status == RecordingStatus::Waiting {
        enqueue(tx, call, &recording.id, now).await?;
    }
    Ok(recording.id)
}

async fn enqueue(
    tx: &mut Tx,
    call: &CallId,
    recording: &RecordingId,
    now: Time,
) -> Result<(), Error> {
    let mut job = Work::FetchRecording {
        recording: recording.clone(),
    }
    .of_call(call, now);
    job.dedupe_key = Some(format!("fetch:{recording}"));
    jobs::enqueue(tx, &job, now).await.map(|_| ())
}

/// Where a recording stands by the carrier's word.
fn stands(said: &status::RecordingStatus) -> RecordingStatus {
    match said {
        status::RecordingStatus::Completed => RecordingStatus::Waiting,
        status::RecordingStatus::Absent
        | status::RecordingStatus::Failed
        | status::RecordingStatus::Deleted => RecordingStatus::Absent,
        status::RecordingStatus::InProgress
        | status::RecordingStatus::Paused
        | status::RecordingStatus::Stopped
        | status::RecordingStatus::Processing
        | status::RecordingStatus::Other(_) => RecordingStatus::InProgress,
    }
}
