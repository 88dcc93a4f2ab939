//! The rooms open at the carrier: those of calls that are over have nobody left who would close them.

use chrono::TimeDelta;
use offhook_core::id::{CallId, OrgId};
use offhook_core::{Time, names};
use offhook_store::{Error, calls};
use offhook_twilio::rest::conference::{self, Filter};
use offhook_twilio::status::ConferenceStatus;

use super::read::OpenRooms;
use crate::app::App;
use crate::carrier::{Account, SendError};

/// No call lives longer at the carrier.
const LONGEST: TimeDelta = TimeDelta::hours(5);
/// So long after the end of a call somebody still looks for its room.
const AFTER_END: TimeDelta = TimeDelta::minutes(15);
/// The most that the carrier lists on a page.
const PAGE: u32 = 1000;

/// Whether the room of a call that has ended may still be open.
pub(super) async fn may_be_left(app: &App, org: &OrgId) -> Result<bool, Error> {
    let now = app.clock.now();
    app.db
        .read(org, async |tx| {
            calls::any_ended(tx, now - LONGEST, now - AFTER_END).await
        })
        .await
}

/// Our rooms that are open at the carrier, by name; `None` where they could not be listed.
pub(super) async fn open(app: &App, account: &Account) -> Option<OpenRooms> {
    match list(app, account).await {
        Ok(open) => Some(open),
        Err(error) => {
            tracing::debug!(%error, "the open rooms could not be listed");
            None
        }
    }
}

async fn list(app: &App, account: &Account) -> Result<OpenRooms, SendError> {
    let mut open = OpenRooms::new();
    for status in [ConferenceStatus::Init, ConferenceStatus::InProgress] {
        let filter = Filter {
            status: Some(status),
            page_size: Some(PAGE),
            ..Filter::default()
        };
        let mut next = Some(conference::list(&account.account_sid, &filter));
        while let Some(request) = next {
            let page = app.carrier.send(account, &request).await?;
            next = page.next();
            for found in page.items {
                let ours = found
                    .friendly_name
                    .filter(|name| names::call_of_room(name).is_some());
                if let Some(name) = ours {
                    open.entry(name).or_default().push(found.sid);
                }
            }
        }
    }
    Ok(open)
}

/// The calls that are over and whose rooms are open all the same, without those that are looked at anyway.
pub(super) async fn left_over(
    app: &App,
    org: &OrgId,
    open: Option<&OpenRooms>,
    silent: &[CallId],
    heard: Time,
) -> Result<Vec<CallId>, Error> {
    let names = open.into_iter().flat_map(OpenRooms::keys);
    let others: Vec<CallId> = names
        .filter_map(|name| names::call_of_room(name))
        .filter(|call| !silent.contains(call))
        .collect();
    app.db
        .read(org, async |tx| calls::over_among(tx, &others, heard).await)
        .await
}
