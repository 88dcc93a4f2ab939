//! What the doctor knows before looking: the organization, its account and numbers, who asks, and how long anybody is waited for.

use std::time::Duration;

use offhook_core::Time;
use offhook_core::id::OrgId;
use offhook_store::carriers::{self, CarrierAccount};
use offhook_store::numbers::{self, Number};
use offhook_store::organizations::{self, Organization};
use offhook_store::{Error, Tx};

use super::report::{Check, Item};
use crate::app::App;
use crate::carrier::{self, Account};

/// How long one outside request may take: two follow each other at most, and the whole shall end within ten seconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);
/// How long a check of several requests may take.
pub(super) const LONG_PATIENCE: Duration = Duration::from_secs(8);

/// Who reads the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// An organization's admin: of the server only whether it is well, since others live on it too.
    Admin,
    /// Whoever runs the server, at its shell.
    Operator,
}

/// An organization that is looked at.
pub(super) struct Case<'a> {
    pub app: &'a App,
    pub org: OrgId,
    pub organization: Organization,
    /// The account as it is stored,
    pub row: Option<CarrierAccount>,
    /// and with its secrets open; `None` too where they do not open.
    pub account: Option<Account>,
    pub numbers: Vec<Number>,
    pub eyes: Eyes,
    pub now: Time,
}

impl<'a> Case<'a> {
    /// Reads what is known.
    pub(super) async fn of(app: &'a App, org: &OrgId, eyes: Eyes) -> Result<Self, Error> {
        let (organization, rows, numbers) = app
            .db
            .read(org, async |tx: &mut Tx| {
                let organization = organizations::get(tx, org).await?;
                Ok::<_, Error>((
                    organization,
                    carriers::list(tx).await?,
                    numbers::list(tx).await?,
                ))
            })
            .await?;
        let account = carrier::of_org(&app.db, &app.keys, org)
            .await
            .ok()
            .flatten();
        let in_use = account
            .as_ref()
            .and_then(|account| rows.iter().find(|row| row.id == account.id));
        Ok(Self {
            app,
            org: org.clone(),
            organization,
            row: in_use.or(rows.first()).cloned(),
            account,
            numbers,
            eyes,
            now: app.clock.now(),
        })
    }

    /// Whether the account is Twilio's own, and not a look-alike on this machine.
    pub(super) fn is_twilio(&self) -> bool {
        let host = |account: &Account| {
            let url = url::Url::parse(&account.base_url).ok()?;
            Some(url.host_str()?.ends_with("twilio.com"))
        };
        self.account.as_ref().and_then(host).unwrap_or(true)
    }
}

/// Waits for a check, but not for ever.
pub(super) async fn within(
    limit: Duration,
    item: Item,
    check: impl Future<Output = Check>,
) -> Check {
    tokio::time::timeout(limit, check)
        .await
        .unwrap_or_else(|_| item.late())
}

/// `1 number`, `2 numbers`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
