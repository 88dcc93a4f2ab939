//! What every handler, job and socket of one running server shares.

use std::ops::Deref;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::password::Passwords;
use crate::clock::{Clock, Gauge};
use crate::config::Config;
use crate::limits::Limits;
use crate::web::content_security_policy;

/// One running server's shared parts; cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts themselves.
pub struct Parts {
    /// What the server was told.
    pub config: Config,
    /// The only source of time.
    pub clock: Clock,
    /// Work in flight; zero means that nothing happens until time moves or somebody calls.
    pub work: Gauge,
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
    pub fn new(config: Config) -> Self {
        Self(Arc::new(Parts {
            limits: Limits::new(&config.clock),
            passwords: Passwords::default(),
            content_security_policy: content_security_policy(&config),
            clock: config.clock.clone(),
            config,
            work: Gauge::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }))
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
