//! The driver: the only place with sockets and timers. It carries what the engine wants to where it is done, and back.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use axum::Router;
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::{Notify, broadcast, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::{Ask, Clock, VirtualClock};
use crate::config::{AccountSeed, Config};
use crate::control;
use crate::engine::account::{Account, ApiKey, Application, NumberChange};
use crate::engine::{Engine, Settings};
use crate::media::{Media, MediaConfig};
use crate::rest;
use crate::seam::{ClientInput, ClientOutput, ConnectionId, Input, MediaEvent, Output, Time};
use crate::signalling::{KeySecret, Signalling, SignallingConfig};
use crate::sounds::Sounds;
use crate::webhooks::{Courier, WebhookRecord};

/// Traces kept.
const TRACES: usize = 2000;
/// Connections from here on are silent devices; the signalling never counts so far.
const SILENT: ConnectionId = 1 << 63;
/// How often quiet must be found before it is believed, a millisecond apart.
const QUIET: u32 = 3;

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
    addr: SocketAddr,
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
        let engine = Arc::new(Mutex::new(seeded(&config, &url, clock.now())));
        let sandbox = Self(Arc::new(Inner {
            engine: Arc::clone(&engine),
            clock: clock.clone(),
            media: media.clone(),
            signalling: OnceLock::new(),
            sounds: Sounds::new(),
            courier: Courier::new(clock.clone()),
            addr,
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
        // The cell is empty: nobody else has the handle yet.
        let _already = sandbox.0.signalling.set(signalling);
        sandbox.spawn_clients(clients);
        sandbox.spawn_time(heard);
        sandbox.spawn_http(listener, routes);
        Ok(sandbox)
    }

    /// The whole table of routes.
    fn routes(&self, signalling: &Signalling, more: Option<Router>) -> Router {
        signalling
            .router()
            .merge(rest::router(self.clone()))
            .merge(control::router(
                self.clone(),
                control::Hosts::of(self.url(), self.addr()),
            ))
            .merge(more.unwrap_or_default())
    }

    /// Where REST, signalling, control and console answer.
    pub fn addr(&self) -> SocketAddr {
        self.0.addr
    }

    /// The same as clients reach it, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.0.url
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

    /// The webhooks that were sent, newest first.
    pub fn webhooks(&self) -> Vec<WebhookRecord> {
        self.0.courier.sent()
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
                // A silent device has no socket that could be told.
                Output::Client(ClientOutput::Created { connection, .. })
                    if connection >= SILENT => {}
                Output::Client(output) => {
                    if let Some(signalling) = self.0.signalling.get() {
                        signalling.tell(output);
                    }
                }
                Output::Media(command) => self.0.media.command(engine.now(), command),
                Output::Trace { kind, data } => self.note(Trace { kind, data }),
            }
        }
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

    fn spawn_http(&self, listener: TcpListener, routes: Router) {
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

    async fn real_time(&self, mut heard: mpsc::UnboundedReceiver<MediaEvent>) {
        loop {
            let next = lock(&self.0.engine).next_wake();
            let wait = next.map(|next| (next - self.0.clock.now()).to_std().unwrap_or_default());
            tokio::select! {
                Some(event) = heard.recv() => self.handle(Input::Media(event)),
                () = self.0.changed.notified() => {}
                () = tokio::time::sleep(wait.unwrap_or(Duration::from_hours(1))) => self.handle(Input::Tick),
            }
        }
    }

    async fn virtual_time(
        &self,
        clock: &VirtualClock,
        mut heard: mpsc::UnboundedReceiver<MediaEvent>,
    ) {
        let Some(mut asks) = clock.take_asks() else {
            tracing::error!("this virtual clock drives another sandbox already");
            return;
        };
        let mut before = Instant::now();
        loop {
            let ask = tokio::select! {
                ask = asks.recv() => ask,
                () = tokio::time::sleep(Duration::from_millis(20)) => None,
            };
            let elapsed = before.elapsed();
            before = Instant::now();
            // A client outside hears and speaks in real time.
            if self.0.media.outside() > 0 {
                let span = chrono::TimeDelta::from_std(elapsed).unwrap_or_default();
                self.advance(clock, clock.now() + span, &mut heard).await;
            }
            match ask {
                None => self.take_in(&mut heard),
                Some(Ask::Settle(done)) => {
                    self.quiet(clock, &mut heard).await;
                    let _gone = done.send(());
                }
                Some(Ask::Step(end, done)) => {
                    self.quiet(clock, &mut heard).await;
                    if self.0.media.outside() == 0 {
                        let own = lock(&self.0.engine).next_wake();
                        let next = own
                            .into_iter()
                            .chain(clock.companions_wake())
                            .fold(end, Ord::min);
                        self.advance(clock, next.max(clock.now()), &mut heard).await;
                    }
                    let _gone = done.send(());
                }
            }
        }
    }

    async fn advance(
        &self,
        clock: &VirtualClock,
        to: Time,
        heard: &mut mpsc::UnboundedReceiver<MediaEvent>,
    ) {
        clock.set(to);
        self.0.media.advance(to).await;
        self.take_in(heard);
        self.handle(Input::Tick);
        clock.tell_companions(to);
    }

    fn take_in(&self, heard: &mut mpsc::UnboundedReceiver<MediaEvent>) {
        while let Ok(event) = heard.try_recv() {
            self.handle(Input::Media(event));
        }
    }

    /// Waits until nobody has anything left to do at the present moment.
    async fn quiet(&self, clock: &VirtualClock, heard: &mut mpsc::UnboundedReceiver<MediaEvent>) {
        let mut found = 0;
        while found < QUIET {
            self.take_in(heard);
            let waiting = lock(&self.0.engine).is_waiting();
            found = if waiting || clock.is_held() {
                0
            } else {
                found + 1
            };
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// Whose key it is, and its secret.
fn secret_of(engine: &Engine, sid: &str) -> Option<KeySecret> {
    engine.accounts().find_map(|account| {
        let key = account.keys.get(sid)?;
        Some(KeySecret {
            account: account.sid.clone(),
            secret: key.secret.clone(),
        })
    })
}

fn seeded(config: &Config, url: &str, now: Time) -> Engine {
    let settings = Settings {
        seed: config.seed,
        base_url: url.to_owned(),
        price_delay: config.price_delay,
    };
    let mut engine = Engine::new(settings, now);
    for seed in &config.accounts {
        engine.add_account(account(seed, now));
        for number in &seed.numbers {
            let change = NumberChange {
                hooks: number.hooks.clone().into(),
                voice_application_sid: Some(number.voice_application_sid.clone()),
                ..NumberChange::default()
            };
            if let Err(error) = engine.create_number(now, &seed.sid, &number.phone_number, change) {
                tracing::warn!(%error, "a number of the sandbox could not be seeded");
            }
        }
    }
    for (number, behaviour) in &config.phones {
        engine.set_behaviour(number, Some(behaviour.clone()));
    }
    engine
}

fn account(seed: &AccountSeed, now: Time) -> Account {
    let keys = seed.keys.iter().map(|(sid, secret)| {
        let key = ApiKey {
            sid: sid.clone(),
            secret: secret.clone(),
            friendly_name: String::new(),
            date_created: now,
            date_updated: now,
        };
        (sid.clone(), key)
    });
    let applications = seed.applications.iter().map(|(sid, name, hooks)| {
        let application = Application {
            sid: sid.clone(),
            account_sid: seed.sid.clone(),
            friendly_name: name.clone(),
            hooks: hooks.clone(),
            date_created: now,
            date_updated: now,
        };
        (sid.clone(), application)
    });
    Account {
        sid: seed.sid.clone(),
        auth_token: seed.auth_token.clone(),
        friendly_name: seed.friendly_name.clone(),
        date_created: now,
        calls_per_second: seed.calls_per_second,
        keys: keys.collect(),
        numbers: BTreeMap::new(),
        applications: applications.collect(),
    }
}
