//! Ends legs at the carrier: whoever called a call off, and agents whose browser is gone.

use offhook_core::call::{Event, LegReport, LegStatus};
use offhook_twilio::rest::call::{self, Call};
use offhook_twilio::rest::participant;

use super::control::{After, Control};
use crate::carrier::SendError;
use crate::webhooks::words::leg_status;

impl Control<'_> {
    /// Ends a leg. The answer is told too: a leg that was called off while it was queued sends no callback at all.
    pub(super) async fn end_leg(&self, sid: &str) -> After {
        let status = self
            .call
            .legs
            .iter()
            .find(|leg| leg.sid.as_deref() == Some(sid))
            .map(|leg| leg.status);
        let waits = matches!(
            status,
            Some(LegStatus::Queued | LegStatus::Initiated | LegStatus::Ringing)
        );
        let account = &self.account.account_sid;
        let mut answer = Ok(None);
        if waits {
            answer = self
                .app
                .carrier
                .send(self.account, &call::cancel(account, sid))
                .await
                .map(Some);
        }
        if !matches!(&answer, Ok(Some(ended)) if ended.status.is_final()) {
            answer = self
                .app
                .carrier
                .send(self.account, &call::complete(account, sid))
                .await
                .map(Some);
        }
        if answer.as_ref().is_err_and(SendError::is_gone) {
            answer = self
                .app
                .carrier
                .send(self.account, &call::fetch(account, sid))
                .await
                .map(Some);
        }
        match answer {
            Ok(found) => After {
                events: found.iter().filter_map(ended).collect(),
                ..After::default()
            },
            Err(error) => After::failed(&error),
        }
    }

    /// Ends a leg that was asked for under a label, if it has come into being.
    pub(super) async fn end_leg_by_label(&self, label: &str) -> After {
        let known = self
            .call
            .legs
            .iter()
            .find(|leg| leg.label == label)
            .and_then(|leg| leg.sid.clone());
        if let Some(sid) = known {
            return self.end_leg(&sid).await;
        }
        if let Some(parent) = self.dialled_by(label) {
            return self.end_dialled(label, parent).await;
        }
        let Ok(Some(conference)) = self.conference().await else {
            return After::default();
        };
        let request = participant::fetch(&self.account.account_sid, &conference, label);
        match self.app.carrier.send(self.account, &request).await {
            Ok(found) => {
                let placed = Event::Placed {
                    label: label.to_owned(),
                    sid: found.call_sid.clone(),
                };
                let mut after = self.end_leg(&found.call_sid).await;
                after.events.insert(0, placed);
                after
            }
            Err(error) if error.is_gone() => After::default(),
            Err(error) => After::failed(&error),
        }
    }

    /// The leg whose `Dial` was to dial the leg of this label.
    fn dialled_by(&self, label: &str) -> Option<&str> {
        let mut legs = self.call.legs.iter();
        legs.find(|leg| leg.label == label)?.parent_sid.as_deref()
    }

    /// Ends what a leg's `Dial` dialled, if it came to that. The dialling leg was ended before: nothing is dialled any more.
    async fn end_dialled(&self, label: &str, parent: &str) -> After {
        let request = call::list(&self.account.account_sid, &call::dialled_by(parent));
        let label = label.to_owned();
        match self.app.carrier.send(self.account, &request).await {
            Ok(page) => match page.items.into_iter().next() {
                Some(found) => {
                    let mut after = self.end_leg(&found.sid).await;
                    let sid = found.sid;
                    after.events.insert(0, Event::Placed { label, sid });
                    after
                }
                None => After::tell(Event::PlaceRefused { label, code: None }),
            },
            Err(error) => After::failed(&error),
        }
    }

    /// Takes the older leg of an agent who joined again out of the room.
    pub(super) async fn remove_participant(&self, sid: &str) -> After {
        let conference = match self.conference().await {
            Ok(Some(conference)) => conference,
            Ok(None) => return After::default(),
            Err(error) => return After::failed(&error),
        };
        let request = participant::delete(&self.account.account_sid, &conference, sid);
        match self.app.carrier.send(self.account, &request).await {
            Err(error) if !error.is_gone() => After::failed(&error),
            _ => After::default(),
        }
    }
}

/// A leg that is over, as its last report.
pub(crate) fn ended(found: &Call) -> Option<Event> {
    report(found)
        .filter(|report| report.status.is_final())
        .map(Event::Leg)
}

/// What the carrier says about a leg when it is asked.
pub(crate) fn report(found: &Call) -> Option<LegReport> {
    Some(LegReport {
        sid: found.sid.clone(),
        label: None,
        parent_sid: found.parent_call_sid.clone(),
        status: leg_status(&found.status)?,
        duration_seconds: found.duration,
        error_code: None,
    })
}
