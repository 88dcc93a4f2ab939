//! `<Conference>`: a room of the account, made when its name is first used.

use super::Warning;
use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use crate::words::{ConferenceCallbackEvent, Method, RecordingCallbackEvent, Trim, words};

words! {
    /// Whether coming and going is heard.
    Beep {
        /// On entering and on leaving; what Twilio does when absent.
        Both = "true",
        /// Never.
        Never = "false",
        /// On entering.
        OnEnter = "onEnter",
        /// On leaving.
        OnExit = "onExit",
    }
}

words! {
    /// Whether a conference is recorded.
    ConferenceRecord {
        /// Not at all.
        DoNotRecord = "do-not-record" | "false",
        /// From the moment two are in.
        FromStart = "record-from-start" | "true",
    }
}

words! {
    /// How much delay may smooth a participant's sound.
    JitterBufferSize {
        /// 300 to 1000 ms; what Twilio does when absent.
        Large = "large",
        /// 200 to 360 ms.
        Medium = "medium",
        /// 150 to 200 ms.
        Small = "small",
        /// No buffer.
        Off = "off",
    }
}

/// A conference to join. The first who joins fixes the callbacks, the record setting and the region for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conference {
    /// The room's name, 128 characters at most.
    pub name: String,
    /// Whether this participant is not heard.
    pub muted: Option<bool>,
    /// Whether coming and going is heard; it is when absent.
    pub beep: Option<Beep>,
    /// Whether the conference may start with this participant; it may when absent.
    pub start_conference_on_enter: Option<bool>,
    /// Whether it ends for all when this participant leaves.
    pub end_conference_on_exit: Option<bool>,
    /// A name for this participant, unique in the room.
    pub participant_label: Option<String>,
    /// How much delay may smooth the sound.
    pub jitter_buffer_size: Option<JitterBufferSize>,
    /// The CallSid of the participant who alone hears this one.
    pub coach: Option<String>,
    /// What is heard before the start; empty is silence, absent is Twilio's music.
    pub wait_url: Option<String>,
    /// How it is requested.
    pub wait_method: Option<Method>,
    /// How many may be in; 250 when absent.
    pub max_participants: Option<u32>,
    /// Whether the room is recorded.
    pub record: Option<ConferenceRecord>,
    /// Where the sound is mixed.
    pub region: Option<String>,
    /// Whether silence at the recording's ends is cut; it is when absent.
    pub trim: Option<Trim>,
    /// Where the room's events go.
    pub status_callback: Option<String>,
    /// Which events are wanted.
    pub status_callback_event: Vec<ConferenceCallbackEvent>,
    /// How they are sent.
    pub status_callback_method: Option<Method>,
    /// Where the recording's events go.
    pub recording_status_callback: Option<String>,
    /// How they are sent.
    pub recording_status_callback_method: Option<Method>,
    /// Which of them are wanted; `completed` when empty.
    pub recording_status_callback_event: Vec<RecordingCallbackEvent>,
    /// An older address for the recording's end.
    pub event_callback_url: Option<String>,
}

impl Conference {
    /// A room with Twilio's defaults.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }
}

impl Piece for Conference {
    const NAME: &'static str = "Conference";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("muted", &mut self.muted);
        list.one("beep", &mut self.beep);
        list.one(
            "startConferenceOnEnter",
            &mut self.start_conference_on_enter,
        );
        list.one("endConferenceOnExit", &mut self.end_conference_on_exit);
        list.one("participantLabel", &mut self.participant_label);
        list.one("jitterBufferSize", &mut self.jitter_buffer_size);
        list.one("coach", &mut self.coach);
        list.one("waitUrl", &mut self.wait_url);
        list.one("waitMethod", &mut self.wait_method);
        list.one("maxParticipants", &mut self.max_participants);
        list.one("record", &mut self.record);
        list.one("region", &mut self.region);
        list.one("trim", &mut self.trim);
        list.one("statusCallback", &mut self.status_callback);
        list.many("statusCallbackEvent", &mut self.status_callback_event);
        list.one("statusCallbackMethod", &mut self.status_callback_method);
        list.one(
            "recordingStatusCallback",
            &mut self.recording_status_callback,
        );
        list.one(
            "recordingStatusCallbackMethod",
            &mut self.recording_status_callback_method,
        );
        list.many(
            "recordingStatusCallbackEvent",
            &mut self.recording_status_callback_event,
        );
        list.one("eventCallbackUrl", &mut self.event_callback_url);
    }

    fn content(&self) -> Vec<Node> {
        Element::text_nodes(&self.name)
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.name = piece::only_text(nodes, Self::NAME, warnings);
    }
}
