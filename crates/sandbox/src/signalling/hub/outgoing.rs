//! Calls that a client makes, from `invite` to `answer`.

use serde_json::json;

use super::{Asked, Call, Hub, Leg, Place, State, reconnect_token};
use crate::{
    seam::{ClientInput, ConnectionId, Sid},
    signalling::frames::{self, Payload},
};

impl Hub {
    /// A new call, or an old one that is taken up again.
    pub(super) async fn invite(&mut self, connection: ConnectionId, payload: Payload) {
        if let Some(token) = payload.reconnect.clone().filter(|token| !token.is_empty()) {
            return self.take_up(connection, payload, &token).await;
        }
        let Some(token) = self.valid_token(connection) else {
            return;
        };
        let Some(application) = token.application_sid.clone() else {
            return self.refuse_invite(
                connection,
                &payload.callsid,
                31001,
                "no application is named",
            );
        };
        let session = self.config.media.session();
        let answer = match self.config.media.answer(session, payload.sdp).await {
            Ok(answer) => answer,
            Err(error) => {
                return self.refuse_invite(connection, &payload.callsid, 31400, &error.to_string());
            }
        };
        let asked = Asked {
            alias: payload.callsid,
            session,
            answer,
            given_up: false,
        };
        self.asked.entry(connection).or_default().push_back(asked);
        let mut params = frames::parameters(&payload.twilio.params);
        for (name, value) in &token.params {
            // What the token says cannot be overridden by the page.
            params.retain(|(given, _)| given != name);
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            params.push((name.clone(), text));
        }
        self.tell(ClientInput::Invite {
            connection,
            account: token.account_sid,
            identity: token.identity,
            application,
            params,
        });
    }

    fn refuse_invite(&self, connection: ConnectionId, callsid: &str, code: u32, message: &str) {
        let error = json!({ "code": code, "message": message });
        self.send(
            connection,
            frames::frame("hangup", &json!({ "callsid": callsid, "error": error })),
        );
    }

    fn next_asked(&mut self, connection: ConnectionId) -> Option<Asked> {
        let waiting = self.asked.get_mut(&connection)?;
        let asked = waiting.pop_front();
        if waiting.is_empty() {
            self.asked.remove(&connection);
        }
        asked
    }

    /// The engine made the call.
    pub(super) fn created(&mut self, connection: ConnectionId, call: Sid) {
        let Some(asked) = self.next_asked(connection) else {
            return self.tell(ClientInput::HungUp { call });
        };
        let identity = self
            .token(connection)
            .map(|token| (token.account_sid.clone(), token.identity.clone()));
        let (Some((account, identity)), false) = (identity, asked.given_up) else {
            self.config.media.close(asked.session);
            return self.tell(ClientInput::HungUp { call });
        };
        self.config.media.bind(asked.session, call.clone());
        let leg = Leg {
            place: Place::On(connection),
            session: asked.session,
            reconnect: reconnect_token(),
        };
        let state = State::Placed {
            leg,
            alias: asked.alias,
            answer: Some(asked.answer),
            known: false,
        };
        self.calls.insert(
            call,
            Call {
                account,
                identity,
                state,
            },
        );
    }

    /// The engine made no call of it.
    pub(super) fn invite_refused(&mut self, connection: ConnectionId, code: u32, message: &str) {
        if let Some(asked) = self.next_asked(connection) {
            self.config.media.close(asked.session);
            self.refuse_invite(connection, &asked.alias, code, message);
        }
    }

    /// The other side rings; with early media the client hears at once.
    pub(super) fn ringing(&mut self, call: &Sid, early_media: bool) {
        let Some(Call {
            state: State::Placed {
                leg, answer, known, ..
            },
            ..
        }) = self.calls.get_mut(call)
        else {
            return;
        };
        *known = true;
        let mut payload = json!({ "callsid": call });
        // Only the first description is applied by the client: it is sent once.
        if early_media && let Some(sdp) = answer.take() {
            payload["sdp"] = sdp.into();
        }
        if let Place::On(connection) = leg.place {
            self.send(connection, frames::frame("ringing", &payload));
        }
    }

    /// The call is answered.
    pub(super) fn answer(&mut self, call: &Sid) {
        let Some(known) = self.calls.get_mut(call) else {
            return;
        };
        let State::Placed { leg, answer, .. } = &mut known.state else {
            return;
        };
        let mut payload = json!({ "callsid": call, "reconnect": leg.reconnect });
        if let Some(sdp) = answer.take() {
            payload["sdp"] = sdp.into();
        }
        let (place, session) = (leg.place, leg.session);
        let leg = Leg {
            place,
            session,
            reconnect: leg.reconnect.clone(),
        };
        known.state = State::Open(leg);
        if let Place::On(connection) = place {
            self.send(connection, frames::frame("answer", &payload));
        }
        self.watch(call, session);
    }
}
