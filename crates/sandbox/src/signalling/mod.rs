//! The Voice SDK's signalling (PStream over WebSocket): one task owns all connections and client legs, in order.
//!
//! How the driver uses it:
//! ```text
//! let (signalling, mut inputs) = Signalling::start(SignallingConfig { keys, clock, media });
//! router.merge(signalling.router())          // `/signal` and the insights doors, on the sandbox's own http port
//! inputs.recv().await                        // ClientInput → engine.handle(now, Input::Client(input))
//! signalling.tell(output);                   // for each Output::Client, in order; never blocks
//! ```

mod frames;
mod hub;
mod insights;
mod ringtones;
mod socket;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{Router, routing};
use tokio::sync::mpsc;

use crate::{
    media::{Clock, Media},
    seam::{ClientInput, ClientOutput, Sid},
};
use hub::{Hub, Mail};
pub use insights::Report;

/// Whose key it is, and the secret that signs its tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySecret {
    /// The account of the key.
    pub account: Sid,
    /// The region that the key is of.
    pub region: String,
    /// The key's secret.
    pub secret: String,
}

/// Finds an API key by its SID; `None` when there is none.
pub type Keys = Arc<dyn Fn(&str) -> Option<KeySecret> + Send + Sync>;

/// What the signalling stands on.
#[derive(Clone)]
pub struct SignallingConfig {
    /// The accounts' API keys.
    pub keys: Keys,
    /// The sandbox's time, for tokens.
    pub clock: Clock,
    /// The media plane, for session descriptions.
    pub media: Media,
}

/// The handle of the signalling; clones share one task.
#[derive(Clone)]
pub struct Signalling {
    mail: mpsc::UnboundedSender<Mail>,
    clock: Clock,
    reports: insights::Reports,
}

impl Signalling {
    /// Starts the task. The receiver gives what the clients do.
    pub fn start(config: SignallingConfig) -> (Self, mpsc::UnboundedReceiver<ClientInput>) {
        let (mail, inbox) = mpsc::unbounded_channel();
        let (inputs, out) = mpsc::unbounded_channel();
        // Its own timers hold the mailbox weakly: the task ends with the last handle and connection.
        let clock = Arc::clone(&config.clock);
        tokio::spawn(Hub::new(config, inputs, mail.downgrade()).run(inbox));
        let reports = insights::Reports::default();
        let signalling = Self {
            mail,
            clock,
            reports,
        };
        (signalling, out)
    }

    /// Tells clients what the engine decided.
    pub fn tell(&self, output: ClientOutput) {
        if self.mail.send(Mail::Tell(output)).is_err() {
            tracing::debug!("the signalling has ended");
        }
    }

    /// What clients reported of their calls, newest first.
    pub fn reports(&self) -> Vec<Report> {
        self.reports.all()
    }

    /// The doors of the Voice SDK: `/signal` and insights.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/signal", routing::any(socket::upgrade))
            .merge(insights::router())
            .nest("/eventgw.twilio.com", insights::router())
            .merge(ringtones::router())
            .with_state(self.clone())
    }
}
