//! The same doors over TLS, for programs that must not be changed: Twilio's host names are mapped to this port, and the
//! authority that signs its certificate is trusted.

mod authority;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

use crate::seam::Time;
pub use authority::CERTIFICATE;

/// How long a client may take to agree.
const PATIENCE: Duration = Duration::from_secs(10);
/// Agreed connections that wait to be taken.
const WAITING: usize = 64;

/// A port that speaks TLS.
pub(crate) struct Port {
    address: SocketAddr,
    agreed: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl Port {
    /// Listens with a certificate of the authority that is kept in this folder.
    pub(crate) fn open(
        listener: TcpListener,
        folder: &Path,
        now: Time,
        stop: CancellationToken,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let identity = authority::identity(folder, now)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(identity.certificate)],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key)),
            )
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (agreed, taken) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = welcome(listener, acceptor, agreed) => {}
            }
        });
        Ok(Self {
            address,
            agreed: taken,
        })
    }
}

/// Each client agrees in its own time: one that is slow keeps nobody waiting.
async fn welcome(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    agreed: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    loop {
        let (stream, address) = Listener::accept(&mut listener).await;
        let (acceptor, agreed) = (acceptor.clone(), agreed.clone());
        tokio::spawn(async move {
            match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let _ended = agreed.send((stream, address)).await;
                }
                Ok(Err(error)) => tracing::debug!(%error, "a client does not trust the sandbox"),
                Err(_) => tracing::debug!("a client took too long to agree"),
            }
        });
    }
}

impl Listener for Port {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.agreed.recv().await {
            Some(next) => next,
            // The sandbox ends: nobody comes any more.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
