//! The sans-IO engine: it takes inputs with the time, and gives outputs; it decides everything that Twilio decides.
//!
//! The driver calls `handle(now, Input)`, `poll() -> Option<Output>` and `next_wake() -> Option<Time>`. The REST face and the
//! control API call plain methods under the driver's lock (`account: &str` is the caller's AC sid throughout):
//! ```text
//! accounts()  account(sid)  owner_of(e164)  create_key/update_key/delete_key  create_number/update_number/delete_number
//! create_application/update_application/delete_application            (numbers, keys, applications are maps of Account)
//! create_call(now, account, CreateCall) -> Result<CallRecord, RestError>
//! update_call(now, account, sid, UpdateCall) -> Result<CallRecord, RestError>     delete_call(account, sid) -> Result<(), _>
//! call(account, sid) -> Option<&CallRecord>          calls(account, &CallFilter) -> Vec<&CallRecord>, newest first
//! conference(account, sid) -> Option<&ConferenceRecord>     conferences(account) -> Vec<&ConferenceRecord>, newest first
//! update_conference(now, account, sid, UpdateConference) -> Result<ConferenceRecord, RestError>
//! participant(account, conference, call_or_label) -> Option<ParticipantRecord>     participants(account, conference) -> Vec<_>
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
//! truth(call) -> Option<CallTruth>     truths() -> Vec<CallTruth>, of all accounts, newest first
//! ```

pub mod account;
pub mod error;
pub mod ids;
pub mod phone;
pub mod records;
pub mod requests;

use std::collections::{BTreeMap, VecDeque};

use crate::seam::{Output, Sid};
use account::Account;
use ids::Ids;

/// What may differ from one sandbox to the next.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Seeds SIDs and secrets.
    pub seed: u64,
    /// Where the REST face answers, without a slash at the end: recordings' addresses begin with it.
    pub base_url: String,
    /// Seconds from a call's end until its price is known.
    pub price_delay: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            base_url: "http://localhost:8081".into(),
            price_delay: 10,
        }
    }
}

/// The look-alike's mind.
#[derive(Debug)]
pub struct Engine {
    settings: Settings,
    ids: Ids,
    accounts: BTreeMap<Sid, Account>,
    out: VecDeque<Output>,
}

impl Engine {
    /// An engine without accounts.
    pub fn new(settings: Settings) -> Self {
        Self {
            ids: Ids::seeded(settings.seed),
            settings,
            accounts: BTreeMap::new(),
            out: VecDeque::new(),
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is to be done next, in order.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }
}
