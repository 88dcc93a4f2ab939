//! Signs of life: what this node's sockets reported, written in one statement per organization.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use offhook_core::id::{OrgId, UserId};
use offhook_store::presence::{self, Beat};
use serde::Deserialize;
use tokio::sync::Notify;

use crate::app::App;

/// What was reported, by organization and tab.
type Reports = BTreeMap<OrgId, BTreeMap<Tab, Report>>;

/// A tab's sign of life.
struct Report {
    device: Device,
    /// The device is not as it was.
    changed: bool,
}

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
    pub(crate) fn put(&self, org: &OrgId, user: &UserId, client: &str, device: Device) {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        let tab = (user.clone(), client.to_owned());
        let changed = gathered.known.insert(tab.clone(), device) != Some(device);
        let due = gathered.due.entry(org.clone()).or_default();
        let changed_before = due.get(&tab).is_some_and(|report| report.changed);
        due.insert(
            tab,
            Report {
                device,
                changed: changed || changed_before,
            },
        );
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
        let working = app.work.enter();
        for (org, tabs) in app.live.beats.take() {
            write(&app, &org, tabs).await;
        }
        drop(working);
    }
}

async fn write(app: &App, org: &OrgId, tabs: BTreeMap<Tab, Report>) {
    let beats: Vec<Beat> = tabs
        .iter()
        .map(|((user, client), report)| Beat {
            user: user.clone(),
            client: client.clone(),
            device_ready: report.device == Device::Ready,
        })
        .collect();
    let now = app.clock.now();
    if let Err(error) = app
        .db
        .write(org, async |tx| presence::beat(tx, &beats, now).await)
        .await
    {
        tracing::warn!(org.id = %org, %error, "signs of life were not stored; time without them does not count");
        return;
    }
    for ((user, _), report) in tabs {
        if report.changed {
            app.live.stir(org, &user);
        }
    }
}
