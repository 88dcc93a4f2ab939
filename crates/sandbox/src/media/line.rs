//! The line between a client and the sandbox, which may be bad on purpose: packets are lost or late, or one direction is dead.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::SessionId;
use crate::engine::faults::{MediaFaults, fraction, mixed};

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

/// One session's line.
#[derive(Debug, Default)]
pub(super) struct Line {
    faults: MediaFaults,
    luck: u64,
    dead: Option<Way>,
}

/// Packets on their way, in the order in which they were sent.
#[derive(Debug)]
pub(super) struct Underway<T>(VecDeque<(Instant, T)>);

impl<T> Default for Underway<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl Line {
    pub(super) fn new(faults: &MediaFaults, seed: u64, session: SessionId) -> Self {
        let mut line = Self {
            faults: faults.clone(),
            luck: mixed(seed ^ mixed(session)),
            dead: None,
        };
        if line.chance() < faults.one_way {
            let way = if line.chance() < 0.5 {
                Way::In
            } else {
                Way::Out
            };
            line.dead = Some(way);
        }
        line
    }

    fn chance(&mut self) -> f64 {
        self.luck = mixed(self.luck);
        fraction(self.luck)
    }

    /// Whether the next packet in a direction is lost.
    pub(super) fn loses(&mut self, way: Way) -> bool {
        self.dead == Some(way) || (self.faults.loss > 0.0 && self.chance() < self.faults.loss)
    }

    /// When the next packet arrives that is sent now.
    pub(super) fn arrival(&mut self, now: Instant) -> Instant {
        if self.faults.jitter == 0 {
            return now;
        }
        now + Duration::from_millis(u64::from(self.faults.jitter)).mul_f64(self.chance())
    }
}

impl<T> Underway<T> {
    /// One more; it does not overtake those before it.
    pub(super) fn push(&mut self, due: Instant, packet: T) {
        let due = self.0.back().map_or(due, |(last, _)| due.max(*last));
        self.0.push_back((due, packet));
    }

    /// The next one that has arrived.
    pub(super) fn arrived(&mut self, now: Instant) -> Option<T> {
        let (due, _) = self.0.front()?;
        if *due > now {
            return None;
        }
        self.0.pop_front().map(|(_, packet)| packet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(loss: f64, jitter: u32, one_way: f64) -> Line {
        let faults = MediaFaults {
            loss,
            jitter,
            one_way,
        };
        Line::new(&faults, 7, 1)
    }

    #[test]
    fn a_good_line_loses_nothing_and_delays_nothing() {
        let (mut line, now) = (line(0.0, 0, 0.0), super::super::plane::instant());
        assert!((0..1000).all(|_| !line.loses(Way::In) && line.arrival(now) == now));
    }

    #[test]
    fn a_bad_line_loses_as_many_as_it_should() {
        let mut line = line(0.1, 0, 0.0);
        let lost = (0..1000).filter(|_| line.loses(Way::Out)).count();
        assert!((60..150).contains(&lost), "{lost} of 1000");
    }

    #[test]
    fn a_line_that_is_dead_one_way_lives_the_other() {
        let mut line = line(0.0, 0, 1.0);
        let (into, out) = (line.loses(Way::In), line.loses(Way::Out));
        assert!(into != out);
    }

    #[test]
    fn late_packets_do_not_overtake() {
        let (mut line, now) = (line(0.0, 100, 0.0), super::super::plane::instant());
        let mut underway = Underway::default();
        for n in 0..50 {
            underway.push(line.arrival(now), n);
        }
        let later = now + Duration::from_millis(100);
        let arrived: Vec<i32> = std::iter::from_fn(|| underway.arrived(later)).collect();
        assert_eq!(arrived, (0..50).collect::<Vec<_>>());
    }
}
