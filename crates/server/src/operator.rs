//! What an operator does from the machine's shell: bring the tables up to date, make the link of the first run.

use chrono::TimeDelta;
use offhook_store::credentials::{self, Link, LinkPurpose};
use offhook_store::seal::Keyring;

use offhook_store::{Db, Reason, organizations};

use crate::auth::password::Passwords;
use crate::auth::token;
use crate::config::{Config, StoreArgs};
use crate::seed::{self, DemoSeed, DemoSeeded};
use crate::serve::{Running, StartError, open, open_at};

/// How long the link of the first run can be used.
const LINK_LIFE: TimeDelta = TimeDelta::hours(1);

/// Brings the tables up to date.
pub async fn migrate(args: &StoreArgs) -> Result<(), StartError> {
    open_at(&args.data_dir, &args.database())
        .await?
        .close()
        .await;
    Ok(())
}

/// A new link to set an installation up; `None` where there is an organization already.
pub async fn setup_link(config: &Config) -> Result<Option<String>, StartError> {
    let db = open(config).await?;
    Ok(new_link(&db, config).await?)
}

/// Makes the demo's organization before the server starts, or finds it; the password is hashed here.
pub async fn seed_demo(config: &Config, seed: DemoSeed) -> Result<DemoSeeded, StartError> {
    let db = open(config).await?;
    let keys = Keyring::new(config.encryption_key.expose())?;
    let password_hash = Passwords::default().hash(&seed.password).await?;
    let seed = DemoSeed {
        password_hash,
        ..seed
    };
    let seeded = seed::demo(&db, &keys, &seed).await?;
    db.close().await;
    Ok(seeded)
}

impl Running {
    /// A link to set this installation up; `None` where there is an organization already.
    pub async fn setup_link(&self) -> Result<Option<String>, StartError> {
        Ok(new_link(&self.app.db, &self.app.config).await?)
    }
}

async fn new_link(db: &Db, config: &Config) -> offhook_store::Result<Option<String>> {
    let secret = token::mint(token::LINK);
    let hash = token::hash(&secret);
    let now = config.clock.now();
    let link = Link {
        purpose: LinkPurpose::Setup,
        org: None,
        user: None,
        created_by: None,
        created_at: now,
        expires_at: now + LINK_LIFE,
    };
    let made = db
        .system(Reason::SetUp)
        .write(async move |conn| {
            if organizations::any(conn).await? {
                return Ok::<_, offhook_store::Error>(false);
            }
            credentials::insert_link(conn, &link, &hash).await?;
            Ok(true)
        })
        .await?;
    Ok(made.then(|| config.url(&format!("/setup/{secret}"))))
}
