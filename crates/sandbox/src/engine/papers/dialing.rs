//! Which countries an account may call.

use super::super::error::RestError;
use super::super::{Engine, geo};
use super::Papers;

/// A country that can be called.
#[derive(Debug)]
pub struct Place {
    /// Two letters.
    pub iso: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its continent.
    pub continent: &'static str,
    /// With the plus.
    pub code: &'static str,
}

/// Which of a country's numbers may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountryPermission {
    /// Most numbers.
    pub low_risk: bool,
    /// Numbers of special services.
    pub high_risk_special: bool,
    /// Numbers that swindlers like.
    pub high_risk_tollfraud: bool,
}

impl Default for CountryPermission {
    fn default() -> Self {
        Self {
            low_risk: true,
            high_risk_special: false,
            high_risk_tollfraud: false,
        }
    }
}

const fn place(
    iso: &'static str,
    name: &'static str,
    continent: &'static str,
    code: &'static str,
) -> Place {
    Place {
        iso,
        name,
        continent,
        code,
    }
}

const PLACES: &[Place] = &[
    place("AT", "Austria", "EUROPE", "+43"),
    place("AU", "Australia", "OCEANIA", "+61"),
    place("BR", "Brazil", "SOUTH_AMERICA", "+55"),
    place("CA", "Canada", "NORTH_AMERICA", "+1"),
    place("CH", "Switzerland", "EUROPE", "+41"),
    place("DE", "Germany", "EUROPE", "+49"),
    place("ES", "Spain", "EUROPE", "+34"),
    place("FR", "France", "EUROPE", "+33"),
    place("GB", "United Kingdom", "EUROPE", "+44"),
    place("IE", "Ireland", "EUROPE", "+353"),
    place("IN", "India", "ASIA", "+91"),
    place("IT", "Italy", "EUROPE", "+39"),
    place("JP", "Japan", "ASIA", "+81"),
    place("NL", "Netherlands", "EUROPE", "+31"),
    place("PT", "Portugal", "EUROPE", "+351"),
    place("SG", "Singapore", "ASIA", "+65"),
    place("US", "United States", "NORTH_AMERICA", "+1"),
];

/// All countries that permissions know.
pub fn places() -> impl Iterator<Item = &'static Place> {
    PLACES.iter()
}

impl Papers {
    /// What an account may call in a country.
    pub fn dialing_to(&self, iso: &str) -> CountryPermission {
        self.dialing.get(iso).copied().unwrap_or_default()
    }
}

impl Engine {
    /// Changes what an account may call: three flags of each country, as they stand in [`CountryPermission`].
    pub fn permit_dialing(
        &mut self,
        account: &str,
        changes: &[(&'static str, [Option<bool>; 3])],
    ) -> Result<(), RestError> {
        let papers = &mut self.account_mut(account)?.papers;
        for (iso, [low, special, fraud]) in changes {
            let may = papers.dialing_to(iso);
            papers.dialing.insert(
                (*iso).to_owned(),
                CountryPermission {
                    low_risk: low.unwrap_or(may.low_risk),
                    high_risk_special: special.unwrap_or(may.high_risk_special),
                    high_risk_tollfraud: fraud.unwrap_or(may.high_risk_tollfraud),
                },
            );
        }
        Ok(())
    }

    /// Whether an account may call a number's country.
    pub(in crate::engine) fn may_dial(&self, account: &str, number: &str) -> bool {
        let iso = super::super::stock::item(number)
            .map_or_else(|| geo::country(number), |item| item.country.iso);
        self.account(super::super::regions::plain(account))
            .is_none_or(|account| account.papers.dialing_to(iso).low_risk)
    }
}
