//! The sans-IO engine: it takes inputs with the time, and gives outputs; it decides everything that Twilio decides.
//!
//! The driver calls `handle(now, Input)`, `poll() -> Option<Output>` and `next_wake() -> Option<Time>`. The REST face and the
//! control API call plain methods under the driver's lock (`account: &str` is the caller's AC sid throughout):
//! ```text
//! accounts()  account(sid)  owner_of(e164)  create_key/update_key/delete_key  create_number/update_number/delete_number
//! create_application/update_application/delete_application            (numbers, keys, applications are maps of Account)
//! buy_number(now, account, e164, NumberChange) -> Result<Number, RestError>, from the stock and with papers (`stock`, `papers`)
//! create_subaccount  update_account  create_secondary_token/delete_secondary_token/promote_token  open_region (`regions`)
//! create_address/update_address/delete_address  create_bundle/update_bundle/review_bundle/evaluate_bundle …  validate_number …
//! alerts(account) and exchanges(account, call): what went wrong, and each webhook with its answer (`resources`)
//! create_call(now, account, CreateCall) -> Result<CallRecord, RestError>
//! update_call(now, account, sid, UpdateCall) -> Result<CallRecord, RestError>     delete_call(account, sid) -> Result<(), _>
//! call(account, sid) -> Option<&CallRecord>          calls(account, &CallFilter) -> Vec<&CallRecord>, newest first
//! conference(account, sid) -> Option<&ConferenceRecord>     conferences(account) -> Vec<&ConferenceRecord>, newest first
//! update_conference(now, account, sid, UpdateConference) -> Result<ConferenceRecord, RestError>
//! participant_by(account, conference, call_or_label) -> Option<ParticipantRecord>     participants(account, conference) -> Vec<_>
//! create_participant(now, account, sid_or_name, CreateParticipant) -> Result<ParticipantRecord, RestError>
//! update_participant(now, account, conference, call_or_label, UpdateParticipant) -> Result<ParticipantRecord, RestError>
//! remove_participant(now, account, conference, call_or_label) -> Result<(), RestError>
//! queue(account, sid) -> Option<QueueRecord>  queues(account) -> Vec<QueueRecord>
//! create_queue(now, account, name, Option<max_size>) / update_queue(now, account, sid, Option<name>, Option<max_size>)
//!     -> Result<QueueRecord, RestError>        delete_queue(account, sid) -> Result<(), RestError>
//! member(account, queue, call_or_front) -> Option<MemberRecord>          members(account, queue) -> Vec<MemberRecord>
//! update_member(now, account, queue, call_or_front, url, method) -> Result<MemberRecord, RestError>
//! start_recording(now, account, call, RecordingRequest) -> Result<RecordingRecord, RestError>
//! update_recording(now, account, sid_or_current, Option<call or conference>, UpdateRecording) -> Result<RecordingRecord, _>
//! recording(account, sid) -> Option<&RecordingRecord>   recordings(account, Option<call or conference>) -> Vec<_>, newest first
//! delete_recording(now, account, sid) -> Result<(), RestError>
//! behaviours() -> &BTreeMap<number, Behaviour>     set_behaviour(number, Option<Behaviour>)
//! phone_dial(now, PhoneDial) -> Result<CallRecord, RestError>
//! phone_answer/phone_hang_up(now, call)  phone_press(now, call, digits)  phone_say(now, call, Line)  -> Result<(), RestError>
//! create_sms/cancel_sms/redact_sms/delete_sms  sms(account, sid)  all_sms(account)  phone_texts(now, PhoneText)  bubbles(number)
//! spoken(recording) -> Option<Spoken>: what was said in a recording; recordings_with_sound()
//! faults() -> &Faults   set_faults(Plan, Option<seed>)   rest_fault(what, changes) -> Option<RestFault>   drop_sockets(call)
//! truth(call) -> Option<CallTruth>     truths() -> Vec<CallTruth>, of all accounts, newest first
//! ```

pub mod account;
mod amd;
mod answer;
mod applications;
mod arrive;
mod calls;
pub mod captions;
mod control;
mod digits;
mod end;
pub mod error;
pub mod faults;
mod geo;
mod hearing;
pub mod held;
mod hooks;
pub mod ids;
mod keys;
mod leg;
mod messages;
mod numbers;
pub mod papers;
mod participants;
pub mod phone;
mod phones;
mod place;
mod progress;
mod queues;
mod queues_rest;
mod reads;
mod recording_file;
mod recordings;
mod recordings_rest;
pub mod records;
mod redirect;
pub mod regions;
pub mod requests;
pub mod resources;
mod room_enter;
mod room_events;
mod room_leave;
mod rooms;
pub mod sms;
mod sounds;
pub mod spoken;
mod stir;
pub mod stock;
pub mod streams;
mod timers;
pub mod transcripts;
mod trial;
mod tune;
mod verbs;
mod voice_hooks;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::{Value, json};

use crate::seam::{Input, MediaCommand, MediaEvent, Output, Sid, SoundRequest, Time};
use account::Account;
use hooks::Hooks;
use ids::Ids;
use leg::{Leg, Script};
use phone::Behaviour;
use queues::Queue;
use recordings::Recording;
use rooms::Conference;
use sounds::Waiter;
use timers::{Timer, Timers};

pub use geo::country as country_of;

/// Ended calls kept for the REST face and the ground truth.
const CALLS_KEPT: usize = 20_000;

/// What may differ from one sandbox to the next.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Seeds SIDs and secrets.
    pub seed: u64,
    /// Where the REST face answers, without a slash at the end: recordings' addresses begin with it.
    pub base_url: String,
    /// Seconds from a call's end until its price is known.
    pub price_delay: i64,
    /// Milliseconds that a look at a call lags behind what has happened.
    pub read_lag: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            base_url: "http://localhost:8081".into(),
            price_delay: 10,
            read_lag: 0,
        }
    }
}

/// The look-alike's mind.
#[derive(Debug)]
pub struct Engine {
    settings: Settings,
    now: Time,
    ids: Ids,
    accounts: BTreeMap<Sid, Account>,
    behaviours: BTreeMap<String, Behaviour>,
    /// What the network says of callers' numbers, where that was chosen.
    attestations: BTreeMap<String, String>,
    legs: HashMap<Sid, Leg>,
    /// All legs, oldest first.
    order: VecDeque<Sid>,
    conferences: Vec<Conference>,
    queues: Vec<Queue>,
    recordings: Vec<Recording>,
    streams: Vec<streams::LiveStream>,
    captions: Vec<captions::Captions>,
    /// Recordings that were stopped and whose sound has not come yet.
    recordings_coming: usize,
    hooks: Hooks,
    faults: faults::Faults,
    timers: Timers,
    sounds: HashMap<SoundRequest, Vec<Waiter>>,
    /// Registered identities by connection.
    devices: BTreeMap<u64, (Sid, String)>,
    /// When an account's next REST call may start.
    turns: HashMap<Sid, Time>,
    /// Legs whose sound may have to change.
    touched: BTreeSet<Sid>,
    runs: u64,
    /// Joined calls that a tone is travelling through.
    key_hops: u8,
    resources: resources::Resources,
    texting: sms::Texting,
    past: reads::Past,
    out: VecDeque<Output>,
}

impl Engine {
    /// An engine without accounts.
    pub fn new(settings: Settings, now: Time) -> Self {
        Self {
            ids: Ids::seeded(settings.seed),
            settings,
            now,
            accounts: BTreeMap::new(),
            behaviours: BTreeMap::new(),
            attestations: BTreeMap::new(),
            legs: HashMap::new(),
            order: VecDeque::new(),
            conferences: Vec::new(),
            queues: Vec::new(),
            recordings: Vec::new(),
            streams: Vec::new(),
            captions: Vec::new(),
            recordings_coming: 0,
            hooks: Hooks::default(),
            faults: faults::Faults::default(),
            timers: Timers::default(),
            sounds: HashMap::new(),
            devices: BTreeMap::new(),
            turns: HashMap::new(),
            touched: BTreeSet::new(),
            runs: 0,
            key_hops: 0,
            resources: resources::Resources::default(),
            texting: sms::Texting::default(),
            past: reads::Past::default(),
            out: VecDeque::new(),
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the REST face answers, once its port is known.
    pub fn set_base_url(&mut self, base_url: String) {
        self.settings.base_url = base_url;
    }

    /// Something happened. Timers that are due by `now` come first.
    pub fn handle(&mut self, now: Time, input: Input) {
        self.at(now);
        match input {
            Input::Tick => {}
            Input::Webhook(answer) => self.hook_answered(answer),
            Input::Sound(ready) => self.sound_ready(&ready),
            Input::File(ready) => self.file_ready(ready),
            Input::Client(input) => self.client(input),
            Input::Media(MediaEvent::Recorded {
                recording,
                channels,
            }) => self.recorded(&recording, channels),
            Input::Media(MediaEvent::Digit { leg, digit }) => {
                self.keys_from_outside(&leg, &digit.to_string(), true);
            }
            Input::Stream(input) => self.stream_input(input),
        }
        self.settle();
    }

    /// What is to be done next, in order.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When the engine has to be given a tick at the latest.
    pub fn next_wake(&self) -> Option<Time> {
        self.timers.next()
    }

    /// Whether webhooks, sounds or recordings are out, so that virtual time must wait.
    pub fn is_waiting(&self) -> bool {
        self.hooks.is_waiting(|id| self.faults.holds(id))
            || !self.sounds.is_empty()
            || self.recordings_coming > 0
            || self.fetches_files()
            || self.streams_open()
    }

    /// The time of the last thing that happened.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Sets the time and lets everything happen that is due.
    fn at(&mut self, now: Time) {
        while let Some((due, timer)) = self.timers.pop(now) {
            self.now = self.now.max(due);
            self.timer(timer);
        }
        self.now = now;
    }

    fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Stage { leg, run, stage } => self.stage_over(&leg, run, stage),
            Timer::Launch { leg } => self.launch(&leg),
            Timer::RingTimeout { leg } => self.rang_long_enough(&leg),
            Timer::TimeLimit { leg } => self.lasted_long_enough(&leg),
            Timer::Phone { leg, serial } => self.phone_step(&leg, serial),
            Timer::Price { leg } => self.price(&leg),
            Timer::Sms { sid } => self.sms_step(&sid),
            Timer::SmsPrice { sid } => self.price_sms(&sid),
            Timer::Fault { number } => self.fault_due(number),
            Timer::RecordingPrice { recording } => self.price_recording(&recording),
            Timer::Detected { leg, by } => self.detected(&leg, by),
            Timer::SpeakerSilent { leg, until } => self.speaker_silent(&leg, until),
            Timer::Transcribed { transcript } => self.transcribed(&transcript),
            Timer::Caption {
                captions,
                inbound,
                text,
                certain,
            } => self.captioned(&captions, inbound, &text, certain),
        }
    }

    fn after(&mut self, span: chrono::TimeDelta, timer: Timer) {
        self.timers.set(self.now + span, timer);
    }

    fn leg(&self, sid: &str) -> Option<&Leg> {
        self.legs.get(sid)
    }

    /// A leg to be changed; its sound is looked at again afterwards.
    fn leg_mut(&mut self, sid: &str) -> Option<&mut Leg> {
        let leg = self.legs.get_mut(sid)?;
        self.touched.insert(sid.to_owned());
        Some(leg)
    }

    fn script_mut(&mut self, leg: &str, run: u64) -> Option<&mut Script> {
        self.leg_mut(leg)?.script_mut(run)
    }

    fn is_live(&self, sid: &str) -> bool {
        self.leg(sid).is_some_and(Leg::is_live)
    }

    fn add_leg(&mut self, leg: Leg) {
        let sid = leg.record.sid.clone();
        self.order.push_back(sid.clone());
        self.touched.insert(sid.clone());
        self.legs.insert(sid, leg);
        while self.order.len() > CALLS_KEPT
            && self
                .order
                .front()
                .is_some_and(|oldest| !self.is_live(oldest))
        {
            if let Some(oldest) = self.order.pop_front() {
                self.legs.remove(&oldest);
            }
        }
    }

    fn media(&mut self, command: MediaCommand) {
        self.out.push_back(Output::Media(command));
    }

    fn trace(&mut self, kind: &'static str, data: Value) {
        self.out.push_back(Output::Trace { kind, data });
    }

    /// What Twilio would put into its debugger.
    fn alert(&mut self, leg: &str, code: u32, text: &str) {
        self.note_alert(leg, code, text);
        let account = self.leg(leg).map(|leg| leg.record.account_sid.clone());
        self.trace("alert", json!({ "at": self.now, "account_sid": account, "call_sid": leg, "code": code, "text": text }));
    }
}
