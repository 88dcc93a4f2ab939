//! What is done to those in the room: hold, pause and go on recording, and a look at who is there.

use offhook_core::call::Event;
use offhook_twilio::rest::call::RecordOptions;
use offhook_twilio::rest::participant::{self, Change};
use offhook_twilio::rest::recording::{self, PauseBehavior, Turn};
use offhook_twilio::status::RecordingStatus;
use offhook_twilio::words::{Channels, Method, Track, Trim};

use super::control::{After, Control};
use crate::carrier::SendError;
use crate::webhooks::reply::RECORDING_EVENTS;
use crate::webhooks::urls::Door;

impl Control<'_> {
    /// Holds the customer with our music, or takes him off hold.
    pub(super) async fn hold(&self, sid: &str, held: bool) -> After {
        let conference = match self.conference().await {
            Ok(Some(conference)) => conference,
            Ok(None) => return After::default(),
            Err(error) => return After::failed(&error),
        };
        let change = Change {
            hold: Some(held),
            hold_url: held.then(|| self.doors.of_call(Door::Music, &self.call.id)),
            hold_method: held.then_some(Method::Post),
            ..Change::default()
        };
        let request = participant::update(&self.account.account_sid, &conference, sid, &change);
        settled(
            self.app
                .carrier
                .send(self.account, &request)
                .await
                .map(|_| ()),
        )
    }

    /// Begins the recording of a leg that another leg dialled, both directions apart: it outlives the `Dial`.
    pub(super) async fn start_recording(&self, sid: &str) -> After {
        let options = RecordOptions {
            channels: Some(Channels::Dual),
            track: Some(Track::Both),
            trim: Some(Trim::DoNotTrim),
            status_callback: Some(self.doors.of_call(Door::Recording, &self.call.id)),
            status_callback_events: RECORDING_EVENTS.to_vec(),
        };
        let request = recording::create(&self.account.account_sid, sid, &options);
        let started = |recording_sid: String| {
            let sid = sid.to_owned();
            After::tell(Event::RecordingStarted { sid, recording_sid })
        };
        match self.app.carrier.send(self.account, &request).await {
            Ok(made) => started(made.sid),
            Err(error) if error.is_gone() => After::default(),
            // Perhaps it was begun all the same: a leg is not recorded twice.
            Err(error @ SendError::Unknown(_)) => match self.running_recording(sid).await {
                Ok(Some(running)) => started(running),
                _ => After::failed(&error),
            },
            Err(error) => After::failed(&error),
        }
    }

    /// Pauses the customer's recording with silence, or goes on with it.
    pub(super) async fn record(
        &self,
        sid: &str,
        recording_sid: Option<&str>,
        goes_on: bool,
    ) -> After {
        let known = recording_sid
            .map(str::to_owned)
            .or_else(|| self.call.recording.sid.clone());
        let named = match known {
            Some(known) => Ok(Some(known)),
            None => self.running_recording(sid).await,
        };
        let named = match named {
            Ok(Some(named)) => named,
            Ok(None) => return After::default(),
            Err(error) => return After::failed(&error),
        };
        let (turn, pause) = if goes_on {
            (Turn::Resume, None)
        } else {
            (Turn::Pause, Some(PauseBehavior::Silence))
        };
        let request = recording::update(&self.account.account_sid, sid, &named, turn, pause);
        settled(
            self.app
                .carrier
                .send(self.account, &request)
                .await
                .map(|_| ()),
        )
    }

    /// The newest recording of a leg that is not over.
    async fn running_recording(&self, sid: &str) -> Result<Option<String>, SendError> {
        let request = recording::list_of_call(&self.account.account_sid, sid);
        let page = self.app.carrier.send(self.account, &request).await?;
        let runs = |status: &RecordingStatus| {
            !matches!(
                status,
                RecordingStatus::Completed | RecordingStatus::Absent | RecordingStatus::Deleted
            )
        };
        let running = page.items.into_iter().filter(|found| runs(&found.status));
        Ok(running
            .max_by_key(|found| found.start_time)
            .map(|found| found.sid))
    }

    /// Who is in the room: their joining is told as if its callback had come.
    pub(super) async fn check_room(&self) -> After {
        let conference = match self.conference().await {
            Ok(Some(conference)) => conference,
            Ok(None) => return After::default(),
            Err(error) => return After::failed(&error),
        };
        let request = participant::list(&self.account.account_sid, &conference);
        match self.app.carrier.send(self.account, &request).await {
            Ok(page) => {
                let joined = |found: participant::Participant| {
                    let connected = found
                        .status
                        .as_deref()
                        .is_none_or(|status| status == "connected");
                    Some(Event::Joined {
                        label: found.label.filter(|_| connected)?,
                        sid: found.call_sid,
                        conference_sid: found.conference_sid,
                        sequence: 0,
                    })
                };
                After {
                    events: page.items.into_iter().filter_map(joined).collect(),
                    ..After::default()
                }
            }
            Err(error) if error.is_gone() => After::default(),
            Err(error) => After::failed(&error),
        }
    }
}

/// What is gone needs nothing any more.
fn settled(answer: Result<(), SendError>) -> After {
    match answer {
        Err(error) if !error.is_gone() => After::failed(&error),
        _ => After::default(),
    }
}
