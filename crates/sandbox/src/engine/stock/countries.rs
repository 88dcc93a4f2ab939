//! The countries whose numbers are sold here. Where a country keeps ranges for films and tests, the numbers lie in them, so that
//! nobody in the world has them.

use super::{AddressNeed, Capabilities, Country, NumberKind, Place, Shelf};

const VOICE: Capabilities = Capabilities {
    voice: true,
    sms: false,
    mms: false,
};
const SMS: Capabilities = Capabilities {
    voice: true,
    sms: true,
    mms: false,
};
const ALL: Capabilities = Capabilities {
    voice: true,
    sms: true,
    mms: true,
};

/// A place of North America: numbers 555-0100 to 555-0199 of its area code.
const fn na(
    prefix: &'static str,
    locality: &'static str,
    region: &'static str,
    postal_code: &'static str,
    position: (f64, f64),
    lata: &'static str,
) -> Place {
    Place {
        prefix,
        digits: 3,
        first: 100,
        count: 100,
        locality,
        region,
        postal_code,
        position: Some(position),
        lata,
    }
}

const fn place(
    prefix: &'static str,
    digits: usize,
    count: u32,
    locality: &'static str,
    region: &'static str,
) -> Place {
    Place {
        prefix,
        digits,
        first: 0,
        count,
        locality,
        region,
        postal_code: "",
        position: None,
        lata: "",
    }
}

const fn toll_free(prefix: &'static str) -> Place {
    Place {
        prefix,
        digits: 3,
        first: 100,
        count: 100,
        locality: "",
        region: "",
        postal_code: "",
        position: None,
        lata: "",
    }
}

const fn shelf(
    kind: NumberKind,
    cents: u32,
    capabilities: Capabilities,
    address: AddressNeed,
    needs_bundle: bool,
    places: &'static [Place],
) -> Shelf {
    Shelf {
        kind,
        cents,
        capabilities,
        address,
        needs_bundle,
        places,
    }
}

/// All of them, by their two letters.
#[rustfmt::skip]
pub(super) const COUNTRIES: &[Country] = &[
    Country { iso: "AU", name: "Australia", calling_code: "61", shelves: &[
        shelf(NumberKind::Local, 300, VOICE, AddressNeed::Any, true, &[
            place("+6125550", 4, 1000, "Sydney", "New South Wales"),
            place("+6135550", 4, 1000, "Melbourne", "Victoria"),
            place("+6175550", 4, 1000, "Brisbane", "Queensland"),
            place("+6185550", 4, 1000, "Perth", "Western Australia"),
        ]),
        shelf(NumberKind::Mobile, 650, SMS, AddressNeed::Local, true, &[place("+61491570", 3, 1000, "", "")]),
        shelf(NumberKind::TollFree, 1600, VOICE, AddressNeed::Any, true, &[place("+611800975", 3, 1000, "", "")]),
    ] },
    Country { iso: "CA", name: "Canada", calling_code: "1", shelves: &[
        shelf(NumberKind::Local, 115, ALL, AddressNeed::None, false, &[
            na("+14165550", "Toronto", "ON", "M5H", (43.6532, -79.3832), "888"),
            na("+16475550", "Toronto", "ON", "M4B", (43.6532, -79.3832), "888"),
            na("+15145550", "Montreal", "QC", "H2Y", (45.5017, -73.5673), "888"),
            na("+16045550", "Vancouver", "BC", "V6B", (49.2827, -123.1207), "888"),
            na("+14035550", "Calgary", "AB", "T2P", (51.0447, -114.0719), "888"),
        ]),
        shelf(NumberKind::TollFree, 215, ALL, AddressNeed::None, false, &[toll_free("+18555550")]),
    ] },
    Country { iso: "DE", name: "Germany", calling_code: "49", shelves: &[
        shelf(NumberKind::Local, 115, VOICE, AddressNeed::Local, true, &[
            place("+493023125", 3, 1000, "Berlin", "Berlin"),
            place("+494066969", 3, 1000, "Hamburg", "Hamburg"),
            place("+498999998", 3, 1000, "Munich", "Bavaria"),
            place("+496990009", 3, 1000, "Frankfurt", "Hesse"),
            place("+492214710", 3, 1000, "Cologne", "North Rhine-Westphalia"),
        ]),
        shelf(NumberKind::Mobile, 2500, SMS, AddressNeed::Any, true, &[place("+491764069", 4, 1000, "", "")]),
        shelf(NumberKind::TollFree, 2500, VOICE, AddressNeed::Any, true, &[place("+498005550", 3, 1000, "", "")]),
    ] },
    Country { iso: "FR", name: "France", calling_code: "33", shelves: &[
        shelf(NumberKind::Local, 115, VOICE, AddressNeed::Local, true, &[
            place("+3319900", 4, 1000, "Paris", "Ile-de-France"),
            place("+3326191", 4, 1000, "Nantes", "Pays de la Loire"),
            place("+3335301", 4, 1000, "Strasbourg", "Grand Est"),
            place("+3346571", 4, 1000, "Lyon", "Auvergne-Rhone-Alpes"),
            place("+3353649", 4, 1000, "Bordeaux", "Nouvelle-Aquitaine"),
        ]),
        shelf(NumberKind::Mobile, 1600, SMS, AddressNeed::Any, true, &[place("+3363998", 4, 1000, "", "")]),
        shelf(NumberKind::National, 115, VOICE, AddressNeed::Any, true, &[place("+3397000", 4, 1000, "", "")]),
        shelf(NumberKind::TollFree, 2500, VOICE, AddressNeed::Any, true, &[place("+33805550", 3, 1000, "", "")]),
    ] },
    Country { iso: "GB", name: "United Kingdom", calling_code: "44", shelves: &[
        shelf(NumberKind::Local, 115, VOICE, AddressNeed::Any, true, &[
            place("+442079460", 3, 1000, "London", "London"),
            place("+441214960", 3, 1000, "Birmingham", "West Midlands"),
            place("+441614960", 3, 1000, "Manchester", "Greater Manchester"),
            place("+441134960", 3, 1000, "Leeds", "West Yorkshire"),
            place("+441174960", 3, 1000, "Bristol", "Bristol"),
            place("+441314960", 3, 1000, "Edinburgh", "Scotland"),
            place("+441414960", 3, 1000, "Glasgow", "Scotland"),
            place("+442920180", 3, 1000, "Cardiff", "Wales"),
        ]),
        shelf(NumberKind::Mobile, 115, SMS, AddressNeed::Any, true, &[place("+447700900", 3, 1000, "", "")]),
        shelf(NumberKind::National, 115, VOICE, AddressNeed::Any, true, &[place("+443069990", 3, 1000, "", "")]),
        shelf(NumberKind::TollFree, 215, VOICE, AddressNeed::Any, true, &[place("+448081570", 3, 1000, "", "")]),
    ] },
    Country { iso: "IE", name: "Ireland", calling_code: "353", shelves: &[
        shelf(NumberKind::Local, 115, VOICE, AddressNeed::Local, true, &[
            place("+3531555", 4, 1000, "Dublin", "Leinster"),
            place("+35320910", 4, 1000, "Cork", "Munster"),
            place("+35320911", 4, 1000, "Galway", "Connacht"),
        ]),
        shelf(NumberKind::Mobile, 1500, SMS, AddressNeed::Any, true, &[place("+35383555", 4, 1000, "", "")]),
        shelf(NumberKind::National, 115, VOICE, AddressNeed::Any, true, &[place("+3537655", 4, 1000, "", "")]),
        shelf(NumberKind::TollFree, 2500, VOICE, AddressNeed::Any, true, &[place("+3531800555", 3, 1000, "", "")]),
    ] },
    Country { iso: "US", name: "United States", calling_code: "1", shelves: &[
        shelf(NumberKind::Local, 115, ALL, AddressNeed::None, false, &[
            na("+14155550", "San Francisco", "CA", "94102", (37.7749, -122.4194), "722"),
            na("+16285550", "San Francisco", "CA", "94103", (37.7749, -122.4194), "722"),
            na("+15105550", "Oakland", "CA", "94607", (37.8044, -122.2712), "722"),
            na("+14085550", "San Jose", "CA", "95113", (37.3382, -121.8863), "722"),
            na("+12135550", "Los Angeles", "CA", "90012", (34.0522, -118.2437), "730"),
            na("+13105550", "Santa Monica", "CA", "90401", (34.0195, -118.4912), "730"),
            na("+16195550", "San Diego", "CA", "92101", (32.7157, -117.1611), "732"),
            na("+12125550", "New York", "NY", "10001", (40.7128, -74.0060), "132"),
            na("+16465550", "New York", "NY", "10011", (40.7128, -74.0060), "132"),
            na("+17185550", "Brooklyn", "NY", "11201", (40.6782, -73.9442), "132"),
            na("+13125550", "Chicago", "IL", "60601", (41.8781, -87.6298), "358"),
            na("+17735550", "Chicago", "IL", "60614", (41.8781, -87.6298), "358"),
            na("+15125550", "Austin", "TX", "78701", (30.2672, -97.7431), "558"),
            na("+12145550", "Dallas", "TX", "75201", (32.7767, -96.7970), "552"),
            na("+17135550", "Houston", "TX", "77002", (29.7604, -95.3698), "560"),
            na("+12065550", "Seattle", "WA", "98101", (47.6062, -122.3321), "674"),
            na("+15035550", "Portland", "OR", "97201", (45.5152, -122.6784), "672"),
            na("+13035550", "Denver", "CO", "80202", (39.7392, -104.9903), "656"),
            na("+16025550", "Phoenix", "AZ", "85004", (33.4484, -112.0740), "666"),
            na("+17025550", "Las Vegas", "NV", "89101", (36.1699, -115.1398), "721"),
            na("+13055550", "Miami", "FL", "33130", (25.7617, -80.1918), "460"),
            na("+14045550", "Atlanta", "GA", "30303", (33.7490, -84.3880), "438"),
            na("+16175550", "Boston", "MA", "02108", (42.3601, -71.0589), "128"),
            na("+12025550", "Washington", "DC", "20001", (38.9072, -77.0369), "236"),
            na("+12155550", "Philadelphia", "PA", "19102", (39.9526, -75.1652), "228"),
        ]),
        shelf(NumberKind::TollFree, 215, ALL, AddressNeed::None, false, &[
            toll_free("+18005550"), toll_free("+18335550"), toll_free("+18445550"), toll_free("+18665550"),
            toll_free("+18775550"), toll_free("+18885550"),
        ]),
    ] },
];
