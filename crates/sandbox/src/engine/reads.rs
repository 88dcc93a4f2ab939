//! What a look at a call tells. At Twilio a look may be a little behind what has happened; here too, where a test wants it.

use std::collections::VecDeque;

use super::Engine;
use super::records::CallRecord;
use crate::seam::Sid;

/// Changes of calls that are kept for looks that lag.
const CHANGES: usize = 20_000;

/// How calls were, oldest first.
#[derive(Debug, Default)]
pub(super) struct Past(VecDeque<CallRecord>);

impl Engine {
    /// How many milliseconds looks at calls lag behind.
    pub fn set_read_lag(&mut self, millis: i64) {
        self.settings.read_lag = millis.max(0);
        if millis <= 0 {
            self.past.0.clear();
        }
    }

    /// A call has changed.
    pub(super) fn remember(&mut self, sid: &Sid) {
        if self.settings.read_lag == 0 {
            return;
        }
        let Some(record) = self.leg(sid).map(|leg| leg.record.clone()) else {
            return;
        };
        if self.past.0.len() >= CHANGES {
            self.past.0.pop_front();
        }
        self.past.0.push_back(record);
    }

    /// A call as a look sees it now: as it was a while ago, where looks lag.
    pub fn seen(&self, call: &CallRecord) -> CallRecord {
        if self.settings.read_lag == 0 {
            return call.clone();
        }
        let then = self.now - chrono::TimeDelta::milliseconds(self.settings.read_lag);
        let mut known = self.past.0.iter().filter(|past| past.sid == call.sid);
        let first = known.clone().next();
        let last = known.rfind(|past| past.date_updated <= then);
        last.or(first).unwrap_or(call).clone()
    }
}
