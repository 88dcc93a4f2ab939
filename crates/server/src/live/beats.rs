//! Signs of life: what this node's sockets reported, written in one statement per organization.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use offhook_core::id::{OrgId, UserId};
use serde::Deserialize;
use tokio::sync::Notify;

use crate::app::App;

/// What was reported, by organization and tab.
type Reports = BTreeMap<OrgId, BTreeMap<Tab, (Device, DateTime<Utc>)>>;

/// How long beats are gathered before they are written.
const GATHER: Duration = Duration::from_secs(2);

/// How a tab's softphone device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// Registered: calls can be taken.
    Ready,
    /// On its way.
    Connecting,
    /// Not usable; the page says why.
    Problem,
    /// Another tab owns the device.
    None,
}

/// One tab of one agent.
type Tab = (UserId, String);

/// What was reported since the last writing.
#[derive(Default)]
pub struct Beats {
    gathered: Mutex<Gathered>,
    urgent: Notify,
}

#[derive(Default)]
struct Gathered {
    due: Reports,
    /// The device as last reported, to know a change.
    known: BTreeMap<Tab, Device>,
}

impl Beats {
    /// Takes a tab's report; a changed device is written at once.
    pub(crate) fn put(
        &self,
        org: &OrgId,
        user: &UserId,
        client: &str,
        device: Device,
        at: DateTime<Utc>,
    ) {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        let tab = (user.clone(), client.to_owned());
        let changed = gathered.known.insert(tab.clone(), device) != Some(device);
        gathered
            .due
            .entry(org.clone())
            .or_default()
            .insert(tab, (device, at));
        drop(gathered);
        if changed {
            self.urgent.notify_one();
        }
    }

    /// A tab has gone.
    pub(crate) fn forget(&self, user: &UserId, client: &str) {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.known.remove(&(user.clone(), client.to_owned()));
    }

    fn take(&self) -> Reports {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut gathered.due)
    }
}

/// Writes what was gathered every few seconds, and at once when a device changed.
pub(super) async fn run(app: App) {
    loop {
        tokio::select! {
            () = app.clock.sleep(GATHER) => (),
            () = app.live.beats.urgent.notified() => (),
        }
    }
}
