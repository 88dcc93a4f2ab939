//! The doctor: everything that a troubleshooting page would have somebody look up, looked up by the machine, with the cure.

mod account;
mod address;
mod api;
mod browser;
mod callback;
mod calls;
mod case;
mod checklists;
mod house;
mod numbers;
mod people;
mod progress;
mod report;
mod settings;
mod shell;
mod wiring;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use offhook_core::id::OrgId;
use offhook_store::{Error, checkups};

pub use case::Eyes;
pub use report::{Check, Checklist, Code, Counts, Group, Repair, Report, State, Tick};
pub use shell::{Consultation, Examined, consult, unusable};

pub(crate) use api::routes;

use crate::app::App;
use case::Case;

/// Which organizations are being looked at on this node.
#[derive(Default)]
pub struct Running(Mutex<BTreeSet<OrgId>>);

/// While this lives an organization is being looked at.
struct Begun<'a>(&'a Running, OrgId);

impl Running {
    /// Begins, unless somebody has already.
    fn begin(&self, org: &OrgId) -> Option<Begun<'_>> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running
            .insert(org.clone())
            .then(|| Begun(self, org.clone()))
    }

    fn has(&self, org: &OrgId) -> bool {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.contains(org)
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        let mut running = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.1);
    }
}

/// Looks at everything now; all of it at once, and nobody is waited for longer than ten seconds.
pub(crate) async fn examine(app: &App, org: &OrgId, eyes: Eyes) -> Result<Report, Error> {
    let case = Case::of(app, org, eyes).await?;
    // So much at once is better kept on the heap.
    let (settings, house, account, address, wiring, numbers, calls, people, browser, trip) =
        Box::pin(async {
            tokio::join!(
                settings::checks(&case),
                house::checks(&case),
                account::checks(&case),
                address::checks(&case),
                wiring::checks(&case),
                numbers::checks(&case),
                calls::checks(&case),
                people::checks(&case),
                browser::checks(&case),
                callback::check(&case),
            )
        })
        .await;
    let mut checks = settings;
    for group in [
        house, account, address, numbers, wiring, calls, people, browser,
    ] {
        checks.extend(group);
    }
    checks.push(trip);
    let mut report = Report::of(case.now, checks);
    report.checklists = checklists::of(&case, &report).await?;
    Ok(report)
}

/// The same for an organization's admins, kept as the last report; the one before while somebody else lets it be made.
pub(crate) async fn examined(app: &App, org: &OrgId) -> Result<Report, Error> {
    let Some(_begun) = app.examined.begin(org) else {
        return last(app, org).await;
    };
    let report = examine(app, org, Eyes::Admin).await?;
    let kept = serde_json::to_value(&report).unwrap_or_default();
    let at = report.at.unwrap_or_else(|| app.clock.now());
    app.db
        .write(org, async |tx| checkups::keep(tx, &kept, at).await)
        .await?;
    Ok(report)
}

/// The last report; its checklists as they stand now.
pub(crate) async fn last(app: &App, org: &OrgId) -> Result<Report, Error> {
    let kept = app
        .db
        .read(org, async |tx| checkups::last(tx).await)
        .await?
        .report;
    // One of an earlier version that cannot be read is as good as none.
    let mut report = kept
        .and_then(|(_, report)| serde_json::from_value(report).ok())
        .unwrap_or_else(Report::none);
    let case = Case::of(app, org, Eyes::Admin).await?;
    report.checklists = checklists::of(&case, &report).await?;
    report.running = app.examined.has(org);
    Ok(report)
}
