//! Presence is derived from facts, never stored as a flag: nobody can stick in it.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Time;

/// A client that has given no sign of life for so long is not there.
pub const CLIENT_LIVES: TimeDelta = TimeDelta::seconds(25);
/// A front end that polls for calls is there for so long after a poll.
pub const POLL_LIVES: TimeDelta = TimeDelta::seconds(10);

/// A device of another system's front end is there for so long after it was given a token: the token lives no longer.
pub const DEVICE_LIVES: TimeDelta = TimeDelta::hours(1);

/// And it has registered at the carrier so long after that at the latest.
pub const DEVICE_REGISTERS: TimeDelta = TimeDelta::seconds(15);

/// What an agent chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// Calls may come.
    #[default]
    Available,
    /// Not now.
    Away,
}

/// What others see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In a call, or on the way into one.
    Busy,
    /// Finishing notes.
    WrapUp,
    /// Not there.
    Offline,
    /// There, but not for calls.
    Away,
    /// There, and calls may come.
    Available,
}

/// A page or phone of the agent's that reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Its last sign of life.
    pub heard_at: Time,
    /// Its device could take a call then.
    pub ready: bool,
}

/// All that presence follows from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// What the agent chose.
    pub chosen: Chosen,
    /// The agent's pages.
    pub clients: Vec<Client>,
    /// Calls go to the agent's own phone.
    pub own_phone: bool,
    /// The last poll of a front end that polls.
    pub polled_at: Option<Time>,
    /// When a front end that knows of calls only by its device was given a token for it.
    pub device_at: Option<Time>,
    /// A leg of the agent's is alive.
    pub live_leg: bool,
    /// A call waits for the agent's leg: accepted, dialled from here, or lost a moment ago.
    pub awaited: bool,
    /// The end of the wrap-up.
    pub wrap_up_until: Option<Time>,
    /// For how long no sign of life could be stored of late (a restart, the database away): nobody is blamed for it.
    pub unheard: TimeDelta,
}

impl Facts {
    /// The presence: the first that fits.
    pub fn presence(&self, now: Time) -> Presence {
        if self.live_leg || self.awaited && self.may_come(now) {
            Presence::Busy
        } else if self.wrap_up_until.is_some_and(|until| now < until) {
            Presence::WrapUp
        } else if !self.is_there(now) {
            Presence::Offline
        } else if self.chosen == Chosen::Away || !self.could_take_a_call(now) {
            Presence::Away
        } else {
            Presence::Available
        }
    }

    /// When it will change by itself if nothing is heard; `None` if it will not.
    pub fn changes_at(&self, now: Time) -> Option<Time> {
        let beats = self
            .clients
            .iter()
            .map(|client| client.heard_at + CLIENT_LIVES + self.unheard);
        let poll = self.polled_at.map(|at| at + POLL_LIVES + self.unheard);
        let present = self.presence(now);
        let device = self.device_at.map(|at| at + DEVICE_LIVES);
        let mut moments: Vec<Time> = beats
            .chain(poll)
            .chain(device)
            .chain(self.wrap_up_until)
            .filter(|at| *at > now)
            .collect();
        moments.sort_unstable();
        moments.into_iter().find(|at| self.presence(*at) != present)
    }

    /// Is the agent's softphone leg without the page that carried it: it is to be ended at the carrier.
    pub fn has_vanished(&self, now: Time) -> bool {
        self.live_leg
            && !self.clients.is_empty()
            && !self.clients.iter().any(|c| self.lives(c, now))
    }

    /// A page that has vanished brings no leg, so a call that waits for it keeps nobody busy.
    fn may_come(&self, now: Time) -> bool {
        self.clients.is_empty() || self.is_there(now)
    }

    fn is_there(&self, now: Time) -> bool {
        self.own_phone
            || self.polls(now)
            || self.has_device(now)
            || self.clients.iter().any(|client| self.lives(client, now))
    }

    fn could_take_a_call(&self, now: Time) -> bool {
        self.own_phone || self.polls(now) || self.has_device(now) || self.has_page(now)
    }

    /// Can a call be shown to the agent only by ringing a device of another system's front end.
    pub fn is_reached_by_device(&self, now: Time) -> bool {
        self.has_device(now) && !self.polls(now) && !self.has_page(now)
    }

    /// A page of ours could take a call.
    fn has_page(&self, now: Time) -> bool {
        self.clients.iter().any(|c| c.ready && self.lives(c, now))
    }

    fn has_device(&self, now: Time) -> bool {
        self.device_at.is_some_and(|at| now < at + DEVICE_LIVES)
    }

    fn lives(&self, client: &Client, now: Time) -> bool {
        now < client.heard_at + CLIENT_LIVES + self.unheard
    }

    fn polls(&self, now: Time) -> bool {
        self.polled_at
            .is_some_and(|at| now < at + POLL_LIVES + self.unheard)
    }
}

impl Presence {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::WrapUp => "wrap_up",
            Self::Offline => "offline",
            Self::Away => "away",
            Self::Available => "available",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn beating(ready: bool) -> Facts {
        Facts {
            clients: vec![Client {
                heard_at: at(0),
                ready,
            }],
            ..Facts::default()
        }
    }

    #[test]
    fn an_agent_is_available_while_a_ready_device_beats() {
        let facts = beating(true);
        assert_eq!(facts.presence(at(24)), Presence::Available);
        assert_eq!(facts.presence(at(25)), Presence::Offline);
        assert_eq!(facts.changes_at(at(0)), Some(at(25)));
    }

    #[test]
    fn a_page_whose_device_is_not_ready_is_away() {
        assert_eq!(beating(false).presence(at(1)), Presence::Away);
        let mut two = beating(false);
        two.clients.push(Client {
            heard_at: at(1),
            ready: true,
        });
        assert_eq!(
            two.presence(at(2)),
            Presence::Available,
            "one tab owns the device"
        );
    }

    #[test]
    fn a_call_is_busy_and_nothing_else_is() {
        let mut facts = beating(true);
        facts.chosen = Chosen::Away;
        facts.wrap_up_until = Some(at(30));
        assert_eq!(facts.presence(at(1)), Presence::WrapUp);
        facts.awaited = true;
        assert_eq!(facts.presence(at(1)), Presence::Busy);
        facts.awaited = false;
        facts.live_leg = true;
        assert_eq!(
            facts.presence(at(99)),
            Presence::Busy,
            "even without a page"
        );
    }

    #[test]
    fn t_kill_browser_a_vanished_page_is_found_within_its_time_and_then_the_agent_is_free() {
        let mut facts = beating(true);
        facts.live_leg = true;
        assert!(!facts.has_vanished(at(24)));
        assert!(facts.has_vanished(at(25)));
        facts.live_leg = false;
        facts.awaited = true;
        assert_eq!(
            facts.presence(at(25)),
            Presence::Offline,
            "though its call still waits for it"
        );
    }

    #[test]
    fn an_own_phone_needs_no_page_and_is_never_missed() {
        let facts = Facts {
            own_phone: true,
            live_leg: true,
            ..Facts::default()
        };
        assert!(!facts.has_vanished(at(99)));
        let facts = Facts {
            live_leg: false,
            ..facts
        };
        assert_eq!(facts.presence(at(99)), Presence::Available);
    }

    #[test]
    fn time_in_which_no_beat_could_be_stored_does_not_count() {
        let mut facts = beating(true);
        facts.unheard = TimeDelta::seconds(30);
        assert_eq!(facts.presence(at(54)), Presence::Available);
        assert_eq!(facts.presence(at(55)), Presence::Offline);
    }

    #[test]
    fn a_front_end_that_polls_is_there() {
        let facts = Facts {
            polled_at: Some(at(0)),
            ..Facts::default()
        };
        assert_eq!(facts.presence(at(9)), Presence::Available);
        assert_eq!(facts.presence(at(10)), Presence::Offline);
    }

    #[test]
    fn a_front_end_that_asked_for_a_token_is_there_while_the_token_lives_and_is_reached_by_its_device()
     {
        let mut facts = Facts {
            device_at: Some(at(0)),
            ..Facts::default()
        };
        assert_eq!(facts.presence(at(3599)), Presence::Available);
        assert!(facts.is_reached_by_device(at(3599)));
        assert_eq!(facts.presence(at(3600)), Presence::Offline);
        facts.clients = beating(true).clients;
        assert!(
            !facts.is_reached_by_device(at(1)),
            "a page of ours shows it"
        );
        assert!(facts.is_reached_by_device(at(25)));
        facts.live_leg = true;
        assert_eq!(facts.presence(at(1)), Presence::Busy);
    }

    fn facts() -> impl Strategy<Value = Facts> {
        let clients = prop::collection::vec((0i64..60, any::<bool>()), 0..4);
        let times = (
            prop::option::of(0i64..60),
            prop::option::of(0i64..90),
            0i64..40,
            prop::option::of(-3600i64..-3500),
        );
        (
            clients,
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
            times,
        )
            .prop_map(
                |(
                    clients,
                    away,
                    own_phone,
                    live_leg,
                    awaited,
                    (polled, wrap_up, unheard, device),
                )| Facts {
                    chosen: if away {
                        Chosen::Away
                    } else {
                        Chosen::Available
                    },
                    clients: clients
                        .into_iter()
                        .map(|(s, ready)| Client {
                            heard_at: at(s),
                            ready,
                        })
                        .collect(),
                    own_phone,
                    polled_at: polled.map(at),
                    device_at: device.map(at),
                    live_leg,
                    awaited,
                    wrap_up_until: wrap_up.map(at),
                    unheard: TimeDelta::seconds(unheard),
                },
            )
    }

    proptest! {
        #[test]
        fn nobody_is_busy_without_a_call(facts in facts(), now in 0i64..200) {
            let busy = facts.presence(at(now)) == Presence::Busy;
            prop_assert!(!busy || facts.live_leg || facts.awaited);
            prop_assert!(busy || !facts.live_leg);
        }

        #[test]
        fn without_a_word_everybody_without_phone_or_call_goes_offline(facts in facts()) {
            let idle = Facts { own_phone: false, live_leg: false, awaited: false, ..facts };
            prop_assert_eq!(idle.presence(at(200)), Presence::Offline);
        }

        #[test]
        fn between_now_and_the_next_change_nothing_changes(facts in facts(), now in 0i64..100) {
            let until = facts.changes_at(at(now)).unwrap_or(at(300));
            for second in now..300 {
                let same = facts.presence(at(second)) == facts.presence(at(now));
                prop_assert_eq!(same || at(second) >= until, true);
                if at(second) == until {
                    prop_assert!(!same);
                    break;
                }
            }
        }

        #[test]
        fn available_means_that_a_call_could_be_taken(facts in facts(), now in 0i64..200) {
            if facts.presence(at(now)) == Presence::Available {
                let ready = facts.clients.iter().any(|c| c.ready && at(now) < c.heard_at + CLIENT_LIVES + facts.unheard);
                prop_assert!(ready || facts.own_phone || facts.polled_at.is_some() || facts.device_at.is_some());
                prop_assert_eq!(facts.chosen, Chosen::Available);
            }
        }
    }
}
