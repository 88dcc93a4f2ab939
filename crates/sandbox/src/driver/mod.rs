//! The driver: the only place with sockets and timers. It carries what the engine wants to where it is done, and back.

mod seeds;
mod time;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::{Notify, broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::Config;
use crate::control;
use crate::engine::Engine;
use crate::engine::account::KeyKind;
use crate::engine::faults::Plan;
use crate::engine::regions;
use crate::media::{Media, MediaConfig};
use crate::openai;
use crate::rest;
use crate::seam::{
    ClientInput, ClientOutput, ConnectionId, FileReady, Input, MediaEvent, Output, StreamOpen,
    StreamOutput, Time,
};
use crate::signalling::{KeySecret, Report, Signalling, SignallingConfig};
use crate::sounds::Sounds;
use crate::streams::Streams;
use crate::tls;
use crate::webhooks::{Courier, WebhookRecord, files};

/// Traces kept.
const TRACES: usize = 2000;
/// Connections from here on are silent devices; the signalling never counts so far.
const SILENT: ConnectionId = 1 << 63;

/// Something that happened, for the console and the tests.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// `call`, `conference`, `queue`, `recording`, `alert`.
    pub kind: &'static str,
    /// What exactly.
    pub data: Value,
}

/// A running sandbox; clones are handles of the same.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    engine: Arc<Mutex<Engine>>,
    clock: Clock,
    media: Media,
    signalling: OnceLock<Signalling>,
    sounds: Sounds,
    courier: Courier,
    streams: Streams,
    addr: SocketAddr,
    tls_addr: Option<SocketAddr>,
    url: String,
    runtime: Handle,
    changed: Notify,
    stop: CancellationToken,
    tasks: TaskTracker,
    traces: Mutex<VecDeque<Trace>>,
    live: broadcast::Sender<Trace>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sandbox {
    /// Binds the ports and starts everything.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((config.bind, config.port)).await?;
        let addr = listener.local_addr()?;
        let tls = match &config.tls {
            Some(tls) => Some(TcpListener::bind((config.bind, tls.port)).await?),
            None => None,
        };
        let tls_addr = tls.as_ref().map(TcpListener::local_addr).transpose()?;
        let url = config
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{addr}"));
        let clock = config.clock.clone();
        let media = MediaConfig {
            bind: config.bind,
            port: config.media_port,
            media_ip: config.media_ip,
            clock: clock.reader(),
        };
        let (media, heard) = Media::start(media).await?;
        let engine = Arc::new(Mutex::new(seeds::engine(&config, &url, clock.now())));
        let sandbox = Self(Arc::new(Inner {
            engine: Arc::clone(&engine),
            clock: clock.clone(),
            media: media.clone(),
            signalling: OnceLock::new(),
            sounds: Sounds::new(),
            courier: Courier::new(clock.clone()),
            streams: Streams::default(),
            addr,
            tls_addr,
            url,
            runtime: Handle::current(),
            changed: Notify::new(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            traces: Mutex::default(),
            live: broadcast::channel(1024).0,
        }));
        let keys = Arc::new(move |sid: &str| secret_of(&lock(&engine), sid));
        let (signalling, clients) = Signalling::start(SignallingConfig {
            keys,
            clock: clock.reader(),
            media,
        });
        let routes = sandbox.routes(&signalling, config.more);
        if let (Some(listener), Some(seed)) = (tls, &config.tls) {
            let stop = sandbox.ending();
            let port = tls::Port::open(listener, &seed.folder, clock.now(), stop)?;
            sandbox.spawn_http(port, routes.clone());
        }
        // The cell is empty: nobody else has the handle yet.
        let _already = sandbox.0.signalling.set(signalling);
        sandbox.spawn_clients(clients);
        sandbox.spawn_time(heard);
        sandbox.spawn_http(listener, routes);
        Ok(sandbox)
    }

    /// The whole table of routes.
    fn routes(&self, signalling: &Signalling, more: Option<Router>) -> Router {
        let table = signalling
            .router()
            .merge(rest::router(self.clone()))
            .merge(openai::router(self.clone()))
            .merge(control::router(
                self.clone(),
                control::Hosts::of(self.url(), self.addr()),
            ))
            .merge(more.unwrap_or_default());
        // The host name decides before the table looks at the path.
        Router::new()
            .fallback_service(table)
            .layer(axum::middleware::from_fn(rest::hosts::find))
            .layer(axum::middleware::from_fn_with_state(
                self.clone(),
                rest::dated::say,
            ))
    }

    /// Where REST, signalling, control and console answer.
    pub fn addr(&self) -> SocketAddr {
        self.0.addr
    }

    /// The same as clients reach it, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Where the same answer over TLS.
    pub fn tls_addr(&self) -> Option<SocketAddr> {
        self.0.tls_addr
    }

    /// Where media arrives.
    pub fn media_addr(&self) -> SocketAddr {
        self.0.media.address()
    }

    /// The sandbox's time.
    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// Looks at or changes the engine; what that causes is done at once.
    pub fn engine<R>(&self, act: impl FnOnce(&mut Engine, Time) -> R) -> R {
        let mut engine = lock(&self.0.engine);
        let result = act(&mut engine, self.0.clock.now());
        self.carry_out(&mut engine);
        drop(engine);
        self.0.changed.notify_one();
        result
    }

    /// Sets what goes wrong on purpose from now on; with a seed, chance begins anew.
    pub fn set_faults(&self, plan: Plan, seed: Option<u64>) {
        self.engine(|engine, _| {
            engine.set_faults(plan, seed);
            let faults = engine.faults();
            self.0.media.impair(&faults.plan().media, faults.seed());
        });
    }

    /// A softphone without socket and sound calls through an application, so that virtual time can serve it.
    /// The engine hears of its end by [`crate::seam::ClientInput::HungUp`].
    pub fn silent_device(
        &self,
        account: &str,
        identity: &str,
        application: &str,
        params: Vec<(String, String)>,
    ) {
        self.handle(Input::Client(ClientInput::Invite {
            connection: SILENT,
            account: account.to_owned(),
            identity: identity.to_owned(),
            application: application.to_owned(),
            params,
        }));
    }

    /// A softphone without socket and sound registers, or goes; it takes a call up by [`crate::seam::ClientInput::Answered`]
    /// and says no by [`crate::seam::ClientInput::Refused`]. The number tells several apart.
    pub fn silent_registration(&self, account: &str, identity: &str, number: u64, there: bool) {
        let connection = SILENT + number;
        self.handle(Input::Client(if there {
            ClientInput::Registered {
                connection,
                account: account.to_owned(),
                identity: identity.to_owned(),
            }
        } else {
            ClientInput::Unregistered { connection }
        }));
    }

    /// The webhooks that were sent, newest first.
    pub fn webhooks(&self) -> Vec<WebhookRecord> {
        self.0.courier.sent()
    }

    /// What Voice SDK clients reported of their calls, newest first.
    pub fn reports(&self) -> Vec<Report> {
        let signalling = self.0.signalling.get();
        signalling.map(Signalling::reports).unwrap_or_default()
    }

    /// What happened, newest first.
    pub fn traces(&self) -> Vec<Trace> {
        lock(&self.0.traces).iter().rev().cloned().collect()
    }

    /// What happens from now on.
    pub fn watch(&self) -> broadcast::Receiver<Trace> {
        self.0.live.subscribe()
    }

    /// Told when the sandbox ends, for streams that would otherwise keep it open.
    pub fn ending(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    /// Ends the sandbox.
    pub async fn shutdown(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    fn handle(&self, input: Input) {
        self.engine(|engine, now| engine.handle(now, input));
    }

    fn carry_out(&self, engine: &mut Engine) {
        while let Some(output) = engine.poll() {
            match output {
                Output::Webhook(request) => {
                    let account = engine.account(&request.account);
                    let token = account
                        .filter(|_| request.is_genuine)
                        .map(|account| account.auth_token.clone())
                        .unwrap_or_default();
                    let sandbox = self.clone();
                    self.spawn(async move {
                        let answer = sandbox.0.courier.deliver(request, &token).await;
                        sandbox.handle(Input::Webhook(answer));
                    });
                }
                Output::Sound(request) => {
                    let sandbox = self.clone();
                    self.spawn(async move {
                        let ready = sandbox.0.sounds.get(request).await;
                        sandbox.handle(Input::Sound(ready));
                    });
                }
                Output::File(request) => {
                    let sandbox = self.clone();
                    self.spawn(async move {
                        let file = files::fetch(&request.url).await;
                        let id = request.id;
                        sandbox.handle(Input::File(FileReady { id, file }));
                    });
                }
                // A silent device has no socket that could be told.
                Output::Client(ClientOutput::Created { connection, .. })
                    if connection >= SILENT => {}
                Output::Client(ClientOutput::Invite {
                    account, identity, ..
                }) if engine.has_device_from(&account, &identity, SILENT) => {}
                Output::Client(output) => {
                    if let Some(signalling) = self.0.signalling.get() {
                        signalling.tell(output);
                    }
                }
                Output::Stream(StreamOutput::Open(open)) => self.open_stream(engine, open),
                Output::Stream(StreamOutput::Digit { stream, digit }) => {
                    self.0.streams.digit(&stream, digit);
                }
                Output::Stream(StreamOutput::Close { stream }) => self.0.streams.close(&stream),
                Output::Media(command) => self.0.media.command(engine.now(), command),
                Output::Trace { kind, data } => self.note(Trace { kind, data }),
            }
        }
    }

    fn open_stream(&self, engine: &Engine, open: StreamOpen) {
        let token = engine
            .account(&open.account)
            .map(|account| account.auth_token.clone());
        let (sandbox, media) = (self.clone(), self.0.media.clone());
        let tell = move |input| sandbox.handle(Input::Stream(input));
        let streams = &self.0.streams;
        self.spawn(streams.run(open, &token.unwrap_or_default(), media, tell));
    }

    fn note(&self, trace: Trace) {
        tracing::debug!(kind = trace.kind, "sandbox");
        let mut traces = lock(&self.0.traces);
        if traces.len() >= TRACES {
            traces.pop_front();
        }
        traces.push_back(trace.clone());
        // Nobody may be watching.
        let _watchers = self.0.live.send(trace);
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.0.stop.clone();
        let work = async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        };
        self.0.tasks.spawn_on(work, &self.0.runtime);
    }

    fn spawn_http<L>(&self, listener: L, routes: Router)
    where
        L: axum::serve::Listener,
        L::Addr: std::fmt::Debug,
    {
        let stop = self.0.stop.clone();
        self.0.tasks.spawn(async move {
            let served =
                axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned());
            if let Err(error) = served.await {
                tracing::error!(%error, "the sandbox's port failed");
            }
        });
    }

    fn spawn_clients(&self, mut clients: mpsc::UnboundedReceiver<ClientInput>) {
        let sandbox = self.clone();
        self.spawn(async move {
            while let Some(input) = clients.recv().await {
                sandbox.handle(Input::Client(input));
            }
        });
    }

    fn spawn_time(&self, heard: mpsc::UnboundedReceiver<MediaEvent>) {
        let sandbox = self.clone();
        match self.0.clock.clone() {
            Clock::Real => {
                self.spawn(async move { sandbox.real_time(heard).await });
            }
            Clock::Virtual(clock) => {
                self.spawn(async move { sandbox.virtual_time(&clock, heard).await });
            }
        }
    }
}

/// Whose key it is, and its secret.
fn secret_of(engine: &Engine, sid: &str) -> Option<KeySecret> {
    engine.accounts().find_map(|account| {
        let key = account.keys.get(sid)?;
        // A restricted key signs no access tokens.
        if matches!(key.kind, KeyKind::Restricted(_)) {
            return None;
        }
        let (sid, region) = regions::split(&account.sid);
        Some(KeySecret {
            account: sid.to_owned(),
            region: region.to_owned(),
            secret: key.secret.clone(),
        })
    })
}
