//! The seam between the sandbox's three parts: the engine decides, the signalling talks to Voice SDK clients, the media plane carries sound.
//!
//! Everything here is plain data. The engine never does I/O: it takes inputs with the time and gives outputs; the driver carries
//! them to the sockets, the mixer and the webhooks' HTTP client.

use std::sync::Arc;

use chrono::{DateTime, Utc};

/// The sandbox's time, real or virtual.
pub type Time = DateTime<Utc>;

/// One signalling connection of a Voice SDK client (a WebSocket), numbered by the signalling.
pub type ConnectionId = u64;

/// A Twilio SID as text: `AC…`, `CA…`, `CF…`, `RE…`.
pub type Sid = String;

/// Speech or music, 8 kHz mono 16-bit, shared by all who play it.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// The samples.
    pub pcm: Arc<[i16]>,
    /// What is said in it, for the ground truth of calls; empty for music and tones.
    pub text: String,
}

/// What the engine needs as sound before it can go on; answered by [`SoundReady`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SoundRequest {
    /// Speech of `<Say>` or of a simulated phone.
    Say {
        text: String,
        voice: String,
        language: String,
    },
    /// Speech with marks (SSML) around its words.
    Marked {
        ssml: String,
        text: String,
        voice: String,
        language: String,
    },
    /// A file of `<Play>`, hold music or a wait URL: fetched over HTTP (WAV or MP3).
    Url(String),
    /// A clip bundled with the sandbox by name (`hold-music`, a persona's line).
    Bundled(String),
}

/// The answer to a [`SoundRequest`]; an error is what Twilio would put in its debugger.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundReady {
    /// The request that this answers.
    pub request: SoundRequest,
    /// The clip, or why there is none.
    pub clip: Result<Clip, String>,
}

/// A source of sound.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// Nothing.
    Silence,
    /// The North American ringback tone, two seconds on and four off.
    Ringback,
    /// The busy tone.
    Busy,
    /// A clip, from its beginning; silence after its end unless looped.
    Clip { clip: Clip, looped: bool },
    /// A steady or pulsed sine (`on`/`off` in milliseconds; `off` 0 is steady), for tests and echo checks.
    Tone { hertz: f32, on: u32, off: u32 },
    /// What the leg itself says, after 500 ms (a phone that echoes).
    Echo,
    /// What the other leg says (a bridge).
    Leg(Sid),
    /// What the other leg hears: two calls of the sandbox joined by the phone network, each the other's far end.
    /// Of the mixer's previous 20 ms, since two legs may name each other.
    Heard(Sid),
    /// Everybody in the conference who is neither muted nor held, except the hearer.
    Room(Sid),
    /// What another program sends over a stream.
    Stream(Sid),
    /// What comes in over WebRTC from outside.
    Outside,
}

/// Which sound a recording takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tap {
    /// Channel 1: what the leg says; channel 2: what the leg hears. Mono: both mixed.
    Leg(Sid),
    /// Channel 1: the first who joined; channel 2: all the others mixed.
    Conference { conference: Sid, first: Sid },
}

/// Commands from the engine to the media plane. All legs are named by their CallSid.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaCommand {
    /// A leg exists; until told otherwise it says and hears silence.
    Open { leg: Sid },
    /// A leg is gone; its recordings were stopped before.
    Close { leg: Sid },
    /// What the leg hears from now on.
    Hear { leg: Sid, source: Source },
    /// What the leg says from now on (`Outside` for a Voice SDK client, clips and tones for simulated phones).
    Speak { leg: Sid, source: Source },
    /// DTMF digits sounded into what the leg says.
    Digits { leg: Sid, digits: String },
    /// The leg takes part in a conference; `muted` also covers a held participant.
    Join { leg: Sid, room: Sid, muted: bool },
    /// In the conference only this participant hears the leg (a coach); `None`: everybody does. After [`MediaCommand::Join`].
    Coach {
        leg: Sid,
        room: Sid,
        coached: Option<Sid>,
    },
    /// The leg is no more in the conference.
    Leave { leg: Sid, room: Sid },
    /// A beep for all in the conference.
    Beep { room: Sid },
    /// Begin a recording.
    StartRecording {
        recording: Sid,
        tap: Tap,
        channels: u8,
    },
    /// Stop taking sound; with `silence` the pause keeps its time as silence, without it is cut out.
    PauseRecording { recording: Sid, silence: bool },
    /// Go on taking sound.
    ResumeRecording { recording: Sid },
    /// End the recording; the media plane answers with [`MediaEvent::Recorded`].
    StopRecording { recording: Sid },
}

/// What the media plane tells the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaEvent {
    /// A recording is closed; one `Vec` a channel, 8 kHz.
    Recorded {
        recording: Sid,
        channels: Vec<Vec<i16>>,
    },
    /// A Voice SDK client pressed a key (RFC 4733, already de-duplicated, or a PStream `dtmf` frame).
    Digit { leg: Sid, digit: char },
}

/// What a Voice SDK client did, told to the engine by the signalling. Tokens have been checked before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientInput {
    /// A client can be called under this identity.
    Registered {
        connection: ConnectionId,
        account: Sid,
        identity: String,
    },
    /// It no longer can.
    Unregistered { connection: ConnectionId },
    /// `device.connect()`: a new inbound-direction call to the TwiML App; the engine answers with [`ClientOutput::Created`].
    Invite {
        connection: ConnectionId,
        account: Sid,
        identity: String,
        application: Sid,
        params: Vec<(String, String)>,
    },
    /// The first device that accepted an incoming call.
    Answered { call: Sid, connection: ConnectionId },
    /// All devices that were rung rejected it, or there was none to ring.
    Refused { call: Sid },
    /// The client hung up, or its socket and media were gone longer than the grace time.
    HungUp { call: Sid },
    /// No sound came from the client for a minute, whatever its socket says.
    Silent { call: Sid },
    /// Keys sent as a PStream `dtmf` frame.
    Digits { call: Sid, digits: String },
    /// `call.sendMessage`: a message of the client's, with its `KX…`.
    Message {
        call: Sid,
        sid: Sid,
        content: String,
        content_type: String,
    },
}

/// What the engine wants told to Voice SDK clients; the signalling finds the connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientOutput {
    /// The call made for an invite, first answer to [`ClientInput::Invite`].
    Created { connection: ConnectionId, call: Sid },
    /// An invite that was refused before a call existed (PStream error code and text).
    InviteRefused {
        connection: ConnectionId,
        code: u32,
        message: String,
    },
    /// An outgoing call of the client rings; `early_media` when it hears something already.
    Ringing { call: Sid, early_media: bool },
    /// An outgoing call of the client is answered.
    Answer { call: Sid },
    /// Ring all devices registered under the identity; `parameters` as `call.parameters`, `custom` as `call.customParameters`.
    Invite {
        call: Sid,
        account: Sid,
        identity: String,
        parameters: Vec<(String, String)>,
        custom: Vec<(String, String)>,
    },
    /// A message of the application for the client, with its `KX…`.
    Message {
        call: Sid,
        sid: Sid,
        content: String,
    },
    /// The socket of the call's client breaks, on purpose; without a call, every client's.
    DropSockets { call: Option<Sid> },
    /// Stop ringing.
    Cancel { call: Sid },
    /// The call is over, perhaps with a PStream error.
    Hangup {
        call: Sid,
        error: Option<(u32, String)>,
    },
}

/// A webhook to be requested; signed and sent by the driver, which honours the URL's connection overrides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRequest {
    /// Number of this request, to match the answer.
    pub id: u64,
    /// The account whose auth token signs.
    pub account: Sid,
    /// `GET` or `POST`.
    pub method: String,
    /// As configured, fragment included.
    pub url: String,
    /// The parameters in Twilio's order.
    pub params: Vec<(String, String)>,
    /// Signed with the account's token; otherwise with one that is wrong, on purpose.
    pub is_genuine: bool,
}

/// What came back for a [`WebhookRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookAnswer {
    /// The request's number.
    pub id: u64,
    /// Status, content type and body; or Twilio's error code and a text (11200, 11205 …).
    pub result: Result<WebhookReply, (u32, String)>,
}

/// An HTTP answer of the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookReply {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, lower case, without parameters.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// A file of a message, to be fetched from where an application keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// Number of this request, to match the answer.
    pub id: u64,
    /// Where it is.
    pub url: String,
}

/// The answer to a [`FileRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReady {
    /// The request's number.
    pub id: u64,
    /// What it is and what is in it; or Twilio's error code and a text.
    pub file: FileResult,
}

/// See [`FileReady::file`].
pub type FileResult = Result<(String, Arc<[u8]>), (u32, String)>;

/// A stream of a leg's sound that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamOpen {
    /// `MZ…`.
    pub stream: Sid,
    /// The leg.
    pub call: Sid,
    /// The account whose auth token signs.
    pub account: Sid,
    /// The other program's address.
    pub url: String,
    /// Whether what the leg says is sent.
    pub inbound: bool,
    /// Whether what the leg hears is sent.
    pub outbound: bool,
    /// Whether the other program speaks too.
    pub both_ways: bool,
    /// What it finds in its `start` message.
    pub parameters: Vec<(String, String)>,
}

/// What the engine wants of streams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamOutput {
    /// Open one.
    Open(StreamOpen),
    /// The leg's far end pressed a key.
    Digit { stream: Sid, digit: char },
    /// End one.
    Close { stream: Sid },
}

/// What streams tell the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamInput {
    /// The other program is there.
    Opened { stream: Sid },
    /// It sent something that is no message; Twilio's code and a text.
    Wrong {
        stream: Sid,
        code: u32,
        text: String,
    },
    /// It is gone, or never came: then with Twilio's code and a text.
    Ended {
        stream: Sid,
        error: Option<(u32, String)>,
    },
}

/// What goes into the engine besides the REST face's method calls.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Time has come (the engine asked for it by its next wake).
    Tick,
    /// A webhook was answered.
    Webhook(WebhookAnswer),
    /// Sound is there.
    Sound(SoundReady),
    /// A message's file is there.
    File(FileReady),
    /// From Voice SDK clients.
    Client(ClientInput),
    /// From the media plane.
    Media(MediaEvent),
    /// From streams.
    Stream(StreamInput),
}

/// What comes out of the engine, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Send a webhook.
    Webhook(WebhookRequest),
    /// Get sound.
    Sound(SoundRequest),
    /// Get a message's file.
    File(FileRequest),
    /// Tell Voice SDK clients.
    Client(ClientOutput),
    /// Tell the media plane.
    Media(MediaCommand),
    /// Open or end streams.
    Stream(StreamOutput),
    /// Something for the console and the tests to see: kind and JSON data.
    Trace {
        kind: &'static str,
        data: serde_json::Value,
    },
}
