//! What others see of a call: the words for people, the times, who is in it. All derived, nothing stored twice.

use super::{
    Call, Direction, EndedBy, Leg, LegRole, LegStatus, Mode, OfferState, Outcome, Overflow, Phase,
    State, Stay,
};
use crate::Time;
use crate::id::UserId;
use crate::names;

impl LegStatus {
    /// Does nothing follow after it.
    pub fn is_final(self) -> bool {
        match self {
            Self::Completed | Self::Busy | Self::NoAnswer | Self::Failed | Self::Canceled => true,
            Self::Queued | Self::Initiated | Self::Ringing | Self::InProgress => false,
        }
    }

    /// Twilio's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Initiated => "initiated",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Reads any spelling that the five systems and Twilio use.
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.trim().to_ascii_lowercase().replace('_', "-");
        Some(match word.as_str() {
            "queued" => Self::Queued,
            "initiated" => Self::Initiated,
            "ringing" => Self::Ringing,
            "in-progress" | "answered" => Self::InProgress,
            "completed" => Self::Completed,
            "busy" => Self::Busy,
            "no-answer" => Self::NoAnswer,
            "failed" => Self::Failed,
            "canceled" | "cancelled" => Self::Canceled,
            _ => return None,
        })
    }
}

impl Mode {
    /// Where the agent is rung first: an own phone, or a device by its name at the carrier.
    pub fn rings_agent_at(&self) -> Option<String> {
        match self {
            Self::PhoneFirst { agent_phone } => Some(agent_phone.clone()),
            Self::DeviceFirst { identity } => Some(format!("client:{identity}")),
            _ => None,
        }
    }
}

impl Leg {
    /// Has it not ended yet, as far as we know.
    pub fn is_live(&self) -> bool {
        !self.status.is_final()
    }

    /// The number of its present label.
    pub(super) fn label_number(&self) -> u32 {
        names::number(&self.label).unwrap_or(0)
    }
}

impl Stay {
    /// Were two in one room at one time. A join not yet told is not assumed.
    fn overlaps(&self, other: &Self) -> bool {
        let before = |from: Option<u32>, to: Option<u32>| {
            from.is_some_and(|from| to.is_none_or(|to| from == 0 || from < to))
        };
        self.conference_sid == other.conference_sid
            && before(self.from, other.to)
            && before(other.from, self.to)
    }
}

impl Call {
    /// The outside party's leg.
    pub fn customer(&self) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.role == LegRole::Customer)
    }

    /// The outside party's `CallSid`, once known.
    pub fn customer_sid(&self) -> Option<&str> {
        self.customer().and_then(|leg| leg.sid.as_deref())
    }

    /// Is it over.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Ended { .. })
    }

    /// The status in the words for people.
    pub fn status(&self) -> LegStatus {
        match &self.state {
            State::Ended { outcome, .. } => match outcome {
                Outcome::Answered | Outcome::Forwarded => LegStatus::Completed,
                Outcome::Missed | Outcome::Abandoned | Outcome::Voicemail | Outcome::NoAnswer => {
                    LegStatus::NoAnswer
                }
                Outcome::Busy => LegStatus::Busy,
                Outcome::Canceled => LegStatus::Canceled,
                Outcome::Failed => LegStatus::Failed,
            },
            _ if self.answered_at.is_some() => LegStatus::InProgress,
            _ => LegStatus::Ringing,
        }
    }

    /// A finer word than the status.
    pub fn phase(&self, now: Time) -> Phase {
        match &self.state {
            State::Waiting { .. } if self.is_offered() => Phase::Offered,
            State::Waiting { .. } | State::Voicemail { .. } => Phase::Waiting,
            State::Connecting { .. }
            | State::Preparing { .. }
            | State::Dialling { .. }
            | State::Lost { .. }
            | State::Forwarding {
                answered_at: None, ..
            } => Phase::Connecting,
            State::Connected { hold: Some(_), .. } => Phase::OnHold,
            State::Bridged { .. }
            | State::Connected { hold: None, .. }
            | State::Forwarding { .. } => Phase::Connected,
            State::Ended { .. } if self.wrap_up_until().is_some_and(|until| now < until) => {
                Phase::WrapUp
            }
            State::Ended { .. } => Phase::Ended,
        }
    }

    /// Does it still ring where its agent is called first, so that nobody talks in it yet.
    pub fn rings_its_agent(&self) -> bool {
        let picked_up = |leg: &Leg| {
            leg.role == LegRole::Agent && leg.is_live() && leg.status == LegStatus::InProgress
        };
        let preparing = matches!(self.state, State::Preparing { .. });
        preparing && self.mode.rings_agent_at().is_some() && !self.legs.iter().any(picked_up)
    }

    /// What happened, once it is over.
    pub fn outcome(&self) -> Option<Outcome> {
        match self.state {
            State::Ended { outcome, .. } => Some(outcome),
            _ => None,
        }
    }

    /// Who ended it, once it is over.
    pub fn ended_by(&self) -> Option<EndedBy> {
        match self.state {
            State::Ended { by, .. } => Some(by),
            _ => None,
        }
    }

    /// When it ended.
    pub fn ended_at(&self) -> Option<Time> {
        match self.state {
            State::Ended { at, .. } => Some(at),
            _ => None,
        }
    }

    /// Is the outside party being recorded at this moment.
    pub fn is_recording(&self) -> bool {
        self.has_running_recording() && !self.recording.paused
    }

    /// Does the recording stand still for a while: on hold, or by the agent's wish.
    pub fn is_recording_paused(&self) -> bool {
        self.has_running_recording() && self.recording.paused
    }

    fn has_running_recording(&self) -> bool {
        let talks = |leg: &Leg| leg.status == LegStatus::InProgress;
        self.recording.sid.is_some() && !self.is_over() && self.customer().is_some_and(talks)
    }

    /// How long the outside party waited until somebody was there, or until it ended.
    pub fn wait_seconds(&self, now: Time) -> u32 {
        seconds(
            self.started_at,
            self.answered_at.or(self.ended_at()).unwrap_or(now),
        )
    }

    /// How long they were together; `None` if they never were.
    pub fn talk_seconds(&self, now: Time) -> Option<u32> {
        Some(seconds(self.answered_at?, self.ended_at().unwrap_or(now)))
    }

    /// How long it lasted in all.
    pub fn duration_seconds(&self, now: Time) -> u32 {
        seconds(self.started_at, self.ended_at().unwrap_or(now))
    }

    /// How long the outside party's leg lasted as the carrier counts it, once it was told: its `CallDuration`, in seconds.
    pub fn carrier_seconds(&self) -> Option<u32> {
        self.customer()?.duration_seconds
    }

    /// Until when its agent is in wrap-up; `None` where there is nothing to wrap up, or no more.
    pub fn wrap_up_until(&self) -> Option<Time> {
        let State::Ended { at, outcome, .. } = self.state else {
            return None;
        };
        if outcome != Outcome::Answered || self.agent.is_none() || self.wrapped_up_at.is_some() {
            return None;
        }
        Some(at + chrono::TimeDelta::seconds(self.policy.wrap_up_seconds.into()))
    }

    /// Sorts the calls of a queue, first comes first; `None` when it does not wait.
    pub fn place_in_queue(&self) -> Option<(bool, Time)> {
        match self.state {
            State::Waiting {
                since, returned, ..
            } => Some((!returned, since)),
            _ => None,
        }
    }

    /// The agent whose accepted offer, or own dialling, still waits for its leg in the room.
    pub fn awaited_agent(&self) -> Option<&UserId> {
        match self.state {
            State::Connecting { .. } | State::Preparing { .. } | State::Lost { .. } => {
                self.agent.as_ref()
            }
            _ => None,
        }
    }

    /// The number shown when the caller is dialled on to a phone.
    pub(super) fn forward_caller_id(&self) -> String {
        let own = self.policy.forward_shows_caller
            && self.party.len() > 7
            && self
                .party
                .strip_prefix('+')
                .is_some_and(|rest| rest.bytes().all(|c| c.is_ascii_digit()));
        if own {
            self.party.clone()
        } else {
            self.our_number.clone()
        }
    }

    /// The phone that a forward goes to in the present state, or went to.
    pub(super) fn forward_to(&self) -> Option<&str> {
        let by_overflow = match self.state {
            State::Forwarding { overflow, .. } => overflow,
            State::Ended { .. } => !matches!(self.mode, Mode::Forward { .. }),
            _ => return None,
        };
        match (&self.mode, &self.policy.overflow) {
            (Mode::Forward { to }, _) if !by_overflow => Some(to),
            (_, Overflow::Forward { to }) if by_overflow => Some(to),
            _ => None,
        }
    }

    /// Is it on somebody's screen.
    pub(super) fn is_offered(&self) -> bool {
        self.offers.iter().any(|o| o.state == OfferState::Offered)
    }

    /// A leg of the present agent in the room now, the newest first.
    pub(super) fn agent_in_room(&self) -> Option<usize> {
        (0..self.legs.len()).rev().find(|&i| {
            let leg = &self.legs[i];
            self.is_present_agents(leg) && self.is_present(leg) && !leg.released
        })
    }

    /// Is the leg in the room now, in this bringing-together.
    pub(super) fn is_present(&self, leg: &Leg) -> bool {
        leg.in_room && leg.joined > self.visit
    }

    /// Is the outside party in the room now.
    pub(super) fn is_customer_in_room(&self) -> bool {
        self.customer().is_some_and(|leg| self.is_present(leg))
    }

    /// Does the leg belong to the agent who has the call now, and to this bringing-together.
    pub(super) fn is_present_agents(&self, leg: &Leg) -> bool {
        leg.role == LegRole::Agent && leg.agent == self.agent && leg.label_number() > self.visit
    }

    /// Do the facts say that the present agent and the outside party were together, in whatever order we learnt them. A customer
    /// who was to leave the room again and has not left it yet when the agent comes is together with the agent too.
    pub(super) fn were_together(&self) -> bool {
        let Some(customer) = self.customer() else {
            return false;
        };
        match self.direction {
            Direction::Inbound => {
                let theirs = self.legs.iter().filter(|leg| self.is_present_agents(leg));
                let mut stays = theirs.filter_map(|leg| leg.stay.as_ref());
                let stay = customer.stay.as_ref();
                stay.is_some_and(|stay| stays.any(|other| stay.overlaps(other)))
            }
            Direction::Outbound => {
                let cut_short = customer.released && customer.duration_seconds.unwrap_or(0) == 0;
                customer.answered_at.is_some()
                    || customer.status == LegStatus::Completed && !cut_short
            }
        }
    }

    /// When a forward phone took it.
    pub(super) fn forwarded_at(&self) -> Option<Time> {
        let phones = self.legs.iter().filter(|leg| leg.role == LegRole::External);
        phones.filter_map(|leg| leg.answered_at).min()
    }
}

fn seconds(from: Time, to: Time) -> u32 {
    u32::try_from((to - from).num_seconds().max(0)).unwrap_or(u32::MAX)
}
