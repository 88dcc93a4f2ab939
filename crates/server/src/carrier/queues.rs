//! The SIDs of the carrier's queues, which are known by name to us and addressed by SID there.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use offhook_twilio::rest::{RestError, queue};

use super::{Account, Carrier, SendError};

/// So many callers may wait: the carrier's own default is told in two ways.
const MAX_SIZE: u32 = 1000;

/// What is remembered of them.
#[derive(Default)]
pub struct Queues(Mutex<BTreeMap<(String, String), String>>);

impl Queues {
    /// The SID of the queue of this name; an error that counts as gone if there is none.
    pub async fn sid(
        &self,
        carrier: &Carrier,
        account: &Account,
        name: &str,
    ) -> Result<String, SendError> {
        let key = (account.account_sid.clone(), name.to_owned());
        if let Some(known) = self.lock().get(&key) {
            return Ok(known.clone());
        }
        let mut next = Some(queue::list(&account.account_sid));
        while let Some(request) = next {
            let page = carrier.send(account, &request).await?;
            if let Some(found) = page
                .items
                .iter()
                .find(|queue| queue.friendly_name.as_deref() == Some(name))
            {
                if found.max_size < MAX_SIZE {
                    let resize = queue::resize(&account.account_sid, &found.sid, MAX_SIZE);
                    if let Err(error) = carrier.send(account, &resize).await {
                        tracing::warn!(%error, "the queue at the carrier could not be made larger");
                    }
                }
                self.lock().insert(key, found.sid.clone());
                return Ok(found.sid.clone());
            }
            next = page.next();
        }
        Err(SendError::Refused(RestError {
            status: 404,
            code: None,
            message: "the carrier has no queue of this name".into(),
            more_info: None,
        }))
    }

    /// The wait request told it.
    pub fn learn(&self, account_sid: &str, name: &str, sid: &str) {
        self.lock()
            .insert((account_sid.to_owned(), name.to_owned()), sid.to_owned());
    }

    /// It is not there any more under this SID.
    pub fn forget(&self, account: &Account, name: &str) {
        self.lock()
            .remove(&(account.account_sid.clone(), name.to_owned()));
    }

    /// An account was changed: nothing that was learnt with it is believed any longer.
    pub fn forget_all(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(String, String), String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
