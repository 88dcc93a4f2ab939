//! How a leg comes into a conference, and when the conference starts.

use offhook_twilio::twiml::{
    Beep, Conference as ConferenceNoun, ConferenceRecord as RecordSetting, Dial, DialRecord,
};
use offhook_twilio::words::Trim;

use super::Engine;
use super::hooks::{Params, resolve};
use super::leg::{Doing, InRoom, Kind, Leg, Step};
use super::recordings::RecordingPlan;
use super::records::{ConferenceStatus, ParticipantRecord};
use super::requests::RoomSettings;
use super::rooms::{Conference, Exit, Participant};
use super::verbs::{Flow, callback};
use crate::seam::{MediaCommand, Sid, SoundRequest};

/// The longest name of a conference.
const LONGEST_NAME: usize = 128;

impl Engine {
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
        if noun.name.is_empty() || noun.name.chars().count() > LONGEST_NAME {
            self.alert(leg, 13237, "a conference's name has 1 to 128 characters");
            return self.dial_fails(leg, run, &dial, "failed");
        }
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
        let most = most_of(room).unwrap_or(settings.max_participants);
        if joined_in(room) >= most {
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

    /// Whether nobody more may come in, as the first who joined has it.
    pub(super) fn room_is_full(&self, conference: &str) -> bool {
        self.room(conference)
            .is_some_and(|room| most_of(room).is_some_and(|most| joined_in(room) >= most))
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
            speaks_until: None,
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
}

/// How many may be in a room, once somebody is.
fn most_of(room: &Conference) -> Option<usize> {
    room.first.as_ref().map(|(_, first)| first.max_participants)
}

fn joined_in(room: &Conference) -> usize {
    room.participants.iter().filter(|p| p.joined).count()
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
        max_participants: noun
            .max_participants
            .map_or(250, |most| most.clamp(2, 250) as usize),
        record: noun.record == Some(RecordSetting::FromStart),
        trim: noun.trim.map_or("", Trim::as_str).to_owned(),
        coach: noun.coach.clone(),
        status: callback(
            noun.status_callback.as_ref(),
            noun.status_callback_method,
            &noun.status_callback_event,
        ),
        recording: callback(
            // The older address, where the newer one is not set.
            noun.recording_status_callback
                .as_ref()
                .or(noun.event_callback_url.as_ref()),
            noun.recording_status_callback_method,
            &noun.recording_status_callback_event,
        ),
    }
}
