//! Time for the engine: the machine's, or a test's that jumps from one thing that happens to the next.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{Sandbox, lock};
use crate::clock::{Ask, VirtualClock};
use crate::seam::{Input, MediaEvent, Time};

/// How often quiet must be found before it is believed, a millisecond apart.
const QUIET: u32 = 3;

impl Sandbox {
    pub(super) async fn real_time(&self, mut heard: mpsc::UnboundedReceiver<MediaEvent>) {
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

    pub(super) async fn virtual_time(
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
