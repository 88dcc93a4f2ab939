//! Phone numbers in requests: any format of the organization's country becomes E.164, or the field is named with the cure.

use offhook_core::phone::PhoneNumber;
use offhook_store::{Tx, organizations};

use crate::error::ApiError;

/// A number that must be there.
pub(crate) async fn required(tx: &mut Tx, field: &str, number: &str) -> Result<String, ApiError> {
    let org = tx.org_id().clone();
    let country = organizations::get(tx, &org).await?.country;
    parse(field, number, &country)
}

/// Reads a number of the organization's country.
pub(crate) fn parse(field: &str, number: &str, country: &str) -> Result<String, ApiError> {
    PhoneNumber::parse(number, country)
        .map(String::from)
        .map_err(|error| ApiError::invalid(field, error.to_string()))
}

/// A number that may be left empty.
pub(crate) async fn optional(
    tx: &mut Tx,
    field: &str,
    number: Option<&str>,
) -> Result<Option<String>, ApiError> {
    match number.map(str::trim).filter(|n| !n.is_empty()) {
        Some(number) => required(tx, field, number).await.map(Some),
        None => Ok(None),
    }
}
