//! A bell that a commit rings for those who look into the rows; what was rung for and not looked at yet counts as work in flight.

use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use crate::clock::{Gauge, Working};

/// Rung by many, heard by one.
#[derive(Default)]
pub struct Bell {
    notify: Notify,
    rung: Mutex<Vec<Working>>,
}

impl Bell {
    /// There may be something to see.
    pub fn ring(&self, work: &Gauge) {
        self.lock().push(work.enter());
        self.notify.notify_one();
    }

    /// Takes what was rung so far: hold it until you have looked.
    pub(crate) fn hear(&self) -> Vec<Working> {
        std::mem::take(&mut *self.lock())
    }

    /// Waits for the next ring.
    pub(crate) async fn rung(&self) {
        self.notify.notified().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Working>> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
