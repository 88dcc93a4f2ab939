//! A server from start to graceful end.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use offhook_store::Db;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::{Config, ConfigErrors};
use crate::error::ApiError;
use crate::router::router;
use crate::{carrier, jobs, keys, live, presence, reconcile, timers, upkeep};

/// How long open requests and jobs may take to end once the server was told to.
const GRACE: Duration = Duration::from_secs(10);

/// Why a server could not start; says the cure.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened or brought up to date.
    #[error(transparent)]
    Store(#[from] offhook_store::Error),
    /// The encryption key cannot be used.
    #[error(transparent)]
    Key(#[from] offhook_store::seal::SealError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// The stored secrets are sealed with another key.
    #[error(
        "ENCRYPTION_KEY does not open {0} of the stored secrets, and nothing was changed: start with the key of before, or give that one as ENCRYPTION_KEY_PREVIOUS beside the new one and run `offhook admin reseal`"
    )]
    WrongKey(usize),
    /// The demo's organization could not be made.
    #[error("the demo's organization cannot be made: {0:?}")]
    Seed(#[from] ApiError),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

impl StartError {
    /// Whether the settings are to blame, and not the machine.
    pub fn is_configuration(&self) -> bool {
        matches!(self, Self::Key(_) | Self::Config(_) | Self::WrongKey(_))
    }
}

/// A server that answers.
pub struct Running {
    /// Its shared parts.
    pub app: App,
    /// Where it listens.
    pub address: SocketAddr,
    listener: JoinHandle<io::Result<()>>,
}

/// Starts a server; when this returns it answers.
pub async fn serve(config: Config) -> Result<Running, StartError> {
    let bind = config.bind;
    let keys = keys::ring(
        &config.encryption_key,
        config.encryption_key_previous.as_ref(),
    )?;
    let db = open(&config).await?;
    let earlier = keys::check(&db, &keys).await?.earlier;
    if earlier > 0 {
        tracing::warn!(
            secrets = earlier,
            "sealed with ENCRYPTION_KEY_PREVIOUS: run `offhook admin reseal` once every node has the new key"
        );
    }
    let app = App::new(config, db, keys);
    let failed = |source| StartError::Listen {
        address: bind,
        source,
    };
    let socket = TcpListener::bind(bind).await.map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    live::start(&app);
    begin_work(&app);
    app.spawn(upkeep::run(app.clone()));
    let stop = app.stop.clone();
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let listener = tokio::spawn(async move {
        axum::serve(socket, service)
            .with_graceful_shutdown(stop.cancelled_owned())
            .await
    });
    tracing::info!(%address, "the server answers");
    Ok(Running {
        app,
        address,
        listener,
    })
}

/// Starts what works without being asked: jobs, deadlines, presence, the reconciler and the spool.
fn begin_work(app: &App) {
    jobs::start(app);
    timers::start(app);
    presence::start(app);
    reconcile::start(app);
    carrier::start(app);
    // The first caller shall not wait for the numbering plans of the world to be read.
    app.tasks
        .spawn_blocking(|| offhook_core::party::Party::of("+12025550123"));
}

/// Opens the database and brings its tables up to date.
pub async fn open(config: &Config) -> Result<Db, StartError> {
    open_at(&config.data_dir, &config.database).await
}

/// The same, for those who need no more than the database.
pub(crate) async fn open_at(data_dir: &Path, database: &str) -> Result<Db, StartError> {
    make_folders(data_dir, database);
    let db = Db::open(database).await?;
    db.migrate().await?;
    Ok(db)
}

/// The data folder, and the one of an SQLite file; what fails here is said by whoever opens a file in it.
fn make_folders(data_dir: &Path, database: &str) {
    let file = Path::new(database)
        .parent()
        .filter(|_| !database.contains("://"));
    for folder in [Some(data_dir), file].into_iter().flatten() {
        if let Err(error) = std::fs::create_dir_all(folder) {
            tracing::warn!(folder = %folder.display(), %error, "cannot make a folder");
        }
    }
}

impl Running {
    /// Tells the server to end, lets open requests finish, and waits for everything it started.
    pub async fn stop(self) {
        self.app.stop.cancel();
        self.app.tasks.close();
        let ended = async {
            if let Ok(Err(error)) = self.listener.await {
                tracing::warn!(%error, "the listener ended with an error");
            }
            self.app.tasks.wait().await;
        };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!(
                "some work did not end in time; its jobs are taken up again after the next start"
            );
        }
    }
}
