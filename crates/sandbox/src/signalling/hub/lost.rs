//! Legs whose socket is gone: they wait, are taken up again with their token, or end.

use std::time::Duration;

use serde_json::json;

use super::{Call, Hub, Leg, Mail, Place, Ring, State, reconnect_token};
use crate::{
    media::SessionId,
    seam::{ClientInput, ConnectionId, Sid},
    signalling::frames::{self, Payload},
};

/// Sound younger than this means that the client is still there.
const ALIVE: Duration = Duration::from_millis(1500);
const CHECK: Duration = Duration::from_secs(1);
/// A leg that sends no sound for so long ends, as at Twilio.
const NO_SOUND: Duration = Duration::from_mins(1);
/// A leg without signalling ends after a minute, even with sound.
const MOST_CHECKS: u32 = 60;

impl Call {
    /// Every place where the call has a device.
    fn places(&mut self) -> Vec<&mut Place> {
        match &mut self.state {
            State::Ringing(rings) => rings.iter_mut().map(|ring| &mut ring.place).collect(),
            State::Placed { leg, .. } | State::Open(leg) => vec![&mut leg.place],
        }
    }
}

impl Hub {
    /// The legs of a lost connection begin to wait.
    pub(super) fn lose(&mut self, connection: ConnectionId, grace: Duration) {
        let mut lost = Vec::new();
        for (sid, call) in &mut self.calls {
            for place in call.places() {
                if *place == Place::On(connection) {
                    self.turn += 1;
                    *place = Place::Lost {
                        turn: self.turn,
                        checks: 0,
                    };
                    lost.push((sid.clone(), self.turn));
                }
            }
        }
        for (call, turn) in lost {
            self.later(grace, Mail::Grace { call, turn });
        }
        for asked in self.asked.get_mut(&connection).into_iter().flatten() {
            asked.given_up = true;
        }
    }

    /// Breaks the sockets of a call's client without a word, or all of them.
    pub(super) fn drop_sockets(&mut self, call: Option<&Sid>) {
        let mut broken: Vec<ConnectionId> = match call {
            None => self.connections.keys().copied().collect(),
            Some(call) => {
                let call = self.calls.get_mut(call);
                let places = call.map(Call::places).unwrap_or_default();
                let on = |place: &mut Place| match place {
                    Place::On(connection) => Some(*connection),
                    Place::Lost { .. } => None,
                };
                places.into_iter().filter_map(on).collect()
            }
        };
        broken.sort_unstable();
        for connection in broken {
            self.closed(connection);
        }
    }

    /// The grace time of a leg is over: it ends, unless it was taken up again or its sound still comes.
    pub(super) async fn grace_over(&mut self, call: Sid, over: u64) {
        let Some(known) = self.calls.get_mut(&call) else {
            return;
        };
        let is_due = |place: &Place| matches!(place, Place::Lost { turn, .. } if *turn == over);
        if let State::Ringing(rings) = &known.state {
            if let Some(session) = rings
                .iter()
                .find(|ring| is_due(&ring.place))
                .map(|ring| ring.session)
            {
                self.drop_ring(&call, session);
            }
            return;
        }
        let (State::Placed { leg, .. } | State::Open(leg)) = &mut known.state else {
            return;
        };
        let Place::Lost { turn, checks } = &mut leg.place else {
            return;
        };
        if *turn != over {
            return;
        }
        *checks += 1;
        let (session, checks) = (leg.session, *checks);
        let heard = self.config.media.heard(session).await;
        if checks <= MOST_CHECKS && heard.is_some_and(|ago| ago < ALIVE) {
            return self.later(CHECK, Mail::Grace { call, turn: over });
        }
        self.config.media.close(session);
        self.calls.remove(&call);
        self.tell(ClientInput::HungUp { call });
    }

    /// Watches a leg from its answer on.
    pub(super) fn watch(&self, call: &Sid, session: SessionId) {
        let pulse = Mail::Pulse {
            call: call.clone(),
            session,
        };
        self.later(NO_SOUND, pulse);
    }

    /// A leg whose device sends nothing any more is over, whatever its socket says.
    pub(super) async fn pulse(&mut self, call: Sid, session: SessionId) {
        let open = matches!(
            self.calls.get(&call).map(|known| &known.state),
            Some(State::Open(leg)) if leg.session == session
        );
        if !open {
            return;
        }
        let silent = self.config.media.heard(session).await.unwrap_or(NO_SOUND);
        if silent < NO_SOUND {
            return self.later(
                NO_SOUND.saturating_sub(silent),
                Mail::Pulse { call, session },
            );
        }
        self.end(&call, None);
        self.tell(ClientInput::Silent { call });
    }

    /// An `invite` with a reconnect token: the same leg on a new socket, or a ringing one that another device takes.
    pub(super) async fn take_up(
        &mut self,
        connection: ConnectionId,
        payload: Payload,
        token: &str,
    ) {
        let call = payload.callsid;
        let mine = self
            .calls
            .get(&call)
            .is_some_and(|known| self.is_of(connection, &known.account, &known.identity));
        let Some(known) = self.calls.get_mut(&call).filter(|_| mine) else {
            return self.refuse_token(connection, &call);
        };
        match &mut known.state {
            State::Open(leg) | State::Placed { leg, .. } if leg.reconnect == token => {
                leg.place = Place::On(connection);
                leg.reconnect = reconnect_token();
                // Media goes on untouched: no description.
                let answer = json!({ "callsid": call, "reconnect": leg.reconnect });
                self.send(connection, frames::frame("answer", &answer));
            }
            State::Ringing(rings) if rings.iter().any(|ring| ring.reconnect == token) => {
                self.forward(connection, call, token, payload.sdp).await;
            }
            State::Open(_) | State::Placed { .. } | State::Ringing(_) => {
                self.refuse_token(connection, &call);
            }
        }
    }

    /// A device was handed a ringing call by another one (`connectToken`), and takes it with an offer of its own.
    async fn forward(&mut self, connection: ConnectionId, call: Sid, token: &str, offer: String) {
        // The same device on a new socket, whose call still rings: its ring moves over.
        if offer.is_empty() {
            if let Some(ring) = self.ring_by(&call, token) {
                ring.place = Place::On(connection);
            }
            return;
        }
        let session = self.config.media.session();
        let Ok(answer) = self.config.media.answer(session, offer).await else {
            return self.refuse_media(connection, &call);
        };
        let reconnect = reconnect_token();
        self.open(
            &call,
            Leg {
                place: Place::On(connection),
                session,
                reconnect: reconnect.clone(),
            },
        );
        let answer = json!({ "callsid": call, "sdp": answer, "reconnect": reconnect });
        self.send(connection, frames::frame("answer", &answer));
        self.tell(ClientInput::Answered { call, connection });
    }

    fn ring_by(&mut self, call: &str, token: &str) -> Option<&mut Ring> {
        match &mut self.calls.get_mut(call)?.state {
            State::Ringing(rings) => rings.iter_mut().find(|ring| ring.reconnect == token),
            State::Placed { .. } | State::Open(_) => None,
        }
    }

    fn refuse_token(&self, connection: ConnectionId, call: &str) {
        let error = json!({ "code": 31209, "message": "the reconnect token is not valid" });
        self.send(
            connection,
            frames::frame("hangup", &json!({ "callsid": call, "error": error })),
        );
    }
}
