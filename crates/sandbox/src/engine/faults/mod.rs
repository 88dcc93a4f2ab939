//! Misbehaviour on demand: what goes wrong by the plan, in a way that the same seed repeats, and what went wrong so far.

mod dice;
mod others;
mod plan;
mod webhooks;

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::Serialize;
use serde_json::json;

use super::Engine;
use super::timers::{Timer, millis};
use crate::seam::{Output, Sid, Time, WebhookAnswer, WebhookRequest};
use dice::Dice;
pub use dice::{fraction, mixed};
pub use others::RestFault;
pub use plan::{MediaFaults, PROFILES, Plan};

/// What went wrong, kept for looks.
const KEPT: usize = 500;
/// The seed where nobody names one.
const SEED: u64 = 1;

/// The plan, its dice, and what is held back by it.
#[derive(Debug)]
pub struct Faults {
    plan: Plan,
    profile: Option<&'static str>,
    dice: Dice,
    counts: BTreeMap<&'static str, u64>,
    happened: VecDeque<Happened>,
    held: HashMap<u64, Held>,
    /// Webhooks whose answers are kept back.
    stalled: HashMap<u64, Stalled>,
    count: u64,
}

/// Something that went wrong on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happened {
    /// When.
    pub at: Time,
    /// The switch, `webhooks.dropped`.
    pub switch: &'static str,
    /// What it was.
    pub what: String,
}

/// What happens later.
#[derive(Debug)]
enum Held {
    /// A webhook goes out; somebody waits for its answer where it is no copy.
    Webhook(WebhookRequest, bool),
    /// An answer that came too late.
    TooLate(u64),
    /// A recording's sound.
    Sound(Sid, Vec<Vec<i16>>),
    /// The socket of a call's client breaks.
    Socket(Sid),
}

/// A webhook whose answer is kept back.
#[derive(Debug)]
struct Stalled {
    request: WebhookRequest,
    until: Time,
    tries_again: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            plan: Plan::default(),
            profile: Some("calm"),
            dice: Dice::seeded(SEED),
            counts: BTreeMap::new(),
            happened: VecDeque::new(),
            held: HashMap::new(),
            stalled: HashMap::new(),
            count: 0,
        }
    }
}

impl Faults {
    /// What goes wrong now.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The profile that the plan is; `None` where single switches were turned.
    pub fn profile(&self) -> Option<&'static str> {
        self.profile
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.dice.seed()
    }

    /// How often each switch struck.
    pub fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    /// What went wrong, newest first.
    pub fn happened(&self) -> impl Iterator<Item = &Happened> {
        self.happened.iter().rev()
    }

    /// Whether the answer to a webhook is held back, so that time may go on without it.
    pub(super) fn holds(&self, webhook: u64) -> bool {
        self.held.values().any(|held| match held {
            Held::Webhook(request, awaited) => *awaited && request.id == webhook,
            Held::TooLate(id) => *id == webhook,
            Held::Sound(..) | Held::Socket(_) => false,
        })
    }
}

impl Engine {
    /// What goes wrong, and what did.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Sets what goes wrong from now on; with a seed, chance begins anew. What is on its way already stays as it is.
    pub fn set_faults(&mut self, plan: Plan, seed: Option<u64>) {
        let named = PROFILES
            .into_iter()
            .find(|name| Plan::of(name).is_some_and(|known| known == plan));
        self.faults.profile = named;
        self.faults.plan = plan;
        if let Some(seed) = seed {
            self.faults.dice = Dice::seeded(seed);
            self.faults.counts.clear();
            self.faults.happened.clear();
        }
    }

    fn went_wrong(&mut self, switch: &'static str, what: String) {
        *self.faults.counts.entry(switch).or_default() += 1;
        if self.faults.happened.len() >= KEPT {
            self.faults.happened.pop_front();
        }
        let at = self.now;
        self.trace("fault", json!({ "at": at, "switch": switch, "what": what }));
        self.faults
            .happened
            .push_back(Happened { at, switch, what });
    }

    fn hold(&mut self, span: i64, held: Held) {
        self.faults.count += 1;
        let number = self.faults.count;
        self.faults.held.insert(number, held);
        self.after(millis(span), Timer::Fault { number });
    }

    /// What was held back comes.
    pub(super) fn fault_due(&mut self, number: u64) {
        match self.faults.held.remove(&number) {
            Some(Held::Webhook(request, true)) => self.out.push_back(Output::Webhook(request)),
            Some(Held::Webhook(copy, false)) => self.goes_out(copy),
            Some(Held::TooLate(id)) => self.hook_settled(WebhookAnswer {
                id,
                result: Err((11200, "no answer in time".into())),
            }),
            Some(Held::Sound(recording, channels)) => self.recorded_in_time(&recording, channels),
            Some(Held::Socket(call)) => self.socket_breaks(&call),
            None => {}
        }
    }
}
