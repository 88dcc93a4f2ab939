//! One byte range of a file, as a player asks for it (RFC 9110, section 14).

/// What part of a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: no range was given, or one that we need not honour (several, another unit).
    All,
    /// From the first byte to the last, both included.
    Bytes(u64, u64),
    /// Nothing of this file.
    Outside,
}

/// Reads a `Range` header for a file of `length` bytes.
pub(super) fn part(header: Option<&str>, length: u64) -> Part {
    let Some((first, last)) = header
        .and_then(|h| h.trim().strip_prefix("bytes="))
        .and_then(|h| h.split_once('-'))
    else {
        return Part::All;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (first.trim(), last.trim()) {
        ("", suffix) => match number(suffix) {
            Some(0) => Part::Outside,
            Some(_) if length == 0 => Part::Outside,
            Some(suffix) => Part::Bytes(length.saturating_sub(suffix), length - 1),
            None => Part::All,
        },
        (first, last) => match (number(first), number(last)) {
            (Some(first), _) if first >= length => Part::Outside,
            (Some(first), None) if last.is_empty() => Part::Bytes(first, length - 1),
            (Some(first), Some(last)) if first <= last => Part::Bytes(first, last.min(length - 1)),
            _ => Part::All,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_players_send_them() {
        let of = |header| part(Some(header), 1000);
        assert_eq!(part(None, 1000), Part::All);
        assert_eq!(of("bytes=0-"), Part::Bytes(0, 999));
        assert_eq!(of("bytes=10-19"), Part::Bytes(10, 19));
        assert_eq!(of("bytes=900-5000"), Part::Bytes(900, 999));
        assert_eq!(of("bytes=-100"), Part::Bytes(900, 999));
        assert_eq!(of("bytes=-5000"), Part::Bytes(0, 999));
        assert_eq!(of("bytes=1000-"), Part::Outside);
        assert_eq!(of("bytes=-0"), Part::Outside);
        for unread in [
            "bytes=9-3",
            "bytes=0-1,5-6",
            "lines=1-2",
            "bytes=a-b",
            "nonsense",
        ] {
            assert_eq!(of(unread), Part::All, "{unread}");
        }
        assert_eq!(part(Some("bytes=0-"), 0), Part::Outside);
    }
}
