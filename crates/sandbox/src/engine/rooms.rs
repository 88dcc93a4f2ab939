//! Conferences: what they are, and who is in them.

use super::Engine;
use super::records::{ConferenceRecord, ConferenceStatus, ParticipantRecord};
use super::requests::RoomSettings;
use crate::seam::{Sid, Time};

/// A conference.
#[derive(Debug)]
pub(super) struct Conference {
    pub(super) record: ConferenceRecord,
    /// In the order in which they came, those still being dialled among them.
    pub(super) participants: Vec<Participant>,
    /// As the first who joined brought them along.
    pub(super) first: Option<(Sid, RoomSettings)>,
    pub(super) sequence: u32,
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
    /// Speaks now, until then.
    pub(super) speaks_until: Option<Time>,
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
    pub(super) fn reason(self) -> &'static str {
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
}
