//! Sound in pieces of 20 ms, and the arithmetic of samples.

/// Samples in a second.
pub const RATE: u32 = 8000;
/// Samples in a frame of 20 ms.
pub const FRAME: usize = 160;
/// 20 ms of 8 kHz mono.
pub type Frame = [i16; FRAME];
/// 20 ms of nothing.
pub const SILENCE: Frame = [0; FRAME];

/// A sum of samples as one sample; too loud is cut, never wrapped.
#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to the type's range"
)]
pub fn saturate(sum: i32) -> i16 {
    sum.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// A computed amplitude (full scale is 32767) as a sample.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and a fraction of a sample step is inaudible"
)]
pub fn sample(amplitude: f64) -> i16 {
    amplitude.round() as i16
}

/// Both sounds at once.
pub fn mix(a: &Frame, b: &Frame) -> Frame {
    std::array::from_fn(|i| saturate(i32::from(a[i]) + i32::from(b[i])))
}

/// Sums any number of sounds without cutting in between.
#[derive(Clone)]
pub struct Sum([i32; FRAME]);

impl Default for Sum {
    fn default() -> Self {
        Self([0; FRAME])
    }
}

impl Sum {
    /// One more sound.
    pub fn add(&mut self, frame: &Frame) {
        for (sum, sample) in self.0.iter_mut().zip(frame) {
            *sum += i32::from(*sample);
        }
    }

    /// All of them at once.
    pub fn frame(&self) -> Frame {
        self.0.map(saturate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_loud_voices_are_cut_and_not_wrapped() {
        let mut sum = Sum::default();
        for _ in 0..3 {
            sum.add(&[30_000; FRAME]);
        }
        assert_eq!(sum.frame(), [i16::MAX; FRAME]);
        sum.add(&[-30_000; FRAME]);
        sum.add(&[-30_000; FRAME]);
        assert_eq!(sum.frame(), [30_000; FRAME], "nothing was lost on the way");
    }
}
