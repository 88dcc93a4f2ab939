//! A leg's life once it is there: keys, messages, ICE restarts, its end.

use serde_json::{Value, json};

use super::{Call, Hub, Leg, Place, State};
use crate::{
    seam::{ClientInput, ConnectionId, Sid},
    signalling::frames::{self, Payload},
};

/// The only type of message that the SDK's users can send.
const USER_MESSAGE: &str = "user-defined-message";
/// Largest message, in bytes of JSON.
const LARGEST_MESSAGE: usize = 10_000;

impl Hub {
    /// The CallSid of what a client calls by it, or by its own name for it.
    fn known(&self, connection: ConnectionId, name: &str) -> Option<Sid> {
        let mine = |call: &Call| self.is_of(connection, &call.account, &call.identity);
        if self.calls.get(name).is_some_and(mine) {
            return Some(name.to_owned());
        }
        let aliased = self.calls.iter().find(|(_, call)| {
            matches!(&call.state, State::Placed { alias, .. } if alias == name) && mine(call)
        });
        aliased.map(|(sid, _)| sid.clone())
    }

    fn leg(&self, call: &str) -> Option<&Leg> {
        match &self.calls.get(call)?.state {
            State::Placed { leg, .. } | State::Open(leg) => Some(leg),
            State::Ringing(_) => None,
        }
    }

    /// The client hung up, perhaps before it learnt the CallSid.
    pub(super) fn hung_up(&mut self, connection: ConnectionId, name: &str) {
        if let Some(asked) = self.asked.get_mut(&connection)
            && let Some(asked) = asked.iter_mut().find(|asked| asked.alias == name)
        {
            asked.given_up = true;
            return;
        }
        let Some(call) = self.known(connection, name) else {
            return;
        };
        match self.leg(&call).map(|leg| leg.session) {
            Some(session) => {
                self.config.media.close(session);
                self.calls.remove(&call);
                self.tell(ClientInput::HungUp { call });
            }
            None => self.rejected(connection, &call),
        }
    }

    /// The engine ends a leg, in whatever state it is.
    pub(super) fn end(&mut self, call: &Sid, error: Option<(u32, String)>) {
        let Some(known) = self.calls.remove(call) else {
            return;
        };
        let (leg, name) = match known.state {
            State::Ringing(rings) => {
                for ring in rings {
                    self.config.media.close(ring.session);
                    self.cancel(call, ring.place);
                }
                return;
            }
            // A client that never heard of the CallSid knows only its own name.
            State::Placed {
                leg,
                alias,
                known: false,
                ..
            } => (leg, alias),
            State::Placed { leg, .. } | State::Open(leg) => (leg, call.clone()),
        };
        self.config.media.close(leg.session);
        if let Place::On(connection) = leg.place {
            let mut payload = json!({ "callsid": name });
            if let Some((code, message)) = error {
                payload["error"] = json!({ "code": code, "message": message });
            }
            self.send(connection, frames::frame("hangup", &payload));
        }
    }

    /// Keys in a frame: the client could not send them as RTP events.
    pub(super) fn keys(&self, connection: ConnectionId, payload: &Payload) {
        if let Some(call) = self.known(connection, &payload.callsid) {
            let digits: String = payload
                .dtmf
                .chars()
                .filter(|key| "0123456789*#wW".contains(*key))
                .collect();
            self.tell(ClientInput::Digits { call, digits });
        }
    }

    /// ICE is restarted on the same session.
    pub(super) async fn reinvite(&self, connection: ConnectionId, payload: Payload) {
        let Some(call) = self.known(connection, &payload.callsid) else {
            return;
        };
        let Some(session) = self.leg(&call).map(|leg| leg.session) else {
            return;
        };
        match self.config.media.answer(session, payload.sdp).await {
            Ok(sdp) => self.send(
                connection,
                frames::frame("answer", &json!({ "callsid": call, "sdp": sdp })),
            ),
            // The client tries again by itself, and gives up after 30 s.
            Err(error) => tracing::debug!(%error, "an ICE restart was not understood"),
        }
    }

    /// A message of the application for the client of a call.
    pub(super) fn message_for(&self, call: &Sid, sid: &str, content: &str) {
        let Some(Leg {
            place: Place::On(connection),
            ..
        }) = self.leg(call)
        else {
            return;
        };
        let content = serde_json::from_str(content).unwrap_or_else(|_| Value::from(content));
        self.send(
            *connection,
            frames::frame(
                "message",
                &json!({ "callsid": call, "content": content, "contenttype": "application/json", "messagetype": USER_MESSAGE, "voiceeventsid": sid }),
            ),
        );
    }

    /// `call.sendMessage`: acknowledged, and told to whoever subscribed.
    pub(super) fn message(&self, connection: ConnectionId, payload: &Payload) {
        let known = self.known(connection, &payload.callsid);
        let refusal = if known.is_none() {
            Some((31404, "no such call"))
        } else if payload.messagetype != USER_MESSAGE {
            Some((31210, "the message type is not allowed"))
        } else if payload.content.to_string().len() > LARGEST_MESSAGE {
            Some((31212, "the message is too large"))
        } else {
            None
        };
        let (callsid, event) = (&payload.callsid, &payload.voiceeventsid);
        if let (Some(call), None) = (known, &refusal) {
            let content = match &payload.content {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            self.tell(ClientInput::Message {
                call,
                sid: event.clone(),
                content,
                content_type: payload.contenttype.clone(),
            });
        }
        self.send(
            connection,
            match refusal {
                None => frames::frame("ack", &json!({ "acktype": "message", "callsid": callsid, "voiceeventsid": event })),
                Some((code, message)) => frames::frame(
                    "error",
                    &json!({ "callsid": callsid, "voiceeventsid": event, "error": { "code": code, "message": message } }),
                ),
            },
        );
    }
}
