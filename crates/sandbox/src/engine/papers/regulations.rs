//! What each country demands of whoever wants one of its numbers.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::stock::{self, AddressNeed, Country, NumberKind, Shelf};

/// Who uses a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EndUserKind {
    /// A person.
    Individual,
    /// A company.
    #[default]
    Business,
}

impl EndUserKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Individual, Self::Business];

    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Business => "business",
        }
    }

    /// What Twilio's word means.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Individual => "Individual",
            Self::Business => "Business",
        }
    }

    /// What is asked of the person or company itself.
    pub fn fields(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Individual => &[("first_name", "First Name"), ("last_name", "Last Name")],
            Self::Business => &[
                ("business_name", "Business Name"),
                (
                    "business_registration_number",
                    "Business Registration Number",
                ),
                ("first_name", "First Name"),
                ("last_name", "Last Name"),
            ],
        }
    }
}

/// A kind of document: its name for machines, for people, and what it has to say.
#[derive(Debug, PartialEq, Eq)]
pub struct DocumentKind {
    /// `passport`.
    pub machine_name: &'static str,
    /// `Passport`.
    pub name: &'static str,
    /// Names for machines and for people.
    pub fields: &'static [(&'static str, &'static str)],
}

/// All kinds of documents.
pub const DOCUMENTS: &[DocumentKind] = &[
    DocumentKind {
        machine_name: "passport",
        name: "Passport",
        fields: &[("first_name", "First Name"), ("last_name", "Last Name")],
    },
    DocumentKind {
        machine_name: "government_issued_document",
        name: "Government-issued ID",
        fields: &[("first_name", "First Name"), ("last_name", "Last Name")],
    },
    DocumentKind {
        machine_name: "commercial_registrar_excerpt",
        name: "Excerpt from the commercial register",
        fields: &[("business_name", "Business Name")],
    },
    DocumentKind {
        machine_name: "address",
        name: "Address Validation",
        fields: &[("address_sids", "Address sid(s)")],
    },
    DocumentKind {
        machine_name: "utility_bill",
        name: "Utility bill",
        fields: &[("address_sids", "Address sid(s)")],
    },
];

/// One thing that has to be shown by one of several documents.
#[derive(Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `business_name_info`.
    pub requirement_name: &'static str,
    /// `Business Name`.
    pub name: &'static str,
    /// Which documents show it.
    pub accepted: &'static [&'static str],
}

/// What one country demands for one kind of number and of user.
#[derive(Debug, Clone, Copy)]
pub struct Regulation {
    /// The country.
    pub country: &'static Country,
    /// The kind of number.
    pub kind: NumberKind,
    /// The user.
    pub end_user: EndUserKind,
    address: AddressNeed,
}

/// A SID that is the same in every sandbox.
pub fn fixed_sid(prefix: &str, name: &str) -> String {
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(name.as_bytes()));
    format!("{prefix}{}", &digest[..32])
}

impl Regulation {
    /// `RN…`.
    pub fn sid(&self) -> String {
        fixed_sid(
            "RN",
            &format!(
                "{} {} {}",
                self.country.iso,
                self.kind.in_regulations(),
                self.end_user.as_str()
            ),
        )
    }

    /// `United Kingdom: Local - Business`.
    pub fn friendly_name(&self) -> String {
        format!(
            "{}: {} - {}",
            self.country.name,
            self.kind.in_path(),
            self.end_user.name()
        )
    }

    /// What has to be shown by documents.
    pub fn requirements(&self) -> Vec<Requirement> {
        let who = match self.end_user {
            EndUserKind::Individual => Requirement {
                requirement_name: "individual_name_info",
                name: "Name",
                accepted: &["passport", "government_issued_document"],
            },
            EndUserKind::Business => Requirement {
                requirement_name: "business_name_info",
                name: "Business Name",
                accepted: &["commercial_registrar_excerpt"],
            },
        };
        let place = match self.end_user {
            EndUserKind::Individual => Requirement {
                requirement_name: "individual_address_info",
                name: "Address",
                accepted: &["address", "utility_bill"],
            },
            EndUserKind::Business => Requirement {
                requirement_name: "business_address_info",
                name: "Business Address",
                accepted: &["address", "utility_bill"],
            },
        };
        if self.address == AddressNeed::None {
            vec![who]
        } else {
            vec![who, place]
        }
    }

    /// The same as Twilio writes it.
    pub fn requirements_json(&self) -> Value {
        let documents = self.requirements().into_iter().map(|requirement| {
            let accepted = DOCUMENTS
                .iter()
                .filter(|document| requirement.accepted.contains(&document.machine_name))
                .map(|document| {
                    json!({
                        "name": document.name,
                        "type": document.machine_name,
                        "url": format!("/SupportingDocuments/{}", document.machine_name),
                        "fields": names(document.fields),
                        "detailed_fields": detailed(document.fields),
                    })
                });
            json!([{
                "name": requirement.name,
                "type": "document",
                "requirement_name": requirement.requirement_name,
                "description": "",
                "accepted_documents": accepted.collect::<Vec<_>>(),
            }])
        });
        let fields = self.end_user.fields();
        json!({
            "end_user": [{
                "name": self.end_user.name(),
                "type": self.end_user.as_str(),
                "requirement_name": end_user_requirement(self.end_user),
                "url": format!("/EndUsers/{}", self.end_user.as_str()),
                "fields": names(fields),
                "detailed_fields": detailed(fields),
            }],
            "supporting_document": documents.collect::<Vec<_>>(),
        })
    }
}

/// What the user himself is called among the requirements.
pub fn end_user_requirement(kind: EndUserKind) -> &'static str {
    match kind {
        EndUserKind::Individual => "individual_info",
        EndUserKind::Business => "business_info",
    }
}

fn names(fields: &[(&str, &str)]) -> Vec<Value> {
    fields
        .iter()
        .map(|(machine, _)| (*machine).into())
        .collect()
}

/// Fields with both names.
pub fn detailed(fields: &[(&str, &str)]) -> Vec<Value> {
    fields
        .iter()
        .map(|(machine, friendly)| json!({ "machine_name": machine, "friendly_name": friendly, "description": "" }))
        .collect()
}

/// Every regulation.
pub fn regulations() -> impl Iterator<Item = Regulation> {
    stock::countries()
        .iter()
        .flat_map(|country| country.shelves.iter().map(move |shelf| (country, shelf)))
        .filter(|(_, shelf)| shelf.needs_bundle)
        .flat_map(|(country, shelf)| {
            EndUserKind::ALL
                .into_iter()
                .filter(move |end_user| {
                    *end_user == EndUserKind::Business || serves_people(country, shelf)
                })
                .map(move |end_user| Regulation {
                    country,
                    kind: shelf.kind,
                    end_user,
                    address: shelf.address,
                })
        })
}

/// Some numbers are for companies only.
fn serves_people(country: &Country, shelf: &Shelf) -> bool {
    match shelf.kind {
        NumberKind::TollFree => country.iso == "GB",
        NumberKind::Mobile => country.iso != "FR",
        NumberKind::Local | NumberKind::National => true,
    }
}

/// One regulation, by its SID.
pub fn regulation(sid: &str) -> Option<Regulation> {
    regulations().find(|regulation| regulation.sid() == sid)
}
