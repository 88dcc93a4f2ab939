//! What every handler, job and socket of one running server shares.

use std::ops::Deref;
use std::sync::Arc;

use offhook_core::id::OrgId;
use offhook_store::seal::Keyring;
use offhook_store::{Db, Tx};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::password::Passwords;
use crate::bell::Bell;
use crate::carrier::{Accounts, Carrier, Queues};
use crate::clock::{Clock, Gauge};
use crate::config::Config;
use crate::doctor;
use crate::jobs::Jobs;
use crate::limits::Limits;
use crate::live::Live;
use crate::numbers::Prices;
use crate::recordings::Storage;
use crate::spool::Spool;
use crate::web::content_security_policy;

/// One running server's shared parts; cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts themselves.
pub struct Parts {
    /// What the server was told.
    pub config: Config,
    /// The rows.
    pub db: Db,
    /// Opens and seals secrets at rest.
    pub keys: Keyring,
    /// The only source of time.
    pub clock: Clock,
    /// Work in flight; zero means that nothing happens until time moves or somebody calls.
    pub work: Gauge,
    /// The event stream.
    pub live: Live,
    /// The workers' bells.
    pub jobs: Jobs,
    /// Rung when a deadline may have been set.
    pub deadlines: Bell,
    /// The only sender to the carrier.
    pub carrier: Carrier,
    /// Whose webhooks come in.
    pub accounts: Accounts,
    /// The carrier's queues by name.
    pub queues: Queues,
    /// What numbers cost.
    pub prices: Prices,
    /// Where webhooks are written down while the database is away.
    pub spool: Spool,
    /// Which organizations the doctor looks at just now.
    pub examined: doctor::Running,
    /// Where recordings lie.
    storage: OnceCell<Storage>,
    /// How much people may ask.
    pub limits: Limits,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// What pages may load.
    pub(crate) content_security_policy: String,
    /// Everything spawned, so that a shutdown can wait for it.
    pub tasks: TaskTracker,
    /// Cancelled when the server shall end.
    pub stop: CancellationToken,
}

impl App {
    /// Puts the parts together.
    pub fn new(config: Config, db: Db, keys: Keyring) -> Self {
        let work = Gauge::default();
        Self(Arc::new(Parts {
            limits: Limits::new(&config.clock),
            passwords: Passwords::default(),
            content_security_policy: content_security_policy(&config),
            clock: config.clock.clone(),
            jobs: Jobs::default(),
            deadlines: Bell::default(),
            carrier: Carrier::new(&config.clock, &work),
            accounts: Accounts::default(),
            queues: Queues::default(),
            prices: Prices::default(),
            spool: Spool::at(config.data_dir.join("spool")),
            examined: doctor::Running::default(),
            storage: OnceCell::new(),
            config,
            db,
            keys,
            live: Live::new(work.clone()),
            work,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }))
    }

    /// Changes an organization's rows, all or nothing; after the commit its events go out and its jobs are begun.
    pub async fn write<T, E>(
        &self,
        org: &OrgId,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E> + Clone,
    ) -> Result<T, E>
    where
        E: From<offhook_store::Error>,
    {
        let done = self.db.write(org, work).await?;
        self.live.nudge(org);
        self.jobs.nudge(&self.work);
        self.deadlines.ring(&self.work);
        Ok(done)
    }

    /// Does something with the recordings' storage, which is opened at its first use.
    pub async fn storage<T, F>(
        &self,
        work: impl FnOnce(Storage) -> F,
    ) -> Result<T, object_store::Error>
    where
        F: Future<Output = Result<T, object_store::Error>>,
    {
        let folder = self.config.data_dir.join("recordings");
        let storage = self
            .storage
            .get_or_try_init(async || Storage::local(&folder))
            .await?;
        work(storage.clone()).await
    }

    /// Starts something that ends when the server does.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = work => (),
                () = stop.cancelled() => (),
            }
        });
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
