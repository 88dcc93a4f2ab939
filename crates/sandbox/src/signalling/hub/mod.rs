//! All connections and client legs, and what they are told: one task, one mail after the other.

mod calls;
mod connection;
mod incoming;
mod lost;
mod outgoing;

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::sync::mpsc;

use super::{
    SignallingConfig,
    frames::{self, Frame},
};
use crate::{
    media::SessionId,
    seam::{ClientInput, ClientOutput, ConnectionId, Sid},
};
use connection::Connection;

/// What comes to the hub.
pub(in crate::signalling) enum Mail {
    /// A socket opened; what goes into `out` is sent on it, and dropping `out` closes it.
    Opened {
        connection: ConnectionId,
        out: mpsc::UnboundedSender<String>,
        edge: String,
    },
    /// A text frame.
    Frame(ConnectionId, String),
    /// The socket is gone.
    Closed(ConnectionId),
    /// The engine's decision.
    Tell(ClientOutput),
    /// A grace time is over, if nothing happened since.
    Grace { call: Sid, turn: u64 },
    /// It is time to see whether a leg still sends sound.
    Pulse { call: Sid, session: SessionId },
}

/// See the module.
pub(in crate::signalling) struct Hub {
    config: SignallingConfig,
    inputs: mpsc::UnboundedSender<ClientInput>,
    mail: mpsc::WeakUnboundedSender<Mail>,
    connections: HashMap<ConnectionId, Connection>,
    calls: HashMap<Sid, Call>,
    /// Outgoing calls that the engine has not made yet, in the order asked.
    asked: HashMap<ConnectionId, VecDeque<Asked>>,
    /// Numbers what a grace time belongs to.
    turn: u64,
}

/// An outgoing call before it has a CallSid.
struct Asked {
    /// The client's own name for it, `TJS…`.
    alias: String,
    session: SessionId,
    /// Our session description, for `ringing` or `answer`.
    answer: String,
    /// The client does not want it any more.
    given_up: bool,
}

/// A client's leg.
struct Call {
    account: Sid,
    identity: String,
    state: State,
}

enum State {
    /// Incoming: devices that ring.
    Ringing(Vec<Ring>),
    /// Outgoing, not answered.
    Placed {
        leg: Leg,
        alias: String,
        answer: Option<String>,
        known: bool,
    },
    /// Answered.
    Open(Leg),
}

/// One device that rings.
struct Ring {
    place: Place,
    session: SessionId,
    reconnect: String,
}

/// A leg with one device.
struct Leg {
    place: Place,
    session: SessionId,
    /// What the client must show to take the leg up again.
    reconnect: String,
}

/// Where a leg's device is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    On(ConnectionId),
    /// Its socket is gone, since the numbered turn.
    Lost {
        turn: u64,
        checks: u32,
    },
}

impl Hub {
    pub(in crate::signalling) fn new(
        config: SignallingConfig,
        inputs: mpsc::UnboundedSender<ClientInput>,
        mail: mpsc::WeakUnboundedSender<Mail>,
    ) -> Self {
        Self {
            config,
            inputs,
            mail,
            connections: HashMap::new(),
            calls: HashMap::new(),
            asked: HashMap::new(),
            turn: 0,
        }
    }

    pub(in crate::signalling) async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Mail>) {
        while let Some(mail) = inbox.recv().await {
            match mail {
                Mail::Opened {
                    connection,
                    out,
                    edge,
                } => {
                    self.connections
                        .insert(connection, Connection::new(out, edge));
                }
                Mail::Frame(connection, text) => self.frame(connection, &text).await,
                Mail::Closed(connection) => self.closed(connection),
                Mail::Tell(output) => self.output(output).await,
                Mail::Grace { call, turn } => self.grace_over(call, turn).await,
                Mail::Pulse { call, session } => self.pulse(call, session).await,
            }
        }
    }

    async fn frame(&mut self, connection: ConnectionId, text: &str) {
        let Ok(Frame { kind, payload }) = serde_json::from_str(text) else {
            tracing::debug!("a client's frame cannot be read");
            return;
        };
        if kind == "listen" {
            return self.listen(connection, &payload);
        }
        if !self.is_heard(connection) {
            return self.send(connection, frames::error(31204, "JWT is not valid"));
        }
        match kind.as_str() {
            "register" => self.register(connection, payload.media.audio),
            "invite" => self.invite(connection, payload).await,
            "answer" => self.answered(connection, payload).await,
            "reject" => self.rejected(connection, &payload.callsid),
            "hangup" => self.hung_up(connection, &payload.callsid),
            "dtmf" => self.keys(connection, &payload),
            "reinvite" => self.reinvite(connection, payload).await,
            "message" => self.message(connection, &payload),
            other => tracing::debug!(kind = other, "a client's frame of an unknown type"),
        }
    }

    async fn output(&mut self, output: ClientOutput) {
        match output {
            ClientOutput::Created { connection, call } => self.created(connection, call),
            ClientOutput::InviteRefused {
                connection,
                code,
                message,
            } => self.invite_refused(connection, code, &message),
            ClientOutput::Ringing { call, early_media } => self.ringing(&call, early_media),
            ClientOutput::Answer { call } => self.answer(&call),
            ClientOutput::Invite {
                call,
                account,
                identity,
                parameters,
                custom,
            } => {
                self.ring(
                    call,
                    Call {
                        account,
                        identity,
                        state: State::Ringing(Vec::new()),
                    },
                    &parameters,
                    &custom,
                )
                .await;
            }
            ClientOutput::Message { call, sid, content } => {
                self.message_for(&call, &sid, &content);
            }
            ClientOutput::DropSockets { call } => self.drop_sockets(call.as_ref()),
            ClientOutput::Cancel { call } => self.end(&call, None),
            ClientOutput::Hangup { call, error } => self.end(&call, error),
        }
    }

    fn tell(&self, input: ClientInput) {
        if self.inputs.send(input).is_err() {
            tracing::debug!("nobody takes what clients do");
        }
    }

    fn send(&self, connection: ConnectionId, frame: String) {
        if let Some(connection) = self.connections.get(&connection) {
            connection.send(frame);
        }
    }

    /// Mails something to the hub itself after a while.
    fn later(&self, after: Duration, mail: Mail) {
        let hub = self.mail.clone();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            if let Some(hub) = hub.upgrade() {
                let _ended = hub.send(mail);
            }
        });
    }
}

/// What a client must show to take a leg up again.
fn reconnect_token() -> String {
    format!("{:032x}", rand::random::<u128>())
}
