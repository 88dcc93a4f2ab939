//! What the REST face and the control API ask of the engine: plain data, already parsed.

use super::phone::Behaviour;
use crate::seam::Sid;

/// An address to call back, with its method and the events wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Callback {
    /// The address, fragment included.
    pub url: String,
    /// `GET` or `POST`; empty is `POST`.
    pub method: String,
    /// The events asked for, in Twilio's words; empty is the resource's default.
    pub events: Vec<String>,
}

/// Where TwiML comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwimlFrom {
    /// Requested there.
    Url(Fetch),
    /// Given with the request.
    Inline(String),
    /// An application's voice URL.
    Application(Sid),
}

/// An address that answers TwiML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetch {
    /// The address, fragment included.
    pub url: String,
    /// `GET` or `POST`; empty is `POST`.
    pub method: String,
    /// Asked when the first fails; empty for none.
    pub fallback_url: String,
    /// `GET` or `POST`; empty is `POST`.
    pub fallback_method: String,
}

/// How a recording asked for with a call, a participant or by itself is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingRequest {
    /// Two channels.
    pub dual: bool,
    /// `inbound`, `outbound`, `both`; empty is `both`.
    pub track: String,
    /// `trim-silence` or `do-not-trim`; empty is the resource's default.
    pub trim: String,
    /// Told of its states; none where the address is empty.
    pub callback: Callback,
}

/// `POST Calls`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateCall {
    /// Whom to call: E.164, or `client:identity?custom=parameter`.
    pub to: String,
    /// The number shown.
    pub from: String,
    /// What to do once answered.
    pub twiml: TwimlFrom,
    /// Progress callbacks; none where the address is empty.
    pub status: Callback,
    /// Keys pressed after the answer.
    pub send_digits: String,
    /// Seconds to ring; `None` is 60.
    pub timeout: Option<u32>,
    /// Seconds the call may last.
    pub time_limit: Option<u32>,
    /// Recorded from the answer.
    pub record: Option<RecordingRequest>,
    /// An inbound call's token, which allows its number as `from`.
    pub call_token: Option<String>,
    /// Whether a machine answered is to be found out.
    pub machine: Option<MachineDetection>,
}

/// How it is found out whether a machine answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineDetection {
    /// Waits for the end of a machine's greeting.
    pub until_end: bool,
    /// Seconds that it may take.
    pub timeout: u32,
    /// Milliseconds of speech that mean a machine.
    pub speech: u32,
    /// Milliseconds of silence that end speech.
    pub speech_end: u32,
    /// Milliseconds of silence that mean nobody.
    pub silence: u32,
    /// The call goes on meanwhile, and this is told the result.
    pub beside: Option<Callback>,
}

impl Default for MachineDetection {
    fn default() -> Self {
        Self {
            until_end: false,
            timeout: 30,
            speech: 2400,
            speech_end: 1200,
            silence: 5000,
            beside: None,
        }
    }
}

/// `POST Calls/{sid}`; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateCall {
    /// Run this from now on.
    pub twiml: Option<TwimlFrom>,
    /// `canceled` or `completed`.
    pub status: Option<String>,
    /// New progress callback; only together with `twiml`.
    pub callback: Option<Callback>,
    /// Seconds the call may last.
    pub time_limit: Option<u32>,
}

/// `POST Conferences/{sid or name}/Participants`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreateParticipant {
    /// Whom to call.
    pub to: String,
    /// The number shown.
    pub from: String,
    /// The number shown instead of `from` to phones, where `from` is a client.
    pub caller_id: String,
    /// Unique in the room.
    pub label: String,
    /// Progress callbacks; none where the address is empty.
    pub status: Callback,
    /// Seconds to ring; `None` is 60.
    pub timeout: Option<u32>,
    /// Seconds the call may last.
    pub time_limit: Option<u32>,
    /// Recorded from the answer.
    pub record: Option<RecordingRequest>,
    /// Those in the room hear ringing; `None` is true.
    pub early_media: Option<bool>,
    /// Whether a machine answered is to be found out.
    pub machine: Option<MachineDetection>,
    /// The room as this participant sees it.
    pub room: RoomSettings,
    /// An inbound call's token, which allows its number as `from`.
    pub call_token: Option<String>,
}

/// What a leg brings along when it enters a conference.
#[expect(clippy::struct_excessive_bools, reason = "Twilio's own attributes")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomSettings {
    /// Enters muted.
    pub muted: bool,
    /// `true`, `false`, `onEnter`, `onExit`.
    pub beep: String,
    /// The room starts with it.
    pub start_on_enter: bool,
    /// The room ends with it.
    pub end_on_exit: bool,
    /// `None`: the default music; empty: silence; else an address.
    pub wait_url: Option<String>,
    /// `GET` or `POST`; empty is `POST`.
    pub wait_method: String,
    /// 2 to 250.
    pub max_participants: usize,
    /// `record-from-start`.
    pub record: bool,
    /// `trim-silence` or `do-not-trim`; empty is `trim-silence`.
    pub trim: String,
    /// The leg that this one coaches.
    pub coach: Option<Sid>,
    /// Room events; taken from the first who joins.
    pub status: Callback,
    /// States of the room's recording; taken from the first who joins.
    pub recording: Callback,
}

impl Default for RoomSettings {
    fn default() -> Self {
        Self {
            muted: false,
            beep: "true".into(),
            start_on_enter: true,
            end_on_exit: false,
            wait_url: None,
            wait_method: String::new(),
            max_participants: 250,
            record: false,
            trim: String::new(),
            coach: None,
            status: Callback::default(),
            recording: Callback::default(),
        }
    }
}

/// `POST Conferences/{sid}/Participants/{call or label}`; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateParticipant {
    /// Mute or unmute.
    pub muted: Option<bool>,
    /// Hold or unhold.
    pub hold: Option<bool>,
    /// What a held participant hears: an address, empty for the default music.
    pub hold_url: Option<String>,
    /// `GET` or `POST`; empty is `GET`.
    pub hold_method: Option<String>,
    /// Played to this participant.
    pub announce_url: Option<String>,
    /// `GET` or `POST`; empty is `POST`.
    pub announce_method: Option<String>,
    /// Ignored while held.
    pub end_conference_on_exit: Option<bool>,
    /// Beep when it leaves.
    pub beep_on_exit: Option<bool>,
    /// Coaching on or off.
    pub coaching: Option<bool>,
    /// Whom it coaches.
    pub call_sid_to_coach: Option<Sid>,
}

/// `POST Conferences/{sid}`; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateConference {
    /// Only `completed`.
    pub status: Option<String>,
    /// Played to everybody.
    pub announce_url: Option<String>,
    /// `GET` or `POST`; empty is `POST`.
    pub announce_method: Option<String>,
}

/// `POST Recordings/{sid or Twilio.CURRENT}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateRecording {
    /// `in-progress`, `paused`, `stopped`.
    pub status: String,
    /// Leave the pause out instead of keeping its time as silence.
    pub skip_pause: bool,
}

/// A person or a script picks up a phone and dials (control API).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneDial {
    /// The number shown; any, also `anonymous`.
    pub from: String,
    /// A number owned by an account.
    pub to: String,
    /// What the phone does once the other side answers.
    pub behaviour: Behaviour,
}

/// Which calls a list asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Called party.
    pub to: Option<String>,
    /// Calling party.
    pub from: Option<String>,
    /// Status in Twilio's spelling.
    pub status: Option<String>,
    /// Children of this call.
    pub parent_call_sid: Option<Sid>,
}
