//! How a leg leaves a conference, and when the conference ends.

use super::Engine;
use super::hooks::{Params, param};
use super::leg::{Doing, InRoom, Kind, Role};
use super::records::{CallStatus, ConferenceStatus, ParticipantRecord};
use super::rooms::Exit;
use crate::seam::MediaCommand;

impl Engine {
    /// A leg leaves the conference that it is in, if it is in one.
    pub(super) fn leave_room(&mut self, leg: &str, exit: Exit) {
        let now = self.now;
        let Some(found) = self.leg_mut(leg) else {
            return;
        };
        let never_came = exit == Exit::HungUp && !found.is_answered();
        let Some(conference) = found.room.take() else {
            return;
        };
        found.note(now, "room", "left");
        let Some(room) = self.room_mut(&conference) else {
            return;
        };
        let Some(place) = room
            .participants
            .iter()
            .position(|p| p.record.call_sid == leg)
        else {
            return;
        };
        let participant = room.participants.remove(place);
        let exit = if never_came { Exit::NeverCame } else { exit };
        self.left_event(&conference, &participant.record, exit);
        if matches!(participant.settings.beep.as_str(), "true" | "onExit") {
            self.media(MediaCommand::Beep {
                room: conference.clone(),
            });
        }
        if participant.record.end_on_exit && exit != Exit::NeverCame {
            let reason = if exit == Exit::Kicked {
                "participant-with-end-conference-on-exit-kicked"
            } else {
                "participant-with-end-conference-on-exit-left"
            };
            self.close_room(
                &conference,
                reason,
                Some(&participant.record),
                Exit::RoomOver,
            );
        } else {
            self.last_may_have_left(&conference, &participant.record, exit);
        }
    }

    fn last_may_have_left(&mut self, conference: &str, last: &ParticipantRecord, exit: Exit) {
        if self
            .room(conference)
            .is_some_and(|room| room.participants.is_empty())
        {
            let reason = if exit == Exit::Kicked {
                "last-participant-kicked"
            } else {
                "last-participant-left"
            };
            self.close_room(conference, reason, Some(last), Exit::RoomOver);
        }
    }

    /// A room that nobody ever entered is forgotten.
    pub(super) fn close_if_empty(&mut self, conference: &str) {
        self.conferences.retain(|room| {
            room.record.sid != conference || room.first.is_some() || !room.participants.is_empty()
        });
    }

    pub(super) fn left_event(
        &mut self,
        conference: &str,
        participant: &ParticipantRecord,
        exit: Exit,
    ) {
        let status = self
            .leg(&participant.call_sid)
            .map_or("completed", |leg| leg.record.status.as_str());
        let more = vec![
            param("ParticipantCallStatus", status),
            param("ReasonParticipantLeft", exit.reason()),
        ];
        self.participant_event(conference, "participant-leave", "leave", participant, more);
    }

    /// The conference ends for all who are in.
    pub(super) fn close_room(
        &mut self,
        conference: &str,
        reason: &'static str,
        by: Option<&ParticipantRecord>,
        exit: Exit,
    ) {
        let now = self.now;
        let Some(room) = self.room_mut(conference) else {
            return;
        };
        room.record.status = ConferenceStatus::Completed;
        room.record.date_updated = now;
        room.record.reason_ended = Some(reason);
        room.record.call_sid_ending = by.map(|by| by.call_sid.clone());
        let recording = room.recording.take();
        let (inside, coming): (Vec<_>, Vec<_>) = std::mem::take(&mut room.participants)
            .into_iter()
            .partition(|p| p.joined);
        for participant in &inside {
            if let Some(leg) = self.leg_mut(&participant.record.call_sid) {
                leg.room = None;
                leg.note(now, "room", "left");
            }
            self.left_event(conference, &participant.record, exit);
        }
        if let Some(recording) = recording {
            self.stop_recording(&recording);
        }
        self.ended_event(conference, reason, by);
        for participant in coming {
            self.end(&participant.record.call_sid, CallStatus::Canceled, false);
        }
        for participant in inside {
            self.room_over(&participant.record.call_sid, "answered");
        }
    }

    fn ended_event(&mut self, conference: &str, reason: &str, by: Option<&ParticipantRecord>) {
        let mut params = vec![
            param("ReasonConferenceEnded", reason),
            param("Reason", reason.replace('-', " ")),
        ];
        if let Some(by) = by {
            params.push(param("CallSidEndingConference", &by.call_sid));
            params.push(param("ParticipantLabelEndingConference", &by.label));
        }
        self.room_event(conference, "conference-end", "end", params);
    }

    /// A leg is out of its room: its `<Dial>` is over, or its call where REST had dialled it in.
    pub(super) fn room_over(&mut self, leg: &str, status: &str) {
        for kind in [Kind::RoomWait, Kind::Hold, Kind::Announce] {
            self.drop_scripts(leg, kind);
        }
        let Some(found) = self.leg_mut(leg).filter(|leg| leg.is_live()) else {
            return;
        };
        if matches!(found.role, Role::Participant { .. }) {
            let answered = found.is_answered();
            let status = if answered {
                CallStatus::Completed
            } else {
                CallStatus::Canceled
            };
            return self.end(leg, status, false);
        }
        let Some(script) = found
            .main_mut()
            .filter(|script| matches!(script.doing, Doing::Room(_)))
        else {
            return;
        };
        let run = script.run;
        let Doing::Room(room) = std::mem::replace(&mut script.doing, Doing::Ready) else {
            return;
        };
        let mut params = self.room_params(leg, &room);
        if let Some(first) = params.first_mut() {
            status.clone_into(&mut first.1);
        }
        self.act(
            leg,
            run,
            room.dial.action.as_deref(),
            room.dial.method,
            params,
        );
    }

    /// The fields of a `<Dial>` action after a room; its recording ends.
    pub(super) fn room_params(&mut self, _leg: &str, room: &InRoom) -> Params {
        let mut params = vec![
            param("DialCallStatus", "answered"),
            param("DialBridged", "true"),
        ];
        if let Some(recording) = &room.recording {
            if let Some(found) = self.recording_by_sid(recording) {
                params.push(param("RecordingUrl", self.recording_url(&found.record)));
                params.push(param("RecordingSid", recording));
            }
            self.stop_recording(recording);
        }
        params
    }
}
