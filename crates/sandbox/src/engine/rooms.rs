//! Conferences: who comes in, when they start, who leaves, and when they end.

use offhook_twilio::twiml::{
    Beep, Conference as ConferenceNoun, ConferenceRecord as RecordSetting, Dial, DialRecord,
};
use offhook_twilio::words::Trim;
use serde_json::json;

use super::Engine;
use super::hooks::{Params, param, resolve};
use super::leg::{Doing, InRoom, Kind, Leg, Role, Step};
use super::progress::rfc2822;
use super::recordings::RecordingPlan;
use super::records::{CallStatus, ConferenceRecord, ConferenceStatus, ParticipantRecord};
use super::requests::{Callback, RoomSettings};
use super::verbs::{Flow, callback};
use crate::seam::{MediaCommand, Sid, SoundRequest};

/// A conference.
#[derive(Debug)]
pub(super) struct Conference {
    pub(super) record: ConferenceRecord,
    /// In the order in which they came, those still being dialled among them.
    pub(super) participants: Vec<Participant>,
    /// As the first who joined brought them along.
    first: Option<(Sid, RoomSettings)>,
    sequence: u32,
    pub(super) recording: Option<Sid>,
}

/// A leg in a conference, or on its way there.
#[derive(Debug, Clone)]
pub(super) struct Participant {
    pub(super) record: ParticipantRecord,
    pub(super) settings: RoomSettings,
    pub(super) joined: bool,
    /// Heard by the room while it still rings.
    pub(super) early_media: bool,
}

/// Why a leg leaves a conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    HungUp,
    Updated,
    Kicked,
    /// Somebody whose leaving ends the room left.
    RoomOver,
    /// The room was ended by REST.
    RoomEnded,
    /// It never answered.
    NeverCame,
}

impl Exit {
    fn reason(self) -> &'static str {
        match self {
            Self::HungUp => "participant_hung_up",
            Self::Updated | Self::Kicked => "participant_updated_via_api",
            Self::RoomOver => "moderator_ended_conference",
            Self::RoomEnded => "conference_ended_via_api",
            Self::NeverCame => "participant_add_failed",
        }
    }
}

impl Engine {
    pub(super) fn room(&self, sid: &str) -> Option<&Conference> {
        self.conferences
            .iter()
            .rev()
            .find(|room| room.record.sid == sid)
    }

    pub(super) fn room_mut(&mut self, sid: &str) -> Option<&mut Conference> {
        self.conferences
            .iter_mut()
            .rev()
            .find(|room| room.record.sid == sid)
    }

    /// The conference that now has this name; a new one where there is none.
    pub(super) fn room_named(&mut self, account: &str, name: &str) -> Sid {
        let found = self.conferences.iter().rev().find(|room| {
            let record = &room.record;
            record.account_sid == account
                && record.friendly_name == name
                && record.status != ConferenceStatus::Completed
        });
        if let Some(found) = found {
            return found.record.sid.clone();
        }
        let record = ConferenceRecord {
            sid: self.ids.sid("CF"),
            account_sid: account.to_owned(),
            friendly_name: name.to_owned(),
            status: ConferenceStatus::Init,
            date_created: self.now,
            date_updated: self.now,
            reason_ended: None,
            call_sid_ending: None,
        };
        let sid = record.sid.clone();
        self.conferences.push(Conference {
            record,
            participants: Vec::new(),
            first: None,
            sequence: 0,
            recording: None,
        });
        sid
    }

    pub(super) fn participant_of(&self, room: &str, leg: &str) -> Option<&Participant> {
        self.room(room)?
            .participants
            .iter()
            .find(|p| p.record.call_sid == leg)
    }

    pub(super) fn legs_in_room(&self, room: &str) -> Vec<Sid> {
        let joined = self
            .room(room)
            .into_iter()
            .flat_map(|room| &room.participants)
            .filter(|p| p.joined);
        joined.map(|p| p.record.call_sid.clone()).collect()
    }

    pub(super) fn room_has_started(&self, room: Option<&str>) -> bool {
        room.and_then(|room| self.room(room))
            .is_some_and(|room| room.record.status == ConferenceStatus::InProgress)
    }

    /// `<Dial><Conference>`.
    pub(super) fn dial_conference(
        &mut self,
        leg: &str,
        run: u64,
        dial: Dial,
        noun: &ConferenceNoun,
    ) -> Flow {
        let Some(account) = self.leg(leg).map(|leg| leg.record.account_sid.clone()) else {
            return Flow::Stay;
        };
        let conference = self.room_named(&account, &noun.name);
        let label = noun.participant_label.clone().unwrap_or_default();
        let mut settings = settings_of(noun);
        settings.status = self.resolved(leg, settings.status);
        settings.recording = self.resolved(leg, settings.recording);
        if let Err((code, text)) = self.may_enter(&conference, &label, &settings) {
            self.alert(leg, code, text);
            self.close_if_empty(&conference);
            return self.dial_fails(leg, run, &dial, "failed");
        }
        let records = dial
            .record
            .is_some_and(|record| record != DialRecord::DoNotRecord);
        let recording = if records {
            self.start_dial_recording(leg, &dial)
        } else {
            None
        };
        let wait = settings.wait_url.clone().filter(|url| !url.is_empty());
        let starts = self.starts_with(&conference, &settings);
        let wait_method = settings.wait_method.clone();
        let room = InRoom {
            dial,
            conference,
            label,
            settings,
            recording,
        };
        self.enter(leg, run, Doing::Room(Box::new(room)));
        match wait {
            // A wait URL that fails keeps its leg out, so it is asked before.
            Some(url) if !starts => {
                let base = self
                    .leg(leg)
                    .and_then(|leg| leg.script(run))
                    .map_or_else(String::new, |s| s.url.clone());
                let run = self.push_script(leg, Kind::RoomWait);
                self.fetch(leg, run, &resolve(&base, &url), &wait_method, Vec::new());
            }
            _ => self.enter_room(leg),
        }
        Flow::Stay
    }

    fn may_enter(
        &self,
        conference: &str,
        label: &str,
        settings: &RoomSettings,
    ) -> Result<(), (u32, &'static str)> {
        let Some(room) = self.room(conference) else {
            return Ok(());
        };
        if !label.is_empty() && room.participants.iter().any(|p| p.record.label == label) {
            return Err((16025, "the participant label is taken in this conference"));
        }
        let most = room
            .first
            .as_ref()
            .map_or(settings.max_participants, |(_, first)| {
                first.max_participants
            });
        if room.participants.iter().filter(|p| p.joined).count() >= most {
            return Err((16020, "the conference is full"));
        }
        match &settings.coach {
            Some(coached)
                if !room
                    .participants
                    .iter()
                    .any(|p| p.joined && p.record.call_sid == *coached) =>
            {
                Err((13240, "the coached call is not in this conference"))
            }
            _ => Ok(()),
        }
    }

    /// Whether the room is started, or would be by one who comes in with these settings.
    fn starts_with(&self, conference: &str, settings: &RoomSettings) -> bool {
        self.room(conference).is_some_and(|room| {
            let mut joined = room.participants.iter().filter(|p| p.joined).peekable();
            room.record.status == ConferenceStatus::InProgress
                || (joined.peek().is_some()
                    && (settings.start_on_enter || joined.any(|p| p.record.start_on_enter)))
        })
    }

    /// A leg whose `<Dial><Conference>` runs comes in.
    fn enter_room(&mut self, leg: &str) {
        let Some(Doing::Room(room)) = self.leg(leg).and_then(Leg::main).map(|main| &main.doing)
        else {
            return;
        };
        let (conference, label, settings) = (
            room.conference.clone(),
            room.label.clone(),
            room.settings.clone(),
        );
        let participant = self.participant(leg, &conference, label, settings);
        if let Some(room) = self.room_mut(&conference) {
            room.participants.push(participant);
        }
        self.join_room(leg, &conference);
    }

    pub(super) fn participant(
        &self,
        leg: &str,
        conference: &str,
        label: String,
        settings: RoomSettings,
    ) -> Participant {
        let account_sid = self
            .leg(leg)
            .map(|leg| leg.record.account_sid.clone())
            .unwrap_or_default();
        let record = ParticipantRecord {
            call_sid: leg.to_owned(),
            account_sid,
            conference_sid: conference.to_owned(),
            label,
            muted: settings.muted,
            hold: false,
            coaching: settings.coach.is_some(),
            call_sid_to_coach: settings.coach.clone(),
            start_on_enter: settings.start_on_enter,
            end_on_exit: settings.end_on_exit,
            status: "queued",
            queue_time: 0,
            date_created: self.now,
            date_updated: self.now,
        };
        Participant {
            record,
            settings,
            joined: false,
            early_media: true,
        }
    }

    /// The wait document is there: the leg may come in, unless the room closed or filled meanwhile.
    pub(super) fn enter_after_wait(&mut self, leg: &str) -> bool {
        let Some(found) = self.leg(leg) else {
            return false;
        };
        if found.room.is_some() {
            return true;
        }
        let Some(Doing::Room(room)) = found.main().map(|main| &main.doing) else {
            return true;
        };
        let account = found.record.account_sid.clone();
        let (sid, label, settings) = (
            room.conference.clone(),
            room.label.clone(),
            room.settings.clone(),
        );
        let name = self
            .room(&sid)
            .map(|room| room.record.friendly_name.clone())
            .unwrap_or_default();
        let conference = self.room_named(&account, &name);
        if let Some(Doing::Room(room)) = self
            .leg_mut(leg)
            .and_then(Leg::main_mut)
            .map(|main| &mut main.doing)
        {
            room.conference.clone_from(&conference);
        }
        if let Err((code, text)) = self.may_enter(&conference, &label, &settings) {
            self.alert(leg, code, text);
            self.shut_out(leg);
            return false;
        }
        self.enter_room(leg);
        self.leg(leg).is_some_and(|leg| {
            leg.scripts
                .iter()
                .any(|script| script.kind == Kind::RoomWait)
        })
    }

    /// A leg does not get in.
    pub(super) fn shut_out(&mut self, leg: &str) {
        if self.leg(leg).is_some_and(|leg| leg.room.is_some()) {
            self.leave_room(leg, Exit::Updated);
        }
        self.room_over(leg, "failed");
    }

    /// A participant comes in.
    pub(super) fn join_room(&mut self, leg: &str, conference: &str) {
        let now = self.now;
        let Some(room) = self.room_mut(conference) else {
            return;
        };
        let Some(participant) = room
            .participants
            .iter_mut()
            .find(|p| p.record.call_sid == leg)
        else {
            return;
        };
        participant.joined = true;
        participant.record.date_updated = now;
        let (record, settings) = (participant.record.clone(), participant.settings.clone());
        if room.first.is_none() {
            room.first = Some((leg.to_owned(), settings.clone()));
        }
        if let Some(leg) = self.leg_mut(leg) {
            leg.room = Some(conference.to_owned());
            leg.note(now, "room", "joined");
        }
        if matches!(settings.beep.as_str(), "true" | "onEnter") {
            self.media(MediaCommand::Beep {
                room: conference.to_owned(),
            });
        }
        self.participant_event(
            conference,
            "participant-join",
            "join",
            &record,
            Params::new(),
        );
        self.start_if_due(conference);
        if !self.room_has_started(Some(conference)) {
            self.wait_in_room(leg, &settings);
        }
    }

    /// Music or the wait document for one who is in before the room starts.
    fn wait_in_room(&mut self, leg: &str, settings: &RoomSettings) {
        let waits = self.leg(leg).is_some_and(|leg| {
            leg.scripts
                .iter()
                .any(|script| script.kind == Kind::RoomWait)
        });
        if waits || settings.wait_url.as_deref() == Some("") {
            return;
        }
        let run = self.push_script(leg, Kind::RoomWait);
        match &settings.wait_url {
            Some(url) => self.fetch(leg, run, url, &settings.wait_method, Vec::new()),
            None => self.play_music(leg, run),
        }
    }

    pub(super) fn play_music(&mut self, leg: &str, run: u64) {
        if let Some(script) = self.script_mut(leg, run) {
            script
                .steps
                .push_back(Step::Music(SoundRequest::Bundled("hold-music".into())));
        }
        self.go_on(leg, run);
    }

    fn start_if_due(&mut self, conference: &str) {
        let now = self.now;
        let Some(room) = self.room_mut(conference) else {
            return;
        };
        let joined: Vec<_> = room
            .participants
            .iter()
            .filter(|p| p.joined)
            .map(|p| p.record.clone())
            .collect();
        if room.record.status != ConferenceStatus::Init
            || joined.len() < 2
            || !joined.iter().any(|p| p.start_on_enter)
        {
            return;
        }
        room.record.status = ConferenceStatus::InProgress;
        room.record.date_updated = now;
        let first = room.first.clone();
        for participant in &joined {
            self.drop_scripts(&participant.call_sid, Kind::RoomWait);
        }
        self.room_event(conference, "conference-start", "start", Params::new());
        if let Some((first, settings)) = first.filter(|(_, settings)| settings.record) {
            self.record_room(conference, first, &settings);
        }
    }

    fn record_room(&mut self, conference: &str, first: Sid, settings: &RoomSettings) {
        let plan = RecordingPlan {
            source: "Conference",
            channels: 1,
            track: "both".into(),
            trims: settings.trim != "do-not-trim",
            callback: settings.recording.clone(),
        };
        let recording = self.start_on_room(conference, first, plan);
        if let Some(room) = self.room_mut(conference) {
            room.recording = Some(recording);
        }
    }

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

    fn room_event(&mut self, conference: &str, event: &'static str, group: &str, more: Params) {
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

fn settings_of(noun: &ConferenceNoun) -> RoomSettings {
    RoomSettings {
        muted: noun.muted.unwrap_or(false),
        beep: noun.beep.map_or("true", Beep::as_str).to_owned(),
        start_on_enter: noun.start_conference_on_enter.unwrap_or(true),
        end_on_exit: noun.end_conference_on_exit.unwrap_or(false),
        wait_url: noun.wait_url.clone(),
        wait_method: noun
            .wait_method
            .map_or_else(String::new, |method| method.as_str().to_owned()),
        max_participants: noun.max_participants.map_or(250, |most| most as usize),
        record: noun.record == Some(RecordSetting::FromStart),
        trim: noun.trim.map_or("", Trim::as_str).to_owned(),
        coach: noun.coach.clone(),
        status: callback(
            noun.status_callback.as_ref(),
            noun.status_callback_method,
            &noun.status_callback_event,
        ),
        recording: callback(
            noun.recording_status_callback.as_ref(),
            noun.recording_status_callback_method,
            &noun.recording_status_callback_event,
        ),
    }
}
