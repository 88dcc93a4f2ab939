//! The task of the media plane: sockets, sessions and mixer under one roof, one tick of 20 ms for all.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use str0m::Input;
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};

use super::{
    Clock, MediaConfig, MediaError, Request, SessionId,
    line::Line,
    mixer::{Mixer, Streamed},
    sockets::Sockets,
    webrtc::{Arrived, Session, Stack, datagram},
};
use crate::engine::faults::MediaFaults;
use crate::seam::{MediaCommand, MediaEvent, Sid, Time};

const TICK: Duration = Duration::from_millis(20);
/// Larger than any datagram of a browser.
const DATAGRAM: usize = 4096;

struct Plane {
    sockets: Sockets,
    stack: Stack,
    sessions: HashMap<SessionId, Session>,
    /// Which session a known address belongs to.
    sources: HashMap<SocketAddr, SessionId>,
    /// Which session carries a leg's outside sound.
    carriers: HashMap<Sid, SessionId>,
    /// Who takes what streams give.
    streams: HashMap<Sid, mpsc::UnboundedSender<Streamed>>,
    mixer: Mixer,
    clock: Clock,
    events: mpsc::UnboundedSender<MediaEvent>,
    outside: Arc<AtomicUsize>,
    /// What goes wrong with every session's sound, and its seed.
    faults: (MediaFaults, u64),
}

/// Binds the port and starts the task; it ends when the last handle is gone.
pub(super) async fn start(
    config: MediaConfig,
    inbox: mpsc::UnboundedReceiver<Request>,
    events: mpsc::UnboundedSender<MediaEvent>,
    outside: Arc<AtomicUsize>,
) -> io::Result<SocketAddr> {
    let sockets = Sockets::bind(&config).await?;
    let address = sockets.address();
    let plane = Plane {
        stack: Stack::new(sockets.candidates()),
        sockets,
        sessions: HashMap::new(),
        sources: HashMap::new(),
        carriers: HashMap::new(),
        streams: HashMap::new(),
        mixer: Mixer::new((config.clock)()),
        clock: config.clock,
        events,
        outside,
        faults: (MediaFaults::default(), 0),
    };
    tokio::spawn(plane.run(inbox));
    Ok(address)
}

/// str0m's time; the sandbox's own time is the [`Clock`].
pub(super) fn instant() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Plane {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Request>) {
        let mut buffer = vec![0; DATAGRAM];
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                (length, source, destination) = self.sockets.receive(&mut buffer) => {
                    self.receive(source, destination, &buffer[..length]);
                }
                request = inbox.recv() => match request {
                    Some(request) => self.serve(request),
                    None => return,
                },
                _ = ticks.tick(), if self.alive() > 0 => self.tick(),
            }
        }
    }

    fn serve(&mut self, request: Request) {
        match request {
            Request::Command(now, command) => self.command(now, command),
            Request::Advance(now, done) => {
                self.advance(now);
                let _gone = done.send(());
            }
            Request::Answer(session, offer, reply) => {
                let _gone = reply.send(self.session(session, |s| s.answer(&offer)));
            }
            Request::Offer(session, reply) => {
                let _gone = reply.send(self.session(session, Session::offer));
            }
            Request::Accept(session, answer, reply) => {
                let taken = match self.sessions.get_mut(&session) {
                    Some(session) => session.accept(&answer),
                    None => Err(MediaError::NoSession),
                };
                let _gone = reply.send(taken);
            }
            Request::Impair(faults, seed) => {
                for (id, session) in &mut self.sessions {
                    session.line = Line::new(&faults, seed, *id);
                }
                self.faults = (faults, seed);
            }
            Request::Bind(session, leg) => self.bind(session, leg),
            Request::Close(session) => self.close(session),
            Request::Stream(stream, leg, sender) => {
                // What was before it does not belong to it.
                self.advance((self.clock)());
                self.mixer.stream(stream.clone(), leg);
                self.streams.insert(stream, sender);
            }
            Request::Feed(stream, samples) => self.mixer.feed(&stream, &samples),
            Request::Mark(stream, name) => self.mixer.mark(&stream, name),
            Request::Clear(stream) => self.mixer.clear(&stream),
            Request::EndStream(stream) => {
                self.mixer.end_stream(&stream);
                self.streams.remove(&stream);
            }
            Request::Heard(session, reply) => {
                let heard = self
                    .sessions
                    .get(&session)
                    .and_then(|session| session.heard);
                let _gone = reply.send(heard.map(|at| instant().saturating_duration_since(at)));
            }
        }
        self.outside.store(self.alive(), Ordering::Relaxed);
    }

    /// How many sessions and streams there are, which need sound in real time.
    fn alive(&self) -> usize {
        self.sessions.len() + self.streams.len()
    }

    /// Describes a session, which is made if it is new; one that cannot be described is forgotten.
    fn session(
        &mut self,
        id: SessionId,
        describe: impl FnOnce(&mut Session) -> Result<String, MediaError>,
    ) -> Result<String, MediaError> {
        if let Some(known) = self.sessions.get_mut(&id) {
            return describe(known);
        }
        let line = Line::new(&self.faults.0, self.faults.1, id);
        let mut session = Session::new(&self.stack, line, instant());
        let description = describe(&mut session)?;
        self.sessions.insert(id, session);
        Ok(description)
    }

    fn bind(&mut self, id: SessionId, leg: Sid) {
        if let Some(session) = self.sessions.get_mut(&id) {
            self.mixer.listens(&leg, true);
            self.carriers.insert(leg.clone(), id);
            session.leg = Some(leg);
        }
    }

    fn close(&mut self, id: SessionId) {
        let Some(mut session) = self.sessions.remove(&id) else {
            return;
        };
        session.close(instant(), &self.sockets);
        self.sources.retain(|_, session| *session != id);
        if let Some(leg) = session
            .leg
            .filter(|leg| self.carriers.get(leg) == Some(&id))
        {
            self.mixer.listens(&leg, false);
            self.carriers.remove(&leg);
        }
    }

    fn receive(&mut self, source: SocketAddr, destination: SocketAddr, contents: &[u8]) {
        let Some(input) = datagram(instant(), source, destination, contents) else {
            return;
        };
        let known = self.sources.get(&source).copied();
        let known = known.filter(|id| {
            self.sessions
                .get(id)
                .is_some_and(|session| session.accepts(&input))
        });
        let id = known.or_else(|| {
            let mut sessions = self.sessions.iter();
            sessions
                .find(|(_, session)| session.accepts(&input))
                .map(|(id, _)| *id)
        });
        let Some(id) = id else { return };
        self.sources.insert(source, id);
        let mut arrived = Vec::new();
        if let Some(session) = self.sessions.get_mut(&id) {
            session.handle(input, &self.sockets, &mut arrived);
        }
        self.take(id, arrived);
    }

    /// Gives to the mixer and the engine what a session received.
    fn take(&mut self, id: SessionId, arrived: Vec<Arrived>) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let Some(leg) = session.leg.clone() else {
            return;
        };
        let (now, mut keys) = (instant(), Vec::new());
        for samples in session.came(now) {
            self.mixer.incoming(&leg, &samples);
        }
        for one in arrived {
            match one {
                Arrived::Sound(samples) => {
                    for samples in session.comes(samples, now) {
                        self.mixer.incoming(&leg, &samples);
                    }
                }
                Arrived::Key(digit) => keys.push(digit),
            }
        }
        for digit in keys {
            self.tell(MediaEvent::Digit {
                leg: leg.clone(),
                digit,
            });
        }
    }

    fn tick(&mut self) {
        self.advance((self.clock)());
        let now = instant();
        let ids: Vec<SessionId> = self.sessions.keys().copied().collect();
        for id in ids {
            let mut arrived = Vec::new();
            if let Some(session) = self.sessions.get_mut(&id) {
                session.handle(Input::Timeout(now), &self.sockets, &mut arrived);
                if !session.is_alive() {
                    self.close(id);
                }
            }
            self.take(id, arrived);
        }
        self.outside.store(self.alive(), Ordering::Relaxed);
    }

    fn advance(&mut self, now: Time) {
        self.mixed(|mixer, mut out| {
            mixer.advance(now, &mut out);
            None
        });
    }

    fn command(&mut self, now: Time, command: MediaCommand) {
        self.mixed(|mixer, mut out| mixer.command(now, command, &mut out));
    }

    /// Lets the mixer work and carries its frames to their sessions.
    fn mixed(
        &mut self,
        work: impl FnOnce(&mut Mixer, &mut dyn FnMut(&Sid, &super::frame::Frame)) -> Option<MediaEvent>,
    ) {
        let Self {
            mixer,
            sessions,
            carriers,
            sockets,
            ..
        } = self;
        let now = instant();
        let mut arrived = Vec::new();
        for session in sessions.values_mut() {
            session.begin_burst();
        }
        let event = work(mixer, &mut |leg, frame| {
            let Some(id) = carriers.get(leg) else { return };
            if let Some(session) = sessions.get_mut(id) {
                let mut from_client = Vec::new();
                session.send(frame, now, sockets, &mut from_client);
                if !from_client.is_empty() {
                    arrived.push((*id, from_client));
                }
            }
        });
        for (id, from_client) in arrived {
            self.take(id, from_client);
        }
        if let Some(event) = event {
            self.tell(event);
        }
        for (stream, given) in self.mixer.streamed() {
            if let Some(taker) = self.streams.get(&stream) {
                // Its end is told by whoever took it.
                let _gone = taker.send(given);
            }
        }
    }

    fn tell(&self, event: MediaEvent) {
        if self.events.send(event).is_err() {
            tracing::debug!("nobody takes the media plane's events");
        }
    }
}
