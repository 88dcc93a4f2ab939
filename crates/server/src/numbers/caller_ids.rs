//! Numbers that may be shown as caller without being owned: the carrier calls them, and the person there keys a code.

use offhook_core::id::OrgId;
use offhook_twilio::rest::caller_id::{self, CallerId, Validation};

use super::{account_in_use, all, said};
use crate::app::App;
use crate::carrier::Account;
use crate::error::ApiError;

/// The account in use, where its region can verify numbers at all.
async fn account(app: &App, org: &OrgId) -> Result<Account, ApiError> {
    let account = account_in_use(app, org).await?;
    match account.region.as_deref() {
        None | Some("us1" | "") => Ok(account),
        Some(region) => Err(ApiError::conflict(
            "not_in_region",
            format!(
                "the carrier verifies caller IDs in the US region only, and this account is in {region}"
            ),
        )),
    }
}

/// The verified numbers.
pub(crate) async fn verified(app: &App, org: &OrgId) -> Result<Vec<CallerId>, ApiError> {
    let account = account(app, org).await?;
    let listed = all(app, &account, caller_id::list(&account.account_sid)).await;
    listed.map_err(|error| said(&error))
}

/// Whether the carrier would show this number.
pub(crate) async fn is_verified(app: &App, org: &OrgId, e164: &str) -> Result<bool, ApiError> {
    let known = verified(app, org).await?;
    Ok(known.iter().any(|id| id.phone_number == e164))
}

/// Begins to verify a number: it rings there.
pub(crate) async fn verify(
    app: &App,
    org: &OrgId,
    e164: &str,
    label: Option<&str>,
) -> Result<Validation, ApiError> {
    let account = account(app, org).await?;
    let request = caller_id::verify(&account.account_sid, e164, label);
    app.carrier
        .send(&account, &request)
        .await
        .map_err(|error| match error.code() {
            Some(21450) => {
                ApiError::conflict("already_verified", "this number is verified already")
            }
            _ => said(&error),
        })
}

/// Forgets a verified number.
pub(crate) async fn forget(app: &App, org: &OrgId, sid: &str) -> Result<(), ApiError> {
    let account = account(app, org).await?;
    let request = caller_id::delete(&account.account_sid, sid);
    match app.carrier.send(&account, &request).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_gone() => Err(ApiError::NotFound("caller ID")),
        Err(error) => Err(said(&error)),
    }
}
