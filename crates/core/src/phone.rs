//! Phone numbers: what people write becomes E.164, or an error that names the formats that are taken.

use std::fmt;

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region,
};
use serde::{Deserialize, Serialize};

/// A number in E.164 that could be dialled: right country code, right length.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Text that is no phone number; its words name the formats that are taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number that can be called: write it as {formats}")]
pub struct InvalidNumber {
    /// The accepted formats, with examples of the country.
    pub formats: String,
}

impl PhoneNumber {
    /// Reads a number as people of the country (ISO 3166, two letters) write it, or in international format.
    pub fn parse(text: &str, country: &str) -> Result<Self, InvalidNumber> {
        let region = region(country);
        let invalid = || InvalidNumber {
            formats: accepted_formats(country),
        };
        let text = text.trim();
        if text.len() > 40
            || text.chars().any(char::is_alphabetic)
            || text.contains(['@', ';', '*', '#', ','])
        {
            return Err(invalid());
        }
        let number = PHONE_NUMBER_UTIL
            .parse(text, region)
            .map_err(|_| invalid())?;
        match number.is_possible_with_reason() {
            Ok(NumberLengthType::IsPossible) => {
                Ok(Self(number.format_as(PhoneNumberFormat::E164).into_owned()))
            }
            _ => Err(invalid()),
        }
    }

    /// Reads a number in international format.
    pub fn international_only(text: &str) -> Result<Self, InvalidNumber> {
        Self::parse(text, "")
    }

    /// E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country that it belongs to (ISO 3166, two letters); `None` for satellites and the like.
    pub fn country(&self) -> Option<String> {
        let number = self.parsed()?;
        let main = || PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code);
        number
            .get_region_code()
            .or_else(main)
            .map(|region| region.to_string())
            .filter(|c| c.len() == 2)
    }

    /// As people of the country write it: national format for their own numbers, international for others.
    pub fn display(&self, country: &str) -> String {
        let Some(number) = self.parsed() else {
            return self.0.clone();
        };
        let own = region(country).and_then(|r| PHONE_NUMBER_UTIL.get_country_code_for_region(r));
        let format = if own == Some(number.country_code) {
            PhoneNumberFormat::National
        } else {
            PhoneNumberFormat::International
        };
        number.format_as(format).into_owned()
    }

    /// Does it cost extra: premium-rate services, satellites, international networks.
    pub fn is_premium(&self) -> bool {
        const WORLDWIDE: [&str; 7] = ["+870", "+878", "+881", "+882", "+883", "+888", "+979"];
        let premium = self
            .parsed()
            .is_some_and(|number| number.get_type() == PhoneNumberType::PremiumRate);
        premium
            || WORLDWIDE.iter().any(|prefix| self.0.starts_with(prefix))
            || PREMIUM.iter().any(|prefix| self.0.starts_with(prefix))
    }

    /// A key that numbers written in different ways share: the last eight digits. It narrows a search; equality decides.
    pub fn match_key(&self) -> String {
        match_key(&self.0)
    }

    fn parsed(&self) -> Option<rlibphonenumber::PhoneNumber> {
        PHONE_NUMBER_UTIL.parse(&self.0, None).ok()
    }
}

/// Prefixes that cost extra, beyond what the numbering plans call premium.
const PREMIUM: [&str; 13] = [
    "+1900", "+449", "+4470", "+44118", "+4487", "+33899", "+49900", "+49137", "+61190", "+39899",
    "+34803", "+34806", "+34807",
];

/// The last eight digits of a number in any format; fewer where there are fewer.
pub fn match_key(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(8)..].iter().collect()
}

/// The formats that [`PhoneNumber::parse`] takes, with examples of the country.
pub fn accepted_formats(country: &str) -> String {
    let example = region(country).and_then(|r| PHONE_NUMBER_UTIL.get_example_number(r).ok());
    match (country, example) {
        ("US" | "CA", _) => "(202) 555-0123, 202-555-0123, 2025550123 or +12025550123".to_owned(),
        (_, Some(number)) => {
            let national = number.format_as(PhoneNumberFormat::National).into_owned();
            let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
            format!("{national} or, for any country, {e164}")
        }
        (_, None) => "+12025550123: a plus sign, the country code and the number".to_owned(),
    }
}

/// Is it the two-letter code of a country whose numbers we know.
pub fn is_country(code: &str) -> bool {
    calling_code(code).is_some()
}

/// The country's calling code, without the plus sign.
pub fn calling_code(country: &str) -> Option<String> {
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region(country)?)?;
    Some(code.to_string())
}

fn region(country: &str) -> Option<Region> {
    let code = country.trim().to_ascii_uppercase();
    (code.len() == 2).then(|| code.parse().ok()).flatten()
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidNumber;
    fn try_from(text: String) -> Result<Self, InvalidNumber> {
        Self::international_only(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn e164(text: &str, country: &str) -> String {
        PhoneNumber::parse(text, country).map_or_else(|e| e.to_string(), Into::into)
    }

    #[test]
    fn american_numbers_are_taken_as_people_write_them() {
        for text in [
            "202-555-0123",
            "(202) 555-0123",
            "2025550123",
            "202.555.0123",
            "+12025550123",
            "1 202 555 0123",
            "12025550123",
            " +1 (202) 555-0123 ",
            "+1\u{a0}202\u{2011}555\u{2011}0123",
        ] {
            assert_eq!(e164(text, "US"), "+12025550123", "{text}");
        }
        assert_eq!(
            e164("(555) 123-4567", "US"),
            "+15551234567",
            "ranges come and go: length decides"
        );
    }

    #[test]
    fn the_organizations_country_reads_national_numbers() {
        assert_eq!(e164("020 7183 8750", "GB"), "+442071838750");
        assert_eq!(e164("07400 123456", "gb"), "+447400123456");
        assert_eq!(e164("0301 2345678", "PK"), "+923012345678");
        assert_eq!(e164("03012345678", "PK"), "+923012345678");
        assert_eq!(e164("030 901820", "DE"), "+4930901820");
        assert_eq!(e164("00 44 20 7183 8750", "DE"), "+442071838750");
        assert_eq!(e164("011 44 20 7183 8750", "US"), "+442071838750");
        assert_eq!(e164("+92 301 2345678", "US"), "+923012345678");
    }

    #[test]
    fn what_is_no_number_is_told_with_the_formats_that_are_taken() {
        for text in [
            "",
            "12345",
            "555-0123",
            "hello",
            "+1",
            "1-800-FLOWERS",
            "+12025550123 ext 5",
            "sip:a@b",
            "99999999999999999",
        ] {
            let error = PhoneNumber::parse(text, "US").unwrap_err().to_string();
            assert!(
                error.contains("(202) 555-0123") && error.contains("+12025550123"),
                "{text}: {error}"
            );
        }
        let error = PhoneNumber::parse("12", "GB").unwrap_err().to_string();
        assert!(error.contains("+44"), "{error}");
        assert!(
            PhoneNumber::parse("2025550123", "").is_err(),
            "no country, no national number"
        );
    }

    #[test]
    fn a_number_is_shown_nationally_at_home_and_internationally_abroad() {
        let number = PhoneNumber::parse("+442071838750", "").unwrap();
        assert_eq!(number.display("GB"), "020 7183 8750");
        assert_eq!(number.display("US"), "+44 20 7183 8750");
        assert_eq!(number.country().as_deref(), Some("GB"));
        assert_eq!(
            PhoneNumber::parse("+16135550123", "")
                .unwrap()
                .country()
                .as_deref(),
            Some("CA")
        );
        assert_eq!(
            PhoneNumber::parse("+15551234567", "")
                .unwrap()
                .country()
                .as_deref(),
            Some("US")
        );
    }

    #[test]
    fn premium_numbers_are_known() {
        for text in [
            "+19005550123",
            "+449012345678",
            "+881612345678",
            "+979123456789",
        ] {
            assert!(PhoneNumber(text.to_owned()).is_premium(), "{text}");
        }
        for text in ["+12025550123", "+442071838750", "+18005550123"] {
            assert!(!PhoneNumber(text.to_owned()).is_premium(), "{text}");
        }
    }

    #[test]
    fn one_number_written_in_two_ways_has_one_key() {
        assert_eq!(match_key("+442071838750"), match_key("020 7183 8750"));
        assert_eq!(match_key("+1 (202) 555-0123"), match_key("2025550123"));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_refused_or_stays_the_same_when_read_again(text in "\\PC{0,30}", digits in "[+0-9 ()-]{0,20}") {
            for text in [text, digits] {
                if let Ok(number) = PhoneNumber::parse(&text, "US") {
                    prop_assert!(number.as_str().starts_with('+') && number.as_str().len() <= 18);
                    prop_assert_eq!(PhoneNumber::parse(number.as_str(), "GB").unwrap(), number);
                }
            }
        }
    }
}
