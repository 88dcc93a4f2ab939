//! What an agent has set for calls to that agent alone: where they go instead, and whether they are recorded.

use super::{Mode, Overflow, Policy};

/// The settings of the only agent whom a call would ring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Personal {
    /// Every call goes there, E.164; the agent is not rung.
    pub always: Option<String>,
    /// Calls go there while the agent talks.
    pub on_busy: Option<String>,
    /// Calls go there that are not taken in time.
    pub on_no_answer: Option<String>,
    /// Nobody is asked to leave a message.
    pub no_message: bool,
    /// The agent talks now.
    pub talks: bool,
}

impl Personal {
    /// What becomes of a call to this agent. The route's own overflow, where somebody chose one, still comes last; a call goes
    /// through two phones at most, so that it cannot go in a circle by itself.
    pub fn applied(self, mode: Mode, policy: Policy, overflow_chosen: bool) -> (Mode, Policy) {
        if !matches!(mode, Mode::RingAgents { .. }) {
            return (mode, policy);
        }
        let mut policy = policy;
        policy.no_message = self.no_message && !overflow_chosen;
        if policy.no_message {
            policy.overflow = Overflow::HangUp;
        }
        let at_once = self.always.or(self.on_busy.filter(|_| self.talks));
        if let Some(to) = at_once {
            return (Mode::Forward { to }, policy);
        }
        if let Some(to) = self.on_no_answer {
            policy.overflow = Overflow::Forward { to };
        }
        (mode, policy)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::call::Ring;
    use crate::id::UserId;

    fn ring() -> Mode {
        Mode::RingAgents {
            agents: vec![UserId::parse("user_ana").unwrap()],
            name: "wait_1".to_owned(),
        }
    }

    fn policy() -> Policy {
        Policy {
            ring: Ring::All,
            offer_seconds: 30,
            max_wait_seconds: 60,
            overflow: Overflow::Voicemail,
            record: true,
            recording_notice: None,
            greeting: None,
            wrap_up_seconds: 30,
            forward_shows_caller: true,
            no_message: false,
        }
    }

    fn phone(to: &str) -> String {
        to.to_owned()
    }

    fn to(to: &str) -> Mode {
        Mode::Forward { to: to.to_owned() }
    }

    #[test]
    fn always_is_at_once_and_the_agent_is_not_rung() {
        let set = Personal {
            always: Some(phone("+1")),
            on_busy: Some(phone("+2")),
            on_no_answer: Some(phone("+3")),
            talks: true,
            ..Personal::default()
        };
        let (mode, policy) = set.applied(ring(), policy(), false);
        assert_eq!((mode, policy.overflow), (to("+1"), Overflow::Voicemail));
    }

    #[test]
    fn on_busy_counts_only_while_the_agent_talks() {
        let set = |talks| Personal {
            on_busy: Some(phone("+2")),
            talks,
            ..Personal::default()
        };
        assert_eq!(set(true).applied(ring(), policy(), false).0, to("+2"));
        assert_eq!(set(false).applied(ring(), policy(), false).0, ring());
    }

    #[test]
    fn on_no_answer_comes_after_the_ringing() {
        let set = Personal {
            on_no_answer: Some(phone("+3")),
            ..Personal::default()
        };
        let (mode, policy) = set.applied(ring(), policy(), false);
        let there = Overflow::Forward {
            to: "+3".to_owned(),
        };
        assert_eq!((mode, policy.overflow), (ring(), there));
    }

    #[test]
    fn who_wants_no_messages_gets_none_unless_the_route_says_so() {
        let set = || Personal {
            no_message: true,
            ..Personal::default()
        };
        let (_, alone) = set().applied(ring(), policy(), false);
        assert_eq!((alone.overflow, alone.no_message), (Overflow::HangUp, true));
        let (_, chosen) = set().applied(ring(), policy(), true);
        assert_eq!(
            (chosen.overflow, chosen.no_message),
            (Overflow::Voicemail, false)
        );
    }

    proptest! {
        #[test]
        fn a_call_goes_through_two_phones_at_most(
            phones in prop::array::uniform3(prop::option::of("[+][1-9]{2}")), no_message: bool, talks: bool, chosen: bool,
        ) {
            let [always, on_busy, on_no_answer] = phones;
            let set = Personal { always, on_busy, on_no_answer, no_message, talks };
            let rings = set.always.is_none() && !(talks && set.on_busy.is_some());
            let (mode, after) = set.applied(ring(), policy(), chosen);
            prop_assert_eq!(rings, mode == ring());
            let hops = usize::from(mode != ring()) + usize::from(matches!(after.overflow, Overflow::Forward { .. }));
            prop_assert!(hops <= 2);
        }

        #[test]
        fn other_calls_than_those_to_one_agent_are_left_alone(talks: bool, no_message: bool) {
            let set = Personal { always: Some(phone("+1")), talks, no_message, ..Personal::default() };
            let (mode, after) = set.applied(Mode::Voicemail, policy(), false);
            prop_assert_eq!((mode, after), (Mode::Voicemail, policy()));
        }
    }
}
