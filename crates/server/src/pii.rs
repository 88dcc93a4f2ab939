//! Phone numbers and names on their way into a log: only ever shortened.

use std::fmt;

/// Shows `+1…42` of a number and the first letter of a name; the whole text never reaches a log.
pub struct Pii<'a>(pub &'a str);

impl fmt::Display for Pii<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters: Vec<char> = self.0.chars().collect();
        let number = letters.len() >= 7
            && letters.iter().filter(|c| c.is_ascii_digit()).count() * 2 > letters.len();
        match letters.as_slice() {
            [] => f.write_str("–"),
            [.., y, z] if number => write!(f, "{}{}…{y}{z}", letters[0], letters[1]),
            [first, ..] => write!(f, "{first}…"),
        }
    }
}

impl fmt::Debug for Pii<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_shows_its_ends_and_a_name_its_initial() {
        assert_eq!(Pii("+14155550142").to_string(), "+1…42");
        assert_eq!(Pii("Ana Silva").to_string(), "A…");
        assert_eq!(Pii("").to_string(), "–");
    }
}
