//! The numbers that can be bought: what there is in each country, what it costs, and which papers it needs.

mod countries;
pub mod pattern;

use super::Engine;
use crate::seam::Sid;

/// A kind of number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberKind {
    /// Of a place.
    #[default]
    Local,
    /// Of a mobile network.
    Mobile,
    /// Of a whole country.
    National,
    /// Free for the caller.
    TollFree,
}

impl NumberKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Local, Self::Mobile, Self::National, Self::TollFree];

    /// As in paths: `TollFree`.
    pub fn in_path(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::Mobile => "Mobile",
            Self::National => "National",
            Self::TollFree => "TollFree",
        }
    }

    /// As in answers: `toll_free`.
    pub fn in_answers(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Mobile => "mobile",
            Self::National => "national",
            Self::TollFree => "toll_free",
        }
    }

    /// As regulations say: `toll-free`.
    pub fn in_regulations(self) -> &'static str {
        match self {
            Self::TollFree => "toll-free",
            other => other.in_answers(),
        }
    }

    /// As price lists say: `toll free`.
    pub fn in_prices(self) -> &'static str {
        match self {
            Self::TollFree => "toll free",
            other => other.in_answers(),
        }
    }
}

/// What a number can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Calls.
    pub voice: bool,
    /// Text messages.
    pub sms: bool,
    /// Messages with media.
    pub mms: bool,
}

/// Which address the owner of a number must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressNeed {
    /// None.
    None,
    /// One anywhere.
    Any,
    /// One in the number's country.
    Local,
}

impl AddressNeed {
    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Any => "any",
            Self::Local => "local",
        }
    }
}

/// A country whose numbers are sold.
#[derive(Debug)]
pub struct Country {
    /// Two letters.
    pub iso: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The digits after the plus.
    pub calling_code: &'static str,
    /// Its numbers by kind.
    pub shelves: &'static [Shelf],
}

impl Country {
    /// The numbers of one kind.
    pub fn shelf(&self, kind: NumberKind) -> Option<&'static Shelf> {
        self.shelves.iter().find(|shelf| shelf.kind == kind)
    }

    /// Whether area codes and places are known there.
    pub fn is_north_american(&self) -> bool {
        self.calling_code == "1"
    }
}

/// The numbers of one kind in one country.
#[derive(Debug)]
pub struct Shelf {
    /// Which kind.
    pub kind: NumberKind,
    /// What each costs a month.
    pub cents: u32,
    /// What they can do.
    pub capabilities: Capabilities,
    /// The address that they need.
    pub address: AddressNeed,
    /// Whether they need an approved bundle.
    pub needs_bundle: bool,
    places: &'static [Place],
}

/// A range of numbers of one place.
#[derive(Debug)]
pub struct Place {
    prefix: &'static str,
    digits: usize,
    first: u32,
    count: u32,
    /// City; empty for none.
    pub locality: &'static str,
    /// State or province; empty for none.
    pub region: &'static str,
    /// Empty for none.
    pub postal_code: &'static str,
    /// Latitude and longitude.
    pub position: Option<(f64, f64)>,
    /// Empty for none.
    pub lata: &'static str,
}

impl Place {
    fn number(&self, index: u32) -> String {
        format!(
            "{}{:0digits$}",
            self.prefix,
            self.first + index,
            digits = self.digits
        )
    }

    fn holds(&self, number: &str) -> bool {
        number.strip_prefix(self.prefix).is_some_and(|rest| {
            rest.len() == self.digits
                && rest
                    .parse::<u32>()
                    .is_ok_and(|index| (self.first..self.first + self.count).contains(&index))
        })
    }
}

/// A number with all that is known of it.
#[derive(Debug, Clone)]
pub struct Item {
    /// E.164.
    pub number: String,
    /// Its country.
    pub country: &'static Country,
    /// Its kind.
    pub shelf: &'static Shelf,
    /// Its place.
    pub place: &'static Place,
}

/// All countries whose numbers are sold.
pub fn countries() -> &'static [Country] {
    countries::COUNTRIES
}

/// One of them, by its two letters.
pub fn country(iso: &str) -> Option<&'static Country> {
    countries()
        .iter()
        .find(|country| country.iso.eq_ignore_ascii_case(iso))
}

/// What a number is, where it is one of those that are sold.
pub fn item(number: &str) -> Option<Item> {
    let shelves = countries()
        .iter()
        .flat_map(|country| country.shelves.iter().map(move |shelf| (country, shelf)));
    for (country, shelf) in shelves {
        if let Some(place) = shelf.places.iter().find(|place| place.holds(number)) {
            return Some(Item {
                number: number.to_owned(),
                country,
                shelf,
                place,
            });
        }
    }
    None
}

/// A country's numbers of one kind, one of each place after the other.
pub fn items(country: &'static Country, shelf: &'static Shelf) -> impl Iterator<Item = Item> {
    let most = shelf
        .places
        .iter()
        .map(|place| place.count)
        .max()
        .unwrap_or(0);
    (0..most).flat_map(move |index| {
        shelf
            .places
            .iter()
            .filter(move |place| index < place.count)
            .map(move |place| Item {
                number: place.number(index),
                country,
                shelf,
                place,
            })
    })
}

impl Engine {
    /// Whether nobody has a number and nobody can be called at it, so that it is for sale.
    pub fn is_for_sale(&self, number: &str) -> bool {
        self.owner_of(number).is_none()
            && !self.behaviours.contains_key(number)
            && (item(number).is_some() || self.resources.released.contains(number))
    }

    /// The account that has verified a number as its own, besides owning it.
    pub fn has_verified(&self, account: &str, number: &str) -> bool {
        self.account(account).is_some_and(|account| {
            account
                .papers
                .caller_ids
                .values()
                .any(|id| id.phone_number == number)
        })
    }

    /// The first number of a North American area code that is for sale.
    pub fn first_of_area(&self, area: &str) -> Option<String> {
        let prefix = format!("+1{area}");
        countries()
            .iter()
            .filter(|country| country.is_north_american())
            .flat_map(|country| {
                country
                    .shelves
                    .iter()
                    .flat_map(move |shelf| items(country, shelf))
            })
            .map(|item| item.number)
            .find(|number| number.starts_with(&prefix) && self.is_for_sale(number))
    }

    /// The numbers that every account owns, as SIDs of their accounts.
    pub fn owner_sid(&self, number: &str) -> Option<Sid> {
        self.owner_of(number).map(|owner| owner.account_sid.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::{countries, country, item, items};

    #[test]
    fn every_number_in_stock_is_e164_known_and_sold_once() {
        let mut seen = std::collections::BTreeSet::new();
        for country in countries() {
            for shelf in country.shelves {
                for one in items(country, shelf) {
                    assert!(
                        one.number
                            .starts_with(&format!("+{}", country.calling_code)),
                        "{}",
                        one.number
                    );
                    assert!((9..=16).contains(&one.number.len()), "{}", one.number);
                    let known = item(&one.number).expect("in stock");
                    assert_eq!(
                        (known.country.iso, known.shelf.kind),
                        (country.iso, shelf.kind)
                    );
                    assert!(seen.insert(one.number));
                }
            }
        }
    }

    #[test]
    fn what_is_not_in_stock_is_not_known() {
        assert!(item("+14155550099").is_none() && item("+14155550200").is_none());
        assert!(item("+4420794600001").is_none() && item("+923001234567").is_none());
        assert!(country("gb").is_some() && country("PK").is_none());
    }
}
