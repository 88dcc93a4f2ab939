//! Keys as sound: two sines each, 160 ms with 70 ms between, `w` half a second of nothing.

use super::{
    frame::{FRAME, Frame, SILENCE},
    tones::{frame, sine},
};

const TONE: u64 = 1280;
const GAP: u64 = 560;
const WAIT: u64 = 4000;

/// The two pitches of a key; `None` if it is no key.
pub fn pitches(key: char) -> Option<(f64, f64)> {
    const LOW: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
    const HIGH: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
    let place = "123A456B789C*0#D".find(key.to_ascii_uppercase())?;
    Some((LOW[place / 4], HIGH[place % 4]))
}

/// The key of an RFC 4733 event.
pub fn key_of_event(event: u8) -> Option<char> {
    "0123456789*#ABCD".chars().nth(usize::from(event))
}

fn length(key: char) -> u64 {
    match key {
        'w' => WAIT,
        'W' => 2 * WAIT,
        key if pitches(key).is_some() => TONE + GAP,
        _ => 0,
    }
}

/// How many samples the keys take.
pub fn samples(keys: &str) -> u64 {
    keys.chars().map(length).sum()
}

/// The sound at a position; `None` once all keys are over.
pub fn render(keys: &str, position: u64) -> Option<Frame> {
    let end = position + FRAME as u64;
    let mut start = 0;
    let mut out = None;
    for key in keys.chars() {
        let next = start + length(key);
        if next > position && start < end {
            out.get_or_insert(SILENCE);
            if let (Some((low, high)), Some(out)) = (pitches(key), out.as_mut()) {
                let tone = frame(position, |at| {
                    if (start..start + TONE).contains(&at) {
                        6000.0 * (sine(low, at - start) + sine(high, at - start))
                    } else {
                        0.0
                    }
                });
                *out = super::frame::mix(out, &tone);
            }
        }
        start = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::tones::strength, *};

    #[test]
    fn each_key_sounds_in_its_turn() {
        let keys = "1w#";
        let pcm: Vec<i16> = (0..)
            .map_while(|n| render(keys, n * FRAME as u64))
            .flatten()
            .collect();
        assert!(pcm.len() as u64 >= samples(keys));
        let (one, hash) = (&pcm[..1280], &pcm[5840..7120]);
        assert!(strength(one, 697.0) > 5000.0 && strength(one, 1209.0) > 5000.0);
        assert!(strength(hash, 941.0) > 5000.0 && strength(hash, 1477.0) > 5000.0);
        assert!(
            pcm[1280..5840].iter().all(|s| *s == 0),
            "the gap and the wait are silent"
        );
    }

    #[test]
    fn letters_that_are_no_keys_take_no_time() {
        assert_eq!(samples("xyz"), 0);
        assert_eq!(render("xyz", 0), None);
        assert_eq!(key_of_event(11), Some('#'));
        assert_eq!(key_of_event(16), None);
    }
}
