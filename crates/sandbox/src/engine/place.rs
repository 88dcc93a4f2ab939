//! Calls that go out: a leg is sent to its far end, which rings, answers, or does not.

use super::Engine;
use super::leg::{Far, Leg, Phone, Role};
use super::phone::Behaviour;
use super::records::{CallStatus, Direction};
use super::timers::{Timer, millis};
use crate::seam::{ClientOutput, Output, Sid};

impl Engine {
    /// Sends a leg that exists on its way.
    pub(super) fn place(&mut self, sid: &str) {
        let Some(leg) = self.leg(sid) else { return };
        let (to, timeout) = (leg.record.to.clone(), leg.timeout);
        let own = leg.record.account_sid.clone();
        self.set_status(sid, CallStatus::Initiated);
        self.after(
            chrono::TimeDelta::seconds(timeout),
            Timer::RingTimeout {
                leg: sid.to_owned(),
            },
        );
        if let Some(address) = to.strip_prefix("client:") {
            self.place_to_client(sid, own, address);
        } else if let Some(door) = self.door_of(&to) {
            let from = self
                .leg(sid)
                .map(|leg| leg.record.from.clone())
                .unwrap_or_default();
            let inbound = self.arrive(door, &from, &to, Far::Peer(sid.to_owned()), Vec::new());
            if let Some(leg) = self.leg_mut(sid) {
                leg.far = Far::Peer(inbound);
            }
            self.far_rings(sid);
        } else if let Some((account, identity)) = self.held(&to) {
            self.place_to_client(sid, account, &identity);
        } else {
            let behaviour =
                self.behaviours
                    .get(&to)
                    .cloned()
                    .unwrap_or_else(|| match self.owner_of(&to) {
                        Some(own) if !own.trunk_sid.is_empty() || own.receives_fax => {
                            Behaviour::Unreachable
                        }
                        _ => Behaviour::usual(&to),
                    });
            if let Some(leg) = self.leg_mut(sid) {
                leg.far = Far::Phone(Phone::new(behaviour));
            }
            self.phone_begins(sid);
        }
    }

    fn place_to_client(&mut self, sid: &str, account: Sid, address: &str) {
        let (identity, query) = address.split_once('?').unwrap_or((address, ""));
        let stir = self.attested(sid);
        let Some(leg) = self.leg_mut(sid) else { return };
        leg.custom
            .extend(url::form_urlencoded::parse(query.as_bytes()).into_owned());
        leg.far = Far::Client {
            identity: identity.to_owned(),
        };
        let custom = leg.custom.clone();
        let mut parameters = vec![
            ("CallSid".to_owned(), sid.to_owned()),
            (
                "AccountSid".to_owned(),
                super::regions::plain(&account).to_owned(),
            ),
            ("From".to_owned(), leg.record.from.clone()),
            ("To".to_owned(), format!("client:{identity}")),
            ("ApiVersion".to_owned(), "2010-04-01".to_owned()),
            ("Direction".to_owned(), "inbound".to_owned()),
        ];
        parameters.extend(stir.map(|stir| ("StirStatus".to_owned(), stir)));
        let identity = identity.to_owned();
        if !is_identity(&identity) || !self.has_device(&account, &identity) {
            self.end(sid, CallStatus::NoAnswer, true);
            return;
        }
        let call = sid.to_owned();
        self.out.push_back(Output::Client(ClientOutput::Invite {
            call,
            account,
            identity,
            parameters,
            custom,
        }));
        self.far_rings(sid);
    }

    /// All devices said no, or none was there.
    pub(super) fn client_refused(&mut self, sid: &str) {
        let Some(leg) = self
            .leg(sid)
            .filter(|leg| leg.is_live() && !leg.is_answered())
        else {
            return;
        };
        let known = matches!(&leg.far, Far::Client { identity } if self.has_device(&leg.record.account_sid, identity))
            || self.held(&leg.record.to).is_some();
        self.end(
            sid,
            if known {
                CallStatus::Busy
            } else {
                CallStatus::NoAnswer
            },
            true,
        );
    }

    /// The other end rings.
    pub(super) fn far_rings(&mut self, sid: &str) {
        let waits = self
            .leg(sid)
            .is_some_and(|leg| leg.record.status == CallStatus::Initiated);
        if !waits {
            return;
        }
        self.set_status(sid, CallStatus::Ringing);
        match self.leg(sid).map(|leg| leg.role.clone()) {
            Some(Role::Child { parent, .. }) => self.child_rings(&parent),
            Some(Role::Participant { conference }) => self.participant_rings(&conference, sid),
            _ => {}
        }
    }

    /// The other end of a leg that we called answered.
    pub(super) fn far_answers(&mut self, sid: &str) {
        let Some(leg) = self
            .leg(sid)
            .filter(|leg| leg.is_live() && !leg.is_answered())
        else {
            return;
        };
        if leg.record.direction == Direction::Inbound {
            return;
        }
        if leg.record.status == CallStatus::Initiated {
            self.far_rings(sid);
        }
        self.set_status(sid, CallStatus::InProgress);
        self.limit_time(sid);
        self.record_on_answer(sid);
        let Some(leg) = self.leg_mut(sid) else { return };
        let (digits, role) = (std::mem::take(&mut leg.send_digits), leg.role.clone());
        if !digits.is_empty() {
            self.keys_to_outside(sid, &digits);
        }
        self.phone_is_connected(sid);
        let waits = self.begin_detection(sid);
        match role {
            Role::Own if waits => {}
            Role::Own => self.run_begin(sid),
            Role::Child { parent, whisper } => self.child_answers(&parent, sid, whisper),
            Role::Participant { conference } => self.participant_answers(&conference, sid),
        }
    }

    pub(super) fn run_begin(&mut self, sid: &str) {
        let Some(begin) = self.leg_mut(sid).and_then(|leg| leg.begin.take()) else {
            return;
        };
        let run = self.new_main(sid);
        self.begin(sid, run, begin);
    }

    pub(super) fn limit_time(&mut self, sid: &str) {
        self.limit_trial(sid);
        let Some(limit) = self.leg(sid).map(|leg| leg.time_limit) else {
            return;
        };
        self.after(
            chrono::TimeDelta::seconds(limit),
            Timer::TimeLimit {
                leg: sid.to_owned(),
            },
        );
    }

    pub(super) fn rang_long_enough(&mut self, sid: &str) {
        if self
            .leg(sid)
            .is_some_and(|leg| leg.is_live() && !leg.is_answered())
        {
            self.end(sid, CallStatus::NoAnswer, false);
        }
    }

    pub(super) fn lasted_long_enough(&mut self, sid: &str) {
        let Some((start, limit)) = self
            .leg(sid)
            .and_then(|leg| Some((leg.record.start_time?, leg.time_limit)))
        else {
            return;
        };
        if self.now - start >= chrono::TimeDelta::seconds(limit) && self.is_live(sid) {
            let (code, text) = self.cut_code(sid);
            self.alert(sid, code, text);
            self.end(sid, CallStatus::Completed, false);
        }
    }

    /// The far end hung up.
    pub(super) fn far_hangs_up(&mut self, sid: &str) {
        let Some(leg) = self.leg(sid).filter(|leg| leg.is_live()) else {
            return;
        };
        let status = if leg.is_answered() {
            CallStatus::Completed
        } else {
            CallStatus::NoAnswer
        };
        self.end(sid, status, true);
    }

    /// A phone leg's first step.
    fn phone_begins(&mut self, sid: &str) {
        let serial = self
            .leg_mut(sid)
            .and_then(Leg::phone_mut)
            .map_or(0, |phone| phone.serial);
        self.after(
            millis(300),
            Timer::Phone {
                leg: sid.to_owned(),
                serial,
            },
        );
    }
}

/// Whether Twilio lets an identity be called.
pub(super) fn is_identity(identity: &str) -> bool {
    (1..=121).contains(&identity.len())
        && identity
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
