//! The tones of a telephone network, computed from their position, so that they can be joined anywhere.

use std::f64::consts::TAU;

use super::frame::{FRAME, Frame, RATE, sample};

const LOUD: f64 = 8000.0;
/// Samples over which a pulsed tone swells, so that it does not click.
const RAMP: u64 = 40;

/// A sine's amplitude, from -1 to 1, at a sample.
#[expect(
    clippy::cast_precision_loss,
    reason = "a call's sample numbers stay far below 2^52"
)]
pub fn sine(hertz: f64, at: u64) -> f64 {
    (TAU * hertz * (at as f64) / f64::from(RATE)).sin()
}

/// A frame whose samples are computed from their position.
pub fn frame(position: u64, mut amplitude: impl FnMut(u64) -> f64) -> Frame {
    let mut frame = [0; FRAME];
    for (at, out) in (position..).zip(&mut frame) {
        *out = sample(amplitude(at));
    }
    frame
}

/// Between 0 and 1: whether a sound of `on` samples in every `period` is there at this position.
#[expect(clippy::cast_precision_loss, reason = "a ramp is short")]
fn pulse(at: u64, on: u64, period: u64) -> f64 {
    let within = at % period;
    if within >= on {
        return 0.0;
    }
    let edge = within.min(on - within);
    (edge as f64 / RAMP as f64).min(1.0)
}

/// Two seconds on, four off.
pub fn ringback(position: u64) -> Frame {
    pair(
        position,
        440.0,
        480.0,
        2 * u64::from(RATE),
        6 * u64::from(RATE),
    )
}

/// Half a second on, half a second off.
pub fn busy(position: u64) -> Frame {
    pair(position, 480.0, 620.0, u64::from(RATE) / 2, u64::from(RATE))
}

fn pair(position: u64, low: f64, high: f64, on: u64, period: u64) -> Frame {
    frame(position, |at| {
        LOUD / 2.0 * (sine(low, at) + sine(high, at)) * pulse(at, on, period)
    })
}

/// A sine of `on` milliseconds in every `on + off`; steady when `off` is 0.
pub fn tone(position: u64, hertz: f32, on: u32, off: u32) -> Frame {
    let hertz = f64::from(hertz);
    if off == 0 || on == 0 {
        return frame(position, |at| LOUD * sine(hertz, at));
    }
    let samples = |milliseconds: u32| u64::from(milliseconds) * u64::from(RATE) / 1000;
    frame(position, |at| {
        LOUD * sine(hertz, at) * pulse(at, samples(on), samples(on + off))
    })
}

/// The beep of a conference or a voicemail: a little under half a second; `None` once it is over.
pub fn beep(position: u64) -> Option<Frame> {
    const LENGTH: u64 = 3200;
    (position < LENGTH).then(|| {
        frame(position, |at| {
            if at < LENGTH {
                LOUD * sine(880.0, at) * pulse(at, LENGTH, LENGTH)
            } else {
                0.0
            }
        })
    })
}

/// How strong one pitch is in a sound: the amplitude of its sine (Goertzel's algorithm). For tests and checks.
#[expect(clippy::cast_precision_loss, reason = "a measured piece is short")]
pub fn strength(pcm: &[i16], hertz: f64) -> f64 {
    let turn = 2.0 * (TAU * hertz / f64::from(RATE)).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in pcm {
        (last, before) = (f64::from(*sample) + turn * last - before, last);
    }
    let power = last * last + before * before - turn * last * before;
    power.max(0.0).sqrt() * 2.0 / (pcm.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(frames: u64, source: impl Fn(u64) -> Frame) -> Vec<i16> {
        (0..frames).flat_map(|n| source(n * FRAME as u64)).collect()
    }

    #[test]
    fn ringback_is_two_seconds_of_both_pitches_and_four_of_nothing() {
        let pcm = render(300, ringback);
        assert!(strength(&pcm[..16_000], 440.0) > 3000.0);
        assert!(strength(&pcm[..16_000], 480.0) > 3000.0);
        assert!(strength(&pcm[..16_000], 1000.0) < 50.0);
        assert!(pcm[16_000..48_000].iter().all(|s| *s == 0));
    }

    #[test]
    fn a_pulsed_tone_is_half_of_the_time_there() {
        let pcm = render(50, |at| tone(at, 700.0, 250, 250));
        assert!(strength(&pcm[..2000], 700.0) > 7000.0);
        assert!(pcm[2000..4000].iter().all(|s| *s == 0));
        assert!(strength(&pcm[4000..6000], 700.0) > 7000.0);
    }

    #[test]
    fn a_beep_ends() {
        assert!(beep(0).is_some());
        assert!(beep(3200).is_none());
    }
}
