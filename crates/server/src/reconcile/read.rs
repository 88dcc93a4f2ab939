//! One reading of a call: how its legs are at the carrier, and who is in its room.

use std::collections::BTreeMap;

use offhook_core::call::{Call, Event, InRoom, Leg, LegReport, LegStatus, State};
use offhook_core::id::OrgId;
use offhook_store::Error;
use offhook_twilio::rest::{call, participant};

use super::dials;
use crate::app::App;
use crate::carrier::{Account, SendError};
use crate::jobs::report;

/// The rooms open at the carrier by name; one name can have had more than one.
pub(super) type OpenRooms = BTreeMap<String, Vec<String>>;

/// What the carrier says about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// How the legs are; of a leg that could not be read nothing is said.
    legs: Vec<LegReport>,
    /// Who is in the room; `None` where nobody could look.
    room: Option<Vec<InRoom>>,
    /// Labels of legs that were asked for and never dialled.
    never_dialled: Vec<String>,
}

impl Said {
    /// What the call is told of it.
    pub(super) fn events(self) -> Vec<Event> {
        let (legs, room) = (self.legs, self.room);
        let refused = self.never_dialled.into_iter();
        let refused = refused.map(|label| Event::PlaceRefused { label, code: None });
        // What ends the call comes last: whoever it releases was not asked to go before.
        [Event::Reconciled { legs, room }]
            .into_iter()
            .chain(refused)
            .collect()
    }
}

/// Asks the carrier about one organization's calls.
pub(super) struct Asking<'a> {
    pub(super) app: &'a App,
    pub(super) org: &'a OrgId,
    pub(super) account: &'a Account,
    /// `None` where they could not be listed.
    pub(super) open: Option<&'a OpenRooms>,
}

impl Asking<'_> {
    /// Reads a call once.
    pub(super) async fn read(&self, found: &Call) -> Result<Said, Error> {
        let mut legs = Vec::new();
        for leg in found.legs.iter().filter(|leg| leg.is_live()) {
            legs.extend(self.leg(leg).await);
        }
        if let State::Forwarding { .. } = found.state {
            self.forward_phones(found, &mut legs).await;
        }
        let dialled = dials::settle(self, found).await?;
        legs.extend(dialled.reports);
        legs.sort_by(|a, b| a.sid.cmp(&b.sid));
        let room = if found.has_room() {
            self.room(&found.room).await
        } else {
            None
        };
        Ok(Said {
            legs,
            room,
            never_dialled: dialled.never,
        })
    }

    async fn leg(&self, leg: &Leg) -> Option<LegReport> {
        let Some(sid) = &leg.sid else {
            return self.dialled_by_another(leg).await;
        };
        let request = call::fetch(&self.account.account_sid, sid);
        match self.app.carrier.send(self.account, &request).await {
            Ok(read) => report(&read),
            // The carrier has never heard of it, or not any more.
            Err(error) if error.is_gone() => Some(LegReport {
                sid: sid.clone(),
                label: None,
                parent_sid: None,
                status: LegStatus::Failed,
                duration_seconds: None,
                error_code: None,
            }),
            Err(error) => {
                tracing::debug!(%error, "a leg could not be read");
                None
            }
        }
    }

    /// What became of a leg that another one's `Dial` was to dial, and of which no callback told us.
    async fn dialled_by_another(&self, leg: &Leg) -> Option<LegReport> {
        let filter = call::dialled_by(leg.parent_sid.as_deref()?);
        let request = call::list(&self.account.account_sid, &filter);
        let page = self.app.carrier.send(self.account, &request).await.ok()?;
        Some(LegReport {
            label: Some(leg.label.clone()),
            ..report(page.items.first()?)?
        })
    }

    /// The phones that the caller's own leg dials: of them we know only what their callbacks told.
    async fn forward_phones(&self, found: &Call, legs: &mut Vec<LegReport>) {
        let Some(caller) = found.customer_sid() else {
            return;
        };
        let request = call::list(&self.account.account_sid, &call::dialled_by(caller));
        match self.app.carrier.send(self.account, &request).await {
            Ok(page) => {
                let reports: Vec<_> = page.items.iter().filter_map(report).collect();
                legs.retain(|leg| reports.iter().all(|report| report.sid != leg.sid));
                legs.extend(reports);
            }
            Err(error) => tracing::debug!(%error, "the phones of a forward could not be read"),
        }
    }

    /// Who is in the room of this name.
    async fn room(&self, name: &str) -> Option<Vec<InRoom>> {
        let mut present = Vec::new();
        for conference in self.open?.get(name).into_iter().flatten() {
            let request = participant::list(&self.account.account_sid, conference);
            match self.app.carrier.send(self.account, &request).await {
                Ok(page) => present.extend(page.items.into_iter().filter_map(in_room)),
                Err(SendError::Refused(error)) if error.status == 404 => {}
                Err(error) => {
                    tracing::debug!(%error, "a room could not be looked into");
                    return None;
                }
            }
        }
        present.sort();
        Some(present)
    }
}

/// Whoever is being dialled counts as there, but is not heard yet.
fn in_room(found: participant::Participant) -> Option<InRoom> {
    let status = found.status.as_deref().unwrap_or("connected");
    (!matches!(status, "complete" | "failed")).then(|| InRoom {
        connected: status == "connected",
        sid: found.call_sid,
        label: found.label,
        conference_sid: found.conference_sid,
    })
}
