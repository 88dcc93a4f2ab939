//! What an account shows to the authorities: addresses, bundles of documents, and numbers that it has verified as its own.

pub mod addresses;
pub mod bundles;
pub mod caller_ids;
pub mod dialing;
pub mod documents;
pub mod evaluation;
pub mod regulations;
mod seeds;

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::RestError;
use crate::seam::{Sid, Time};
use addresses::Address;
use bundles::Bundle;
use caller_ids::CallerId;
use dialing::CountryPermission;
use documents::{Document, EndUser};

/// The most papers of one kind that an account keeps.
const PAPERS: usize = 2000;

/// An account's papers, by SID.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Papers {
    /// Addresses.
    pub addresses: BTreeMap<Sid, Address>,
    /// Bundles.
    pub bundles: BTreeMap<Sid, Bundle>,
    /// End users of bundles.
    pub end_users: BTreeMap<Sid, EndUser>,
    /// Documents of bundles.
    pub documents: BTreeMap<Sid, Document>,
    /// Verified numbers.
    pub caller_ids: BTreeMap<Sid, CallerId>,
    /// Which countries may be called, where somebody changed that.
    pub dialing: BTreeMap<String, CountryPermission>,
}

/// Refuses one more where there are too many.
fn room_for<T>(papers: &BTreeMap<Sid, T>) -> Result<(), RestError> {
    if papers.len() < PAPERS {
        return Ok(());
    }
    Err(RestError::invalid(
        20001,
        format!("An account keeps at most {PAPERS} of these"),
    ))
}

/// The papers of one kind, newest first.
pub fn newest_first<T>(papers: &BTreeMap<Sid, T>, made: impl Fn(&T) -> Time) -> Vec<&T> {
    let mut all: Vec<_> = papers.values().collect();
    all.sort_by_key(|paper| std::cmp::Reverse(made(paper)));
    all
}

/// A field of a paper's attributes, where it says something.
fn says(attributes: &Value, field: &str) -> bool {
    match &attributes[field] {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Null => false,
        _ => true,
    }
}
