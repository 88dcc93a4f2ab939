//! What a trial account may: verified numbers only, ten minutes a call, and a notice first.

use offhook_twilio::twiml::{Say, Verb};

use super::Engine;
use super::leg::Step;
use crate::engine::regions::plain;

/// Seconds that a trial account's call may last.
const LONGEST: i64 = 600;
const NOTICE: &str = "You have a trial account. You can remove this message at any time by upgrading to a full account.";

impl Engine {
    pub(super) fn is_trial(&self, account: &str) -> bool {
        self.account(account)
            .or_else(|| self.account(plain(account)))
            .is_some_and(|account| account.is_trial)
    }

    /// Whether a trial account may not call this number: it is neither its own nor verified.
    pub(super) fn trial_refuses(&self, account: &str, to: &str) -> bool {
        let own = self
            .owner_of(to)
            .is_some_and(|number| number.account_sid == plain(account));
        let known = own || self.has_verified(account, to);
        self.is_trial(account) && to.starts_with('+') && !known
    }

    /// A call of a trial account was answered: it may not last as long as others.
    pub(super) fn limit_trial(&mut self, sid: &str) {
        let trial = self
            .leg(sid)
            .is_some_and(|leg| self.is_trial(&leg.record.account_sid));
        if let Some(leg) = self.leg_mut(sid).filter(|_| trial) {
            leg.time_limit = leg.time_limit.min(LONGEST);
        }
    }

    /// What the debugger says of a call that reached its longest time.
    pub(super) fn cut_code(&self, sid: &str) -> (u32, &'static str) {
        let Some(leg) = self.leg(sid) else {
            return (32015, "the call reached its maximum duration");
        };
        if leg.time_limit <= LONGEST && self.is_trial(&leg.record.account_sid) {
            (13805, "calls of a trial account end after ten minutes")
        } else {
            (32015, "the call reached its maximum duration")
        }
    }

    /// The notice comes before the first document of an answered call.
    pub(super) fn give_notice(&mut self, sid: &str, run: u64) {
        let Some(leg) = self.leg_mut(sid) else { return };
        if !std::mem::replace(&mut leg.notice, false) {
            return;
        }
        let script = leg.script_mut(run).filter(|script| {
            // Who is not let in hears nothing.
            !matches!(script.steps.front(), Some(Step::Verb(Verb::Reject(_))))
        });
        if let Some(script) = script {
            script.steps.push_front(Step::Verb(Say::new(NOTICE).into()));
        }
    }
}
