//! Who works in the demo's organization, and whom it knows.

use chrono::{DateTime, TimeDelta, Utc};
use offhook_core::id::{ContactId, UserId};
use offhook_store::Tx;
use offhook_store::contacts::{self, Contact, ContactKind, Phone};
use offhook_store::users::Role;

use super::Neighbour;
use crate::config::DemoLogin;
use crate::error::ApiError;
use crate::seed::first_run::add_person;

/// Name, e-mail, role; the agents first.
const PEOPLE: [(&str, &str, Role); 6] = [
    ("Ana Silva", "ana@demo.example", Role::Agent),
    ("Ben Carter", "ben@demo.example", Role::Agent),
    ("Chloe Nguyen", "chloe@demo.example", Role::Agent),
    ("Sam Ortiz", "sam@demo.example", Role::Supervisor),
    ("Alex Kim", "alex@demo.example", Role::Admin),
    ("Olga Petrova", "olga@demo.example", Role::Owner),
];

/// Name, company, kind, number.
const CONTACTS: [(&str, Option<&str>, ContactKind, &str); 18] = [
    (
        "Priya Raman",
        Some("Bayside Couriers"),
        ContactKind::Customer,
        "+14155550111",
    ),
    ("Tom Whitaker", None, ContactKind::Customer, "+14155550112"),
    (
        "Grace Okafor",
        Some("Okafor Dental"),
        ContactKind::Customer,
        "+15105550113",
    ),
    (
        "Luis Herrera",
        Some("Herrera Landscaping"),
        ContactKind::Lead,
        "+16505550114",
    ),
    ("Emily Stone", None, ContactKind::Customer, "+14085550115"),
    (
        "Kenji Watanabe",
        Some("Pier 9 Studio"),
        ContactKind::Lead,
        "+14155550116",
    ),
    ("Rachel Adler", None, ContactKind::Customer, "+17075550117"),
    (
        "Dmitri Volkov",
        Some("Volkov Imports"),
        ContactKind::Other,
        "+12135550118",
    ),
    (
        "Nadia Haddad",
        Some("Cedar Catering"),
        ContactKind::Customer,
        "+13105550119",
    ),
    ("Owen Gallagher", None, ContactKind::Lead, "+16195550120"),
    (
        "Maya Lindqvist",
        Some("Lindqvist Design"),
        ContactKind::Customer,
        "+15035550121",
    ),
    (
        "Carlos Mendes",
        Some("Mendes Bike Tours"),
        ContactKind::Customer,
        "+12065550122",
    ),
    ("Hannah Brooks", None, ContactKind::Lead, "+13035550123"),
    (
        "Yusuf Demir",
        Some("Golden Gate Rides"),
        ContactKind::Customer,
        "+14155550124",
    ),
    ("Sofia Rossi", None, ContactKind::Customer, "+17735550125"),
    (
        "Jack Turner",
        Some("Turner & Sons"),
        ContactKind::Other,
        "+12125550126",
    ),
    (
        "Aisha Bello",
        Some("Bello Logistics"),
        ContactKind::Lead,
        "+14045550127",
    ),
    ("Peter Novak", None, ContactKind::Customer, "+15125550128"),
];

/// The one-click log-ins, the agents first.
pub(super) fn log_ins(password: &str) -> Vec<DemoLogin> {
    PEOPLE
        .iter()
        .map(|(name, email, role)| DemoLogin {
            email: (*email).to_owned(),
            password: password.to_owned(),
            role: role.as_str().to_owned(),
            name: (*name).to_owned(),
        })
        .collect()
}

/// Adds the people of the organization.
pub(super) async fn add(
    tx: &mut Tx,
    password_hash: &str,
    at: DateTime<Utc>,
) -> Result<Vec<UserId>, ApiError> {
    let mut people = Vec::new();
    for (name, email, role) in PEOPLE {
        people.push(add_person(tx, name, email, role, Some(password_hash), at).await?);
    }
    Ok(people)
}

/// Adds the contacts, those whose phones answer first; gives each with its number.
pub(super) async fn add_contacts(
    tx: &mut Tx,
    neighbours: &[Neighbour],
    at: DateTime<Utc>,
) -> Result<Vec<(ContactId, String)>, ApiError> {
    let answering = neighbours.iter().zip(0..).map(|(neighbour, place)| {
        let number = neighbour
            .number
            .clone()
            .unwrap_or_else(|| format!("+1415555{:04}", 130 + place));
        (neighbour.name.as_str(), None, ContactKind::Customer, number)
    });
    let others = CONTACTS
        .iter()
        .map(|(name, company, kind, number)| (*name, *company, *kind, (*number).to_owned()));
    let mut added = Vec::new();
    for (place, (name, company, kind, number)) in answering.chain(others).enumerate() {
        if added.iter().any(|(_, known)| *known == number) {
            continue;
        }
        let created_at = at + TimeDelta::hours(i64::try_from(place).unwrap_or_default());
        let mail = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let contact = Contact {
            id: ContactId::new(uuid::Uuid::now_v7()),
            kind,
            name: name.to_owned(),
            company: company.map(str::to_owned),
            note: None,
            phones: vec![Phone {
                e164: number.clone(),
                label: Some("mobile".to_owned()),
            }],
            emails: vec![mail],
            created_at,
            updated_at: created_at,
        };
        contacts::save(tx, &contact).await?;
        added.push((contact.id, number));
    }
    Ok(added)
}
