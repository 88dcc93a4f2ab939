//! Which papers a number needs, and which of the account's fit: a purchase that must fail is not begun.

use std::collections::BTreeMap;

use offhook_twilio::rest::available::{AddressRule, NumberKind};
use offhook_twilio::rest::number;
use offhook_twilio::rest::paper::{self, Address, Bundle, Regulation};

use super::all;
use crate::app::App;
use crate::carrier::{Account, SendError};
use crate::error::ApiError;

/// Where papers are made.
const BUNDLES: &str =
    "https://console.twilio.com/us1/develop/phone-numbers/regulatory-compliance/bundles";
const ADDRESSES: &str =
    "https://console.twilio.com/us1/develop/phone-numbers/regulatory-compliance/addresses";

/// What a kind of numbers demands, and what the account has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Papers {
    country: String,
    kind: Option<NumberKind>,
    /// Whose address is needed.
    pub(crate) rule: Option<AddressRule>,
    regulations: Vec<Regulation>,
    bundles: Vec<Bundle>,
    addresses: Vec<Address>,
    /// The addresses that a bundle names.
    contents: BTreeMap<String, Vec<String>>,
    /// The carrier did not tell what is demanded.
    unread: bool,
}

/// A paper, whether it fits, and if not why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fit {
    /// Its SID.
    pub(crate) sid: String,
    /// What people call it.
    pub(crate) name: String,
    /// A bundle's status, or an address in one line.
    pub(crate) says: String,
    /// Why not.
    pub(crate) why_not: Option<String>,
}

/// Reads what is demanded for a kind of numbers, and what the account has.
pub(super) async fn read(
    app: &App,
    account: &Account,
    country: &str,
    kind: NumberKind,
    rule: AddressRule,
) -> Result<Papers, SendError> {
    let blank = Papers {
        country: country.to_owned(),
        kind: Some(kind),
        rule: Some(rule),
        ..Papers::default()
    };
    let regulations = match all(app, account, paper::regulations(country, kind)).await {
        Ok(regulations) => regulations,
        Err(SendError::Refused(error)) => {
            tracing::info!(%error, country, "what a country demands could not be read");
            return Ok(Papers {
                unread: true,
                ..blank
            });
        }
        Err(error) => return Err(error),
    };
    if regulations.is_empty() && rule == AddressRule::None {
        return Ok(blank);
    }
    let (bundles, addresses) = tokio::join!(
        all(app, account, paper::bundles()),
        all(app, account, paper::addresses(&account.account_sid)),
    );
    let mut papers = Papers {
        regulations,
        bundles: bundles?,
        addresses: addresses?,
        ..blank
    };
    let fitting = papers
        .bundles
        .iter()
        .filter(|b| papers.against(b).is_none());
    let mut contents = BTreeMap::new();
    for bundle in fitting {
        contents.insert(bundle.sid.clone(), named_in(app, account, bundle).await?);
    }
    papers.contents = contents;
    Ok(papers)
}

/// The addresses that a bundle's documents name.
async fn named_in(app: &App, account: &Account, bundle: &Bundle) -> Result<Vec<String>, SendError> {
    let mut named = Vec::new();
    let held = all(app, account, paper::assignments(&bundle.sid)).await?;
    for item in held.iter().filter(|item| item.object_sid.starts_with("RD")) {
        let document = app
            .carrier
            .send(account, &paper::document(&item.object_sid))
            .await?;
        named.extend(document.addresses());
    }
    Ok(named)
}

impl Papers {
    /// Is an approved bundle needed.
    pub(crate) fn needs_bundle(&self) -> bool {
        !self.regulations.is_empty()
    }

    /// Is an address needed.
    pub(crate) fn needs_address(&self) -> bool {
        self.rule.is_some_and(|rule| rule != AddressRule::None)
    }

    /// The account's bundles, the fitting ones first.
    pub(crate) fn bundles(&self) -> Vec<Fit> {
        let fit = |bundle: &Bundle| Fit {
            sid: bundle.sid.clone(),
            name: name_of(bundle),
            says: status_of(bundle),
            why_not: self.against(bundle),
        };
        sorted(self.bundles.iter().map(fit).collect())
    }

    /// The account's addresses, the fitting ones first.
    pub(crate) fn addresses(&self) -> Vec<Fit> {
        let fit = |address: &Address| Fit {
            sid: address.sid.clone(),
            name: address
                .friendly_name
                .clone()
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| address.customer_name.clone()),
            says: line_of(address),
            why_not: self.against_address(address),
        };
        sorted(self.addresses.iter().map(fit).collect())
    }

    fn against(&self, bundle: &Bundle) -> Option<String> {
        let rules = self.regulations.iter();
        let right = rules
            .map(|rule| Some(&rule.sid))
            .any(|sid| sid == bundle.regulation_sid.as_ref());
        if !right {
            return Some("it is for other numbers".to_owned());
        }
        (!bundle.is_approved()).then(|| format!("it is {}", status_of(bundle)))
    }

    fn against_address(&self, address: &Address) -> Option<String> {
        let here = address.iso_country.eq_ignore_ascii_case(&self.country);
        match self.rule {
            Some(AddressRule::Local) if !here => {
                return Some(format!("it has to lie in {}", self.country));
            }
            Some(AddressRule::Foreign) if here => {
                return Some(format!("it has to lie outside of {}", self.country));
            }
            _ => {}
        }
        let mut named = self.contents.values();
        let unnamed = |sids: &Vec<String>| !sids.is_empty() && !sids.contains(&address.sid);
        let nowhere = !self.contents.is_empty() && named.all(unnamed);
        nowhere.then(|| "no approved bundle names it".to_owned())
    }

    /// Does a bundle let this address be used with it.
    fn go_together(&self, bundle: Option<&str>, address: &str) -> bool {
        let named = bundle.and_then(|sid| self.contents.get(sid));
        named.is_none_or(|sids| sids.is_empty() || sids.iter().any(|sid| sid == address))
    }

    /// The papers to buy with: those that were named if they fit, else the first that do.
    pub(crate) fn choose(
        &self,
        bundle: Option<&str>,
        address: Option<&str>,
    ) -> Result<number::Papers, ApiError> {
        if self.unread {
            return Ok(number::Papers {
                bundle_sid: bundle.map(str::to_owned),
                address_sid: address.map(str::to_owned),
            });
        }
        let bundles = match (self.needs_bundle(), bundle) {
            (false, _) => vec![None],
            (true, named) => {
                let fitting = fitting(self.bundles(), named);
                let fitting =
                    fitting.map_err(|why| needed("bundle_sid", self.about_bundles(why)))?;
                fitting.into_iter().map(Some).collect()
            }
        };
        if !self.needs_address() {
            return Ok(number::Papers {
                bundle_sid: bundles.into_iter().flatten().next(),
                address_sid: None,
            });
        }
        let addresses = fitting(self.addresses(), address)
            .map_err(|why| needed("address_sid", self.about_addresses(why)))?;
        let pairs = bundles
            .iter()
            .flat_map(|b| addresses.iter().map(move |a| (b, a)));
        let mut pairs = pairs.filter(|(b, a)| self.go_together(b.as_deref(), a));
        let Some((bundle, address)) = pairs.next() else {
            let why = Some("the bundle does not name it".to_owned());
            return Err(needed("address_sid", self.about_addresses(why)));
        };
        Ok(number::Papers {
            bundle_sid: bundle.clone(),
            address_sid: Some(address.clone()),
        })
    }

    /// Can a number be bought with what the account has.
    pub(crate) fn is_ready(&self) -> bool {
        self.choose(None, None).is_ok()
    }

    /// Where what is missing is made.
    pub(crate) fn link(&self) -> Option<&'static str> {
        match self.choose(None, None) {
            Err(ApiError::Invalid { field, .. }) if field == "bundle_sid" => Some(BUNDLES),
            Err(_) => Some(ADDRESSES),
            Ok(_) => None,
        }
    }

    /// What is needed, in one sentence.
    pub(crate) fn sentence(&self) -> String {
        if self.unread {
            return "The carrier did not tell which papers these numbers need; it may refuse the purchase.".to_owned();
        }
        match self.choose(None, None) {
            Err(error) => match error {
                ApiError::Invalid { detail, .. } => detail,
                other => other.to_string(),
            },
            Ok(papers) => {
                let named = |fits: Vec<Fit>, sid: &Option<String>| {
                    let found = fits.into_iter().find(|fit| Some(&fit.sid) == sid.as_ref());
                    found.map(|fit| format!("“{}”", fit.name))
                };
                let bundle = named(self.bundles(), &papers.bundle_sid);
                let address = named(self.addresses(), &papers.address_sid);
                match (bundle, address) {
                    (None, None) => "No papers are needed for these numbers.".to_owned(),
                    (Some(bundle), None) => {
                        format!("These numbers need an approved bundle; {bundle} fits.")
                    }
                    (None, Some(address)) => {
                        format!("These numbers need an address; {address} fits.")
                    }
                    (Some(bundle), Some(address)) => format!(
                        "These numbers need an approved bundle and an address; {bundle} and {address} fit."
                    ),
                }
            }
        }
    }

    fn about_bundles(&self, why: Option<String>) -> String {
        let kind = self.kind.map_or("", |kind| kind.in_prices());
        let what = format!(
            "{} numbers of {} need an approved bundle of papers",
            sentence_case(kind),
            self.country
        );
        let ours = self.bundles.iter().find(|bundle| {
            let rules = self.regulations.iter();
            rules
                .map(|rule| Some(&rule.sid))
                .any(|sid| sid == bundle.regulation_sid.as_ref())
        });
        match (why, ours) {
            (Some(why), _) => format!("{what}; the one that you named does not fit: {why}"),
            (None, Some(bundle)) => format!(
                "{what}; yours, “{}”, is {}. See it in Twilio's console, under Regulatory Compliance",
                name_of(bundle),
                status_of(bundle)
            ),
            (None, None) => format!(
                "{what}, and this account has none. Make one in Twilio's console, under Regulatory Compliance; its review takes some days"
            ),
        }
    }

    fn about_addresses(&self, why: Option<String>) -> String {
        let what = match self.rule {
            Some(AddressRule::Local) => {
                format!("these numbers need an address in {}", self.country)
            }
            Some(AddressRule::Foreign) => {
                format!("these numbers need an address outside of {}", self.country)
            }
            _ => "these numbers need an address".to_owned(),
        };
        match why {
            Some(why) => format!("{what}; the one at hand does not fit: {why}"),
            None => format!(
                "{what}, and this account has none that fits. Add one in Twilio's console, under Regulatory Compliance, Addresses"
            ),
        }
    }
}

/// The fitting ones, or only the named one; otherwise why the named one does not fit, where one was named.
fn fitting(all: Vec<Fit>, named: Option<&str>) -> Result<Vec<String>, Option<String>> {
    if let Some(named) = named {
        return match all.into_iter().find(|fit| fit.sid == named) {
            Some(Fit {
                why_not: Some(why), ..
            }) => Err(Some(why)),
            Some(fit) => Ok(vec![fit.sid]),
            None => Err(Some("the account has no such one".to_owned())),
        };
    }
    let fits = all.into_iter().filter(|fit| fit.why_not.is_none());
    let fits: Vec<String> = fits.map(|fit| fit.sid).collect();
    if fits.is_empty() { Err(None) } else { Ok(fits) }
}

fn sorted(mut fits: Vec<Fit>) -> Vec<Fit> {
    fits.sort_by_key(|fit| fit.why_not.is_some());
    fits
}

fn needed(field: &str, detail: String) -> ApiError {
    ApiError::Invalid {
        field: field.to_owned(),
        code: "papers_needed",
        detail,
    }
}

fn name_of(bundle: &Bundle) -> String {
    let named = bundle.friendly_name.clone().filter(|name| !name.is_empty());
    named.unwrap_or_else(|| bundle.sid.clone())
}

/// The carrier's word, for people.
fn status_of(bundle: &Bundle) -> String {
    match bundle.status.as_str() {
        "twilio-approved" => "approved".to_owned(),
        "twilio-rejected" => "rejected".to_owned(),
        other => other.replace('-', " "),
    }
}

fn line_of(address: &Address) -> String {
    let parts = [
        &address.street,
        &address.city,
        &address.postal_code,
        &address.iso_country,
    ];
    let said: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    said.join(", ")
}

fn sentence_case(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(sid: &str, rule: &str, status: &str) -> Bundle {
        Bundle {
            sid: sid.to_owned(),
            regulation_sid: Some(rule.to_owned()),
            friendly_name: Some(format!("The {sid}")),
            status: status.to_owned(),
        }
    }

    fn address(sid: &str, country: &str) -> Address {
        Address {
            sid: sid.to_owned(),
            friendly_name: None,
            customer_name: format!("At {sid}"),
            street: "1 Wharf Road".to_owned(),
            city: "London".to_owned(),
            region: String::new(),
            postal_code: "N1 7GR".to_owned(),
            iso_country: country.to_owned(),
        }
    }

    /// British local numbers: a bundle for the company, an address anywhere.
    fn british() -> Papers {
        Papers {
            country: "GB".to_owned(),
            kind: Some(NumberKind::Local),
            rule: Some(AddressRule::Any),
            regulations: vec![Regulation {
                sid: "RN1".to_owned(),
                friendly_name: None,
                end_user_type: Some("business".to_owned()),
            }],
            bundles: vec![
                bundle("BU0", "RN9", "twilio-approved"),
                bundle("BU1", "RN1", "twilio-approved"),
                bundle("BU2", "RN1", "twilio-rejected"),
            ],
            addresses: vec![address("AD9", "DE"), address("AD1", "GB")],
            contents: BTreeMap::from([("BU1".to_owned(), vec!["AD1".to_owned()])]),
            unread: false,
        }
    }

    fn chosen(bundle: Option<&str>, address: Option<&str>) -> number::Papers {
        number::Papers {
            bundle_sid: bundle.map(str::to_owned),
            address_sid: address.map(str::to_owned),
        }
    }

    fn field_of(refused: Result<number::Papers, ApiError>) -> (String, String) {
        match refused {
            Err(ApiError::Invalid {
                field,
                code: "papers_needed",
                detail,
            }) => (field, detail),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_approved_bundle_and_the_address_in_it_are_chosen() {
        let papers = british();
        assert_eq!(
            papers.choose(None, None).ok(),
            Some(chosen(Some("BU1"), Some("AD1")))
        );
        assert!(papers.is_ready() && papers.link().is_none());
        assert_eq!(
            papers.sentence(),
            "These numbers need an approved bundle and an address; “The BU1” and “At AD1” fit."
        );
        let fits: Vec<_> = papers
            .bundles()
            .into_iter()
            .map(|fit| (fit.sid, fit.why_not))
            .collect();
        assert_eq!(fits[0], ("BU1".to_owned(), None));
        assert!(fits.contains(&("BU2".to_owned(), Some("it is rejected".to_owned()))));
        assert!(fits.contains(&("BU0".to_owned(), Some("it is for other numbers".to_owned()))));
    }

    #[test]
    fn a_rejected_bundle_is_named_with_its_reason_and_nothing_is_bought() {
        let mut papers = british();
        papers.bundles.remove(1);
        papers.contents.clear();
        let (field, why) = field_of(papers.choose(None, None));
        assert_eq!(field, "bundle_sid");
        assert!(why.contains("“The BU2”, is rejected"), "{why}");
        assert_eq!(papers.link(), Some(BUNDLES));
        papers.bundles.clear();
        assert!(papers.sentence().contains("this account has none"));
        let (_, why) = field_of(papers.choose(Some("BU7"), None));
        assert!(why.contains("no such one"), "{why}");
    }

    #[test]
    fn an_address_that_no_approved_bundle_names_is_not_used() {
        let papers = british();
        let (field, why) = field_of(papers.choose(None, Some("AD9")));
        assert_eq!(
            (field.as_str(), why.contains("no approved bundle names it")),
            ("address_sid", true)
        );
        let mut free = british();
        free.contents.insert("BU1".to_owned(), Vec::new());
        assert!(
            free.choose(None, Some("AD9")).is_ok(),
            "a bundle that names none takes any"
        );
    }

    #[test]
    fn an_address_has_to_lie_where_the_rule_says() {
        let mut papers = british();
        papers.contents.clear();
        papers.rule = Some(AddressRule::Local);
        assert_eq!(
            papers.choose(None, None).ok(),
            Some(chosen(Some("BU1"), Some("AD1")))
        );
        papers.rule = Some(AddressRule::Foreign);
        assert_eq!(
            papers.choose(None, None).ok(),
            Some(chosen(Some("BU1"), Some("AD9")))
        );
        papers.addresses.pop();
        papers.rule = Some(AddressRule::Local);
        assert_eq!(field_of(papers.choose(None, None)).0, "address_sid");
        assert_eq!(papers.link(), Some(ADDRESSES));
    }

    #[test]
    fn a_country_that_asks_for_nothing_gets_nothing() {
        let papers = Papers {
            rule: Some(AddressRule::None),
            country: "US".to_owned(),
            ..Papers::default()
        };
        assert_eq!(
            papers.choose(Some("BU1"), Some("AD1")).ok(),
            Some(chosen(None, None))
        );
        assert_eq!(papers.sentence(), "No papers are needed for these numbers.");
    }
}
