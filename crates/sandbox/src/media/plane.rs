//! The task of the media plane.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicUsize},
};

use tokio::{net::UdpSocket, sync::mpsc};

use super::{MediaConfig, MediaError, Request};
use crate::seam::MediaEvent;

/// Binds the port and starts the task; it ends when the last handle is gone.
pub(super) async fn start(
    config: MediaConfig,
    mut inbox: mpsc::UnboundedReceiver<Request>,
    events: mpsc::UnboundedSender<MediaEvent>,
    _outside: Arc<AtomicUsize>,
) -> io::Result<SocketAddr> {
    let socket = UdpSocket::bind((config.bind, config.port)).await?;
    let address = socket.local_addr()?;
    tokio::spawn(async move {
        while let Some(request) = inbox.recv().await {
            match request {
                Request::Advance(_, done) => drop(done.send(())),
                Request::Answer(_, _, reply) | Request::Offer(_, reply) => {
                    drop(reply.send(Err(MediaError::NoSession)))
                }
                Request::Accept(_, _, reply) => drop(reply.send(Err(MediaError::NoSession))),
                Request::Heard(_, reply) => drop(reply.send(None)),
                Request::Command(..) | Request::Bind(..) | Request::Close(_) => {}
            }
        }
        drop((socket, events));
    });
    Ok(address)
}
