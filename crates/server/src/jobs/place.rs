//! Dials the customer into the room, or the agent's own phone: paid, and never sent twice.

use offhook_core::call::Event;
use offhook_core::id::UserId;
use offhook_twilio::rest::call::{Instructions, NewCall, RecordOptions};
use offhook_twilio::rest::participant::NewParticipant;
use offhook_twilio::rest::{call, participant};
use offhook_twilio::twiml::{Beep, JitterBufferSize};
use offhook_twilio::words::{Channels, Track, Trim};

use super::control::{After, Control};
use crate::carrier::SendError;
use crate::webhooks::reply::{
    CUSTOMER_RINGS, LEG_EVENTS, RECORDING_EVENTS, ROOM_EVENTS, room_wait_url,
};
use crate::webhooks::urls::Door;

/// How long an agent's own phone rings, seconds: less than its voicemail waits.
const AGENT_RINGS: u32 = 20;
/// How long an agent's device rings, seconds.
const DEVICE_RINGS: u32 = 30;

impl Control<'_> {
    /// Adds the customer to the room by dialling; the agent there hears the real ringing.
    pub(super) async fn dial_customer(
        &self,
        label: &str,
        to: &str,
        from: &str,
        record: bool,
    ) -> After {
        let of_call = |door| Some(self.doors.of_call(door, &self.call.id));
        let new = NewParticipant {
            to: to.into(),
            from: from.into(),
            label: Some(label.into()),
            early_media: Some(true),
            timeout: Some(CUSTOMER_RINGS),
            beep: Some(Beep::Never),
            start_conference_on_enter: Some(false),
            end_conference_on_exit: Some(false),
            jitter_buffer_size: Some(JitterBufferSize::Small),
            wait_url: Some(room_wait_url(&self.doors, self.call)).filter(|url| !url.is_empty()),
            status_callback: Some(self.doors.of_leg(Door::Status, &self.call.id, label)),
            status_callback_events: LEG_EVENTS.to_vec(),
            conference_status_callback: of_call(Door::Conference),
            conference_status_callback_events: ROOM_EVENTS.to_vec(),
            record: record.then(|| RecordOptions {
                channels: Some(Channels::Dual),
                track: Some(Track::Both),
                trim: Some(Trim::DoNotTrim),
                status_callback: of_call(Door::Recording),
                status_callback_events: RECORDING_EVENTS.to_vec(),
            }),
            ..NewParticipant::default()
        };
        let request = participant::create(&self.account.account_sid, &self.call.room, &new);
        let answer = self.app.carrier.send(self.account, &request).await;
        placed(label, answer.map(|made| (made.call_sid, made.queue_time)))
    }

    /// Rings the agent's own phone or device; when it is taken up it asks the voice door for its way into the room.
    pub(super) async fn dial_agent(
        &self,
        label: &str,
        to: &str,
        from: &str,
        _agent: &UserId,
    ) -> After {
        let url = self.doors.of_leg(Door::Voice, &self.call.id, label);
        let new = NewCall {
            status_callback: Some(self.doors.of_leg(Door::Status, &self.call.id, label)),
            status_callback_events: LEG_EVENTS.to_vec(),
            timeout: Some(if to.starts_with("client:") {
                DEVICE_RINGS
            } else {
                AGENT_RINGS
            }),
            ..NewCall::new(to, from, Instructions::url(url))
        };
        let request = call::create(&self.account.account_sid, &new);
        let answer = self.app.carrier.send(self.account, &request).await;
        placed(label, answer.map(|made| (made.sid, made.queue_time)))
    }
}

/// What an answer, or none, means for the call.
fn placed(label: &str, answer: Result<(String, Option<u32>), SendError>) -> After {
    let label = label.to_owned();
    match answer {
        Ok((sid, queue_time)) => {
            let paced = queue_time.filter(|waits| *waits > 0);
            let mut after = After::tell(Event::Placed {
                label: label.clone(),
                sid,
            });
            after.events.extend(paced.map(|milliseconds| Event::Paced {
                label,
                milliseconds,
            }));
            after
        }
        // Whoever was dialled tells by the signed callback, whose address carries our label; or the reconciler finds out.
        Err(SendError::Unknown(why)) => After::unknown(why),
        Err(error) => After {
            error: Some(error.to_string()),
            ..After::tell(Event::PlaceRefused {
                label,
                code: error.code(),
            })
        },
    }
}
