//! Calls that come in: to an owned number, or from a Voice SDK client to an application.

use super::Engine;
use super::account::VoiceHooks;
use super::error::RestError;
use super::hooks::param;
use super::leg::{Far, Leg, Phone};
use super::records::{CallRecord, CallStatus, Direction};
use super::requests::{PhoneDial, TwimlFrom};
use crate::seam::{ClientInput, ClientOutput, Output, Sid};

/// Where an inbound call came to.
pub(super) struct Door {
    account: Sid,
    number: Option<Sid>,
    application: Option<Sid>,
    hooks: VoiceHooks,
}

impl Engine {
    /// The door of an owned number; `None` where nobody is asked for TwiML.
    pub(super) fn door_of(&self, number: &str) -> Option<Door> {
        let number = self.answering(number)?;
        // A trunk takes its calls elsewhere, and a fax hears no words.
        if !number.trunk_sid.is_empty() || number.receives_fax {
            return None;
        }
        let account = self.account(&number.account_sid)?;
        let application = account.applications.get(&number.voice_application_sid);
        let hooks = application.map_or(&number.hooks, |application| &application.hooks);
        (!hooks.voice_url.is_empty()).then(|| Door {
            account: account.sid.clone(),
            number: Some(number.sid.clone()),
            application: application.map(|application| application.sid.clone()),
            hooks: hooks.clone(),
        })
    }

    pub(super) fn new_record(
        &mut self,
        account: Sid,
        from: &str,
        to: &str,
        direction: Direction,
    ) -> CallRecord {
        CallRecord {
            sid: self.ids.sid("CA"),
            account_sid: account,
            parent_call_sid: None,
            to: to.to_owned(),
            from: from.to_owned(),
            phone_number_sid: None,
            application_sid: None,
            status: CallStatus::Queued,
            direction,
            date_created: self.now,
            date_updated: self.now,
            start_time: None,
            end_time: None,
            price: None,
            queue_time: 0,
            call_token: None,
            answered_by: None,
        }
    }

    /// A call comes in at a door: it rings there, and the voice URL is asked.
    pub(super) fn arrive(
        &mut self,
        door: Door,
        from: &str,
        to: &str,
        far: Far,
        fields: Vec<(String, String)>,
    ) -> Sid {
        let mut record = self.new_record(door.account, from, to, Direction::Inbound);
        let sid = record.sid.clone();
        record.phone_number_sid = door.number;
        record.application_sid = door.application;
        if !matches!(far, Far::Client { .. }) {
            record.call_token = Some(self.ids.secret());
        }
        let stir = self.attestation(&record, &far);
        let mut leg = Leg::new(record, far);
        leg.stir = stir;
        let hooks = door.hooks;
        leg.first_fields = fields;
        leg.notice = self.is_trial(&leg.record.account_sid);
        leg.fallback = address(hooks.voice_fallback_url, hooks.voice_fallback_method);
        leg.end_callback = address(hooks.status_callback, hooks.status_callback_method);
        self.add_leg(leg);
        self.set_status(&sid, CallStatus::Ringing);
        let run = self.new_main(&sid);
        self.fetch(&sid, run, &hooks.voice_url, &hooks.voice_method, Vec::new());
        sid
    }

    /// A phone outside dials a number.
    pub fn phone_dial(
        &mut self,
        now: crate::seam::Time,
        dial: PhoneDial,
    ) -> Result<CallRecord, RestError> {
        self.at(now);
        let door = self
            .door_of(&dial.to)
            .ok_or_else(|| RestError::not_found(&dial.to))?;
        let far = Far::Phone(Phone::new(dial.behaviour));
        let sid = self.arrive(door, &dial.from, &dial.to, far, Vec::new());
        self.settle();
        self.leg(&sid)
            .map(|leg| leg.record.clone())
            .ok_or_else(|| RestError::not_found(&sid))
    }

    pub(super) fn client(&mut self, input: ClientInput) {
        match input {
            ClientInput::Registered {
                connection,
                account,
                identity,
            } => {
                self.devices.insert(connection, (account, identity));
            }
            ClientInput::Unregistered { connection } => {
                self.devices.remove(&connection);
            }
            ClientInput::Invite {
                connection,
                account,
                identity,
                application,
                params,
            } => {
                self.client_dials(connection, &account, identity, &application, params);
            }
            ClientInput::Answered { call, .. } => {
                self.far_answers(&call);
                self.endanger_socket(&call);
            }
            ClientInput::Refused { call } => self.client_refused(&call),
            ClientInput::HungUp { call } => self.far_hangs_up(&call),
            ClientInput::Silent { call } => {
                self.alert(&call, 32014, "no sound arrived for 60 seconds");
                self.far_hangs_up(&call);
            }
            ClientInput::Message {
                call,
                sid,
                content,
                content_type,
            } => self.message_came(&call, &sid, &content, &content_type),
            ClientInput::Digits { call, digits } => self.keys_from_outside(&call, &digits, true),
        }
    }

    fn client_dials(
        &mut self,
        connection: u64,
        account: &str,
        identity: String,
        application: &str,
        params: Vec<(String, String)>,
    ) {
        let found = self
            .account(account)
            .and_then(|account| account.applications.get(application));
        let Some(found) = found.filter(|application| !application.hooks.voice_url.is_empty())
        else {
            let message = format!("{application} is not an application with a voice URL");
            self.out
                .push_back(Output::Client(ClientOutput::InviteRefused {
                    connection,
                    code: 31001,
                    message,
                }));
            return;
        };
        let door = Door {
            account: account.to_owned(),
            number: None,
            application: Some(found.sid.clone()),
            hooks: found.hooks.clone(),
        };
        let to = params
            .iter()
            .find(|(name, _)| name == "To")
            .map_or_else(String::new, |(_, to)| to.clone());
        // The carrier's own fields win over a client's of the same name.
        let own = [
            "CallSid",
            "AccountSid",
            "From",
            "Caller",
            "Called",
            "To",
            "CallStatus",
            "ApiVersion",
            "Direction",
            "ApplicationSid",
        ];
        let fields = params
            .into_iter()
            .filter(|(name, _)| !own.contains(&name.as_str()))
            .collect();
        let from = format!("client:{identity}");
        let sid = self.arrive(door, &from, &to, Far::Client { identity }, fields);
        let created = ClientOutput::Created {
            connection,
            call: sid,
        };
        // The signalling has to know the call before anything else is said about it.
        self.out.push_front(Output::Client(created));
    }

    /// Is any of the identity's devices one whose connection has this number or a higher one.
    pub(crate) fn has_device_from(&self, account: &str, identity: &str, least: u64) -> bool {
        self.devices.iter().any(|(connection, (owner, name))| {
            *connection >= least && owner == account && name == identity
        })
    }

    /// Registered devices of an identity.
    pub(super) fn has_device(&self, account: &str, identity: &str) -> bool {
        self.devices
            .values()
            .any(|(owner, name)| owner == account && name == identity)
    }

    /// Runs TwiML on a leg from its beginning.
    pub(super) fn begin(&mut self, leg: &str, run: u64, from: TwimlFrom) {
        match from {
            TwimlFrom::Url(fetch) => {
                if let Some(leg) = self.leg_mut(leg) {
                    leg.fallback = address(fetch.fallback_url, fetch.fallback_method);
                }
                self.fetch(leg, run, &fetch.url, &fetch.method, Vec::new());
            }
            TwimlFrom::Inline(twiml) => self.inline_document(leg, run, &twiml),
            TwimlFrom::Application(sid) => self.begin_application(leg, run, &sid),
        }
    }

    fn begin_application(&mut self, leg: &str, run: u64, sid: &str) {
        let account = self
            .leg(leg)
            .and_then(|leg| self.account(&leg.record.account_sid));
        let Some(hooks) = account
            .and_then(|a| a.applications.get(sid))
            .map(|a| a.hooks.clone())
        else {
            self.alert(leg, 21218, &format!("{sid} is gone"));
            self.document_failed(leg, run);
            return;
        };
        if let Some(leg) = self.leg_mut(leg) {
            leg.fallback = address(hooks.voice_fallback_url, hooks.voice_fallback_method);
            leg.first_fields = vec![param("ApplicationSid", sid)];
        }
        self.fetch(leg, run, &hooks.voice_url, &hooks.voice_method, Vec::new());
    }
}

/// An address with its method, unless it is empty.
pub(super) fn address(url: String, method: String) -> Option<(String, String)> {
    (!url.is_empty()).then_some((url, method))
}
