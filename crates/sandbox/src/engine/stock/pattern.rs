//! Twilio's patterns for numbers: `+4420%`, `415*****00`, `STORM`.

/// A pattern that numbers are held against.
#[derive(Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
    from_start: bool,
    to_end: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Digit(u8),
    One,
    Many,
}

impl Pattern {
    /// Reads a pattern: 2 to 16 characters, letters as on a keypad, `*` for one digit, `%` for any number of them, a `+` before
    /// it all for the number's beginning, a `$` behind it all for its end.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        if !(2..=16).contains(&text.chars().count()) {
            return Err("a pattern has 2 to 16 characters");
        }
        let from_start = text.starts_with('+');
        let to_end = text.ends_with('$');
        let inner = text.trim_start_matches('+');
        let inner = inner.strip_suffix('$').unwrap_or(inner);
        let parts = inner.chars().map(part).collect::<Option<Vec<_>>>();
        let parts = parts
            .ok_or("a pattern has only letters, digits, *, % and a leading + or trailing $")?;
        let plain = parts
            .iter()
            .filter(|part| matches!(part, Part::Digit(_)))
            .count();
        if plain < 2 {
            return Err("a pattern has at least two characters that are no wildcards");
        }
        let several = |pair: &[Part]| {
            pair.contains(&Part::Many) && !matches!(pair, [Part::Digit(_), _] | [_, Part::Digit(_)])
        };
        if parts.windows(2).any(several) {
            return Err("wildcards do not stand beside each other");
        }
        Ok(Self {
            parts,
            from_start,
            to_end,
        })
    }

    /// Whether a number fits.
    pub fn fits(&self, number: &str) -> bool {
        let digits = number.trim_start_matches('+').as_bytes();
        if self.from_start {
            return self.fits_at(&self.parts, digits);
        }
        (0..digits.len()).any(|start| self.fits_at(&self.parts, &digits[start..]))
    }

    fn fits_at(&self, parts: &[Part], digits: &[u8]) -> bool {
        match parts.split_first() {
            None => !self.to_end || digits.is_empty(),
            Some((Part::Many, rest)) => {
                (0..=digits.len()).any(|skip| self.fits_at(rest, &digits[skip..]))
            }
            Some((Part::One, rest)) => digits
                .split_first()
                .is_some_and(|(_, left)| self.fits_at(rest, left)),
            Some((Part::Digit(wanted), rest)) => digits
                .split_first()
                .is_some_and(|(is, left)| is == wanted && self.fits_at(rest, left)),
        }
    }
}

fn part(character: char) -> Option<Part> {
    Some(match character {
        '*' => Part::One,
        '%' => Part::Many,
        '0'..='9' => Part::Digit(u8::try_from(character).ok()?),
        letter => Part::Digit(match letter.to_ascii_uppercase() {
            'A'..='C' => b'2',
            'D'..='F' => b'3',
            'G'..='I' => b'4',
            'J'..='L' => b'5',
            'M'..='O' => b'6',
            'P'..='S' => b'7',
            'T'..='V' => b'8',
            'W'..='Z' => b'9',
            _ => return None,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn fits(pattern: &str, number: &str) -> bool {
        Pattern::read(pattern).expect("a pattern").fits(number)
    }

    #[test]
    fn a_pattern_finds_digits_anywhere_at_the_start_or_at_the_end() {
        assert!(fits("7946", "+442079460123") && !fits("7947", "+442079460123"));
        assert!(fits("+4420%", "+442079460123") && !fits("+20%", "+442079460123"));
        assert!(fits("0123$", "+442079460123") && !fits("7946$", "+442079460123"));
        assert!(fits("+44*079", "+442079460123") && fits("+44%0123$", "+442079460123"));
        assert!(fits("WIN", "+441214960946") && !fits("LOSE", "+441214960946"));
    }

    #[test]
    fn what_twilio_would_not_take_is_no_pattern() {
        for wrong in [
            "",
            "4",
            "4*",
            "12345678901234567",
            "44-20",
            "4%%4",
            "1*%2",
            "+",
            "€€",
        ] {
            assert!(Pattern::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pattern_of_wildcards_ends() {
        assert!(!fits("1%1%1%1%1%1%1%9$", "+111111111111111"));
    }
}
