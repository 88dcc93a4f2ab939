//! The one UDP port, on each of the machine's addresses that was asked for.

use std::{
    future::poll_fn,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    task::Poll,
};

use str0m::{Candidate, net::Transmit};
use tokio::{io::ReadBuf, net::UdpSocket};

use super::MediaConfig;

/// One socket an address, all on the same port: so the address to which a packet came is known, as ICE needs it.
pub(super) struct Sockets {
    bound: Vec<(SocketAddr, UdpSocket)>,
    /// The address outside of a port forwarding. What is sent to it arrives at a bound one, and is answered from there.
    outer: Option<SocketAddr>,
}

impl Sockets {
    pub(super) async fn bind(config: &MediaConfig) -> io::Result<Self> {
        let mut bound = Vec::new();
        let mut port = config.port;
        for address in addresses(config.bind) {
            let socket = match UdpSocket::bind((address, port)).await {
                Ok(socket) => socket,
                Err(error) if bound.is_empty() => return Err(error),
                Err(error) => {
                    tracing::warn!(%address, port, %error, "no media over this address");
                    continue;
                }
            };
            let address = socket.local_addr()?;
            port = address.port();
            bound.push((address, socket));
        }
        let outer = config
            .media_ip
            .filter(|ip| bound.iter().all(|(address, _)| address.ip() != *ip))
            .map(|ip| SocketAddr::new(ip, port));
        Ok(Self { bound, outer })
    }

    /// The first address.
    pub(super) fn address(&self) -> SocketAddr {
        self.bound[0].0
    }

    /// Where browsers can reach us.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        // ICE-lite knows host candidates only.
        let addresses = self
            .bound
            .iter()
            .map(|(address, _)| *address)
            .chain(self.outer);
        addresses
            .map(|address| Candidate::host(address, "udp"))
            .filter_map(|candidate| {
                candidate
                    .inspect_err(|error| tracing::warn!(%error, "an address is no ICE candidate"))
                    .ok()
            })
            .collect()
    }

    /// Sends at once; a datagram that the system has no room for is lost, as on any network.
    pub(super) fn send(&self, transmit: &Transmit) {
        let socket = self
            .bound
            .iter()
            .find(|(address, _)| *address == transmit.source)
            .map_or(&self.bound[0].1, |(_, socket)| socket);
        if let Err(error) = socket.try_send_to(&transmit.contents, transmit.destination) {
            tracing::trace!(%error, "a datagram was not sent");
        }
    }

    /// The next datagram: length, from where, to which of our addresses.
    pub(super) async fn receive(&self, buffer: &mut [u8]) -> (usize, SocketAddr, SocketAddr) {
        poll_fn(|context| {
            for (address, socket) in &self.bound {
                let mut piece = ReadBuf::new(buffer);
                match socket.poll_recv_from(context, &mut piece) {
                    Poll::Ready(Ok(source)) => {
                        return Poll::Ready((piece.filled().len(), source, *address));
                    }
                    // An ICMP answer to something sent before: nothing was received.
                    Poll::Ready(Err(_)) => context.waker().wake_by_ref(),
                    Poll::Pending => {}
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Loopback always; beyond it the address that was asked for, or all that packets can leave by.
fn addresses(bind: IpAddr) -> Vec<IpAddr> {
    let mut all = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    if bind.is_unspecified() {
        all.extend(own_addresses());
    } else if !bind.is_loopback() {
        all.push(bind);
    }
    all.dedup();
    all
}

/// The machine's addresses: the source that the system would choose towards each kind of network. Nothing is sent.
fn own_addresses() -> Vec<IpAddr> {
    let towards = [
        "192.0.2.1:9",
        "10.255.255.254:9",
        "172.16.255.254:9",
        "192.168.255.254:9",
    ];
    let mut found: Vec<IpAddr> = Vec::new();
    for target in towards {
        let source = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
            socket.connect(target)?;
            socket.local_addr()
        });
        if let Ok(source) = source {
            let ip = source.ip();
            if !ip.is_loopback() && !ip.is_unspecified() && !found.contains(&ip) {
                found.push(ip);
            }
        }
    }
    found
}
