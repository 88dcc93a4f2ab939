//! Call control: what the engine wants done at the carrier, one request of a call after the other.

use offhook_core::call::{Call, Effect, Event, Mode};
use offhook_twilio::rest::conference::{self, Filter};
use offhook_twilio::status::ConferenceStatus;

use crate::app::App;
use crate::carrier::{Account, SendError};
use crate::webhooks::urls::Doors;

/// What an effect is carried out with.
pub(super) struct Control<'a> {
    pub(super) app: &'a App,
    pub(super) account: &'a Account,
    pub(super) call: &'a Call,
    pub(super) doors: Doors,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct After {
    /// What the call is told, in this order.
    pub(super) events: Vec<Event>,
    /// What went wrong, for the job's row and the log.
    pub(super) error: Option<String>,
    /// It may be tried again.
    pub(super) again: bool,
    /// Nobody knows whether it was carried out.
    pub(super) is_unknown: bool,
}

impl After {
    pub(super) fn tell(event: Event) -> Self {
        Self {
            events: vec![event],
            ..Self::default()
        }
    }

    pub(super) fn unknown(why: String) -> Self {
        Self {
            error: Some(why),
            is_unknown: true,
            ..Self::default()
        }
    }

    /// What does no harm twice is tried again, unless the carrier said no.
    pub(super) fn failed(error: &SendError) -> Self {
        let again = matches!(error, SendError::NotSent(_) | SendError::Unknown(_));
        Self {
            error: Some(error.to_string()),
            again,
            ..Self::default()
        }
    }
}

impl Control<'_> {
    /// Carries an effect out.
    pub(super) async fn carry_out(&self, effect: &Effect) -> After {
        match effect {
            Effect::Dequeue { sid, turn } => self.dequeue(sid, *turn).await,
            Effect::Redirect { sid, to, turn } => self.redirect(sid, *to, *turn).await,
            Effect::DialCustomer {
                label,
                to,
                from,
                record,
            } => self.dial_customer(label, to, from, *record).await,
            Effect::DialAgent {
                label,
                to,
                from,
                agent,
            } => self.dial_agent(label, to, from, agent).await,
            Effect::EndLeg { sid } => self.end_leg(sid).await,
            Effect::EndLegByLabel { label } => self.end_leg_by_label(label).await,
            Effect::RemoveParticipant { sid } => self.remove_participant(sid).await,
            Effect::HoldParticipant { sid } => self.hold(sid, true).await,
            Effect::UnholdParticipant { sid } => self.hold(sid, false).await,
            Effect::StartRecording { sid } => self.start_recording(sid).await,
            Effect::PauseRecording { sid, recording_sid } => {
                self.record(sid, recording_sid.as_deref(), false).await
            }
            Effect::ResumeRecording { sid, recording_sid } => {
                self.record(sid, recording_sid.as_deref(), true).await
            }
            Effect::CheckRoom => self.check_room().await,
            // These never become jobs: they are done in the transaction of their decision.
            Effect::KeepMessage { .. }
            | Effect::CancelUnsent
            | Effect::FindAgents
            | Effect::DeviceAbsent { .. }
            | Effect::Live(_) => After::default(),
        }
    }

    /// The carrier's name of the place where the caller waits.
    pub(super) fn waiting_place(&self) -> Option<&str> {
        match &self.call.mode {
            Mode::Queue { name, .. } | Mode::RingAgents { name, .. } => Some(name),
            Mode::Forward { .. }
            | Mode::Voicemail
            | Mode::Softphone
            | Mode::PhoneFirst { .. }
            | Mode::DeviceFirst { .. }
            | Mode::Direct => None,
        }
    }

    /// The room's `CF…` SID: from its first callback, else found by its name.
    pub(super) async fn conference(&self) -> Result<Option<String>, SendError> {
        if let Some(sid) = &self.call.conference_sid {
            return Ok(Some(sid.clone()));
        }
        let filter = Filter {
            friendly_name: Some(self.call.room.clone()),
            status: Some(ConferenceStatus::InProgress),
            page_size: Some(1),
        };
        let request = conference::list(&self.account.account_sid, &filter);
        let page = self.app.carrier.send(self.account, &request).await?;
        Ok(page.items.into_iter().next().map(|found| found.sid))
    }
}
