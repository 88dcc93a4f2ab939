//! What is told of conferences, by the callbacks of whoever joined first.

use serde_json::json;

use super::Engine;
use super::hooks::{Params, param};
use super::progress::rfc2822;
use super::records::ParticipantRecord;
use super::requests::Callback;

impl Engine {
    /// Tells of a participant.
    pub(super) fn participant_event(
        &mut self,
        conference: &str,
        event: &'static str,
        group: &str,
        participant: &ParticipantRecord,
        more: Params,
    ) {
        let mut params = vec![
            param("CallSid", &participant.call_sid),
            param("Muted", participant.muted.to_string()),
            param("Hold", participant.hold.to_string()),
            param("Coaching", participant.coaching.to_string()),
            param("EndConferenceOnExit", participant.end_on_exit.to_string()),
            param(
                "StartConferenceOnEnter",
                participant.start_on_enter.to_string(),
            ),
        ];
        if !participant.label.is_empty() {
            params.push(param("ParticipantLabel", &participant.label));
        }
        if let Some(coached) = &participant.call_sid_to_coach {
            params.push(param("CallSidToCoach", coached));
        }
        params.extend(more);
        self.room_event(conference, event, group, params);
    }

    pub(super) fn room_event(
        &mut self,
        conference: &str,
        event: &'static str,
        group: &str,
        more: Params,
    ) {
        let now = self.now;
        let Some(room) = self.room_mut(conference) else {
            return;
        };
        room.sequence += 1;
        let record = room.record.clone();
        let mut params = vec![
            param("ConferenceSid", &record.sid),
            param("FriendlyName", &record.friendly_name),
            param("AccountSid", &record.account_sid),
            param("SequenceNumber", room.sequence.to_string()),
            param("Timestamp", rfc2822(now)),
            param("StatusCallbackEvent", event),
        ];
        params.extend(more);
        let callback = room
            .first
            .as_ref()
            .map(|(_, first)| first.status.clone())
            .unwrap_or_default();
        let call = params
            .iter()
            .find(|(name, _)| name == "CallSid")
            .map(|(_, call)| call.clone());
        let data = json!({
            "at": now, "conference_sid": record.sid, "friendly_name": record.friendly_name, "event": event, "call_sid": call,
        });
        self.trace("conference", data);
        if !callback.url.is_empty() && wants(&callback, group) {
            let lane = format!("conference {}", record.sid);
            self.tell(
                lane,
                record.account_sid,
                &callback.url,
                &callback.method,
                params,
            );
        }
    }
}

/// Whether a conference event was asked for; several words may be in one value.
fn wants(callback: &Callback, group: &str) -> bool {
    let mut words = callback
        .events
        .iter()
        .flat_map(|event| event.split_whitespace())
        .peekable();
    if words.peek().is_none() {
        matches!(group, "start" | "end")
    } else {
        words.any(|word| word == group)
    }
}
