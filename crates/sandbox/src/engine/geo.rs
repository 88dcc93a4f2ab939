//! The geographic fields of a voice request: what Twilio derives from a number, as far as the number itself tells.

/// Country by calling code, longest first.
const COUNTRIES: &[(&str, &str)] = &[
    ("+353", "IE"),
    ("+351", "PT"),
    ("+61", "AU"),
    ("+49", "DE"),
    ("+44", "GB"),
    ("+43", "AT"),
    ("+41", "CH"),
    ("+39", "IT"),
    ("+34", "ES"),
    ("+33", "FR"),
    ("+31", "NL"),
    ("+91", "IN"),
    ("+81", "JP"),
    ("+65", "SG"),
    ("+55", "BR"),
    ("+1", "US"),
];

/// The country of a number; empty where it tells none.
pub fn country(number: &str) -> &'static str {
    COUNTRIES
        .iter()
        .find(|(code, _)| number.starts_with(code))
        .map_or("", |(_, country)| *country)
}

/// City, state, zip and country under `name` and its older twin; only for numbers.
pub(super) fn fields(name: &str, twin: &str, party: &str) -> Vec<(String, String)> {
    if !party.starts_with('+') {
        return Vec::new();
    }
    let mut fields = Vec::new();
    for prefix in [name, twin] {
        for part in ["City", "State", "Zip"] {
            fields.push((format!("{prefix}{part}"), String::new()));
        }
        fields.push((format!("{prefix}Country"), country(party).to_owned()));
    }
    fields
}
