//! A server from start to graceful end.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use offhook_store::Db;
use offhook_store::seal::Keyring;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::Config;
use crate::error::ApiError;
use crate::router::router;
use crate::{jobs, live, presence, reconcile, timers, upkeep};

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
    let keys = Keyring::new(config.encryption_key.expose())?;
    let db = open(&config).await?;
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
    // The first caller shall not wait for the numbering plans of the world to be read.
    app.tasks
        .spawn_blocking(|| offhook_core::party::Party::of("+12025550123"));
}

/// Opens the database and brings its tables up to date.
pub async fn open(config: &Config) -> Result<Db, StartError> {
    make_folders(config);
    let db = Db::open(&config.database).await?;
    db.migrate().await?;
    Ok(db)
}

/// The data folder, and the one of an SQLite file; what fails here is said by whoever opens a file in it.
fn make_folders(config: &Config) {
    let database = Path::new(&config.database)
        .parent()
        .filter(|_| !config.database.contains("://"));
    for folder in [Some(config.data_dir.as_path()), database]
        .into_iter()
        .flatten()
    {
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
