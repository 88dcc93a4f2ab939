//! A line to PostgreSQL that can be cut and mended, as when the database is away.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::{Place, TestApp, place};

/// The line.
#[derive(Clone)]
pub(crate) struct Line(Arc<watch::Sender<bool>>);

impl Line {
    /// Nothing gets through any more, and what was connected is not.
    pub(crate) fn cut(&self) {
        self.0.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.0.send_replace(true);
    }
}

/// An application whose database is reached by such a line; `None` where there is no PostgreSQL.
pub(crate) async fn on_postgres() -> Option<(TestApp, Line)> {
    let server = place::server()?;
    let (_, host) = server.rsplit_once('@').expect("the address names a user");
    let target = host.split('/').next().unwrap_or(host).to_owned();
    let (here, line) = listen(target.clone()).await;
    let place = Place::postgres_by(|address| address.replace(&target, &here.to_string())).await?;
    Some((TestApp::at(place).await, line))
}

async fn listen(target: String) -> (SocketAddr, Line) {
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let here = socket.local_addr().expect("its address");
    let (whole, state) = watch::channel(true);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = socket.accept().await {
            let (target, mut state) = (target.clone(), state.clone());
            tokio::spawn(async move {
                if !*state.borrow_and_update() {
                    return;
                }
                let Ok(mut far) = TcpStream::connect(target).await else {
                    return;
                };
                tokio::select! {
                    _ = copy_bidirectional(&mut near, &mut far) => (),
                    _ = state.wait_for(|whole| !whole) => (),
                }
            });
        }
    });
    (here, Line(Arc::new(whole)))
}
