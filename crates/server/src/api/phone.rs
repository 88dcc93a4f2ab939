//! Phone numbers in requests: any format of the organization's country becomes E.164, or the field is named with the cure.

use offhook_core::dial::{Dial, DialRefused, DialRules};
use offhook_core::phone::PhoneNumber;
use offhook_store::{Tx, numbers, organizations};

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

/// A number that the organization may call: in its own country or one that it allows, and nothing that costs extra.
pub(crate) async fn diallable(tx: &mut Tx, field: &str, number: &str) -> Result<String, ApiError> {
    let rules = rules(tx).await?;
    match rules.check(number) {
        Ok(Dial::Number(number)) => Ok(number.into()),
        Ok(Dial::Emergency(_)) | Err(DialRefused::NoEmergencyAddress { .. }) => Err(
            ApiError::invalid(field, "emergency numbers are called by people only"),
        ),
        Err(refused) => Err(ApiError::Invalid {
            field: field.to_owned(),
            code: refused.code(),
            detail: refused.to_string(),
        }),
    }
}

/// A phone that calls can be sent on to: one that may be called, and none of the organization's own, since its calls come back.
pub(crate) async fn forward_target(
    tx: &mut Tx,
    field: &str,
    number: &str,
) -> Result<String, ApiError> {
    let e164 = diallable(tx, field, number).await?;
    if numbers::by_e164(tx, &e164).await?.is_some() {
        return Err(ApiError::Invalid {
            field: field.to_owned(),
            code: "forward_loop",
            detail: "this is one of the organization's own numbers: calls would go in a circle"
                .to_owned(),
        });
    }
    Ok(e164)
}

/// What the organization may call.
pub(crate) async fn rules(tx: &mut Tx) -> Result<DialRules, offhook_store::Error> {
    let org = tx.org_id().clone();
    let organization = organizations::get(tx, &org).await?;
    Ok(DialRules {
        country: organization.country,
        allowed: organization.settings.allowed_countries,
        emergency_address: false,
    })
}
