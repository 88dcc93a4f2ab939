//! A call as lists show it, with the names of those in it.

use offhook_core::Time;
use offhook_core::call::{Direction, EndedBy, LegStatus, Outcome, Phase};
use offhook_core::id::{CallId, NumberId, OfferId, QueueId, UserId};

use super::TABLE;
use crate::contacts::ContactName;
use crate::error::{Error, Result};
use crate::row;
use crate::time::{moment, moment_opt};

/// An agent's name as a call shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentName {
    /// The agent's id.
    pub id: UserId,
    /// The agent's name.
    pub name: String,
}

/// A queue's name as a call shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueName {
    /// Its id.
    pub id: QueueId,
    /// What people read.
    pub label: String,
}

/// Our number as a call shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberName {
    /// Its id.
    pub id: NumberId,
    /// E.164.
    pub e164: String,
    /// What people call it.
    pub label: Option<String>,
}

/// A call as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSummary {
    /// Its id.
    pub id: CallId,
    /// Who called whom.
    pub direction: Direction,
    /// `queue`, `ring_agents`, `forward`, `voicemail`, `softphone`, `phone_first`.
    pub mode: String,
    /// The status in the words for people.
    pub status: LegStatus,
    /// The phase when it was last changed; ask [`CallSummary::phase_at`].
    phase: Phase,
    /// Not ended.
    pub live: bool,
    /// What the system saw happen.
    pub outcome: Option<Outcome>,
    /// Who ended it.
    pub ended_by: Option<EndedBy>,
    /// How long the outside party's leg lasted as the carrier counts it.
    carrier_seconds: Option<i64>,
    /// What the agent says it meant.
    pub disposition: Option<String>,
    /// The agent's wrap-up note.
    pub note: Option<String>,
    /// Who called: E.164, or what the carrier gave.
    pub from_number: String,
    /// Who was called.
    pub to_number: String,
    /// The outside party's side of the two.
    pub party: String,
    /// Our number.
    pub number: Option<NumberName>,
    /// The contact outside.
    pub contact: Option<ContactName>,
    /// The agent.
    pub agent: Option<AgentName>,
    /// The queue.
    pub queue: Option<QueueName>,
    /// When it began.
    pub started_at: Time,
    /// Waits for an agent since then.
    pub waiting_since: Option<Time>,
    /// Had an agent before: stands before all others of its queue.
    pub returned: bool,
    /// When they came together.
    pub answered_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// The agent is in wrap-up until then.
    pub wrap_up_until: Option<Time>,
    /// What the carrier takes for it, decimal text.
    pub price: Option<String>,
    /// In which currency.
    pub price_currency: Option<String>,
    /// A recording can be played.
    pub has_recording: bool,
}

impl CallSummary {
    /// The phase now: wrap-up ends by time alone.
    pub fn phase_at(&self, now: Time) -> Phase {
        match (self.phase, self.wrap_up_until) {
            (Phase::WrapUp, until) if until.is_none_or(|until| until <= now) => Phase::Ended,
            (phase, _) => phase,
        }
    }

    /// How long it lasted, once it is over: as the carrier counts the outside party's leg, which a callback that came
    /// late does not change; else by our own clock.
    pub fn duration_seconds(&self) -> Option<i64> {
        let ours = (self.ended_at? - self.started_at).num_seconds().max(0);
        let lasted = self.carrier_seconds.unwrap_or(ours);
        // Two clocks round apart: it never lasted less than they talked.
        Some(lasted.max(self.talk_seconds().unwrap_or(0)))
    }

    /// How long the outside party waited until somebody was there, or until it ended.
    pub fn wait_seconds(&self) -> Option<i64> {
        Some(
            (self.answered_at.or(self.ended_at)? - self.started_at)
                .num_seconds()
                .max(0),
        )
    }

    /// How long they were together, once it is over.
    pub fn talk_seconds(&self) -> Option<i64> {
        Some((self.ended_at? - self.answered_at?).num_seconds().max(0))
    }
}

/// A call on an agent's screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOffer {
    /// The offer.
    pub id: OfferId,
    /// To whom.
    pub agent: UserId,
    /// Since when.
    pub offered_at: Time,
    /// Until when.
    pub expires_at: Time,
    /// The call.
    pub call: CallSummary,
}

/// The columns of a [`SummaryRow`].
pub(super) const SELECT: &str = "
    SELECT c.id, c.direction, c.mode, c.status, c.phase, c.live, c.outcome, c.ended_by, c.carrier_seconds, c.disposition, c.note, c.from_number, c.to_number,
        c.party, c.number_id, n.e164, n.label AS number_label, c.contact_id, k.name AS contact_name,
        k.company AS contact_company, c.agent_id, u.name AS agent_name, c.queue_id, q.label AS queue_label, c.started_at,
        c.waiting_since, c.returned, c.answered_at, c.ended_at, c.wrap_up_until, c.price, c.price_currency,
        EXISTS (SELECT 1 FROM recordings r WHERE r.org_id = c.org_id AND r.call_id = c.id AND r.status = 'ready') AS has_recording";

/// Where [`SELECT`] reads from: names are joined, so that a page of calls is one query.
pub(super) const FROM: &str = "
    FROM calls c
    LEFT JOIN numbers n ON n.org_id = c.org_id AND n.id = c.number_id
    LEFT JOIN contacts k ON k.org_id = c.org_id AND k.id = c.contact_id
    LEFT JOIN users u ON u.id = c.agent_id
    LEFT JOIN queues q ON q.org_id = c.org_id AND q.id = c.queue_id";

#[derive(sqlx::FromRow)]
pub(super) struct SummaryRow {
    id: String,
    direction: String,
    mode: String,
    status: String,
    phase: String,
    live: bool,
    outcome: Option<String>,
    ended_by: Option<String>,
    carrier_seconds: Option<i64>,
    disposition: Option<String>,
    note: Option<String>,
    from_number: String,
    to_number: String,
    party: String,
    number_id: Option<String>,
    e164: Option<String>,
    number_label: Option<String>,
    contact_id: Option<String>,
    contact_name: Option<String>,
    contact_company: Option<String>,
    agent_id: Option<String>,
    agent_name: Option<String>,
    queue_id: Option<String>,
    queue_label: Option<String>,
    started_at: i64,
    waiting_since: Option<i64>,
    returned: bool,
    answered_at: Option<i64>,
    ended_at: Option<i64>,
    wrap_up_until: Option<i64>,
    price: Option<String>,
    price_currency: Option<String>,
    has_recording: bool,
}

impl TryFrom<SummaryRow> for CallSummary {
    type Error = Error;
    fn try_from(r: SummaryRow) -> Result<Self> {
        let number = match (r.number_id, r.e164) {
            (Some(id), Some(e164)) => Some(NumberName {
                id: row::id(TABLE, id)?,
                e164,
                label: r.number_label,
            }),
            _ => None,
        };
        let contact = match (r.contact_id, r.contact_name) {
            (Some(id), Some(name)) => Some(ContactName {
                id: row::id(TABLE, id)?,
                name,
                company: r.contact_company,
            }),
            _ => None,
        };
        let agent = match (r.agent_id, r.agent_name) {
            (Some(id), Some(name)) => Some(AgentName {
                id: row::id(TABLE, id)?,
                name,
            }),
            _ => None,
        };
        let queue = match (r.queue_id, r.queue_label) {
            (Some(id), Some(label)) => Some(QueueName {
                id: row::id(TABLE, id)?,
                label,
            }),
            _ => None,
        };
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            direction: row::from_word(TABLE, r.direction)?,
            mode: r.mode,
            status: row::from_word(TABLE, r.status)?,
            phase: row::from_word(TABLE, r.phase)?,
            live: r.live,
            outcome: row::from_word_opt(TABLE, r.outcome)?,
            ended_by: row::from_word_opt(TABLE, r.ended_by)?,
            carrier_seconds: r.carrier_seconds,
            disposition: r.disposition,
            note: r.note,
            from_number: r.from_number,
            to_number: r.to_number,
            party: r.party,
            number,
            contact,
            agent,
            queue,
            started_at: moment(TABLE, r.started_at)?,
            waiting_since: moment_opt(TABLE, r.waiting_since)?,
            returned: r.returned,
            answered_at: moment_opt(TABLE, r.answered_at)?,
            ended_at: moment_opt(TABLE, r.ended_at)?,
            wrap_up_until: moment_opt(TABLE, r.wrap_up_until)?,
            price: r.price,
            price_currency: r.price_currency,
            has_recording: r.has_recording,
        })
    }
}
