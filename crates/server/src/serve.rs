//! A server from start to graceful end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::Config;
use crate::router::router;

/// How long open requests and jobs may take to end once the server was told to.
const GRACE: Duration = Duration::from_secs(10);

/// Why a server could not start; says the cure.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
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
    let app = App::new(config);
    let failed = |source| StartError::Listen {
        address: bind,
        source,
    };
    let socket = TcpListener::bind(bind).await.map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
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
