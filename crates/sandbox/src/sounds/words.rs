//! Free text where no speech is installed: a short tone for every word, so that one hears that something is said, and how long.

use crate::media::{
    frame::{RATE, sample},
    tones::sine,
};

const PITCHES: [f64; 5] = [392.0, 440.0, 523.3, 587.3, 659.3];
const GAP: usize = 480;
/// Words said; the rest would be minutes of tones.
const MOST_WORDS: usize = 200;

/// A tone for every word, as long as the word; the same word always has the same pitch.
#[expect(clippy::cast_precision_loss, reason = "a word is short")]
pub(super) fn tones(text: &str) -> Vec<i16> {
    let mut out = Vec::new();
    for word in text.split_whitespace().take(MOST_WORDS) {
        let letters = word.chars().count().clamp(1, 12);
        let length = RATE as usize * (80 + 35 * letters) / 1000;
        let kind = word.bytes().fold(0_usize, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        let hertz = PITCHES[kind % PITCHES.len()];
        out.extend((0..length).map(|n| {
            let edge = n.min(length - n) as f64 / 80.0;
            sample(5000.0 * edge.min(1.0) * sine(hertz, n as u64))
        }));
        out.extend([0; GAP]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_words_take_longer_and_no_words_take_nothing() {
        assert!(tones("").is_empty());
        let (two, four) = (tones("hello there"), tones("hello there hello there"));
        assert_eq!(four.len(), 2 * two.len());
        assert_eq!(four[..two.len()], two, "the same words sound the same");
        assert!(two.iter().any(|sample| *sample > 4000));
    }
}
