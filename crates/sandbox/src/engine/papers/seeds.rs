//! A company's bundle as a sandbox may begin with it: address, end user and documents complete.

use serde_json::{Value, json};

use super::super::Engine;
use super::super::error::RestError;
use super::addresses::Address;
use super::bundles::{Bundle, BundleStatus, Item, chosen};
use super::documents::{Document, EndUser};
use super::regulations::{EndUserKind, fixed_sid};
use crate::config::BundleSeed;
use crate::seam::{Sid, Time};

impl Engine {
    /// Adds a bundle with all that it holds.
    pub(crate) fn seed_bundle(&mut self, now: Time, seed: &BundleSeed) -> Result<(), RestError> {
        let account_sid = seed.account_sid.clone();
        let name = format!(
            "{account_sid} {} {}",
            seed.address.iso_country,
            seed.kind.in_regulations()
        );
        let regulation = chosen(
            None,
            Some(&seed.address.iso_country),
            Some(seed.kind.in_regulations()),
            Some(EndUserKind::Business.as_str()),
        )?;
        let papers = &mut self.account_mut(&account_sid)?.papers;
        let address = Address {
            sid: fixed_sid("AD", &name),
            account_sid: account_sid.clone(),
            date_created: now,
            date_updated: now,
            ..seed.address.clone()
        };
        let user = EndUser {
            sid: fixed_sid("IT", &name),
            account_sid: account_sid.clone(),
            friendly_name: seed.business_name.clone(),
            kind: EndUserKind::Business,
            attributes: json!({
                "business_name": seed.business_name,
                "business_registration_number": "00000000",
                "first_name": "Alex",
                "last_name": "Morgan",
            }),
            date_created: now,
            date_updated: now,
        };
        let register = document(
            now,
            seed,
            &name,
            "commercial_registrar_excerpt",
            json!({ "business_name": seed.business_name }),
        );
        let home = document(
            now,
            seed,
            &name,
            "address",
            json!({ "address_sids": [address.sid] }),
        );
        let held = [&user.sid, &register.sid, &home.sid];
        let items = held.map(|sid| item(now, &name, sid)).to_vec();
        let bundle = Bundle {
            sid: fixed_sid("BU", &name),
            account_sid,
            regulation_sid: regulation.unwrap_or_default(),
            friendly_name: format!("{} {}", seed.business_name, seed.address.iso_country),
            status: seed.status,
            failure_reason: seed.failure_reason.clone(),
            email: "numbers@example.com".into(),
            items,
            date_created: now,
            date_updated: now,
            ..Bundle::default()
        };
        papers.addresses.insert(address.sid.clone(), address);
        papers.end_users.insert(user.sid.clone(), user);
        papers.documents.insert(register.sid.clone(), register);
        papers.documents.insert(home.sid.clone(), home);
        papers.bundles.insert(bundle.sid.clone(), bundle);
        Ok(())
    }
}

fn item(now: Time, name: &str, object: &str) -> Item {
    Item {
        sid: fixed_sid("BV", &format!("{name} {object}")),
        object_sid: object.to_owned(),
        date_created: now,
    }
}

fn document(now: Time, seed: &BundleSeed, name: &str, kind: &str, attributes: Value) -> Document {
    let sid: Sid = fixed_sid("RD", &format!("{name} {kind}"));
    let status = match seed.status {
        BundleStatus::Draft => "draft",
        BundleStatus::PendingReview | BundleStatus::InReview => "pending-review",
        BundleStatus::Rejected => "rejected",
        BundleStatus::Approved | BundleStatus::ProvisionallyApproved => "approved",
    };
    Document {
        sid,
        account_sid: seed.account_sid.clone(),
        friendly_name: format!("{} {kind}", seed.business_name),
        kind: kind.to_owned(),
        attributes,
        status: status.into(),
        failure_reason: seed.failure_reason.clone(),
        date_created: now,
        date_updated: now,
    }
}
