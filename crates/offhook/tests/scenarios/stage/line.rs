//! A line between two parties that a story can listen on, cut, and lead elsewhere.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

use super::PATIENCE;

/// Which way words go on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// From whoever called.
    There,
    Back,
}

/// Where a connection dies on which certain words are heard: nothing goes through it any more, either way.
/// New ones wait until the line goes on, as at a proxy whose server is being started anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dies {
    /// The words do not arrive.
    Before,
    /// They arrive, and nothing comes back.
    After,
}

struct Ear {
    way: Way,
    words: String,
    dies: Dies,
    heard: oneshot::Sender<()>,
}

#[derive(Clone)]
pub(crate) struct Line {
    here: SocketAddr,
    /// Where it leads; nowhere while it is cut.
    target: Arc<watch::Sender<Option<String>>>,
    /// Whether whoever connects has to wait.
    waits: Arc<watch::Sender<bool>>,
    /// Who listens for words, once.
    ear: Arc<Mutex<Option<Ear>>>,
}

impl Line {
    /// A line to a `host:port`.
    pub(crate) async fn to(target: &str) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let line = Self {
            here: socket.local_addr().expect("its address"),
            target: Arc::new(watch::Sender::new(Some(target.to_owned()))),
            waits: Arc::default(),
            ear: Arc::default(),
        };
        let operator = line.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = socket.accept().await {
                let operator = operator.clone();
                tokio::spawn(async move {
                    // However it ends, both ends are closed.
                    operator.connect(near).await.ok();
                });
            }
        });
        line
    }

    /// `host:port` of its near end.
    pub(crate) fn near_end(&self) -> String {
        format!("localhost:{}", self.here.port())
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.near_end())
    }

    /// From now on it leads elsewhere; what was connected is not any more.
    pub(crate) fn leads_to(&self, target: &str) {
        self.target.send_replace(Some(target.to_owned()));
    }

    /// Nothing gets through any more, and what was connected is not.
    pub(crate) fn cut(&self) {
        self.target.send_replace(None);
    }

    /// Whoever waited is connected.
    pub(crate) fn goes_on(&self) {
        self.waits.send_replace(false);
    }

    /// The first connection on which these words go this way dies of it. What is returned waits for that.
    pub(crate) fn dies_at(
        &self,
        way: Way,
        words: &str,
        dies: Dies,
    ) -> impl Future<Output = ()> + use<> {
        let (heard, death) = oneshot::channel();
        let ear = Ear {
            way,
            words: words.to_owned(),
            dies,
            heard,
        };
        *self.ear.lock().expect("nobody panicked") = Some(ear);
        let words = words.to_owned();
        async move {
            tokio::time::timeout(PATIENCE, death)
                .await
                .unwrap_or_else(|_| panic!("nobody said {words}"))
                .expect("one ear at a time");
        }
    }

    async fn connect(&self, near: TcpStream) -> io::Result<()> {
        let mut waits = self.waits.subscribe();
        waits.wait_for(|waits| !waits).await.ok();
        let mut target = self.target.subscribe();
        let Some(far) = target.borrow_and_update().clone() else {
            return Ok(());
        };
        let (near_in, near_out) = near.into_split();
        let (far_in, far_out) = TcpStream::connect(far).await?.into_split();
        let dead = AtomicBool::new(false);
        tokio::select! {
            ended = self.carry(Way::There, near_in, far_out, &dead) => ended,
            ended = self.carry(Way::Back, far_in, near_out, &dead) => ended,
            _ = target.changed() => Ok(()),
        }
    }

    async fn carry(
        &self,
        way: Way,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        dead: &AtomicBool,
    ) -> io::Result<()> {
        let mut piece = vec![0; 64 * 1024];
        loop {
            // A dead connection swallows what is said until one of the two hangs up.
            let length = from.read(&mut piece).await?;
            if length == 0 {
                return Ok(());
            }
            let said = &piece[..length];
            let ear = self.heard(way, said);
            if ear.is_some() {
                self.waits.send_replace(true);
            }
            let was_dead = dead.fetch_or(ear.is_some(), Ordering::SeqCst);
            let arrives = ear.as_ref().is_none_or(|ear| ear.dies == Dies::After);
            if arrives && !was_dead {
                to.write_all(said).await?;
            }
            if let Some(ear) = ear {
                // Whoever waited may be gone.
                ear.heard.send(()).ok();
            }
        }
    }

    fn heard(&self, way: Way, said: &[u8]) -> Option<Ear> {
        let mut ear = self.ear.lock().expect("nobody panicked");
        ear.take_if(|ear| {
            let words = ear.words.as_bytes();
            ear.way == way && said.windows(words.len()).any(|part| part == words)
        })
    }
}
