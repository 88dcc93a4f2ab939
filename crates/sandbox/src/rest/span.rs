//! Filters by time: `StartTime`, `StartTime<` and `StartTime>`, each a day or an instant.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::params::Params;
use super::refusal::Refusal;
use crate::seam::Time;

/// The times that a filter lets through.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Span {
    from: Option<Time>,
    to: Option<Time>,
}

impl Span {
    /// Reads the three parameters of one name.
    pub(super) fn of(params: &Params, name: &str) -> Result<Self, Refusal> {
        let read = |name: &str| {
            params
                .filled(name)
                .map(|text| instant(name, &text))
                .transpose()
        };
        let mut span = Self {
            from: read(&format!("{name}>"))?.map(|at| at.0),
            to: read(&format!("{name}<"))?.map(|at| at.0),
        };
        if let Some((at, is_day)) = read(name)? {
            span.from = Some(at);
            span.to = Some(if is_day {
                at + TimeDelta::days(1) - TimeDelta::microseconds(1)
            } else {
                at
            });
        }
        Ok(span)
    }

    /// A parameter that is one instant.
    pub(super) fn instant(params: &Params, name: &str) -> Result<Option<Time>, Refusal> {
        let text = params.filled(name);
        text.map(|text| instant(name, &text).map(|at| at.0))
            .transpose()
    }

    /// Whether a time passes; what has no time passes only where nothing is asked.
    pub(super) fn holds(&self, time: Option<Time>) -> bool {
        match time {
            Some(time) => {
                self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time <= to)
            }
            None => *self == Self::default(),
        }
    }
}

/// The instant, and whether it is a whole day's beginning.
fn instant(name: &str, text: &str) -> Result<(Time, bool), Refusal> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok((day.and_time(chrono::NaiveTime::MIN).and_utc(), true));
    }
    // A plus sign that was not encoded arrives as a space.
    match text.replace(' ', "+").parse::<DateTime<Utc>>() {
        Ok(time) => Ok((time, false)),
        Err(_) => Err(Refusal::invalid(
            20001,
            format!("{name} must be a date or an ISO 8601 time: {text}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Params, Span};

    fn span(query: &str) -> Span {
        Span::of(&Params::parse(query.as_bytes()), "StartTime").expect("a filter")
    }

    fn at(text: &str) -> Option<crate::seam::Time> {
        text.parse().ok()
    }

    #[test]
    fn a_day_lets_its_whole_day_through() {
        let day = span("StartTime=2026-11-18");
        assert!(day.holds(at("2026-11-18T00:00:00Z")) && day.holds(at("2026-11-18T23:59:59.9Z")));
        assert!(!day.holds(at("2026-11-19T00:00:00Z")) && !day.holds(None));
    }

    #[test]
    fn bounds_are_instants_and_include_themselves() {
        let after = span("StartTime%3E=2026-11-18T12:00:00Z");
        assert!(
            after.holds(at("2026-11-18T12:00:00Z")) && !after.holds(at("2026-11-18T11:59:59Z"))
        );
        let before = span("StartTime<=2026-11-18T12:00:00%2B00:00");
        assert!(
            before.holds(at("2026-11-18T12:00:00Z")) && !before.holds(at("2026-11-18T12:00:01Z"))
        );
        assert!(span("").holds(None));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert!(Span::of(&Params::parse(b"StartTime=soon"), "StartTime").is_err());
    }
}
