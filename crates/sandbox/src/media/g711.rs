//! G.711 µ-law, the one codec between the sandbox and browsers.

const BIAS: i32 = 0x84;
const CLIP: i32 = 32_635;

/// A sample as a µ-law byte.
pub fn encode(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = i32::from(sample).abs().min(CLIP) + BIAS;
    // The exponent is the place of the highest bit above the seventh.
    let exponent = (magnitude >> 7).ilog2();
    let mantissa = (magnitude >> (exponent + 3)) & 0x0f;
    let code =
        u8::try_from((exponent << 4) | mantissa.unsigned_abs()).expect("three and four bits");
    !(sign | code)
}

/// A µ-law byte as a sample.
pub fn decode(byte: u8) -> i16 {
    let code = !byte;
    let exponent = (code >> 4) & 0x07;
    let magnitude = (((i32::from(code & 0x0f) << 3) + BIAS) << exponent) - BIAS;
    let value = i16::try_from(magnitude).expect("at most 32124");
    if code & 0x80 == 0 { value } else { -value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_are_right() {
        assert_eq!(encode(0), 0xff);
        assert_eq!(encode(i16::MAX), 0x80);
        assert_eq!(encode(i16::MIN), 0x00);
        assert_eq!(decode(0xff), 0);
        assert_eq!(decode(0x80), 32_124);
        assert_eq!(decode(0x00), -32_124);
    }

    #[test]
    fn every_byte_comes_back_and_every_sample_comes_near() {
        for byte in 0..=u8::MAX {
            // 0x7f is the negative zero.
            assert_eq!(encode(decode(byte)), if byte == 0x7f { 0xff } else { byte });
        }
        for sample in (i16::MIN..=i16::MAX).step_by(7) {
            let error = (i32::from(decode(encode(sample))) - i32::from(sample)).abs();
            assert!(
                error <= i32::from(sample).abs() / 16 + 8,
                "{sample} is off by {error}"
            );
        }
    }
}
