//! May this number be dialled: own country and those allowed, nothing premium; emergency numbers pass every limit.

use crate::phone::{InvalidNumber, PhoneNumber};

/// The rules of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialRules {
    /// Its country (ISO 3166, two letters), always allowed.
    pub country: String,
    /// Other countries that may be called.
    pub allowed: Vec<String>,
    /// The number that would be shown has an emergency address registered at the carrier.
    pub emergency_address: bool,
}

/// Where the call goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dial {
    /// A number.
    Number(PhoneNumber),
    /// The emergency services, by the short number that the carrier takes.
    Emergency(String),
}

/// Why it is not dialled, in words for the agent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DialRefused {
    /// No phone number.
    #[error(transparent)]
    Invalid(#[from] InvalidNumber),
    /// Costs extra.
    #[error("this is a premium-rate number, which costs extra and is not called from here")]
    Premium,
    /// Another country.
    #[error(
        "calls to {country} are not allowed; an owner or admin can allow the country in Settings"
    )]
    Country {
        /// Its code, or what we know of it.
        country: String,
    },
    /// An emergency, and no address that could be told.
    #[error(
        "call {number} from another phone now: none of your numbers has a registered emergency address, so this call would not reach the right place"
    )]
    NoEmergencyAddress {
        /// The emergency number.
        number: String,
    },
}

impl DialRefused {
    /// Stable code for the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid_number",
            Self::Premium => "premium_number",
            Self::Country { .. } => "country_not_allowed",
            Self::NoEmergencyAddress { .. } => "no_emergency_address",
        }
    }
}

impl DialRules {
    /// Reads what was typed and says where the call goes, or why not.
    pub fn check(&self, text: &str) -> Result<Dial, DialRefused> {
        if let Some(number) = emergency(text, &self.country) {
            let number = number.to_owned();
            return if self.emergency_address {
                Ok(Dial::Emergency(number))
            } else {
                Err(DialRefused::NoEmergencyAddress { number })
            };
        }
        let number = PhoneNumber::parse(text, &self.country)?;
        if number.is_premium() {
            return Err(DialRefused::Premium);
        }
        let country = number.country();
        let is = |code: &String| {
            country
                .as_deref()
                .is_some_and(|c| c.eq_ignore_ascii_case(code.trim()))
        };
        if is(&self.country) || self.allowed.iter().any(is) {
            Ok(Dial::Number(number))
        } else {
            Err(DialRefused::Country {
                country: country.unwrap_or_else(|| "satellites and networks".to_owned()),
            })
        }
    }
}

/// The emergency number that was typed, as the country knows it.
pub fn emergency(text: &str, country: &str) -> Option<&'static str> {
    let typed: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')'))
        .collect();
    let code = country.trim().to_ascii_uppercase();
    let own = EMERGENCY
        .iter()
        .find(|(codes, _)| codes.split(' ').any(|c| c == code));
    let numbers = own.map_or(ANYWHERE, |(_, numbers)| *numbers);
    let abroad = crate::phone::calling_code(&code).map(|calling| format!("+{calling}"));
    let short = abroad.and_then(|prefix| typed.strip_prefix(&prefix).map(str::to_owned));
    numbers
        .split(' ')
        .find(|number| typed == *number || short.as_deref() == Some(number))
}

/// Where we know nothing better: what mobile networks take everywhere.
const ANYWHERE: &str = "112 911";

/// Emergency numbers by country: police, fire, ambulance, and the common number.
const EMERGENCY: [(&str, &str); 62] = [
    ("US CA", "911"),
    ("MX", "911"),
    ("GB GI JE GG IM", "999 112"),
    ("IE", "112 999"),
    ("AU", "000 112 106"),
    ("NZ", "111 112"),
    ("DE", "112 110"),
    ("AT", "112 122 133 144 140"),
    ("CH LI", "112 117 118 144 1414"),
    ("FR MC", "112 15 17 18 114 196 191"),
    ("BE", "112 100 101 110"),
    ("NL", "112"),
    ("LU", "112 113"),
    ("ES AD", "112 061 062 080 085 091 092"),
    ("PT", "112"),
    ("IT SM VA", "112 113 115 118"),
    ("GR", "112 100 166 199"),
    ("CY MT", "112 199"),
    ("PL", "112 997 998 999"),
    ("CZ SK", "112 150 155 158"),
    ("HU", "112 104 105 107"),
    ("RO BG", "112"),
    ("SI HR", "112 113 192 193 194"),
    ("RS ME BA MK", "112 192 193 194"),
    ("AL XK", "112 127 128 129"),
    ("DK SE FI", "112"),
    ("NO", "112 110 113"),
    ("IS", "112"),
    ("EE LV LT", "112"),
    ("UA", "112 101 102 103"),
    ("RU BY KZ", "112 101 102 103"),
    ("TR", "112"),
    ("IL", "100 101 102 112"),
    ("AE", "999 998 997 112"),
    ("SA", "911 997 998 999 112"),
    ("QA BH KW OM", "999 112 9999"),
    ("JO LB", "911 112 140 175"),
    ("EG", "122 123 180 112"),
    ("MA", "19 15 112"),
    ("DZ TN", "112 14 17 190 197 198"),
    ("ZA", "112 10111 10177"),
    ("NG", "112 199 767"),
    ("KE UG TZ RW", "999 112 911"),
    ("GH", "112 191 192 193"),
    ("IN", "112 100 101 102 108"),
    ("PK", "15 16 115 1122 112"),
    ("BD", "999"),
    ("LK", "119 110 1990"),
    ("NP", "100 101 102"),
    ("CN MO", "110 119 120 122 112 999"),
    ("HK SG MY", "999 995 112"),
    ("TW", "110 119 112"),
    ("JP", "110 119 118"),
    ("KR", "112 119"),
    ("TH", "191 199 1669 112"),
    ("VN", "112 113 114 115"),
    ("ID", "112 110 113 118 119"),
    ("PH", "911 112"),
    ("BR", "190 192 193 112 911"),
    ("AR UY PY BO EC VE", "911 100 101 107 110"),
    ("CL PE", "131 132 133 105 106 116 911"),
    ("CO CR PA DO GT SV HN NI CU", "911 123 112"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(country: &str) -> DialRules {
        DialRules {
            country: country.to_owned(),
            allowed: vec!["GB".to_owned()],
            emergency_address: false,
        }
    }

    #[test]
    fn the_own_country_and_those_allowed_are_dialled() {
        let number = |text: &str| Ok(Dial::Number(PhoneNumber::international_only(text).unwrap()));
        assert_eq!(rules("US").check("(202) 555-0123"), number("+12025550123"));
        assert_eq!(
            rules("US").check("+44 20 7183 8750"),
            number("+442071838750")
        );
        let refused = rules("US").check("+49 30 901820").unwrap_err();
        assert_eq!(
            (refused.code(), refused.to_string().contains("DE")),
            ("country_not_allowed", true)
        );
        assert_eq!(
            rules("US").check("+16135550123").unwrap_err().code(),
            "country_not_allowed",
            "Canada shares +1"
        );
    }

    #[test]
    fn premium_numbers_are_refused_even_at_home() {
        assert_eq!(
            rules("US").check("+1 900 555 0123"),
            Err(DialRefused::Premium)
        );
        assert_eq!(rules("GB").check("09012345678"), Err(DialRefused::Premium));
    }

    #[test]
    fn an_emergency_call_passes_every_limit_with_a_registered_address() {
        let mut rules = rules("US");
        rules.emergency_address = true;
        for text in ["911", "9-1-1", "+1911", "+1 911"] {
            assert_eq!(
                rules.check(text),
                Ok(Dial::Emergency("911".to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn without_an_address_the_agent_is_told_to_use_another_phone() {
        for (country, text) in [
            ("US", "911"),
            ("GB", "999"),
            ("GB", "112"),
            ("AU", "000"),
            ("PK", "15"),
            ("FI", "112"),
        ] {
            let refused = rules(country).check(text).unwrap_err();
            assert_eq!(refused.code(), "no_emergency_address", "{country} {text}");
            assert!(refused.to_string().contains("another phone"));
        }
    }

    #[test]
    fn an_unknown_country_still_knows_the_worlds_emergency_numbers() {
        assert_eq!(emergency("112", "ZZ"), Some("112"));
        assert_eq!(
            emergency("+1 202 555 0911", "US"),
            None,
            "a number that ends so is none"
        );
    }

    #[test]
    fn every_entry_is_a_country_and_a_short_number() {
        for (countries, numbers) in EMERGENCY {
            assert!(
                countries
                    .split(' ')
                    .all(|c| c == "XK" || crate::phone::is_country(c)),
                "{countries}"
            );
            assert!(
                numbers.split(' ').all(|n| (2..=5).contains(&n.len())),
                "{numbers}"
            );
        }
    }
}
