//! How many pieces a text travels in: 160 characters of GSM-7, or 70 of UCS-2; in several pieces each has a little less.

/// Characters of GSM-7 that count once.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Characters of GSM-7 that need an escape, and count twice.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";
/// What smart encoding writes in place of characters that look alike.
const ALIKE: &[(char, &str)] = &[
    ('\u{2018}', "'"),
    ('\u{2019}', "'"),
    ('\u{201a}', "'"),
    ('\u{201c}', "\""),
    ('\u{201d}', "\""),
    ('\u{201e}', "\""),
    ('\u{2013}', "-"),
    ('\u{2014}', "-"),
    ('\u{2212}', "-"),
    ('\u{2026}', "..."),
    ('\u{a0}', " "),
    ('\u{2009}', " "),
    ('\u{ab}', "\""),
    ('\u{bb}', "\""),
];

/// What a character counts in GSM-7; none where it has no place there.
fn in_gsm(character: char) -> Option<usize> {
    if BASIC.contains(character) {
        Some(1)
    } else {
        EXTENDED.contains(character).then_some(2)
    }
}

/// The pieces of a text; none for no text.
pub(super) fn count(text: &str) -> u32 {
    let gsm: Option<Vec<usize>> = text.chars().map(in_gsm).collect();
    let (sizes, single, each) = match gsm {
        Some(sizes) => (sizes, 160, 153),
        None => (text.chars().map(char::len_utf16).collect(), 70, 67),
    };
    let whole: usize = sizes.iter().sum();
    if whole == 0 {
        return 0;
    }
    if whole <= single {
        return 1;
    }
    // No character is cut in two.
    let (mut pieces, mut used) = (1, 0);
    for size in sizes {
        if used + size > each {
            pieces += 1;
            used = 0;
        }
        used += size;
    }
    pieces
}

/// The text with characters of GSM-7 in place of others that look alike.
pub(super) fn smart(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match ALIKE.iter().find(|(known, _)| *known == character) {
            Some((_, written)) => plain.push_str(written),
            None => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{count, smart};

    #[test]
    fn a_text_of_gsm_characters_has_160_and_then_153_in_each_piece() {
        assert_eq!(count(""), 0);
        assert_eq!(count(&"a".repeat(160)), 1);
        assert_eq!(count(&"a".repeat(161)), 2);
        assert_eq!(count(&"a".repeat(306)), 2);
        assert_eq!(count(&"a".repeat(307)), 3);
    }

    #[test]
    fn an_extended_character_counts_twice_and_is_not_cut() {
        assert_eq!(count(&"€".repeat(80)), 1);
        assert_eq!(count(&"€".repeat(81)), 2);
        // 152 are used, the escape and its character go together into the next piece.
        assert_eq!(count(&format!("{}{}", "a".repeat(152), "€".repeat(77))), 3);
    }

    #[test]
    fn one_other_character_makes_pieces_of_70_and_67() {
        assert_eq!(count(&format!("{}я", "a".repeat(69))), 1);
        assert_eq!(count(&format!("{}я", "a".repeat(70))), 2);
        assert_eq!(count(&"я".repeat(134)), 2);
        assert_eq!(count(&"я".repeat(135)), 3);
        assert_eq!(count(&"🎉".repeat(35)), 1);
        assert_eq!(count(&"🎉".repeat(36)), 2);
    }

    #[test]
    fn smart_encoding_keeps_a_text_in_gsm() {
        let text = format!("\u{201c}{}\u{201d}\u{2026}", "a".repeat(100));
        assert_eq!(count(&text), 2);
        assert_eq!(count(&smart(&text)), 1);
    }
}
