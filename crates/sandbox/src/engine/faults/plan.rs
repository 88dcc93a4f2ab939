//! What goes wrong, and how often: single switches, and profiles that set them all.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Names of the profiles, from the kindest on.
pub const PROFILES: [&str; 3] = ["calm", "rough", "hostile"];
/// The longest span of a switch, in milliseconds.
const LONGEST: u32 = 600_000;

/// All switches. A chance is between 0 (never) and 1 (always); a span is in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// What happens to webhooks.
    pub webhooks: WebhookFaults,
    /// What happens to requests to the REST face.
    pub rest: RestFaults,
    /// What happens to the sockets of Voice SDK clients.
    pub sockets: SocketFaults,
    /// What happens to sound between Voice SDK clients and the sandbox.
    pub media: MediaFaults,
    /// What happens to recordings.
    pub recordings: RecordingFaults,
}

/// What happens to webhooks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookFaults {
    /// A second time, signed, up to `delay` later; the first answer counts.
    pub duplicated: f64,
    /// A callback comes after those that follow it.
    pub reordered: f64,
    /// Up to `delay` late; those that follow wait for it.
    pub delayed: f64,
    /// How late at most.
    pub delay: u32,
    /// A callback never comes.
    pub dropped: f64,
    /// It arrives, and the answer does not come back in time.
    pub stalled: f64,
    /// Somebody else sends it too, altered, with a signature that is wrong.
    pub forged: f64,
    /// It is itself signed with another token.
    pub wrongly_signed: f64,
}

/// What happens to requests to the REST face.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestFaults {
    /// 429, and nothing is done.
    pub too_many: f64,
    /// 500, and nothing is done.
    pub server_error: f64,
    /// The connection breaks, and nothing is done.
    pub reset: f64,
    /// The answer takes up to `slowness` of real time.
    pub slow: f64,
    /// How slow at most.
    pub slowness: u32,
    /// What was asked for is done, and the connection breaks before the answer.
    pub answer_lost: f64,
}

/// What happens to the sockets of Voice SDK clients.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SocketFaults {
    /// In a call that was answered, once, about `after` later.
    pub dropped: f64,
    /// How long after the answer.
    pub after: u32,
}

/// What happens to sound between Voice SDK clients and the sandbox.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaFaults {
    /// A packet is lost, in either direction.
    pub loss: f64,
    /// A packet is up to so late.
    pub jitter: u32,
    /// A client's session carries sound in one direction only.
    pub one_way: f64,
}

/// What happens to recordings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecordingFaults {
    /// Its file and its callback come up to `lateness` late.
    pub late: f64,
    /// How late at most.
    pub lateness: u32,
    /// Neither ever comes: it stays `processing`.
    pub never: f64,
}

impl Plan {
    /// The plan of a profile; `None` where there is no such profile.
    pub fn of(profile: &str) -> Option<Self> {
        match profile {
            "calm" => Some(Self::default()),
            "rough" => Some(rough()),
            "hostile" => Some(hostile()),
            _ => None,
        }
    }

    /// The plan with some switches changed; a sentence where they cannot be.
    pub fn with(&self, change: &Map<String, Value>) -> Result<Self, String> {
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        for (group, switches) in change {
            let Some(known) = all.get_mut(group).and_then(Value::as_object_mut) else {
                return Err(format!("there is no group of switches named {group}"));
            };
            let Some(switches) = switches.as_object() else {
                return Err(format!("{group} must be an object of switches"));
            };
            known.extend(
                switches
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
        }
        let plan: Self = serde_json::from_value(all).map_err(|error| error.to_string())?;
        plan.check()?;
        Ok(plan)
    }

    fn check(&self) -> Result<(), String> {
        let (hooks, rest) = (&self.webhooks, &self.rest);
        let chances = [
            hooks.duplicated,
            hooks.reordered,
            hooks.delayed,
            hooks.dropped,
            hooks.stalled,
            hooks.forged,
            hooks.wrongly_signed,
            rest.too_many,
            rest.server_error,
            rest.reset,
            rest.slow,
            rest.answer_lost,
            self.sockets.dropped,
            self.media.loss,
            self.media.one_way,
            self.recordings.late,
            self.recordings.never,
        ];
        if chances.iter().any(|chance| !(0.0..=1.0).contains(chance)) {
            return Err("a chance is a number from 0 to 1".into());
        }
        let spans = [
            hooks.delay,
            rest.slowness,
            self.sockets.after,
            self.media.jitter,
            self.recordings.lateness,
        ];
        if spans.iter().any(|span| *span > LONGEST) {
            return Err(format!("a span is at most {LONGEST} ms"));
        }
        Ok(())
    }
}

/// A bad day at Twilio: everything that happens there now and then, often.
fn rough() -> Plan {
    Plan {
        webhooks: WebhookFaults {
            duplicated: 0.15,
            reordered: 0.1,
            delayed: 0.2,
            delay: 1500,
            dropped: 0.03,
            stalled: 0.02,
            forged: 0.05,
            wrongly_signed: 0.0,
        },
        rest: RestFaults {
            too_many: 0.05,
            server_error: 0.05,
            reset: 0.03,
            slow: 0.1,
            slowness: 1500,
            answer_lost: 0.03,
        },
        sockets: SocketFaults {
            dropped: 0.25,
            after: 4000,
        },
        media: MediaFaults {
            loss: 0.02,
            jitter: 40,
            one_way: 0.0,
        },
        recordings: RecordingFaults {
            late: 0.5,
            lateness: 20_000,
            never: 0.0,
        },
    }
}

/// More than Twilio would do to anybody.
fn hostile() -> Plan {
    Plan {
        webhooks: WebhookFaults {
            duplicated: 0.4,
            reordered: 0.25,
            delayed: 0.3,
            delay: 6000,
            dropped: 0.15,
            stalled: 0.08,
            forged: 0.2,
            wrongly_signed: 0.03,
        },
        rest: RestFaults {
            too_many: 0.15,
            server_error: 0.15,
            reset: 0.1,
            slow: 0.25,
            slowness: 6000,
            answer_lost: 0.1,
        },
        sockets: SocketFaults {
            dropped: 0.6,
            after: 4000,
        },
        media: MediaFaults {
            loss: 0.08,
            jitter: 120,
            one_way: 0.1,
        },
        recordings: RecordingFaults {
            late: 0.6,
            lateness: 120_000,
            never: 0.15,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{PROFILES, Plan};
    use serde_json::json;

    #[test]
    fn every_profile_is_within_the_limits_and_calm_does_nothing() {
        for profile in PROFILES {
            Plan::of(profile).expect(profile).check().expect(profile);
        }
        assert_eq!(Plan::of("calm"), Some(Plan::default()));
        assert_eq!(Plan::of("sunny"), None);
    }

    #[test]
    fn one_switch_is_turned_and_the_others_stay() {
        let rough = Plan::of("rough").unwrap();
        let change = json!({ "rest": { "answer_lost": 1.0 } });
        let turned = rough.with(change.as_object().unwrap()).unwrap();
        assert!((turned.rest.answer_lost - 1.0).abs() < f64::EPSILON);
        assert_eq!(turned.webhooks, rough.webhooks);
        for wrong in [
            json!({ "weather": {} }),
            json!({ "rest": { "rain": 1 } }),
            json!({ "rest": { "reset": 1.5 } }),
            json!({ "rest": { "slowness": 900_000 } }),
            json!({ "rest": 1 }),
        ] {
            rough.with(wrong.as_object().unwrap()).expect_err("refused");
        }
    }
}
