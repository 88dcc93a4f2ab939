//! A number as the API shows it, with the one sentence and the picture of where a call to it goes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use offhook_core::call::Overflow;
use offhook_core::id::{QueueId, UserId};
use offhook_core::phone::PhoneNumber;
use offhook_core::way::{First, Personal, StopKind, Then, way};
use offhook_store::agent_calling::{self, Calling};
use offhook_store::numbers::{Destination, Number};
use offhook_store::queues::Queue;
use offhook_store::{Error, Tx, organizations, queues, users};
use serde::Serialize;
use utoipa::ToSchema;

use super::route::{RouteView, route_view};
use super::view::Money;

/// A phone number of the organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct NumberView {
    pub(super) id: String,
    /// E.164.
    number: String,
    /// What people call it; kept in step at the carrier.
    label: Option<String>,
    /// What the carrier calls it.
    friendly_name: Option<String>,
    route: RouteView,
    /// Somebody chose the route; otherwise it follows the owner, or the documented door at which a call comes in.
    route_chosen: bool,
    /// Where a call to it goes.
    way: WayView,
    /// The id of the agent whose own number it is.
    agent: Option<String>,
    /// Whether its calls are recorded; null: as the organization says.
    record: Option<bool>,
    /// Where the carrier asks when this server does not answer; null is an address of this server's own.
    fallback: Option<String>,
    /// The id of the carrier account that holds it.
    carrier: String,
    /// The carrier's id of it (`PN…`), once known.
    sid: Option<String>,
    /// ISO 3166 alpha-2.
    country: Option<String>,
    /// `local`, `mobile`, `national` or `toll_free`, once known.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// What it can do, once known.
    capabilities: Option<CapabilitiesView>,
    /// What it costs in a month, once known.
    monthly: Option<Money>,
    /// An emergency address is registered for it at the carrier.
    emergency_address: bool,
    /// The carrier's own word for that, such as `registered` or `pending-registration`.
    emergency_status: Option<String>,
    created_at: DateTime<Utc>,
}

/// What a number can do.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct CapabilitiesView {
    pub(super) voice: bool,
    pub(super) sms: bool,
    pub(super) mms: bool,
}

/// Where a call to a number goes.
#[derive(Serialize, ToSchema)]
pub(crate) struct WayView {
    /// In one sentence.
    sentence: String,
    /// As a picture, from left to right.
    steps: Vec<StepView>,
}

/// One stop of the picture.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepView {
    /// `number`, `queue`, `agents`, `phone`, `voicemail` or `hang_up`.
    kind: &'static str,
    label: String,
}

/// All that the organization's numbers are shown with.
pub(crate) struct Scene {
    country: String,
    queues: Vec<Queue>,
    members: Vec<(QueueId, UserId)>,
    names: BTreeMap<UserId, String>,
    calling: BTreeMap<UserId, Calling>,
}

impl Scene {
    /// Reads it.
    pub(crate) async fn read(tx: &mut Tx) -> Result<Self, Error> {
        let org = tx.org_id().clone();
        let people = users::members(tx, &org).await?.into_iter();
        let settings = agent_calling::list(tx).await?.into_iter();
        Ok(Self {
            country: organizations::get(tx, &org).await?.country,
            queues: queues::list(tx).await?,
            members: queues::all_members(tx).await?,
            names: people
                .map(|member| (member.user.id, member.user.name))
                .collect(),
            calling: settings.map(|set| (set.user.clone(), set)).collect(),
        })
    }

    /// Shows a number.
    pub(crate) fn view(&self, number: Number) -> NumberView {
        let way = self.way(&number);
        let facts = number.facts;
        NumberView {
            id: number.id.into(),
            number: number.e164,
            label: number.label,
            friendly_name: facts.friendly_name,
            route_chosen: number.route.chosen,
            route: route_view(number.route),
            way,
            agent: number.agent.map(String::from),
            record: number.record,
            fallback: number.fallback_url,
            carrier: number.carrier.into(),
            sid: number.sid,
            country: facts.country,
            kind: facts.kind,
            capabilities: facts.capabilities.map(|can| CapabilitiesView {
                voice: can.voice,
                sms: can.sms,
                mms: can.mms,
            }),
            monthly: facts
                .monthly
                .map(|(amount, currency)| Money { amount, currency }),
            emergency_address: number.emergency_address,
            emergency_status: facts.emergency_status,
            created_at: number.created_at,
        }
    }

    fn way(&self, number: &Number) -> WayView {
        let told = way(
            &self.shown(&number.e164),
            &self.first(number),
            &self.then(number),
            self.personal(number).as_ref(),
        );
        let step = |stop: offhook_core::way::Stop| StepView {
            kind: match stop.kind {
                StopKind::Number => "number",
                StopKind::Queue => "queue",
                StopKind::Agents => "agents",
                StopKind::Phone => "phone",
                StopKind::Voicemail => "voicemail",
                StopKind::HangUp => "hang_up",
            },
            label: stop.label,
        };
        WayView {
            sentence: told.sentence,
            steps: told.steps.into_iter().map(step).collect(),
        }
    }

    /// A number as people of the organization's country write it.
    fn shown(&self, e164: &str) -> String {
        PhoneNumber::international_only(e164)
            .map_or_else(|_| e164.to_owned(), |number| number.display(&self.country))
    }

    fn queue(&self, id: &QueueId) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.id == *id)
    }

    fn first(&self, number: &Number) -> First {
        match &number.route.to {
            Destination::Queue { queue } => match self.queue(queue) {
                Some(queue) => First::Queue {
                    name: queue.label.clone(),
                    agents: self
                        .members
                        .iter()
                        .filter(|(of, _)| *of == queue.id)
                        .count(),
                    seconds: queue.max_wait_seconds,
                },
                None => First::Voicemail,
            },
            Destination::RingAgents { agents, seconds } => First::Agents {
                names: agents.iter().map(|agent| self.name(agent)).collect(),
                seconds: *seconds,
            },
            Destination::Forward { to } => First::Phone { to: self.shown(to) },
            Destination::Voicemail => First::Voicemail,
        }
    }

    fn then(&self, number: &Number) -> Then {
        let of_queue = match &number.route.to {
            Destination::Queue { queue } => self.queue(queue).map(|queue| queue.overflow.clone()),
            _ => None,
        };
        let chosen = number.route.overflow.clone().or(of_queue);
        match chosen {
            Some(Overflow::Forward { to }) => Then::Phone {
                to: self.shown(&to),
            },
            Some(Overflow::HangUp) => Then::End,
            Some(Overflow::Voicemail) => Then::Voicemail,
            None => match self.alone(number) {
                Some(calling) if !calling.voicemail => Then::End,
                _ => Then::Voicemail,
            },
        }
    }

    /// The settings of the only agent whom a number rings.
    fn alone(&self, number: &Number) -> Option<&Calling> {
        match &number.route.to {
            Destination::RingAgents { agents, .. } => match agents.as_slice() {
                [one] => self.calling.get(one),
                _ => None,
            },
            _ => None,
        }
    }

    fn personal(&self, number: &Number) -> Option<Personal> {
        let set = self.alone(number)?;
        let shown = |to: &Option<String>| to.as_deref().map(|to| self.shown(to));
        Some(Personal {
            name: self.name(&set.user),
            always: shown(&set.forward_always),
            on_busy: shown(&set.forward_on_busy),
            on_no_answer: shown(&set.forward_on_no_answer),
        })
    }

    fn name(&self, agent: &UserId) -> String {
        let known = self.names.get(agent);
        known
            .cloned()
            .unwrap_or_else(|| "somebody who left".to_owned())
    }
}
