//! A leg as the engine holds it: its record, its far end, the TwiML that it runs, and what was told about it.

use std::collections::VecDeque;

use offhook_twilio::twiml::{Connect, Dial, Gather, Prompt, Record, Verb};

use super::amd::Detecting;

use super::phone::{Behaviour, Line};
use super::records::{CallRecord, TruthEvent};
use super::requests::{Callback, RecordingRequest, RoomSettings, TwimlFrom};
use crate::seam::{Clip, Sid, SoundRequest, Time};

/// Events kept for the ground truth of one leg.
const TRUTH_KEPT: usize = 400;

/// One leg.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) record: CallRecord,
    pub(super) role: Role,
    pub(super) far: Far,
    /// The main script first; the one on top is heard.
    pub(super) scripts: Vec<Script>,
    /// What a REST call runs once answered.
    pub(super) begin: Option<TwimlFrom>,
    /// Asked when TwiML fails: address and method.
    pub(super) fallback: Option<(String, String)>,
    /// Progress callbacks of a REST call or a noun.
    pub(super) progress: Callback,
    /// The number's or the application's callback at the end: address and method.
    pub(super) end_callback: Option<(String, String)>,
    /// Custom parameters, fields of the first request only.
    pub(super) first_fields: Vec<(String, String)>,
    /// Custom parameters for a called Voice SDK client.
    pub(super) custom: Vec<(String, String)>,
    pub(super) timeout: i64,
    pub(super) time_limit: i64,
    pub(super) send_digits: String,
    pub(super) record_on_answer: Option<RecordingRequest>,
    /// Recordings of this leg that take sound.
    pub(super) recordings: Vec<Sid>,
    /// Named in the callback at the end.
    pub(super) told_recording: Option<Sid>,
    pub(super) sequence: u32,
    /// The conference that it is in.
    pub(super) room: Option<Sid>,
    /// What the media plane was last told.
    pub(super) told: Told,
    /// Whether a machine answered is being found out, or was.
    pub(super) detecting: Option<Detecting>,
    /// What the network says of the caller's number; empty for nothing.
    pub(super) stir: String,
    /// A trial account's notice comes before its first document.
    pub(super) notice: bool,
    pub(super) truth: VecDeque<TruthEvent>,
}

impl Leg {
    pub(super) fn new(record: CallRecord, far: Far) -> Self {
        Self {
            record,
            role: Role::Own,
            far,
            scripts: Vec::new(),
            begin: None,
            fallback: None,
            progress: Callback::default(),
            end_callback: None,
            first_fields: Vec::new(),
            custom: Vec::new(),
            timeout: 60,
            time_limit: 14_400,
            send_digits: String::new(),
            record_on_answer: None,
            recordings: Vec::new(),
            told_recording: None,
            sequence: 0,
            room: None,
            told: Told::default(),
            detecting: None,
            stir: String::new(),
            notice: false,
            truth: VecDeque::new(),
        }
    }

    pub(super) fn is_live(&self) -> bool {
        !self.record.status.is_terminal()
    }

    pub(super) fn is_answered(&self) -> bool {
        self.record.start_time.is_some()
    }

    pub(super) fn script(&self, run: u64) -> Option<&Script> {
        self.scripts.iter().find(|script| script.run == run)
    }

    pub(super) fn script_mut(&mut self, run: u64) -> Option<&mut Script> {
        self.scripts.iter_mut().find(|script| script.run == run)
    }

    /// The script that a redirect replaces.
    pub(super) fn main(&self) -> Option<&Script> {
        self.scripts
            .first()
            .filter(|script| script.kind == Kind::Main)
    }

    pub(super) fn main_mut(&mut self) -> Option<&mut Script> {
        self.scripts
            .first_mut()
            .filter(|script| script.kind == Kind::Main)
    }

    pub(super) fn dialing(&self) -> Option<&Dialing> {
        match &self.main()?.doing {
            Doing::Dial(dialing) => Some(dialing),
            _ => None,
        }
    }

    pub(super) fn dialing_mut(&mut self) -> Option<&mut Dialing> {
        match &mut self.main_mut()?.doing {
            Doing::Dial(dialing) => Some(dialing),
            _ => None,
        }
    }

    pub(super) fn waiting(&self) -> Option<&Waiting> {
        match &self.main()?.doing {
            Doing::Queue(waiting) => Some(waiting),
            _ => None,
        }
    }

    pub(super) fn waiting_mut(&mut self) -> Option<&mut Waiting> {
        match &mut self.main_mut()?.doing {
            Doing::Queue(waiting) => Some(waiting),
            _ => None,
        }
    }

    pub(super) fn phone_mut(&mut self) -> Option<&mut Phone> {
        match &mut self.far {
            Far::Phone(phone) => Some(phone),
            _ => None,
        }
    }

    pub(super) fn note(&mut self, at: Time, kind: &'static str, what: impl Into<String>) {
        self.note_lasting(at, kind, what, 0);
    }

    /// The same of something that lasts.
    pub(super) fn note_lasting(
        &mut self,
        at: Time,
        kind: &'static str,
        what: impl Into<String>,
        lasts: i64,
    ) {
        if self.truth.len() >= TRUTH_KEPT {
            self.truth.pop_front();
        }
        self.truth.push_back(TruthEvent {
            at,
            kind,
            what: what.into(),
            lasts,
        });
    }
}

/// Why a leg exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// Runs TwiML of its own.
    Own,
    /// Dialled by another leg; perhaps with TwiML to hear first (address and method).
    Child {
        parent: Sid,
        whisper: Option<(String, String)>,
    },
    /// Dialled into a conference by REST.
    Participant { conference: Sid },
}

/// What is at the leg's other end, outside.
#[derive(Debug)]
pub(super) enum Far {
    /// A simulated phone.
    Phone(Phone),
    /// Voice SDK devices of an identity.
    Client { identity: String },
    /// Another leg of this sandbox, joined by the phone network.
    Peer(Sid),
}

/// A simulated phone during a call.
#[derive(Debug)]
pub(super) struct Phone {
    pub(super) behaviour: Behaviour,
    /// What it has still to say.
    pub(super) lines: VecDeque<Line>,
    /// Counts its steps: an older timer or sound is stale.
    pub(super) serial: u64,
    pub(super) saying: Saying,
    /// Since when it has been silent.
    pub(super) silent_since: Option<Time>,
    /// When it hangs up by itself.
    pub(super) leaves_at: Option<Time>,
}

impl Phone {
    pub(super) fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            lines: VecDeque::new(),
            serial: 0,
            saying: Saying::Nothing,
            silent_since: None,
            leaves_at: None,
        }
    }
}

/// What a phone sounds now.
#[derive(Debug)]
pub(super) enum Saying {
    Nothing,
    Asking,
    Clip(Clip),
    Tone { hertz: f32, on: u32, off: u32 },
    Echo,
    Pause,
}

/// TwiML that a leg runs.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) run: u64,
    pub(super) kind: Kind,
    /// The document's address and method; relative addresses are resolved against it.
    pub(super) url: String,
    pub(super) method: String,
    pub(super) steps: VecDeque<Step>,
    pub(super) doing: Doing,
    /// Counts what it did: an older timer or sound is stale.
    pub(super) stage: u64,
    /// No verb has run yet.
    pub(super) fresh: bool,
    /// When its current document began.
    pub(super) began: Time,
}

/// What a script is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The call itself.
    Main,
    /// Before a dialled leg is connected.
    Whisper,
    /// While waiting in a queue.
    QueueWait,
    /// While a conference has not started.
    RoomWait,
    /// While held in a conference.
    Hold,
    /// An announcement in a conference.
    Announce,
}

/// A step of a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Verb(Verb),
    /// Played again and again.
    Music(SoundRequest),
    /// Played once.
    Sound(SoundRequest),
}

/// What a script does now.
#[derive(Debug)]
pub(super) enum Doing {
    /// Goes on with its next step.
    Ready,
    /// Waits for a document.
    Fetching,
    Prompt(Prompting),
    Gather(Box<Gathering>),
    Record(Box<Taking>),
    Dial(Box<Dialing>),
    Room(Box<InRoom>),
    Queue(Box<Waiting>),
    Stream(Box<Handed>),
}

/// A `<Connect><Stream>` at work.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) connect: Connect,
    pub(super) stream: Sid,
}

/// Something being heard.
#[derive(Debug, Clone)]
pub(super) enum Prompting {
    /// The sound is not there yet; played so many times, 0 for ever.
    Asking {
        times: u32,
    },
    Clip {
        clip: Clip,
        times: u32,
    },
    Pause,
    Beep,
}

/// A `<Gather>` at work.
#[derive(Debug)]
pub(super) struct Gathering {
    pub(super) verb: Gather,
    pub(super) prompts: VecDeque<Prompt>,
    pub(super) now: Option<Prompting>,
    pub(super) digits: String,
    pub(super) ears: Ears,
}

/// What a `<Gather>` hears.
#[derive(Debug, Default)]
pub(super) struct Ears {
    /// What was said, part by part.
    pub(super) heard: Vec<String>,
    /// Since when somebody speaks.
    pub(super) began: Option<Time>,
    pub(super) hearing: Hearing,
    /// Partial results told.
    pub(super) told: u32,
}

/// Where a speaker stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Hearing {
    /// Nothing was said.
    #[default]
    Nothing,
    /// He speaks until then; `half` once the first half is over.
    Speech { until: Time, half: bool },
    /// He has stopped; perhaps he goes on.
    Pause,
}

/// A `<Record>` at work.
#[derive(Debug)]
pub(super) struct Taking {
    pub(super) verb: Record,
    /// None while the beep sounds.
    pub(super) recording: Option<Sid>,
    pub(super) ends_at: Time,
}

/// A `<Dial>` of phones, clients or a queue at work.
#[derive(Debug)]
pub(super) struct Dialing {
    /// Its nouns are those still to be dialled.
    pub(super) dial: Dial,
    /// Legs that ring or talk.
    pub(super) children: Vec<Sid>,
    /// How the others ended.
    pub(super) outcomes: Vec<(Sid, super::records::CallStatus)>,
    pub(super) bridged: Option<Sid>,
    /// Somebody was connected.
    pub(super) was_bridged: bool,
    /// The connected leg went on to TwiML of its own.
    pub(super) taken_away: bool,
    pub(super) recording: Option<Sid>,
    /// Waits for the first of this queue.
    pub(super) queue: Option<Sid>,
    /// Whom it took out of the queue.
    pub(super) dequeued: Option<Dequeued>,
}

/// A caller whom a `<Dial><Queue>` took.
#[derive(Debug, Clone)]
pub(super) struct Dequeued {
    pub(super) call: Sid,
    /// Seconds that he had waited.
    pub(super) waited: i64,
    /// Since when both talk.
    pub(super) since: Option<Time>,
}

/// A `<Dial><Conference>` at work.
#[derive(Debug)]
pub(super) struct InRoom {
    pub(super) dial: Dial,
    pub(super) conference: Sid,
    pub(super) label: String,
    pub(super) settings: RoomSettings,
    pub(super) recording: Option<Sid>,
}

/// An `<Enqueue>` at work.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) action: Option<String>,
    pub(super) method: String,
    pub(super) queue: Sid,
    pub(super) wait_url: Option<String>,
    pub(super) wait_method: String,
    pub(super) since: Time,
    /// The leg that took it out of the queue.
    pub(super) bridged: Option<Sid>,
}

/// What the media plane was last told about a leg.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) open: bool,
    pub(super) ear: Sound,
    /// Since when it hears that.
    pub(super) ear_since: Option<Time>,
    pub(super) mouth: Sound,
    pub(super) seat: Option<Seat>,
}

/// Its place in a conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) room: Sid,
    pub(super) muted: bool,
    /// The only one who hears it.
    pub(super) coached: Option<Sid>,
}

/// A source of sound by what it is, so that the same is not told twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Sound {
    #[default]
    Silence,
    Ringback,
    Beep,
    Outside,
    Echo,
    /// By the phone's serial.
    Tone(u64),
    /// By the script's run and stage, or the phone's serial.
    Clip(u64, u64),
    Leg(Sid),
    Heard(Sid),
    Room(Sid),
    Stream(Sid),
}
