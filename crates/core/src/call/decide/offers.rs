//! Offers: a waiting call on agents' screens. Exactly one agent gets it.

use chrono::TimeDelta;

use super::{Draft, Refusal, Taken};
use crate::call::{Device, Effect, LegTarget, LiveEvent, Offer, OfferState, Ring, State};
use crate::id::{OfferId, UserId};

impl Draft {
    /// These agents are available now: the call goes onto their screens as the queue rings.
    pub(super) fn agents_free(&mut self, agents: Vec<UserId>, devices: &[Device]) {
        let State::Waiting { .. } = self.call.state else {
            return;
        };
        let by_device = |agent: &UserId| devices.iter().find(|device| device.agent == *agent);
        let mut rung: Vec<UserId> = agents
            .into_iter()
            .filter(|agent| self.may_be_offered(agent))
            .filter(|agent| by_device(agent).is_none() || self.may_ring_devices())
            .collect();
        if self.call.policy.ring == Ring::LongestIdle {
            if self.call.is_offered() {
                return;
            }
            rung.sort_by_key(|agent| {
                self.call
                    .offers
                    .iter()
                    .filter(|o| o.agent == *agent)
                    .count()
            });
            rung.truncate(1);
        }
        for agent in rung {
            match by_device(&agent).cloned() {
                Some(device) if self.may_ring_devices() => {
                    let offer = self.offer(agent);
                    self.ring_at(device, offer);
                }
                Some(_) => {}
                None => {
                    self.offer(agent);
                }
            }
        }
        self.call_out_of_queue();
    }

    /// Not while it is on their screen, nor for as long as the offer that they declined would have lived.
    fn may_be_offered(&self, agent: &UserId) -> bool {
        !self.call.offers.iter().any(|o| {
            let declined = o.state == OfferState::Declined && o.expires_at > self.now;
            o.agent == *agent && (o.state == OfferState::Offered || declined)
        })
    }

    fn offer(&mut self, agent: UserId) -> OfferId {
        let id = self.open_offer(agent.clone());
        let offer = id.clone();
        self.live(LiveEvent::IncomingCall { offer, agent });
        id
    }

    /// An offer that no page is told of.
    fn open_offer(&mut self, agent: UserId) -> OfferId {
        let id = OfferId::nth(&self.call.id, self.call.offers.len() + 1);
        self.call.offers.push(Offer {
            id: id.clone(),
            agent,
            offered_at: self.now,
            expires_at: self.now + self.call.offer_life(),
            state: OfferState::Offered,
            closed_at: None,
        });
        id
    }

    /// The agent's newest offer in one of these states.
    fn offer_of(&self, agent: &UserId, states: &[OfferState]) -> Option<OfferId> {
        let theirs = |o: &&Offer| o.agent == *agent && states.contains(&o.state);
        self.call
            .offers
            .iter()
            .rev()
            .find(theirs)
            .map(|o| o.id.clone())
    }

    /// An agent takes a waiting call that another system's front end showed, whether or not it was offered to this agent.
    pub(super) fn take_unasked(&mut self, agent: UserId) -> Taken {
        let known = self.offer_of(&agent, &[OfferState::Offered, OfferState::Accepted]);
        match self.call.state {
            State::Waiting { .. } => {
                self.call.ends_with_agent = true;
                let offer = known.unwrap_or_else(|| self.open_offer(agent.clone()));
                self.accept(agent, &offer)
            }
            _ => match known {
                Some(offer) => self.accept(agent, &offer),
                None => Err(self.too_late()),
            },
        }
    }

    /// An agent does not want a waiting call, whether or not it was offered to this agent; nobody else hears of it.
    pub(super) fn turn_down(&mut self, agent: UserId) -> Taken {
        if let Some(offer) = self.offer_of(&agent, &[OfferState::Offered]) {
            return self.decline(&agent, &offer);
        }
        if matches!(self.call.state, State::Waiting { .. }) && self.may_be_offered(&agent) {
            let id = self.open_offer(agent);
            for offer in self.call.offers.iter_mut().filter(|o| o.id == id) {
                (offer.state, offer.closed_at) = (OfferState::Declined, Some(self.now));
            }
        }
        Ok(())
    }

    /// Why a call cannot be taken any more.
    fn too_late(&self) -> Refusal {
        match self.call.state {
            State::Ended { .. } | State::Forwarding { .. } | State::Voicemail { .. } => Refusal {
                code: "caller_gone",
                by: None,
            },
            _ => Refusal {
                code: "already_claimed",
                by: self.call.agent.clone(),
            },
        }
    }

    /// An agent takes the call: the first one does.
    pub(super) fn accept(&mut self, agent: UserId, offer: &OfferId) -> Taken {
        let Some(found) = self
            .call
            .offers
            .iter()
            .find(|o| o.id == *offer && o.agent == agent)
        else {
            return Err(Refusal {
                code: "not_found",
                by: None,
            });
        };
        let won = found.state == OfferState::Accepted;
        let declined = found.state == OfferState::Declined;
        match self.call.state {
            State::Waiting {
                since,
                queued,
                returned,
                ..
            } => {
                if declined {
                    return Err(Refusal {
                        code: "offer_closed",
                        by: None,
                    });
                }
                let away = queued || self.call.ring.dialled;
                self.claim(agent, offer, away);
                self.call.state = State::Connecting {
                    agent: self.call.agent.clone().expect("claim has set it"),
                    since: self.now,
                    waiting_since: since,
                    returned,
                    moved: away,
                };
                if away {
                    self.move_customer(LegTarget::Room);
                }
                Ok(())
            }
            _ if won => Ok(()),
            _ => Err(self.too_late()),
        }
    }

    /// The agent who has the call now is not recorded: it is not begun. What runs already goes on, since the caller was told.
    pub(super) fn unrecorded(&mut self, agent: &UserId) {
        if self.call.agent.as_ref() == Some(agent) && !self.call.recording.requested {
            self.call.policy.record = false;
        }
    }

    pub(super) fn claim(&mut self, agent: UserId, offer: &OfferId, away: bool) {
        self.call.visit = self.call.turn;
        if away {
            self.call.moving = None;
        }
        let now = self.now;
        for o in self.call.offers.iter_mut().filter(|o| o.id == *offer) {
            o.state = OfferState::Accepted;
            o.closed_at = Some(now);
        }
        let event = LiveEvent::OfferClosed {
            offer: offer.clone(),
            agent: agent.clone(),
            reason: "accepted".to_owned(),
            by: Some(agent.clone()),
        };
        self.live(event);
        self.close_offers(
            |o| o.state == OfferState::Offered,
            OfferState::Withdrawn,
            Some(&agent),
        );
        if !self.call.ends_with_agent {
            self.live(LiveEvent::Join {
                agent: agent.clone(),
            });
        }
        self.call.agent = Some(agent);
    }

    /// Not this agent; the others keep it on their screens.
    pub(super) fn decline(&mut self, agent: &UserId, offer: &OfferId) -> Taken {
        let Some(found) = self
            .call
            .offers
            .iter()
            .find(|o| o.id == *offer && o.agent == *agent)
        else {
            return Err(Refusal {
                code: "not_found",
                by: None,
            });
        };
        match found.state {
            OfferState::Offered => {}
            OfferState::Accepted => {
                return Err(Refusal {
                    code: "already_claimed",
                    by: Some(agent.clone()),
                });
            }
            OfferState::Declined | OfferState::Missed | OfferState::Withdrawn => return Ok(()),
        }
        self.close_offers(|o| o.id == *offer, OfferState::Declined, None);
        if !self.call.is_offered() {
            self.effect(Effect::FindAgents);
        }
        Ok(())
    }

    /// Offers that nobody accepted in time are missed; whoever is available then gets the call again.
    pub(super) fn look_for_agents(&mut self) {
        let now = self.now;
        let due = |o: &Offer| o.state == OfferState::Offered && o.expires_at <= now;
        let missed = self.call.offers.iter().any(due);
        self.close_offers(due, OfferState::Missed, None);
        // Whoever is left in peace for a while is looked for again when that while is over.
        let declined = self
            .call
            .offers
            .iter()
            .filter(|o| o.state == OfferState::Declined);
        let paused = declined.map(|o| o.expires_at).filter(|at| *at > now).min();
        let life: TimeDelta = self.call.offer_life();
        let State::Waiting { look_at, .. } = &mut self.call.state else {
            return;
        };
        if missed || *look_at <= now {
            *look_at = paused.map_or(now + life, |at| at.min(now + life));
            self.effect(Effect::FindAgents);
        }
    }

    pub(super) fn close_offers(
        &mut self,
        which: impl Fn(&Offer) -> bool,
        state: OfferState,
        by: Option<&UserId>,
    ) {
        let reason = match (state, by) {
            (_, Some(_)) => "accepted",
            (OfferState::Declined, _) => "declined",
            (OfferState::Missed, _) => "missed",
            _ => "withdrawn",
        };
        let mut closed = Vec::new();
        for offer in self.call.offers.iter_mut().filter(|o| which(o)) {
            offer.state = state;
            offer.closed_at = Some(self.now);
            closed.push((offer.id.clone(), offer.agent.clone()));
        }
        for (offer, agent) in closed {
            self.live(LiveEvent::OfferClosed {
                offer,
                agent,
                reason: reason.to_owned(),
                by: by.cloned(),
            });
        }
    }
}
