//! A connection's own matters: its token, and whether it can be called.

use std::time::Duration;

use offhook_twilio::token::{TokenError, VoiceToken};
use serde_json::json;
use tokio::sync::mpsc;

use super::Hub;
use crate::engine::regions;
use crate::{
    seam::{ClientInput, ConnectionId, Sid},
    signalling::frames::{self, Payload},
};

/// What a lost socket is waited for at least.
const LEAST_GRACE: Duration = Duration::from_secs(2);
/// The SDK asks for 30 s at most.
const MOST_GRACE: f64 = 30.0;

/// One WebSocket of a Voice SDK client.
pub(super) struct Connection {
    out: mpsc::UnboundedSender<String>,
    edge: String,
    /// Once its token was accepted.
    token: Option<VoiceToken>,
    registered: bool,
    /// How long its legs wait for it after the socket was lost.
    pub(super) grace: Duration,
}

impl Connection {
    pub(super) fn new(out: mpsc::UnboundedSender<String>, edge: String) -> Self {
        Self {
            out,
            edge,
            token: None,
            registered: false,
            grace: LEAST_GRACE,
        }
    }

    pub(super) fn send(&self, frame: String) {
        let _gone = self.out.send(frame);
    }
}

impl Hub {
    /// Whether the connection's token was accepted.
    pub(super) fn is_heard(&self, connection: ConnectionId) -> bool {
        self.token(connection).is_some()
    }

    pub(super) fn token(&self, connection: ConnectionId) -> Option<&VoiceToken> {
        self.connections.get(&connection)?.token.as_ref()
    }

    /// The token, unless its time is over: then the client is told.
    pub(super) fn valid_token(&self, connection: ConnectionId) -> Option<VoiceToken> {
        let token = self.token(connection)?;
        if token.expires_at <= (self.config.clock)() {
            self.send(connection, frames::error(31205, "JWT token expired"));
            return None;
        }
        Some(token.clone())
    }

    /// Whether a connection belongs to this identity.
    pub(super) fn is_of(&self, connection: ConnectionId, account: &str, identity: &str) -> bool {
        self.token(connection)
            .is_some_and(|token| token.account_sid == account && token.identity == identity)
    }

    /// The first frame of every connection, and again with every new token.
    pub(super) fn listen(&mut self, connection: ConnectionId, payload: &Payload) {
        let now = (self.config.clock)();
        let keys = &self.config.keys;
        let verified = VoiceToken::verify(&payload.token, now, |key, account| {
            keys(key)
                .filter(|key| key.account == account)
                .map(|key| key.secret)
        });
        let mut token = match verified {
            Ok(token) => token,
            Err(refusal) => return self.refuse(connection, &refusal),
        };
        // A token serves only the region that its key is of.
        let home = token.region.as_deref().unwrap_or(regions::HOME);
        if keys(&token.key_sid).is_none_or(|key| key.region != home) {
            return self.refuse(connection, &TokenError::Signature);
        }
        token.account_sid = regions::regional(&token.account_sid, home);
        let other = self.token(connection).is_some_and(|old| {
            old.identity != token.identity || old.account_sid != token.account_sid
        });
        if other {
            self.unregister(connection);
        }
        let Some(client) = self.connections.get_mut(&connection) else {
            return;
        };
        let asked = Duration::from_secs_f64(payload.reconnect_timeout.clamp(0.0, MOST_GRACE));
        client.grace = asked.max(LEAST_GRACE);
        client.send(frames::frame(
            "connected",
            &json!({
                "region": "US_EAST_VIRGINIA",
                "edge": client.edge,
                "home": token.region.as_deref().unwrap_or("us1"),
                "gateway": "sandbox",
                "token": { "identity": token.identity, "ttl": (token.expires_at - now).num_seconds() },
            }),
        ));
        client.token = Some(token);
    }

    fn refuse(&self, connection: ConnectionId, refusal: &TokenError) {
        tracing::debug!(%refusal, "a client's token was refused");
        self.send(
            connection,
            frames::error(refusal.code(), &refusal.to_string()),
        );
    }

    /// The client can be called, or no more; repeated every 30 s.
    pub(super) fn register(&mut self, connection: ConnectionId, wanted: bool) {
        if !wanted {
            self.unregister(connection);
            return self.send(connection, frames::frame("offline", &json!({})));
        }
        let Some(token) = self.valid_token(connection) else {
            return self.unregister(connection);
        };
        if !token.incoming {
            let refusal = frames::error(31201, "the token does not allow incoming calls");
            return self.send(connection, refusal);
        }
        let Some(client) = self.connections.get_mut(&connection) else {
            return;
        };
        if !std::mem::replace(&mut client.registered, true) {
            let (account, identity) = (token.account_sid, token.identity);
            self.tell(ClientInput::Registered {
                connection,
                account,
                identity,
            });
        }
        self.send(connection, frames::frame("ready", &json!({})));
    }

    fn unregister(&mut self, connection: ConnectionId) {
        if let Some(client) = self.connections.get_mut(&connection)
            && std::mem::replace(&mut client.registered, false)
        {
            self.tell(ClientInput::Unregistered { connection });
        }
    }

    /// Every connection on which the identity can be called.
    pub(super) fn registered(&self, account: &Sid, identity: &str) -> Vec<ConnectionId> {
        let reachable = self
            .connections
            .iter()
            .filter(|(_, client)| client.registered);
        let mut found: Vec<ConnectionId> = reachable
            .map(|(connection, _)| *connection)
            .filter(|connection| self.is_of(*connection, account, identity))
            .collect();
        found.sort_unstable();
        found
    }

    /// The socket is gone: its legs wait for it a while.
    pub(super) fn closed(&mut self, connection: ConnectionId) {
        self.unregister(connection);
        if let Some(client) = self.connections.remove(&connection) {
            self.lose(connection, client.grace);
        }
    }
}
