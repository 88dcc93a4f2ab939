//! The sandbox's clock: real time, or virtual time that a test moves on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use tokio::sync::{mpsc, oneshot};

use crate::seam::Time;

/// Tells the time.
pub type Reader = Arc<dyn Fn() -> Time + Send + Sync>;

/// Real or virtual time.
#[derive(Clone, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    Real,
    /// A test's.
    Virtual(VirtualClock),
}

impl Clock {
    /// What time it is.
    #[expect(clippy::disallowed_methods, reason = "this is the clock of the crate")]
    pub fn now(&self) -> Time {
        match self {
            Self::Real => chrono::Utc::now(),
            Self::Virtual(clock) => clock.now(),
        }
    }

    /// The same as a function.
    pub fn reader(&self) -> Reader {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

/// Something that shares a virtual clock with the sandbox: the driven server.
#[derive(Clone)]
pub struct Companion {
    /// Whether it has nothing left to do at the present moment.
    pub idle: Arc<dyn Fn() -> bool + Send + Sync>,
    /// When it has to do something next.
    pub next_wake: Arc<dyn Fn() -> Option<Time> + Send + Sync>,
    /// Tells it that time has moved on.
    pub advanced: Arc<dyn Fn(Time) + Send + Sync>,
}

/// What a test asks of the driver.
pub(crate) enum Ask {
    /// Say when all is quiet at the present moment.
    Settle(oneshot::Sender<()>),
    /// When all is quiet, go on to the next thing that happens, but not beyond.
    Step(Time, oneshot::Sender<()>),
}

struct State {
    now: Mutex<Time>,
    busy: AtomicUsize,
    companions: Mutex<Vec<Companion>>,
    asks: mpsc::UnboundedSender<Ask>,
    inbox: Mutex<Option<mpsc::UnboundedReceiver<Ask>>>,
}

/// Time that stands still until a test lets it go on, and then jumps from one thing that happens to the next.
/// It never moves while a webhook is unanswered, a [`Busy`] lives, or a [`Companion`] is not idle.
/// While a WebRTC client is connected it goes on by itself, as fast as real time.
#[derive(Clone)]
pub struct VirtualClock(Arc<State>);

/// While it lives, virtual time stands still.
pub struct Busy(Arc<State>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl VirtualClock {
    /// A clock that stands at this time.
    pub fn at(now: Time) -> Self {
        let (asks, inbox) = mpsc::unbounded_channel();
        Self(Arc::new(State {
            now: Mutex::new(now),
            busy: AtomicUsize::new(0),
            companions: Mutex::default(),
            asks,
            inbox: Mutex::new(Some(inbox)),
        }))
    }

    /// What time it is.
    pub fn now(&self) -> Time {
        *lock(&self.0.now)
    }

    /// The same as a function, for whoever shares the clock.
    pub fn reader(&self) -> Reader {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// Holds time still.
    pub fn busy(&self) -> Busy {
        self.0.busy.fetch_add(1, Ordering::SeqCst);
        Busy(Arc::clone(&self.0))
    }

    /// Lets somebody share the clock.
    pub fn join(&self, companion: Companion) {
        lock(&self.0.companions).push(companion);
    }

    /// Waits until all is quiet at the present moment.
    pub async fn settle(&self) {
        let (done, wait) = oneshot::channel();
        self.ask(Ask::Settle(done), wait).await;
    }

    /// Lets so much time go by.
    pub async fn run(&self, span: TimeDelta) {
        let end = self.now() + span;
        self.run_until(end, || false).await;
    }

    /// Lets time go by until something is so, but not beyond `end`; says whether it is.
    pub async fn run_until(&self, end: Time, mut so: impl FnMut() -> bool) -> bool {
        loop {
            self.settle().await;
            if so() {
                return true;
            }
            if self.now() >= end {
                return false;
            }
            let (done, wait) = oneshot::channel();
            if !self.ask(Ask::Step(end, done), wait).await {
                return so();
            }
        }
    }

    /// Whether the driver did what was asked; it does not once the sandbox has ended.
    async fn ask(&self, ask: Ask, wait: oneshot::Receiver<()>) -> bool {
        self.0.asks.send(ask).is_ok() && wait.await.is_ok()
    }

    pub(crate) fn take_asks(&self) -> Option<mpsc::UnboundedReceiver<Ask>> {
        lock(&self.0.inbox).take()
    }

    pub(crate) fn is_held(&self) -> bool {
        let companions = lock(&self.0.companions).clone();
        self.0.busy.load(Ordering::SeqCst) > 0
            || companions.iter().any(|companion| !(companion.idle)())
    }

    pub(crate) fn companions_wake(&self) -> Option<Time> {
        let companions = lock(&self.0.companions).clone();
        companions
            .iter()
            .filter_map(|companion| (companion.next_wake)())
            .min()
    }

    pub(crate) fn set(&self, now: Time) {
        *lock(&self.0.now) = now;
    }

    pub(crate) fn tell_companions(&self, now: Time) {
        let companions = lock(&self.0.companions).clone();
        for companion in companions {
            (companion.advanced)(now);
        }
    }
}
