//! Chance that can be repeated: whether the n-th of a kind goes wrong depends on the seed, the kind and n alone.

use std::collections::HashMap;

/// Dice of one seed.
#[derive(Debug)]
pub(in crate::engine) struct Dice {
    seed: u64,
    thrown: HashMap<String, u64>,
}

/// How a throw fell, for what else has to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Luck(u64);

impl Dice {
    pub(in crate::engine) fn seeded(seed: u64) -> Self {
        Self {
            seed,
            thrown: HashMap::new(),
        }
    }

    pub(in crate::engine) fn seed(&self) -> u64 {
        self.seed
    }

    /// Throws for a switch and a kind of thing; lucky or not with this chance.
    pub(in crate::engine) fn throw(
        &mut self,
        switch: &str,
        kind: &str,
        chance: f64,
    ) -> Option<Luck> {
        if chance <= 0.0 {
            return None;
        }
        let name = format!("{switch} {kind}");
        let count = self.thrown.entry(name.clone()).or_default();
        *count += 1;
        let thrown = mixed(name.bytes().fold(self.seed ^ mixed(*count), |sum, byte| {
            mixed(sum ^ u64::from(byte))
        }));
        (fraction(thrown) < chance).then(|| Luck(mixed(thrown)))
    }
}

impl Luck {
    /// A part of a span, in milliseconds; at least a tenth of it.
    pub(in crate::engine) fn part_of(self, span: u32) -> i64 {
        let tenth = i64::from(span / 10);
        let rest = u64::from(span) - u64::from(span / 10) + 1;
        tenth + i64::try_from(self.0 % rest).unwrap_or_default()
    }
}

/// Spreads a number over all others (`SplitMix64`).
pub fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number as a fraction of all, from 0 to below 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
pub fn fraction(number: u64) -> f64 {
    (number >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::Dice;

    fn throws(seed: u64, chance: f64) -> Vec<bool> {
        let mut dice = Dice::seeded(seed);
        (0..1000)
            .map(|_| dice.throw("dropped", "completed", chance).is_some())
            .collect()
    }

    #[test]
    fn the_same_seed_falls_the_same_and_another_differently() {
        assert_eq!(throws(7, 0.2), throws(7, 0.2));
        assert_ne!(throws(7, 0.2), throws(8, 0.2));
    }

    #[test]
    fn chances_are_kept() {
        let hits = throws(7, 0.2).into_iter().filter(|hit| *hit).count();
        assert!((150..250).contains(&hits), "{hits} of 1000");
        assert!(throws(7, 1.0).into_iter().all(|hit| hit));
        assert!(throws(7, 0.0).into_iter().all(|hit| !hit));
    }

    #[test]
    fn kinds_do_not_disturb_one_another() {
        let mut dice = Dice::seeded(7);
        let mixed: Vec<bool> = (0..1000)
            .map(|_| {
                dice.throw("dropped", "ringing", 0.2);
                dice.throw("dropped", "completed", 0.2).is_some()
            })
            .collect();
        assert_eq!(mixed, throws(7, 0.2));
    }

    #[test]
    fn a_part_of_a_span_lies_within_it() {
        let mut dice = Dice::seeded(1);
        for _ in 0..100 {
            let luck = dice.throw("delayed", "", 1.0).unwrap();
            assert!((100..=1000).contains(&luck.part_of(1000)));
            assert_eq!(luck.part_of(0), 0);
        }
    }
}
