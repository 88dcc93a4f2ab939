//! The one clock of the server, real or given, and the gauge of work in flight that lets a test know when nothing happens any more.

use std::collections::BTreeMap;
use std::collections::btree_map::OccupiedEntry;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, oneshot};

/// Tells the time and sleeps; every part of the server that asks for the time asks here.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Real,
    Manual(Arc<Mutex<Hands>>),
}

/// What a manual clock shows, and who waits for it to show more.
#[derive(Debug)]
struct Hands {
    now: DateTime<Utc>,
    ticket: u64,
    sleepers: BTreeMap<(DateTime<Utc>, u64), oneshot::Sender<Working>>,
    /// Who was woken and has not noticed yet.
    waking: Gauge,
}

impl Clock {
    /// The machine's own clock.
    pub fn real() -> Self {
        Self(Source::Real)
    }

    /// A clock that stands still until somebody moves it: virtual time, shared with the sandbox in a test.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(Hands {
            now: micros(start),
            ticket: 0,
            sleepers: BTreeMap::new(),
            waking: Gauge::default(),
        }))))
    }

    /// The time, in whole microseconds, as both databases store it.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Source::Real => micros(machine_time()),
            Source::Manual(hands) => lock(hands).now,
        }
    }

    /// Waits until the clock shows `at`; a moment that has passed does not wait.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        match &self.0 {
            Source::Real => {
                if let Ok(rest) = (at - self.now()).to_std() {
                    tokio::time::sleep(rest).await;
                }
            }
            Source::Manual(hands) => {
                let Some(woken) = lie_down(hands, at) else {
                    return;
                };
                // The sender is dropped only with the clock itself, and then nobody is left to wait.
                drop(woken.await);
            }
        }
    }

    /// Waits for a while of this clock's time.
    pub async fn sleep(&self, duration: Duration) {
        let span = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        self.sleep_until(self.now() + span).await;
    }

    /// Runs `work`, but gives up (`None`) after `limit` of this clock's time.
    pub async fn timeout<T>(&self, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.sleep(limit) => None,
        }
    }

    /// Moves a manual clock forward and wakes who waited for it; never back. A real clock is not moved.
    pub fn advance_to(&self, at: DateTime<Utc>) {
        let Source::Manual(hands) = &self.0 else {
            return;
        };
        let mut hands = lock(hands);
        hands.now = hands.now.max(micros(at));
        let edge = (hands.now, u64::MAX);
        loop {
            let due = hands
                .sleepers
                .first_entry()
                .filter(|first| *first.key() <= edge);
            let Some(sleeper) = due.map(OccupiedEntry::remove) else {
                return;
            };
            let waking = hands.waking.enter();
            // A sleeper that stopped waiting has dropped its end.
            drop(sleeper.send(waking));
        }
    }

    /// Moves a manual clock forward by a span.
    pub fn advance(&self, span: TimeDelta) {
        self.advance_to(self.now() + span);
    }

    /// The next moment somebody sleeps for on a manual clock; a driver of virtual time goes there.
    pub fn next_wake(&self) -> Option<DateTime<Utc>> {
        let Source::Manual(hands) = &self.0 else {
            return None;
        };
        let mut hands = lock(hands);
        hands.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        hands.sleepers.keys().next().map(|(at, _)| *at)
    }

    /// Whether somebody was woken who has not noticed yet; virtual time may move only when nobody is.
    pub fn is_waking(&self) -> bool {
        match &self.0 {
            Source::Real => false,
            Source::Manual(hands) => !lock(hands).waking.is_idle(),
        }
    }

    /// Whether time moves by itself.
    pub fn is_real(&self) -> bool {
        matches!(self.0, Source::Real)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everybody else asks"
)]
fn machine_time() -> DateTime<Utc> {
    Utc::now()
}

/// Cuts a time to whole microseconds.
fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

fn lock(hands: &Mutex<Hands>) -> std::sync::MutexGuard<'_, Hands> {
    hands.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lie_down(hands: &Mutex<Hands>, at: DateTime<Utc>) -> Option<oneshot::Receiver<Working>> {
    let mut hands = lock(hands);
    if at <= hands.now {
        return None;
    }
    let (wake, woken) = oneshot::channel();
    hands.ticket += 1;
    let key = (at, hands.ticket);
    hands.sleepers.insert(key, wake);
    Some(woken)
}

/// Counts work in flight: requests, jobs, deliveries. Virtual time may move only while it reads zero.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<Level>);

#[derive(Debug, Default)]
struct Level {
    working: AtomicUsize,
    changed: Notify,
}

/// One piece of work in flight; dropping it says that it is done.
#[derive(Debug)]
#[must_use = "the work counts only as long as this lives"]
pub struct Working(Arc<Level>);

/// A piece of work that waits for the clock; while this lives it does not count.
#[derive(Debug)]
#[must_use = "the work is left out only as long as this lives"]
pub struct Waiting(Option<Arc<Level>>);

impl Gauge {
    /// Leaves one piece of work out of the count while it waits for time to go on, which it would otherwise hold.
    pub fn waiting(&self) -> Waiting {
        let less = |level: usize| level.checked_sub(1);
        let counted = self
            .0
            .working
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
            .is_ok();
        self.0.changed.notify_waiters();
        Waiting(counted.then(|| Arc::clone(&self.0)))
    }

    /// Counts one more piece of work until the answer is dropped.
    pub fn enter(&self) -> Working {
        self.0.working.fetch_add(1, Ordering::SeqCst);
        Working(Arc::clone(&self.0))
    }

    /// How much is in flight.
    pub fn level(&self) -> usize {
        self.0.working.load(Ordering::SeqCst)
    }

    /// Whether nothing is in flight.
    pub fn is_idle(&self) -> bool {
        self.level() == 0
    }

    /// Waits until nothing is in flight.
    pub async fn idle(&self) {
        loop {
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.is_idle() {
                return;
            }
            changed.await;
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(level) = &self.0 {
            level.working.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.working.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn a_manual_clock_wakes_sleepers_in_time_and_not_before() {
        let clock = Clock::manual(noon());
        let early = clock.sleep_until(noon() + TimeDelta::seconds(5));
        let late = clock.sleep_until(noon() + TimeDelta::seconds(50));
        tokio::pin!(early, late);
        assert!(futures_util::poll!(early.as_mut()).is_pending());
        assert!(futures_util::poll!(late.as_mut()).is_pending());
        assert_eq!(clock.next_wake(), Some(noon() + TimeDelta::seconds(5)));
        clock.advance(TimeDelta::seconds(10));
        assert!(futures_util::poll!(early.as_mut()).is_ready());
        assert!(futures_util::poll!(late.as_mut()).is_pending());
        assert_eq!(clock.next_wake(), Some(noon() + TimeDelta::seconds(50)));
    }

    #[tokio::test]
    async fn a_sleeper_that_gave_up_does_not_hold_virtual_time() {
        let clock = Clock::manual(noon());
        {
            let sleeper = clock.sleep(Duration::from_secs(1));
            tokio::pin!(sleeper);
            assert!(futures_util::poll!(sleeper.as_mut()).is_pending());
        }
        assert_eq!(clock.next_wake(), None);
    }

    #[tokio::test]
    async fn the_gauge_is_idle_when_the_last_work_ends() {
        let gauge = Gauge::default();
        let one = gauge.enter();
        let two = gauge.enter();
        drop(one);
        let idle = gauge.idle();
        tokio::pin!(idle);
        assert!(futures_util::poll!(idle.as_mut()).is_pending());
        drop(two);
        idle.await;
        assert!(gauge.is_idle());
    }
}
