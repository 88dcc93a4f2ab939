//! A call that is over, as the engine would have left it.

use chrono::{DateTime, TimeDelta, Utc};
use offhook_core::call::{
    Call, DeviceRing, Direction, EndedBy, Leg, LegRole, LegStatus, Message, Mode, Outcome,
    Overflow, Policy, RecordingState, Ring, State,
};
use offhook_core::id::{CallId, ContactId, LegId, NumberId, OrgId, QueueId, UserId};
use offhook_core::names;
use uuid::Uuid;

/// What is known of a call that is over.
#[derive(Debug, Clone)]
pub struct PastCall {
    /// Whose.
    pub org: OrgId,
    /// Who called whom.
    pub direction: Direction,
    /// The outside party.
    pub party: String,
    /// Our number.
    pub number: (NumberId, String),
    /// The contact.
    pub contact: Option<ContactId>,
    /// The agent who took or made it.
    pub agent: Option<UserId>,
    /// The queue in which an inbound caller waited.
    pub queue: QueueId,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long nobody was there yet.
    pub wait: TimeDelta,
    /// How long they talked, or how long the message was.
    pub talk: TimeDelta,
    /// What happened.
    pub outcome: Outcome,
    /// Whether the carrier recorded it.
    pub recorded: bool,
}

impl PastCall {
    /// The call as the engine would have left it.
    pub fn call(&self) -> Call {
        let id = CallId::new(Uuid::now_v7());
        let answered_at = (self.outcome == Outcome::Answered).then(|| self.started_at + self.wait);
        let ended_at = self.started_at + self.wait + self.talk;
        let sid = (self.recorded || self.outcome == Outcome::Voicemail).then(|| carrier_sid("RE"));
        let message = (self.outcome == Outcome::Voicemail).then(|| Message {
            recording_sid: sid.clone(),
            seconds: seconds(self.talk),
        });
        Call {
            mode: match self.direction {
                Direction::Inbound => Mode::Queue {
                    queue: self.queue.clone(),
                    name: "support_queue".to_owned(),
                },
                Direction::Outbound => Mode::Softphone,
            },
            legs: self.legs(&id, answered_at, ended_at),
            room: names::room(&id),
            id,
            org: self.org.clone(),
            direction: self.direction,
            party: self.party.clone(),
            our_number: self.number.1.clone(),
            number: Some(self.number.0.clone()),
            contact: self.contact.clone(),
            agent: self.agent.clone(),
            ends_with_agent: false,
            policy: policy(),
            state: State::Ended {
                at: ended_at,
                outcome: self.outcome,
                by: self.ended_by(),
            },
            offers: Vec::new(),
            recording: RecordingState {
                requested: sid.is_some(),
                sid,
                ..RecordingState::default()
            },
            conference_sid: answered_at.map(|_| carrier_sid("CF")),
            turn: 3,
            visit: 1,
            ring: DeviceRing::default(),
            moving: None,
            message,
            started_at: self.started_at,
            answered_at,
            wrapped_up_at: answered_at.map(|_| ended_at + TimeDelta::seconds(12)),
            heard_at: ended_at,
        }
    }

    fn ended_by(&self) -> EndedBy {
        match (self.outcome, self.direction) {
            (Outcome::Failed, _) => EndedBy::Carrier,
            (Outcome::Canceled, _) => EndedBy::Agent,
            // Agents say good-bye first now and then.
            (Outcome::Answered, _) if self.talk.num_seconds() % 3 == 0 => EndedBy::Agent,
            _ => EndedBy::Customer,
        }
    }

    fn legs(
        &self,
        id: &CallId,
        answered_at: Option<DateTime<Utc>>,
        ended_at: DateTime<Utc>,
    ) -> Vec<Leg> {
        let customer_status = match (self.outcome, self.direction) {
            (Outcome::Busy, _) => LegStatus::Busy,
            (Outcome::NoAnswer, _) => LegStatus::NoAnswer,
            (Outcome::Failed, _) => LegStatus::Failed,
            (Outcome::Canceled, _) => LegStatus::Canceled,
            _ => LegStatus::Completed,
        };
        let picked_up = match self.direction {
            Direction::Inbound => Some(self.started_at),
            Direction::Outbound => answered_at,
        };
        let customer = leg(
            id,
            1,
            LegRole::Customer,
            &self.party,
            customer_status,
            (self.started_at, picked_up, ended_at),
        );
        let Some(agent) = self
            .agent
            .as_ref()
            .filter(|_| answered_at.is_some() || self.direction == Direction::Outbound)
        else {
            return vec![customer];
        };
        let begun = answered_at.map_or(self.started_at, |at| at - TimeDelta::seconds(1));
        let mut device = leg(
            id,
            2,
            LegRole::Agent,
            "client:agent",
            LegStatus::Completed,
            (begun, Some(begun), ended_at),
        );
        device.agent = Some(agent.clone());
        vec![customer, device]
    }
}

/// A leg that is over; begun, answered, ended.
fn leg(
    call: &CallId,
    n: u32,
    role: LegRole,
    address: &str,
    status: LegStatus,
    (created_at, answered_at, ended_at): (DateTime<Utc>, Option<DateTime<Utc>>, DateTime<Utc>),
) -> Leg {
    Leg {
        id: LegId::parse(&format!("leg_{}_{n}", call.body()))
            .expect("a call's body makes a leg's id"),
        sid: Some(carrier_sid("CA")),
        parent_sid: None,
        role,
        agent: None,
        label: names::label(role, n),
        address: address.to_owned(),
        status,
        in_room: false,
        joined: n,
        left: n,
        stay: None,
        released: true,
        created_at,
        answered_at,
        ended_at: Some(ended_at),
        duration_seconds: answered_at.map(|at| seconds(ended_at - at)),
        error_code: None,
        dials_at: None,
    }
}

/// An id as the carrier makes them.
fn carrier_sid(prefix: &str) -> String {
    format!("{prefix}{}", Uuid::now_v7().simple())
}

fn seconds(span: TimeDelta) -> u32 {
    u32::try_from(span.num_seconds()).unwrap_or(0)
}

fn policy() -> Policy {
    Policy {
        ring: Ring::All,
        offer_seconds: 30,
        max_wait_seconds: 300,
        overflow: Overflow::Voicemail,
        record: true,
        recording_notice: None,
        greeting: None,
        wrap_up_seconds: 30,
        forward_shows_caller: true,
        no_message: false,
    }
}
