//! What the engine has to wake up for, in order of time.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::seam::{Sid, Time};

/// A thing that happens by time alone. Each is checked when it comes: what it was meant for may be over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Timer {
    /// The running verb of a script has lasted as long as it should.
    Stage { leg: Sid, run: u64, stage: u64 },
    /// A REST call's turn has come.
    Launch { leg: Sid },
    /// A leg has rung long enough.
    RingTimeout { leg: Sid },
    /// A leg has lasted long enough.
    TimeLimit { leg: Sid },
    /// A phone's next step.
    Phone { leg: Sid, serial: u64 },
    /// A call's price is known.
    Price { leg: Sid },
    /// A message's next step.
    Sms { sid: Sid },
    /// A message's price is known.
    SmsPrice { sid: Sid },
    /// Something that was held back on purpose comes.
    Fault { number: u64 },
    /// A recording's price is known.
    RecordingPrice { recording: Sid },
    /// It is clear who answered.
    Detected { leg: Sid, by: &'static str },
    /// A participant has stopped speaking, unless he began anew.
    SpeakerSilent { leg: Sid, until: Time },
    /// A message's words are written down.
    Transcribed { transcript: Sid },
    /// Words were said that a transcription tells.
    Caption {
        captions: Sid,
        inbound: bool,
        text: String,
        certain: bool,
    },
}

/// Timers by time; those of one moment keep the order in which they were set.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BTreeMap<(Time, u64), Timer>,
    count: u64,
}

impl Timers {
    pub(super) fn set(&mut self, at: Time, timer: Timer) {
        self.count += 1;
        self.due.insert((at, self.count), timer);
    }

    pub(super) fn next(&self) -> Option<Time> {
        self.due.keys().next().map(|(at, _)| *at)
    }

    pub(super) fn pop(&mut self, now: Time) -> Option<(Time, Timer)> {
        let first = self.due.first_entry()?;
        let at = first.key().0;
        (at <= now).then(|| (at, first.remove()))
    }
}

/// So many milliseconds.
pub(super) fn millis(count: i64) -> TimeDelta {
    TimeDelta::milliseconds(count)
}

/// So many seconds, fractions allowed.
#[expect(
    clippy::cast_possible_truncation,
    reason = "seconds of a call fit by far"
)]
pub(super) fn seconds(count: f64) -> TimeDelta {
    TimeDelta::milliseconds((count * 1000.0) as i64)
}
