//! A port that is ours for as long as the story lasts, whether anybody listens there or not.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// Bound, but not listening: who connects is refused until a server listens there, and nobody else is given the port meanwhile.
pub(crate) struct Port {
    number: u16,
    _held: TcpSocket,
}

impl Port {
    pub(crate) fn hold() -> Self {
        let held = TcpSocket::new_v4().expect("a socket");
        // With this on both sockets a server may listen where this one only holds the place.
        held.set_reuseaddr(true).expect("a socket's option");
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        held.bind(any).expect("a free port");
        let number = held.local_addr().expect("its address").port();
        Self {
            number,
            _held: held,
        }
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.number)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.number)
    }
}
