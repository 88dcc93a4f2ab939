//! What may be done only once at a time for an organization, whichever node or request does it: making things at the carrier.

use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::id::OrgId;
use offhook_store::{Error, Reason, leases};

use crate::app::App;

/// Whoever died in the middle keeps others waiting for so long.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How often somebody who waits looks.
const LOOK: Duration = Duration::from_millis(250);
/// How often at most.
const LOOKS: u32 = 240;

/// Does something at the carrier alone. Whoever waited reads anew what the one before has done.
pub(super) async fn alone<T, E: From<Error>>(
    app: &App,
    org: &OrgId,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let name = format!("carrier:{org}");
    // Two requests on one node are two, too.
    let holder = uuid::Uuid::now_v7().to_string();
    let mut looks = 0;
    while !take(app, &name, &holder).await? {
        looks += 1;
        if looks == LOOKS {
            return Err(Error::Unavailable(
                "the carrier account is being changed by somebody else".into(),
            )
            .into());
        }
        let _waiting = app.work.waiting();
        app.clock.sleep(LOOK).await;
    }
    let done = work.await;
    let system = app.db.system(Reason::Sweep);
    let given_back = system.write(async |conn| leases::give_back(conn, &name, &holder).await);
    if let Err(error) = given_back.await {
        tracing::debug!(%error, "a lease could not be given back; it ends by itself");
    }
    done
}

async fn take(app: &App, name: &str, holder: &str) -> Result<bool, Error> {
    let now = app.clock.now();
    app.db
        .system(Reason::Sweep)
        .write(async |conn| leases::take(conn, name, holder, now, now + LEASE).await)
        .await
}
