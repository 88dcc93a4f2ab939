//! The media plane: one task owns the UDP port, the WebRTC sessions and the mixer; everybody else holds a [`Media`].
//!
//! How the driver uses it:
//! ```text
//! let (media, mut events) = Media::start(MediaConfig { bind, port, media_ip, clock }).await?;
//! media.command(now, command);      // for each Output::Media, in order, with the engine's time; never blocks
//! media.advance(now).await;         // virtual time only: renders all sound up to `now`; when it returns,
//!                                   // every MediaEvent of that span is in `events`
//! events.recv().await               // MediaEvent → engine.handle(now, Input::Media(event))
//! ```
//! In real time nobody calls `advance`: the plane ticks by itself every 20 ms while a WebRTC session lives, and reads the
//! time from `clock`. Commands carry their own time and render everything before it first, so recordings are exact in both.
//! `outside()` tells the driver whether a WebRTC session lives, which pins virtual time to real time.
//! The signalling uses the rest (`answer`, `offer`, `accept`, `bind`, `close`); the driver does not.

pub mod dtmf;
pub mod frame;
pub mod g711;
mod jitter;
mod line;
pub mod mixer;
pub mod mp3;
mod plane;
mod sockets;
#[cfg(test)]
mod tests;
pub mod tones;
pub mod wav;
mod webrtc;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

pub use mixer::Streamed;

use crate::engine::faults::MediaFaults;
use crate::seam::{MediaCommand, MediaEvent, Sid, Time};

/// Tells the sandbox's time.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// One WebRTC session (a peer connection of a Voice SDK client).
pub type SessionId = u64;

/// Where the media plane listens.
#[derive(Clone)]
pub struct MediaConfig {
    /// The address to bind; beyond loopback, the machine's own addresses become candidates too.
    pub bind: IpAddr,
    /// The one UDP port of all sessions; 0 takes a free one.
    pub port: u16,
    /// One more address to name as a candidate (the outer address of a port forwarding).
    pub media_ip: Option<IpAddr>,
    /// The sandbox's time.
    pub clock: Clock,
}

/// Why a session description was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// The other side's description cannot be read or does not fit.
    #[error("session description refused: {0}")]
    Description(String),
    /// There is no such session.
    #[error("no such media session")]
    NoSession,
    /// The media plane has ended.
    #[error("the media plane has ended")]
    Ended,
}

/// The handle of the media plane; clones share one plane, which ends with the last of them.
#[derive(Clone)]
pub struct Media {
    requests: mpsc::UnboundedSender<Request>,
    next_session: Arc<AtomicU64>,
    outside: Arc<AtomicUsize>,
    address: SocketAddr,
}

/// What the task that owns everything is asked.
enum Request {
    Command(Time, MediaCommand),
    Advance(Time, oneshot::Sender<()>),
    Answer(
        SessionId,
        String,
        oneshot::Sender<Result<String, MediaError>>,
    ),
    Offer(SessionId, oneshot::Sender<Result<String, MediaError>>),
    Accept(SessionId, String, oneshot::Sender<Result<(), MediaError>>),
    Bind(SessionId, Sid),
    Close(SessionId),
    Stream(Sid, Sid, mpsc::UnboundedSender<Streamed>),
    Feed(Sid, Vec<i16>),
    Mark(Sid, String),
    Clear(Sid),
    EndStream(Sid),
    Heard(SessionId, oneshot::Sender<Option<Duration>>),
    Impair(MediaFaults, u64),
}

impl Media {
    /// Binds the port and starts the task. The receiver gives what the engine must know.
    pub async fn start(
        config: MediaConfig,
    ) -> io::Result<(Self, mpsc::UnboundedReceiver<MediaEvent>)> {
        let (requests, inbox) = mpsc::unbounded_channel();
        let (events, out) = mpsc::unbounded_channel();
        let outside = Arc::new(AtomicUsize::new(0));
        let address = plane::start(config, inbox, events, Arc::clone(&outside)).await?;
        Ok((
            Self {
                requests,
                next_session: Arc::default(),
                outside,
                address,
            },
            out,
        ))
    }

    /// Where the (first) UDP socket listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Carries out a command of the engine at its time.
    pub fn command(&self, now: Time, command: MediaCommand) {
        self.send(Request::Command(now, command));
    }

    /// Renders everything up to `now`; its events are in the channel when this returns.
    pub async fn advance(&self, now: Time) {
        let (done, wait) = oneshot::channel();
        self.send(Request::Advance(now, done));
        let _ended = wait.await;
    }

    /// How many WebRTC sessions and streams live.
    pub fn outside(&self) -> usize {
        self.outside.load(Ordering::Relaxed)
    }

    /// A number for a new session.
    pub fn session(&self) -> SessionId {
        self.next_session.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Takes a client's offer, a new session's or an ICE restart's, and gives our answer.
    pub async fn answer(&self, session: SessionId, offer: String) -> Result<String, MediaError> {
        self.ask(|reply| Request::Answer(session, offer, reply))
            .await
    }

    /// Our offer for a new session, for an incoming call.
    pub async fn offer(&self, session: SessionId) -> Result<String, MediaError> {
        self.ask(|reply| Request::Offer(session, reply)).await
    }

    /// The client's answer to our offer.
    pub async fn accept(&self, session: SessionId, answer: String) -> Result<(), MediaError> {
        self.ask(|reply| Request::Accept(session, answer, reply))
            .await
    }

    /// Says whose outside sound the session carries.
    pub fn bind(&self, session: SessionId, leg: Sid) {
        self.send(Request::Bind(session, leg));
    }

    /// Ends a session.
    pub fn close(&self, session: SessionId) {
        self.send(Request::Close(session));
    }

    /// Sets what goes wrong with the sound of all sessions, on purpose.
    pub fn impair(&self, faults: &MediaFaults, seed: u64) {
        self.send(Request::Impair(faults.clone(), seed));
    }

    /// Begins to give a leg's sound to a stream.
    pub fn stream(&self, stream: Sid, leg: Sid) -> mpsc::UnboundedReceiver<Streamed> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.send(Request::Stream(stream, leg, sender));
        receiver
    }

    /// Sound that a stream's leg is to hear.
    pub fn feed(&self, stream: &str, samples: Vec<i16>) {
        self.send(Request::Feed(stream.to_owned(), samples));
    }

    /// A mark after all that a stream was fed so far.
    pub fn mark(&self, stream: &str, name: String) {
        self.send(Request::Mark(stream.to_owned(), name));
    }

    /// What a stream was fed and nobody has heard is thrown away.
    pub fn clear(&self, stream: &str) {
        self.send(Request::Clear(stream.to_owned()));
    }

    /// Ends a stream.
    pub fn end_stream(&self, stream: &str) {
        self.send(Request::EndStream(stream.to_owned()));
    }

    /// How long ago the client's last packet came; `None` when there was none or no such session.
    pub async fn heard(&self, session: SessionId) -> Option<Duration> {
        let (reply, wait) = oneshot::channel();
        self.send(Request::Heard(session, reply));
        wait.await.ok().flatten()
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, MediaError>>) -> Request,
    ) -> Result<T, MediaError> {
        let (reply, wait) = oneshot::channel();
        self.send(request(reply));
        wait.await.map_err(|_| MediaError::Ended)?
    }

    fn send(&self, request: Request) {
        if self.requests.send(request).is_err() {
            tracing::debug!("the media plane has ended");
        }
    }
}
