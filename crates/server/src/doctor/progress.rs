//! The first-run wizard's steps, from what is there: nothing is remembered that could be wrong later.

use offhook_core::id::OrgId;
use offhook_store::{Error, Tx, carriers, checkups, numbers};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;

/// A step of the wizard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SetupStep)]
pub(crate) struct Step {
    /// `carrier`, `number`, `test_call` or `done`.
    id: String,
    /// It is behind us.
    done: bool,
}

/// How far the set-up is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SetupProgress)]
pub(crate) struct Progress {
    /// In their order.
    steps: Vec<Step>,
    /// The first that is not behind us; `done` when all are.
    next: String,
}

/// Looks how far an organization is.
pub(super) async fn of(app: &App, org: &OrgId) -> Result<Progress, Error> {
    let (accounts, numbers, happened) = app
        .db
        .read(org, async |tx: &mut Tx| {
            let accounts = carriers::list(tx).await?;
            let numbers = numbers::list(tx).await?;
            Ok::<_, Error>((accounts, numbers, checkups::happened(tx).await?))
        })
        .await?;
    let ready = accounts
        .iter()
        .any(|account| account.api_key_secret.is_some() && account.twiml_app_sid.is_some());
    let called = happened.inbound_answered || happened.outbound_answered;
    Ok(steps(ready, !numbers.is_empty(), called))
}

fn steps(carrier: bool, number: bool, test_call: bool) -> Progress {
    let all = [
        ("carrier", carrier),
        ("number", number),
        ("test_call", test_call),
        ("done", carrier && number && test_call),
    ];
    let next = all
        .iter()
        .find(|(_, done)| !done)
        .map_or("done", |(id, _)| id);
    Progress {
        next: next.to_owned(),
        steps: all
            .iter()
            .map(|(id, done)| Step {
                id: (*id).to_owned(),
                done: *done,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn the_next_step_is_the_first_that_is_not_behind_us() {
        assert_eq!(steps(false, false, false).next, "carrier");
        assert_eq!(steps(true, false, true).next, "number");
        assert_eq!(steps(true, true, false).next, "test_call");
        let all = steps(true, true, true);
        assert_eq!(all.next, "done");
        assert!(all.steps.iter().all(|step| step.done));
    }
}
