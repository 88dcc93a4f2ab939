//! The REST face of conferences and their participants.

use super::Engine;
use super::account::is_callback_url;
use super::calls::Outbound;
use super::error::RestError;
use super::hooks::{Params, or_post, param};
use super::leg::{Kind, Role};
use super::records::{CallStatus, ConferenceRecord, ConferenceStatus, ParticipantRecord};
use super::requests::{Callback, CreateParticipant, UpdateConference, UpdateParticipant};
use super::rooms::{Conference, Exit, Participant};
use crate::seam::Time;

impl Engine {
    fn find_room(&self, account: &str, sid: &str) -> Result<&Conference, RestError> {
        let found = self
            .room(sid)
            .filter(|room| room.record.account_sid == account);
        found.ok_or_else(|| RestError::not_found(&format!("/Conferences/{sid}")))
    }

    /// One conference.
    pub fn conference(&self, account: &str, sid: &str) -> Option<&ConferenceRecord> {
        self.find_room(account, sid).ok().map(|room| &room.record)
    }

    /// An account's conferences, newest first.
    pub fn conferences(&self, account: &str) -> Vec<&ConferenceRecord> {
        let rooms = self.conferences.iter().rev().map(|room| &room.record);
        rooms
            .filter(|record| record.account_sid == account)
            .collect()
    }

    /// Ends a conference, or plays an announcement to all who are in.
    pub fn update_conference(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: UpdateConference,
    ) -> Result<ConferenceRecord, RestError> {
        self.at(now);
        let room = self.find_room(account, sid)?;
        let inside: Vec<_> = room
            .participants
            .iter()
            .filter(|p| p.joined)
            .map(|p| p.record.call_sid.clone())
            .collect();
        let over = room.record.status == ConferenceStatus::Completed;
        if let Some(url) = change.announce_url.filter(|url| !url.is_empty()) {
            check_url("AnnounceUrl", &url)?;
            for leg in inside {
                self.announce(
                    &leg,
                    &url,
                    change.announce_method.as_deref().unwrap_or("POST"),
                );
            }
        }
        match change.status.as_deref() {
            Some("completed") if !over => {
                self.close_room(sid, "conference-ended-via-api", None, Exit::RoomEnded);
            }
            None | Some("completed") => {}
            Some(other) => {
                return Err(RestError::invalid(
                    20001,
                    format!("Status {other} is not valid"),
                ));
            }
        }
        self.settle();
        self.conference(account, sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(sid))
    }

    /// Participants now in a conference or being dialled into it.
    pub fn participants(&self, account: &str, conference: &str) -> Vec<ParticipantRecord> {
        let Ok(room) = self.find_room(account, conference) else {
            return Vec::new();
        };
        room.participants
            .iter()
            .map(|p| self.participant_record(p))
            .collect()
    }

    /// One participant, by CallSid or label.
    pub fn participant_by(
        &self,
        account: &str,
        conference: &str,
        who: &str,
    ) -> Option<ParticipantRecord> {
        let room = self.find_room(account, conference).ok()?;
        find(room, who).map(|p| self.participant_record(p))
    }

    fn participant_record(&self, participant: &Participant) -> ParticipantRecord {
        let mut record = participant.record.clone();
        if let Some(leg) = self.leg(&record.call_sid) {
            record.queue_time = leg.record.queue_time;
            record.status = match leg.record.status {
                CallStatus::Queued => "queued",
                CallStatus::Initiated => "connecting",
                // A caller who waits in the room before his own leg is answered is in it all the same.
                CallStatus::Ringing if !self.is_participant(&record.call_sid) => "connected",
                CallStatus::Ringing => "ringing",
                CallStatus::InProgress => "connected",
                CallStatus::Completed => "complete",
                _ => "failed",
            };
        }
        record
    }

    /// Dials somebody into a conference, by its SID or by its name.
    pub fn create_participant(
        &mut self,
        now: Time,
        account: &str,
        conference: &str,
        request: CreateParticipant,
    ) -> Result<ParticipantRecord, RestError> {
        self.at(now);
        if is_sid(conference)
            && self.find_room(account, conference)?.record.status == ConferenceStatus::Completed
        {
            return Err(RestError::not_found(&format!("/Conferences/{conference}")));
        }
        let status = split_events(&request.status);
        let from = if request.caller_id.is_empty() {
            &request.from
        } else {
            &request.caller_id
        };
        let outbound = Outbound {
            to: &request.to,
            from,
            status: &status,
            timeout: request.timeout,
            time_limit: request.time_limit,
            call_token: request.call_token.as_deref(),
        };
        let mut leg = self.outbound(account, &outbound)?;
        let conference = if is_sid(conference) {
            conference.to_owned()
        } else {
            self.room_named(account, conference)
        };
        if !request.label.is_empty()
            && self
                .room(&conference)
                .is_some_and(|room| find(room, &request.label).is_some())
        {
            return Err(RestError::invalid(
                16025,
                format!("the label {} is taken in this conference", request.label),
            ));
        }
        leg.role = Role::Participant {
            conference: conference.clone(),
        };
        leg.record_on_answer = request.record;
        leg.detecting = request.machine.map(super::amd::Detecting::new);
        let sid = leg.record.sid.clone();
        self.take_turn(leg);
        let mut participant = self.participant(&sid, &conference, request.label, request.room);
        participant.early_media = request.early_media.unwrap_or(true);
        if let Some(room) = self.room_mut(&conference) {
            room.participants.push(participant);
        }
        self.settle();
        self.participant_by(account, &conference, &sid)
            .ok_or_else(|| RestError::not_found(&sid))
    }

    /// A participant that REST dialled rings: with early media the room hears it.
    pub(super) fn participant_rings(&mut self, conference: &str, leg: &str) {
        if self
            .participant_of(conference, leg)
            .is_some_and(|p| p.early_media && !p.joined)
            && !self.room_is_full(conference)
        {
            self.join_room(leg, conference);
        }
    }

    pub(super) fn participant_answers(&mut self, conference: &str, leg: &str) {
        if self
            .participant_of(conference, leg)
            .is_some_and(|p| !p.joined)
        {
            if self.room_is_full(conference) {
                self.alert(leg, 16020, "the conference is full");
                return self.end(leg, CallStatus::Completed, false);
            }
            self.join_room(leg, conference);
        }
    }

    /// A participant that REST dialled ended before it was in.
    pub(super) fn participant_gone(&mut self, conference: &str, leg: &str) {
        let Some(room) = self.room_mut(conference) else {
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
        self.left_event(conference, &participant.record, Exit::NeverCame);
        self.close_if_empty(conference);
    }

    /// Changes a participant.
    #[expect(clippy::needless_pass_by_value, reason = "a request is used up")]
    pub fn update_participant(
        &mut self,
        now: Time,
        account: &str,
        conference: &str,
        who: &str,
        change: UpdateParticipant,
    ) -> Result<ParticipantRecord, RestError> {
        self.at(now);
        let room = self.find_room(account, conference)?;
        let found = find(room, who)
            .filter(|p| p.joined)
            .ok_or_else(|| RestError::not_found(who))?;
        let leg = found.record.call_sid.clone();
        for (name, url) in [
            ("HoldUrl", &change.hold_url),
            ("AnnounceUrl", &change.announce_url),
        ] {
            if let Some(url) = url.as_ref().filter(|url| !url.is_empty()) {
                check_url(name, url)?;
            }
        }
        self.change_voice(conference, &leg, &change);
        self.change_hold(conference, &leg, &change);
        self.change_exit(conference, &leg, &change);
        if let Some(url) = change.announce_url.as_deref().filter(|url| !url.is_empty()) {
            self.announce(
                &leg,
                url,
                change.announce_method.as_deref().unwrap_or("POST"),
            );
        }
        self.touched.insert(leg.clone());
        self.settle();
        self.participant_by(account, conference, &leg)
            .ok_or_else(|| RestError::not_found(&leg))
    }

    fn change_participant(
        &mut self,
        conference: &str,
        leg: &str,
        change: impl FnOnce(&mut Participant),
    ) -> Option<ParticipantRecord> {
        let now = self.now;
        let room = self.room_mut(conference)?;
        let participant = room
            .participants
            .iter_mut()
            .find(|p| p.record.call_sid == leg)?;
        change(participant);
        participant.record.date_updated = now;
        Some(participant.record.clone())
    }

    fn change_voice(&mut self, conference: &str, leg: &str, change: &UpdateParticipant) {
        let Some(before) = self
            .participant_of(conference, leg)
            .map(|p| p.record.clone())
        else {
            return;
        };
        if let Some(muted) = change.muted.filter(|muted| *muted != before.muted)
            && let Some(record) =
                self.change_participant(conference, leg, |p| p.record.muted = muted)
        {
            let event = if muted {
                "participant-mute"
            } else {
                "participant-unmute"
            };
            self.participant_event(conference, event, "mute", &record, Params::new());
        }
        if change.coaching.is_some() || change.call_sid_to_coach.is_some() {
            let record = self.change_participant(conference, leg, |p| {
                p.record.coaching = change.coaching.unwrap_or(p.record.coaching);
                if change.call_sid_to_coach.is_some() {
                    p.record
                        .call_sid_to_coach
                        .clone_from(&change.call_sid_to_coach);
                }
            });
            if let Some(record) = record {
                self.participant_event(
                    conference,
                    "participant-modify",
                    "modify",
                    &record,
                    Params::new(),
                );
            }
        }
    }

    fn change_hold(&mut self, conference: &str, leg: &str, change: &UpdateParticipant) {
        let Some(hold) = change.hold else { return };
        let was = self
            .participant_of(conference, leg)
            .is_some_and(|p| p.record.hold);
        let Some(record) = self.change_participant(conference, leg, |p| p.record.hold = hold)
        else {
            return;
        };
        self.drop_scripts(leg, Kind::Hold);
        if hold {
            self.play_hold(leg, change);
        }
        if hold != was {
            let event = if hold {
                "participant-hold"
            } else {
                "participant-unhold"
            };
            self.participant_event(conference, event, "hold", &record, Params::new());
        }
    }

    fn play_hold(&mut self, leg: &str, change: &UpdateParticipant) {
        let run = self.push_script(leg, Kind::Hold);
        match change.hold_url.as_deref().filter(|url| !url.is_empty()) {
            // Unlike everywhere else, GET is the default here.
            Some(url) => {
                let method = change
                    .hold_method
                    .as_deref()
                    .filter(|method| !method.is_empty())
                    .unwrap_or("GET");
                self.fetch(leg, run, url, &or_post(method), Params::new());
            }
            None => self.play_music(leg, run),
        }
    }

    fn change_exit(&mut self, conference: &str, leg: &str, change: &UpdateParticipant) {
        let held = self
            .participant_of(conference, leg)
            .is_some_and(|p| p.record.hold);
        // While a participant is held Twilio says yes to this, and does nothing.
        let end = change.end_conference_on_exit.filter(|_| !held);
        if end.is_none() && change.beep_on_exit.is_none() {
            return;
        }
        let record = self.change_participant(conference, leg, |p| {
            p.record.end_on_exit = end.unwrap_or(p.record.end_on_exit);
            if let Some(beep) = change.beep_on_exit {
                p.settings.beep = if beep {
                    "onExit".into()
                } else {
                    "false".into()
                };
            }
        });
        if let Some(record) = record {
            self.participant_event(
                conference,
                "participant-modify",
                "modify",
                &record,
                Params::new(),
            );
        }
    }

    /// An announcement is over, or failed.
    pub(super) fn announced(&mut self, leg: &str, run: u64, failed: Option<&str>) {
        let Some(found) = self.leg(leg) else { return };
        let url = found.script(run).map(|script| script.url.clone());
        let room = found.room.clone();
        self.drop_scripts(leg, Kind::Announce);
        let Some(room) = room else { return };
        let Some(record) = self.participant_of(&room, leg).map(|p| p.record.clone()) else {
            return;
        };
        let mut more = vec![param("AnnounceUrl", url.unwrap_or_default())];
        more.extend(failed.map(|why| param("ReasonAnnouncementFailed", why)));
        let event = if failed.is_some() {
            "announcement-fail"
        } else {
            "announcement-end"
        };
        self.participant_event(&room, event, "announcement", &record, more);
    }

    fn announce(&mut self, leg: &str, url: &str, method: &str) {
        self.drop_scripts(leg, Kind::Announce);
        let run = self.push_script(leg, Kind::Announce);
        self.fetch(leg, run, url, method, Params::new());
    }

    /// Takes a participant out of a conference.
    pub fn remove_participant(
        &mut self,
        now: Time,
        account: &str,
        conference: &str,
        who: &str,
    ) -> Result<(), RestError> {
        self.at(now);
        let found = find(self.find_room(account, conference)?, who)
            .ok_or_else(|| RestError::not_found(who))?;
        let (leg, joined) = (found.record.call_sid.clone(), found.joined);
        if joined {
            self.leave_room(&leg, Exit::Kicked);
            self.room_over(&leg, "answered");
        } else {
            self.end(&leg, CallStatus::Canceled, false);
        }
        self.settle();
        Ok(())
    }
}

fn find<'a>(room: &'a Conference, who: &str) -> Option<&'a Participant> {
    room.participants
        .iter()
        .find(|p| p.record.call_sid == who || (!who.is_empty() && p.record.label == who))
}

fn is_sid(text: &str) -> bool {
    text.len() == 34 && text.starts_with("CF") && text[2..].bytes().all(|b| b.is_ascii_hexdigit())
}

fn check_url(name: &str, url: &str) -> Result<(), RestError> {
    if is_callback_url(url) {
        Ok(())
    } else {
        Err(RestError::invalid(
            21205,
            format!("{name} is not a valid URL: {url}"),
        ))
    }
}

/// Several events may be in one value here.
fn split_events(callback: &Callback) -> Callback {
    let events = callback
        .events
        .iter()
        .flat_map(|value| value.split_whitespace().map(str::to_owned))
        .collect();
    Callback {
        events,
        ..callback.clone()
    }
}
