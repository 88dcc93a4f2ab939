//! The decision's steps as TwiML: the only translation between the two.

use axum::http::header;
use axum::response::IntoResponse;
use offhook_core::call::{Call, Direction, LegRole, Prompt, RungDevice, Step};
use offhook_twilio::twiml::{
    Beep, Client, Conference, Dial, DialRecord, Enqueue, JitterBufferSize, Noun, Number, Pause,
    Play, Record, Redirect, Response, Say, StartRecording, Verb,
};
use offhook_twilio::words::{
    CallEvent, Channels, ConferenceCallbackEvent, RecordingCallbackEvent, Trim,
};

use super::urls::{Door, Doors};
use crate::audio::{self, Heard};
use crate::doors::click_to_call;

/// How long a forward phone rings, seconds: less than most voicemail boxes wait.
const FORWARD_RINGS: u32 = 20;
/// How long a browser's sound check may last, seconds: less than the minute that the carrier bills in any case.
const SOUND_CHECK_SECONDS: u32 = 12;
/// How long a customer's phone rings, seconds.
pub(crate) const CUSTOMER_RINGS: u32 = 45;
/// A device that was taken up is led into the room within so many seconds, most often at once.
const LED_WITHIN: u32 = 5;
/// The longest voicemail, seconds.
const LONGEST_MESSAGE: u32 = 180;

/// The events of a leg that we want to hear of.
pub(crate) const LEG_EVENTS: [CallEvent; 4] = [
    CallEvent::Initiated,
    CallEvent::Ringing,
    CallEvent::Answered,
    CallEvent::Completed,
];

/// The events of a recording that we want to hear of.
pub(crate) const RECORDING_EVENTS: [RecordingCallbackEvent; 3] = [
    RecordingCallbackEvent::InProgress,
    RecordingCallbackEvent::Completed,
    RecordingCallbackEvent::Absent,
];

/// TwiML on its way out; always 200 and always `text/xml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Twiml(pub(crate) String);

impl IntoResponse for Twiml {
    fn into_response(self) -> axum::response::Response {
        ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], self.0).into_response()
    }
}

impl From<Response> for Twiml {
    fn from(response: Response) -> Self {
        Self(response.to_xml())
    }
}

/// What the steps of an answer are about.
pub(crate) struct About<'a> {
    /// Our doors.
    pub(crate) doors: &'a Doors,
    /// The call.
    pub(crate) call: &'a Call,
    /// The caller's place in line, where he waits.
    pub(crate) place: Option<usize>,
    /// How it is said.
    pub(crate) tone: Tone,
}

/// Whose documents an answer follows where an agent's leg dials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// Our own.
    #[default]
    Ours,
    /// Device SDK: the end of the `Dial` is told where statuses are.
    DeviceSdk,
    /// Click-to-call: addresses of its own, with its own word for the call.
    ClickToCall,
}

/// How an answer is said.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tone {
    pub(crate) manner: Manner,
    /// What a leg hears before it is hung up.
    pub(crate) last_words: Option<&'static str>,
}

/// Turns steps into TwiML.
pub(crate) fn twiml(about: &About<'_>, steps: &[Step]) -> Twiml {
    Response::of(steps.iter().flat_map(|step| about.verbs(step))).into()
}

/// A prompt and then the end, for a caller whom no call of ours concerns.
pub(crate) fn farewell(doors: &Doors, prompt: &Prompt) -> Twiml {
    Response::of([spoken(doors, prompt), Verb::Hangup]).into()
}

/// A few words that no file has, and then the end.
pub(crate) fn told(words: &str) -> Twiml {
    Response::of([Say::new(words).into(), Verb::Hangup]).into()
}

/// Nothing to do: for a leg that goes its way.
pub(crate) fn nothing() -> Twiml {
    Response::default().into()
}

/// What a browser's sound check gets: silence that really flows, for as long as it takes to measure, and the end. A file and not
/// a `Pause`, which at the beginning would delay the answer.
pub(crate) fn sound_check(doors: &Doors) -> Twiml {
    let silence = Play {
        loops: Some(SOUND_CHECK_SECONDS),
        ..Play::new(doors.audio(audio::SILENCE))
    };
    Response::of([silence.into(), Verb::Hangup]).into()
}

/// A prompt as a verb.
pub(crate) fn spoken(doors: &Doors, prompt: &Prompt) -> Verb {
    match audio::heard(prompt) {
        Heard::File(name) => Play::new(doors.audio(name)).into(),
        Heard::Text(text) => Say::new(text).into(),
    }
}

impl About<'_> {
    fn verbs(&self, step: &Step) -> Vec<Verb> {
        match step {
            Step::Speak { prompt } => vec![spoken(self.doors, prompt)],
            Step::StartRecording => vec![self.recording().into()],
            Step::Enqueue { name } => vec![self.enqueue(name).into()],
            Step::WaitMusic => self.wait_music(),
            Step::Leave => vec![Verb::Leave],
            Step::Room { role, label } => vec![self.room(*role, label).into()],
            Step::Forward {
                to,
                caller_id,
                record,
            } => vec![self.forward(to, caller_id, *record).into()],
            Step::DialCustomer {
                label,
                to,
                caller_id,
            } => vec![self.dial_customer(label, to, caller_id).into()],
            Step::TakeMessage => vec![self.message().into()],
            Step::AskNext => vec![Redirect::new(self.turn(Door::Next)).into()],
            Step::RingDevices { devices, seconds } => {
                vec![self.ring_devices(devices, *seconds).into()]
            }
            Step::AwaitRoom => vec![Pause::seconds(LED_WITHIN).into()],
            Step::HangUp => {
                let words = self.tone.last_words.map(|words| Say::new(words).into());
                words.into_iter().chain([Verb::Hangup]).collect()
            }
        }
    }

    fn turn(&self, door: Door) -> String {
        self.doors.of_turn(door, self.call)
    }

    fn recording(&self) -> StartRecording {
        StartRecording {
            channels: Some(Channels::Dual),
            trim: Some(Trim::DoNotTrim),
            recording_status_callback: Some(self.doors.of_call(Door::Recording, &self.call.id)),
            recording_status_callback_event: RECORDING_EVENTS.to_vec(),
            ..StartRecording::default()
        }
    }

    fn enqueue(&self, name: &str) -> Enqueue {
        Enqueue {
            action: Some(self.turn(Door::Queue)),
            wait_url: Some(self.doors.of_call(Door::Wait, &self.call.id)),
            ..Enqueue::new(name)
        }
    }

    fn wait_music(&self) -> Vec<Verb> {
        let place = self.place.and_then(audio::position);
        let place = place.map(|file| Play::new(self.doors.audio(&file)).into());
        place
            .into_iter()
            .chain([Play::new(self.doors.audio("music")).into()])
            .collect()
    }

    /// Twilio takes a room's callbacks from whoever joins first: all legs name the same.
    fn room(&self, role: LegRole, label: &str) -> Dial {
        let call = &self.call.id;
        let conference = Conference {
            beep: Some(Beep::Never),
            start_conference_on_enter: Some(role != LegRole::Customer),
            end_conference_on_exit: Some(false),
            participant_label: Some(label.to_owned()),
            jitter_buffer_size: Some(JitterBufferSize::Small),
            wait_url: Some(room_wait_url(self.doors, self.call)),
            status_callback: Some(self.doors.of_call(Door::Conference, call)),
            status_callback_event: ROOM_EVENTS.to_vec(),
            ..Conference::new(&self.call.room)
        };
        Dial {
            action: Some(self.doors.with(
                Door::RoomLeft,
                &[
                    ("call", call.as_str()),
                    ("label", label),
                    ("turn", &self.call.turn.to_string()),
                ],
            )),
            ..Dial::to(conference)
        }
    }

    /// The phone sees the caller's own number, or ours.
    fn forward(&self, to: &str, caller_id: &str, record: bool) -> Dial {
        let phone = Number {
            status_callback: Some(
                self.doors
                    .of_leg(Door::Status, &self.call.id, FORWARD_LABEL),
            ),
            status_callback_event: LEG_EVENTS.to_vec(),
            ..Number::new(to)
        };
        let recorded = self.doors.of_call(Door::Recording, &self.call.id);
        Dial {
            action: Some(self.turn(Door::Forwarded)),
            timeout: Some(FORWARD_RINGS),
            caller_id: Some(caller_id.to_owned()),
            record: record.then_some(DialRecord::FromRingingDual),
            trim: record.then_some(Trim::DoNotTrim),
            recording_status_callback: record.then_some(recorded),
            recording_status_callback_event: if record {
                RECORDING_EVENTS.to_vec()
            } else {
                Vec::new()
            },
            ..Dial::to(phone)
        }
    }

    /// The agent's own leg dials; it rings at the agent's until the customer answers. The recording is not the `Dial`'s: that
    /// would be of the agent's leg, and would end when a room is made of the talk.
    fn dial_customer(&self, label: &str, to: &str, caller_id: &str) -> Dial {
        let (id, turn) = (self.call.id.as_str(), self.call.turn.to_string());
        let (action, status, rings) = match self.tone.manner {
            Manner::Ours => (
                self.turn(Door::Dialled),
                self.doors.of_leg(Door::Status, &self.call.id, label),
                CUSTOMER_RINGS,
            ),
            Manner::DeviceSdk => (
                self.turn(Door::VoiceStatus),
                self.doors.of_leg(Door::Status, &self.call.id, label),
                CUSTOMER_RINGS,
            ),
            Manner::ClickToCall => (
                self.doors
                    .with(Door::OutboundStatus, &[("callId", id), ("turn", &turn)]),
                self.doors.documented(
                    click_to_call::EVENTS,
                    Door::Status,
                    &[("callId", id), ("label", label)],
                ),
                click_to_call::RINGS,
            ),
        };
        let phone = Number {
            status_callback: Some(status),
            status_callback_event: LEG_EVENTS.to_vec(),
            ..Number::new(to)
        };
        Dial {
            action: Some(action),
            answer_on_bridge: Some(true),
            timeout: Some(rings),
            caller_id: Some(caller_id.to_owned()),
            ..Dial::to(phone)
        }
    }

    /// The customer's leg dials devices of agents. Each asks before any sound whether the call is its agent's.
    fn ring_devices(&self, devices: &[RungDevice], seconds: u32) -> Dial {
        let client = |rung: &RungDevice| {
            let of_leg = |door| Some(self.doors.of_leg(door, &self.call.id, &rung.label));
            let client = Client {
                url: of_leg(Door::DeviceAnswered),
                status_callback: of_leg(Door::Status),
                status_callback_event: LEG_EVENTS.to_vec(),
                ..Client::new(&rung.device.identity)
            };
            Noun::Client(client.with("callId", self.call.id.as_str()))
        };
        Dial {
            action: Some(self.turn(Door::DevicesRung)),
            timeout: Some(seconds),
            nouns: devices.iter().map(client).collect(),
            ..Dial::default()
        }
    }

    fn message(&self) -> Record {
        let of_message = [("call", self.call.id.as_str()), ("voicemail", "1")];
        Record {
            action: Some(self.turn(Door::Message)),
            max_length: Some(LONGEST_MESSAGE),
            finish_on_key: Some("#".into()),
            play_beep: Some(true),
            trim: Some(Trim::DoNotTrim),
            recording_status_callback: Some(self.doors.with(Door::Recording, &of_message)),
            recording_status_callback_event: RECORDING_EVENTS.to_vec(),
            ..Record::default()
        }
    }
}

/// The label under which a forward phone's leg is known.
pub(crate) const FORWARD_LABEL: &str = "forward";

/// The events of a room that we want to hear of.
pub(crate) const ROOM_EVENTS: [ConferenceCallbackEvent; 5] = [
    ConferenceCallbackEvent::Start,
    ConferenceCallbackEvent::End,
    ConferenceCallbackEvent::Join,
    ConferenceCallbackEvent::Leave,
    ConferenceCallbackEvent::Hold,
];

/// Empty is silence: an agent who waits for an outbound customer shall hear nothing but real ringback.
pub(crate) fn room_wait_url(doors: &Doors, call: &Call) -> String {
    match call.direction {
        Direction::Outbound => String::new(),
        Direction::Inbound => doors.of_call(Door::Music, &call.id),
    }
}

/// What somebody hears who is alone in a room: music again and again, since a room does not ask a second time.
pub(crate) fn music_for_ever(doors: &Doors) -> Twiml {
    Response::of([
        Play::new(doors.audio("music")).into(),
        Redirect::new("").into(),
    ])
    .into()
}
