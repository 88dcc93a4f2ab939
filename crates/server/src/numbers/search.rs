//! Numbers that can be bought: found by country, kind, area, pattern, place and capability, with price and papers.

use offhook_core::id::OrgId;
use offhook_core::phone::{self, PhoneNumber};
use offhook_twilio::rest::available::{self, AddressRule, Available, NumberKind, Search};
use offhook_twilio::rest::number::Capabilities;

use super::papers::{self, Papers};
use super::prices::{self, Price};
use super::{account_in_use, said};
use crate::app::App;
use crate::carrier::Account;
use crate::error::ApiError;

/// How many are shown.
pub(super) const SHOWN: u32 = 30;
/// How many are looked through where the carrier cannot search for everything that was asked.
const LOOKED_THROUGH: u32 = 200;
/// The longest pattern that the carrier takes.
const LONGEST_PATTERN: usize = 16;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// ISO 3166 alpha-2.
    pub(crate) country: String,
    /// The first kind that is sold there when none is named.
    pub(crate) kind: Option<NumberKind>,
    /// Digits in it, or letters that stand for digits; `*` is any one digit.
    pub(crate) contains: Option<String>,
    /// As people of the country write it: `20`, `020`, `415`.
    pub(crate) area_code: Option<String>,
    /// Only those that can do messages.
    pub(crate) sms: bool,
    /// A number that they shall be near.
    pub(crate) near: Option<String>,
    /// A city.
    pub(crate) locality: Option<String>,
}

/// A number that can be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offered {
    /// E.164.
    pub(crate) number: String,
    /// As people of its country write it.
    pub(crate) national: String,
    /// The city.
    pub(crate) locality: Option<String>,
    /// The state or province.
    pub(crate) region: Option<String>,
    /// What it can do.
    pub(crate) capabilities: Capabilities,
}

/// What was found.
pub(crate) struct Found {
    /// The numbers.
    pub(crate) items: Vec<Offered>,
    /// Their country.
    pub(crate) country: String,
    /// Their kind; `None` where the country sells none.
    pub(crate) kind: Option<NumberKind>,
    /// What one costs in a month.
    pub(crate) monthly: Option<Price>,
    /// What they need.
    pub(crate) papers: Papers,
}

/// Looks for numbers.
pub(crate) async fn search(app: &App, org: &OrgId, wanted: &Wanted) -> Result<Found, ApiError> {
    let account = account_in_use(app, org).await?;
    let country = country(&wanted.country)?;
    let asked = asked(&country, wanted)?;
    let sold = prices::kinds(app, &account, &country).await?;
    let Some(kind) = wanted
        .kind
        .or(sold.first().copied())
        .filter(|kind| sold.contains(kind))
    else {
        return Ok(Found {
            items: Vec::new(),
            country,
            kind: wanted.kind,
            monthly: None,
            papers: Papers::default(),
        });
    };
    let request = available::search(&account.account_sid, &country, kind, &asked.search);
    let (page, monthly) = tokio::join!(
        app.carrier.send(&account, &request),
        prices::monthly(app, &account, &country, kind),
    );
    let mut found = page.map_err(|error| said(&error))?.items;
    found.retain(|number| asked.holds(number));
    found.truncate(SHOWN as usize);
    let papers = papers::read(app, &account, &country, kind, strictest(&found)).await;
    Ok(Found {
        items: found
            .into_iter()
            .map(|number| offered(number, &country))
            .collect(),
        papers: papers.map_err(|error| said(&error))?,
        country,
        kind: Some(kind),
        monthly,
    })
}

/// One number that is still for sale, with its kind and the rule for its address.
pub(super) async fn for_sale(
    app: &App,
    account: &Account,
    number: &str,
    country: &str,
    kind: Option<NumberKind>,
) -> Result<Option<(Available, NumberKind)>, ApiError> {
    let kinds = match kind {
        Some(kind) => vec![kind],
        None => prices::kinds(app, account, country).await?,
    };
    let exactly = Search {
        contains: Some(number.chars().take(LONGEST_PATTERN).collect()),
        most: SHOWN,
        ..Search::default()
    };
    for kind in kinds {
        let request = available::search(&account.account_sid, country, kind, &exactly);
        let page = match app.carrier.send(account, &request).await {
            Ok(page) => page,
            Err(error) if error.is_gone() => continue,
            Err(error) => return Err(said(&error)),
        };
        let same = page
            .items
            .into_iter()
            .find(|found| found.phone_number == number);
        if let Some(found) = same {
            return Ok(Some((found, kind)));
        }
    }
    Ok(None)
}

/// Whose address a number needs.
pub(super) fn rule_of(number: &Available) -> AddressRule {
    let rule = number.address_requirements.as_deref();
    rule.and_then(|rule| rule.parse().ok())
        .unwrap_or(AddressRule::None)
}

/// Numbers of one kind mostly need the same; where they do not, what all of them can be bought with.
fn strictest(found: &[Available]) -> AddressRule {
    let strict = |rule: &AddressRule| match rule {
        AddressRule::None => 0,
        AddressRule::Any => 1,
        AddressRule::Foreign => 2,
        AddressRule::Local => 3,
    };
    found
        .iter()
        .map(rule_of)
        .max_by_key(strict)
        .unwrap_or(AddressRule::None)
}

fn offered(number: Available, country: &str) -> Offered {
    let shown = PhoneNumber::international_only(&number.phone_number).map_or_else(
        |_| number.phone_number.clone(),
        |parsed| parsed.display(country),
    );
    Offered {
        national: shown,
        locality: number.locality.filter(|word| !word.is_empty()),
        region: number.region.filter(|word| !word.is_empty()),
        capabilities: number.capabilities,
        number: number.phone_number,
    }
}

/// Two letters, upper case.
pub(super) fn country(text: &str) -> Result<String, ApiError> {
    let code = text.trim().to_ascii_uppercase();
    if phone::is_country(&code) {
        Ok(code)
    } else {
        Err(ApiError::invalid(
            "country",
            "use a country's two letters, such as GB or US",
        ))
    }
}

/// What the carrier is asked, and what is left to be looked at here.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    search: Search,
    /// A part of the number that the carrier's one pattern has no room for.
    also: Option<String>,
}

impl Asked {
    fn holds(&self, number: &Available) -> bool {
        self.also
            .as_ref()
            .is_none_or(|part| number.phone_number.contains(part.as_str()))
    }
}

/// Twilio's `AreaCode`, `NearNumber` and their likes serve North America only; elsewhere an area is a pattern.
fn asked(country: &str, wanted: &Wanted) -> Result<Asked, ApiError> {
    let north_american = matches!(country, "US" | "CA");
    let mut search = Search {
        contains: pattern(wanted.contains.as_deref())?,
        sms: wanted.sms,
        locality: filled(wanted.locality.as_deref()),
        most: SHOWN,
        ..Search::default()
    };
    let mut also = None;
    if let Some(near) = filled(wanted.near.as_deref()) {
        if !north_american {
            return Err(ApiError::invalid(
                "near",
                "the carrier searches near a number in the US and Canada only; use area_code or locality",
            ));
        }
        let near = PhoneNumber::parse(&near, country)
            .map_err(|error| ApiError::invalid("near", error.to_string()))?;
        search.near = Some(near.to_string());
    }
    if let Some(area) = filled(wanted.area_code.as_deref()) {
        let digits: String = area.chars().filter(char::is_ascii_digit).collect();
        let odd = area
            .chars()
            .any(|c| !(c.is_ascii_digit() || "+ -()".contains(c)));
        if north_american {
            if digits.len() != 3 || odd {
                return Err(ApiError::invalid(
                    "area_code",
                    "use three digits, such as 415",
                ));
            }
            search.area_code = Some(digits);
        } else {
            let digits = if area.starts_with('+') {
                format!("00{digits}")
            } else {
                digits
            };
            let (area, part) = abroad(country, &digits, odd, search.contains.take())?;
            search.contains = Some(area);
            also = part;
        }
    }
    if also.is_some() {
        search.most = LOOKED_THROUGH;
    }
    Ok(Asked { search, also })
}

/// An area outside North America as the one pattern that the carrier takes, and the other pattern for us.
fn abroad(
    country: &str,
    digits: &str,
    odd: bool,
    contains: Option<String>,
) -> Result<(String, Option<String>), ApiError> {
    let wrong = || {
        ApiError::invalid(
            "area_code",
            "use the digits of the area, such as 20 or 020 for London",
        )
    };
    let calling = phone::calling_code(country).ok_or_else(wrong)?;
    let area = digits.trim_start_matches('0');
    let area = area
        .strip_prefix(&calling)
        .filter(|_| digits.starts_with("00"))
        .unwrap_or(area);
    let area = area.trim_start_matches('0');
    if odd || area.is_empty() || area.len() > 6 {
        return Err(wrong());
    }
    let also = contains.map(|part| {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(part)
        } else {
            Err(ApiError::invalid(
                "contains",
                "with an area code, use digits only",
            ))
        }
    });
    Ok((format!("+{calling}{area}%"), also.transpose()?))
}

/// 2 to 16 signs, as the carrier takes them.
fn pattern(text: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(text) = filled(text) else {
        return Ok(None);
    };
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')'))
        .collect();
    let plain = text.chars().filter(char::is_ascii_alphanumeric).count();
    let known = |c: char| c.is_ascii_alphanumeric() || "*%+$".contains(c);
    if plain < 2 || text.len() > LONGEST_PATTERN || !text.chars().all(known) {
        return Err(ApiError::invalid(
            "contains",
            "use 2 to 16 digits or letters, with * for any one digit",
        ));
    }
    Ok(Some(text))
}

fn filled(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(country: &str, area: &str) -> Result<Asked, ApiError> {
        asked(
            country,
            &Wanted {
                area_code: Some(area.to_owned()),
                ..Wanted::default()
            },
        )
    }

    #[test]
    fn an_area_code_is_itself_in_north_america_and_a_pattern_elsewhere() {
        let search = area("US", "415").unwrap().search;
        assert_eq!(
            (search.area_code.as_deref(), search.contains),
            (Some("415"), None)
        );
        for london in ["20", "020", "(0)20", "+44 20", "0044 20"] {
            let search = area("GB", london).unwrap().search;
            assert_eq!(
                (search.area_code, search.contains.as_deref()),
                (None, Some("+4420%")),
                "{london}"
            );
        }
        for (country, wrong) in [("US", "41"), ("GB", "London"), ("GB", "0"), ("CA", "4165")] {
            assert!(area(country, wrong).is_err(), "{country} {wrong}");
        }
    }

    #[test]
    fn an_area_and_a_pattern_are_both_looked_for() {
        let both = Wanted {
            area_code: Some("20".to_owned()),
            contains: Some("946".to_owned()),
            ..Wanted::default()
        };
        let asked = asked("GB", &both).unwrap();
        assert_eq!(asked.search.contains.as_deref(), Some("+4420%"));
        assert_eq!(
            (asked.also.as_deref(), asked.search.most),
            (Some("946"), LOOKED_THROUGH)
        );
    }

    #[test]
    fn a_pattern_that_the_carrier_would_not_take_is_refused_before_it_is_asked() {
        assert_eq!(
            pattern(Some("555-01 00")).unwrap().as_deref(),
            Some("5550100")
        );
        assert_eq!(pattern(Some("BIKE*")).unwrap().as_deref(), Some("BIKE*"));
        assert_eq!(pattern(Some("  ")).unwrap(), None);
        for wrong in ["4", "4*", "12345678901234567", "€€", "5.5"] {
            assert!(pattern(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nearness_is_for_north_america() {
        let near = |country: &str| {
            let near = Some("+14155550100".to_owned());
            asked(
                country,
                &Wanted {
                    near,
                    ..Wanted::default()
                },
            )
        };
        assert_eq!(
            near("US").unwrap().search.near.as_deref(),
            Some("+14155550100")
        );
        assert!(near("GB").is_err());
    }

    #[test]
    fn the_strictest_rule_counts() {
        let with = |rule: &str| Available {
            phone_number: "+442079460000".to_owned(),
            friendly_name: None,
            locality: None,
            region: None,
            iso_country: None,
            address_requirements: Some(rule.to_owned()),
            capabilities: Capabilities::default(),
        };
        assert_eq!(
            strictest(&[with("none"), with("local"), with("any")]),
            AddressRule::Local
        );
        assert_eq!(strictest(&[]), AddressRule::None);
    }
}
