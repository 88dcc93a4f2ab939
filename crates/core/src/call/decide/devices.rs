//! A waiting call rings at devices of other systems' front ends, which know of no offers: the customer's own leg dials them. The
//! first that is taken up has the call, decided before any sound; then both are led into the call's room, as after any accept.

use chrono::TimeDelta;

use super::Draft;
use crate::call::{
    Device, DeviceRing, Effect, EndedBy, LegReport, LegRole, LegStatus, LegTarget, Move, Offer,
    OfferState, Outcome, RungDevice, State, Step,
};
use crate::id::OfferId;
use crate::names;

/// The carrier rings so many at once.
const AT_ONCE: usize = 10;
/// What is heard before the devices ring; their offers live that much longer.
const BEFORE_THE_RING: TimeDelta = TimeDelta::seconds(20);
/// A device that was not there may be about to register.
const AGAIN_SOON: TimeDelta = TimeDelta::seconds(10);
/// The end of the `Dial` leads the customer into the room; should it not, the leg is sent there.
const CUSTOMER_FOLLOWS: TimeDelta = TimeDelta::seconds(4);

impl Draft {
    /// Can another device be rung. A `Dial` that runs cannot be added to.
    pub(super) fn may_ring_devices(&self) -> bool {
        let open = self.call.ring.devices.iter();
        let open = open.filter(|rung| self.is_open(rung)).count();
        !self.call.ring.dialled && open < AT_ONCE
    }

    /// The call is to ring at this device.
    pub(super) fn ring_at(&mut self, device: Device, offer: OfferId) {
        self.call.ring.devices.push(RungDevice {
            device,
            offer,
            label: String::new(),
        });
    }

    /// Is there a device that is to ring, and does not.
    pub(super) fn has_devices_to_ring(&self) -> bool {
        let rung = &self.call.ring;
        !rung.dialled && rung.devices.iter().any(|device| self.is_open(device))
    }

    fn is_open(&self, rung: &RungDevice) -> bool {
        self.is_offer_open(&rung.offer)
    }

    fn is_offer_open(&self, offer: &OfferId) -> bool {
        let open = |o: &Offer| o.id == *offer && o.state == OfferState::Offered;
        self.call.offers.iter().any(open)
    }

    /// A customer who waits in the carrier's queue leaves it, so that the leg can dial.
    pub(super) fn call_out_of_queue(&mut self) {
        let queued = matches!(self.call.state, State::Waiting { queued: true, .. });
        if queued && self.call.moving.is_none() && self.has_devices_to_ring() {
            self.move_customer(LegTarget::Next);
        }
    }

    /// The customer's leg dials the devices.
    pub(super) fn dial_devices(&mut self) {
        let mut devices = std::mem::take(&mut self.call.ring.devices);
        devices.retain(|rung| self.is_open(rung));
        for rung in &mut devices {
            rung.label = names::label(LegRole::Agent, self.next_turn());
        }
        let until = self.now + self.call.offer_life() + BEFORE_THE_RING;
        for offer in &mut self.call.offers {
            if devices.iter().any(|rung| rung.offer == offer.id) {
                offer.expires_at = until;
            }
        }
        self.say([Step::RingDevices {
            devices: devices.clone(),
            seconds: self.call.policy.offer_seconds.max(5),
        }]);
        self.call.ring.devices = devices;
        self.call.ring.dialled = true;
    }

    /// Is the customer's leg in a `Dial` to devices, as far as we know.
    pub(super) fn is_in_dial(&self) -> bool {
        let taken_up = (0..self.call.legs.len()).any(|index| {
            let leg = &self.call.legs[index];
            self.call.is_present_agents(leg) && self.is_from_ring(index)
        });
        self.call.ring.dialled || taken_up
    }

    /// Did the agent's leg come into being by a ring of the customer's.
    pub(super) fn is_from_ring(&self, index: usize) -> bool {
        let leg = &self.call.legs[index];
        let parent = leg.parent_sid.as_deref();
        leg.role == LegRole::Agent && parent.is_some() && parent == self.call.customer_sid()
    }

    /// A device was taken up: its agent has the call, unless somebody was quicker. It waits for its way into the room.
    pub(super) fn device_answers(&mut self, label: &str, sid: String) {
        if let Some(known) = self.find_sid(&sid) {
            let leg = &self.call.legs[known];
            let stays = leg.is_live() && !leg.released && leg.agent == self.call.agent;
            let step = if stays { Step::AwaitRoom } else { Step::HangUp };
            return self.say([step]);
        }
        let State::Waiting {
            since, returned, ..
        } = self.call.state
        else {
            return self.say([Step::HangUp]);
        };
        let mut known = self.call.ring.devices.iter();
        let known = known.find(|rung| rung.label == label);
        let Some(rung) = known.filter(|_| self.call.ring.dialled).cloned() else {
            return self.say([Step::HangUp]);
        };
        self.call.ring = DeviceRing::default();
        let agent = rung.device.agent.clone();
        self.call.ends_with_agent = true;
        self.claim(agent.clone(), &rung.offer, true);
        self.call.state = State::Connecting {
            agent: agent.clone(),
            since: self.now,
            waiting_since: since,
            returned,
            moved: true,
        };
        let label = names::label(LegRole::Agent, self.next_turn());
        let address = format!("client:{}", rung.device.identity);
        let index = self.add_leg(LegRole::Agent, LegStatus::InProgress, label, address);
        let parent_sid = self.call.customer_sid().map(str::to_owned);
        let leg = &mut self.call.legs[index];
        (leg.sid, leg.agent, leg.parent_sid) = (Some(sid.clone()), Some(agent), parent_sid);
        let turn = self.next_turn();
        let to = LegTarget::Room;
        self.effect(Effect::Redirect { sid, to, turn });
        self.call.moving = Some(Move {
            turn: self.next_turn(),
            to,
            retry_at: Some(self.now + CUSTOMER_FOLLOWS),
        });
        self.say([Step::AwaitRoom]);
    }

    /// The status of a device's leg that is no leg of the call yet.
    pub(super) fn device_reported(&mut self, report: &LegReport) {
        let rung = self
            .call
            .ring
            .devices
            .iter()
            .find(|rung| !rung.label.is_empty() && Some(&rung.label) == report.label.as_ref());
        let Some(rung) = rung.filter(|_| matches!(self.call.state, State::Waiting { .. })) else {
            return;
        };
        let (agent, offer, label) = (
            rung.device.agent.clone(),
            rung.offer.clone(),
            rung.label.clone(),
        );
        let theirs = |o: &Offer| o.id == offer && o.state == OfferState::Offered;
        match report.status {
            // Its own question, by which it is decided before any sound, may have been lost.
            LegStatus::InProgress => self.device_answers(&label, report.sid.clone()),
            LegStatus::Busy => {
                self.close_offers(theirs, OfferState::Declined, None);
                self.not_again(&offer, self.call.offer_life());
            }
            LegStatus::NoAnswer | LegStatus::Failed => {
                let absent = self.ended_early(&offer);
                self.close_offers(theirs, OfferState::Missed, None);
                if absent {
                    self.effect(Effect::DeviceAbsent { agent });
                }
            }
            _ => {}
        }
    }

    /// Did the ring end before its time: somebody said no, or was not there.
    fn ended_early(&self, offer: &OfferId) -> bool {
        let life = self.call.offer_life();
        let mut offers = self.call.offers.iter();
        offers.any(|o| o.id == *offer && self.now < o.offered_at + life)
    }

    /// The customer's `Dial` to devices ended: by our leading the two into the room, or since nobody took it up.
    pub(super) fn devices_rung(&mut self, sid: &str, talked: bool, seconds: Option<u32>) {
        if !self.is_customer(sid) {
            return self.say([Step::HangUp]);
        }
        let waits = matches!(self.call.state, State::Waiting { .. });
        let on_the_way = self
            .call
            .moving
            .as_ref()
            .is_some_and(|m| m.retry_at.is_none());
        let dialled = waits && std::mem::take(&mut self.call.ring.dialled);
        let rung = self.call.ring.devices.clone();
        if dialled && talked {
            return self.talked_unheard(&rung, seconds);
        }
        if dialled {
            self.nobody_took_it_up(&rung);
            self.lead_customer();
            return self.effect(Effect::FindAgents);
        }
        if on_the_way {
            return self.say([Step::AskNext]);
        }
        self.call.moving = None;
        self.lead_customer();
    }

    /// Whoever said no, or was not there, is not rung again at once; why it was so their legs may tell only now.
    fn nobody_took_it_up(&mut self, rung: &[RungDevice]) {
        for RungDevice { offer, .. } in rung {
            let open = |o: &Offer| o.id == *offer && o.state == OfferState::Offered;
            if !self.ended_early(offer) {
                self.close_offers(open, OfferState::Missed, None);
                continue;
            }
            if self.is_offer_open(offer) {
                self.close_offers(open, OfferState::Declined, None);
                self.not_again(offer, AGAIN_SOON);
            }
        }
    }

    /// A closed offer's agent is left in peace for so long, and then looked for again.
    fn not_again(&mut self, offer: &OfferId, pause: TimeDelta) {
        let again = self.now + pause;
        for o in self.call.offers.iter_mut().filter(|o| o.id == *offer) {
            o.expires_at = again;
        }
        if let State::Waiting { look_at, .. } = &mut self.call.state {
            *look_at = (*look_at).min(again);
        }
    }

    /// They talked, and neither the device's question nor its status reached us.
    fn talked_unheard(&mut self, rung: &[RungDevice], seconds: Option<u32>) {
        let talk = TimeDelta::seconds(seconds.unwrap_or(0).into());
        let at = (self.now - talk).max(self.call.started_at);
        self.call.answered_at.get_or_insert(at);
        if let [only] = rung {
            self.call.agent = Some(only.device.agent.clone());
        }
        self.say([Step::HangUp]);
        self.end(Outcome::Answered, EndedBy::Agent);
    }
}
