//! Calls to a client: all devices of the identity ring, one answers.

use serde_json::{Map, Value, json};

use super::{Call, Hub, Leg, Place, Ring, State, reconnect_token};
use crate::{
    seam::{ClientInput, ConnectionId, Sid},
    signalling::frames::{self, Payload},
};

impl Hub {
    /// Rings every device that is registered under the identity.
    pub(super) async fn ring(
        &mut self,
        sid: Sid,
        mut call: Call,
        parameters: &[(String, String)],
        custom: &[(String, String)],
    ) {
        let mut described: Map<String, Value> = parameters
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        if !custom.is_empty() {
            described.insert("Params".to_owned(), frames::custom(custom).into());
        }
        let mut rings = Vec::new();
        for connection in self.registered(&call.account, &call.identity) {
            let session = self.config.media.session();
            let Ok(sdp) = self.config.media.offer(session).await else {
                continue;
            };
            let reconnect = reconnect_token();
            let invite = json!({ "callsid": sid, "sdp": sdp, "parameters": described, "reconnect": reconnect });
            self.send(connection, frames::frame("invite", &invite));
            rings.push(Ring {
                place: Place::On(connection),
                session,
                reconnect,
            });
        }
        if rings.is_empty() {
            return self.tell(ClientInput::Refused { call: sid });
        }
        call.state = State::Ringing(rings);
        self.calls.insert(sid, call);
    }

    /// A device took the call: the first one has it.
    pub(super) async fn answered(&mut self, connection: ConnectionId, payload: Payload) {
        let call = payload.callsid;
        let Some(ring) = self.ring_of(connection, &call) else {
            // Another device was faster, or the caller gave up: a `cancel` does not end what was accepted meanwhile.
            if !self.has(connection, &call) {
                self.send(
                    connection,
                    frames::frame("hangup", &json!({ "callsid": call })),
                );
            }
            return;
        };
        let (session, reconnect) = (ring.session, reconnect_token());
        if let Err(error) = self.config.media.accept(session, payload.sdp).await {
            tracing::debug!(%error, "a device answered with a description that does not fit");
            self.refuse_media(connection, &call);
            return self.drop_ring(&call, session);
        }
        self.open(
            &call,
            Leg {
                place: Place::On(connection),
                session,
                reconnect: reconnect.clone(),
            },
        );
        let answer = json!({ "callsid": call, "reconnect": reconnect });
        self.send(connection, frames::frame("answer", &answer));
        self.tell(ClientInput::Answered { call, connection });
    }

    /// Whether the call's leg is on this connection.
    fn has(&self, connection: ConnectionId, call: &str) -> bool {
        match self.calls.get(call).map(|known| &known.state) {
            Some(State::Open(leg) | State::Placed { leg, .. }) => {
                leg.place == Place::On(connection)
            }
            Some(State::Ringing(_)) | None => false,
        }
    }

    /// The ring on this connection, or one of the same identity whose socket was lost meanwhile.
    fn ring_of(&self, connection: ConnectionId, call: &str) -> Option<&Ring> {
        let known = self.calls.get(call)?;
        let State::Ringing(rings) = &known.state else {
            return None;
        };
        let own = rings
            .iter()
            .find(|ring| ring.place == Place::On(connection));
        own.or_else(|| {
            let lost = rings
                .iter()
                .find(|ring| matches!(ring.place, Place::Lost { .. }));
            lost.filter(|_| self.is_of(connection, &known.account, &known.identity))
        })
    }

    /// The leg is this device's; all the others stop ringing.
    pub(super) fn open(&mut self, call: &Sid, leg: Leg) {
        let Some(known) = self.calls.get_mut(call) else {
            return;
        };
        self.config.media.bind(leg.session, call.clone());
        let taken = leg.place;
        let session = leg.session;
        if let State::Ringing(rings) = std::mem::replace(&mut known.state, State::Open(leg)) {
            for ring in rings.into_iter().filter(|ring| ring.session != session) {
                self.config.media.close(ring.session);
                if ring.place != taken {
                    self.cancel(call, ring.place);
                }
            }
        }
        self.watch(call, session);
    }

    pub(super) fn cancel(&self, call: &Sid, place: Place) {
        if let Place::On(connection) = place {
            self.send(
                connection,
                frames::frame("cancel", &json!({ "callsid": call })),
            );
        }
    }

    /// A device does not want the call.
    pub(super) fn rejected(&mut self, connection: ConnectionId, call: &Sid) {
        if let Some(session) = self.ring_of(connection, call).map(|ring| ring.session) {
            self.drop_ring(call, session);
        }
    }

    /// One device less rings; with the last one the call is refused.
    pub(super) fn drop_ring(&mut self, call: &Sid, session: u64) {
        let Some(Call {
            state: State::Ringing(rings),
            ..
        }) = self.calls.get_mut(call)
        else {
            return;
        };
        rings.retain(|ring| ring.session != session);
        self.config.media.close(session);
        if rings.is_empty() {
            self.calls.remove(call);
            self.tell(ClientInput::Refused { call: call.clone() });
        }
    }

    pub(super) fn refuse_media(&self, connection: ConnectionId, call: &str) {
        let error = json!({ "code": 31400, "message": "the session description does not fit" });
        self.send(
            connection,
            frames::frame("hangup", &json!({ "callsid": call, "error": error })),
        );
    }
}
