//! A call by the `CallSid` of one of its legs, for the agent whose call it is: what front ends know that never learn our ids.

use offhook_core::id::{CallId, ContactId};
use offhook_store::calls::{self, Stored};
use offhook_store::{Tx, contacts};

use super::{actions, effects};
use crate::auth::{Caller, Permission, may};
use crate::error::ApiError;

/// The call, if it is the caller's own, or the caller looks after the calls of others.
async fn found(tx: &mut Tx, caller: &Caller<may::Work>, sid: &str) -> Result<Stored, ApiError> {
    let stored = calls::by_leg_sid(tx, sid)
        .await?
        .ok_or(ApiError::NotFound("call"))?;
    if stored.call.agent.as_ref() != Some(&caller.user) && !caller.may(Permission::ManageCalls) {
        return Err(actions::refused(tx, "not_yours", stored.call.agent.as_ref()).await);
    }
    Ok(stored)
}

/// Ends the call for both; one that is over already stays as it is.
pub(crate) async fn end(caller: &Caller<may::Work>, sid: &str) -> Result<CallId, ApiError> {
    let stored = caller.read(async |tx| found(tx, caller, sid).await).await?;
    let id = stored.call.id;
    match actions::end(caller, &id).await {
        Ok(())
        | Err(ApiError::Conflict {
            code: "call_over", ..
        }) => Ok(id),
        Err(error) => Err(error),
    }
}

/// Finds the call, and notes whom it was with where nobody knew.
pub(crate) async fn keep(
    caller: &Caller<may::Work>,
    sid: &str,
    contact: Option<&ContactId>,
) -> Result<CallId, ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let stored = found(tx, caller, sid).await?;
            let mut call = stored.call.clone();
            let Some(contact) = contact.filter(|_| call.contact.is_none()) else {
                return Ok(call.id);
            };
            let known = contacts::get(tx, contact).await;
            let known = known.map_err(|error| ApiError::missing(error, "contact"))?;
            call.contact = Some(known.id);
            calls::save(tx, &stored, &call, now).await?;
            effects::changed(tx, &call.id, now).await?;
            Ok(call.id)
        })
        .await
}
