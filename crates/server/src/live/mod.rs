//! Live events: from the transaction that wrote them to every socket that may see them.
//!
//! ```text
//! write commits ─nudge─▶ dispatch (numbers, one transaction at a time per organization)
//!                           ├─▶ this node's sockets
//!                           └─▶ the bus ─▶ listen on other nodes ─▶ their sockets
//! ```
//! Nothing here is durable but the rows: a socket that missed a word looks into them.

mod beats;
mod dispatch;
mod listen;
mod socket;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use offhook_core::id::{OrgId, UserId};
use offhook_store::events::Event;
use tokio::sync::{broadcast, mpsc};

use crate::app::App;
use crate::clock::{Gauge, Working};

pub use beats::{Beats, Device};
pub(crate) use socket::{Frame, Opening, serve};

/// How many events a socket may be behind before it has to look into the rows.
const BEHIND: usize = 256;

/// What the sockets of an organization are told.
#[derive(Debug, Clone)]
pub(crate) enum Word {
    /// An event with its cursor.
    Event(Arc<Event>),
    /// Something may have been missed: look into the rows.
    Look,
}

/// A commit that may have written events.
struct Nudge {
    org: OrgId,
    /// Until the events are out, the server is not idle.
    working: Working,
}

/// An agent whose presence may have changed: a device was reported, or a choice was made.
pub struct Stir {
    /// The organization.
    pub org: OrgId,
    /// The agent.
    pub user: UserId,
    /// Until it is dealt with, the server is not idle.
    pub working: Working,
}

/// A queue that is filled from everywhere and emptied in one place.
struct Queue<T> {
    send: mpsc::UnboundedSender<T>,
    waiting: Mutex<Option<mpsc::UnboundedReceiver<T>>>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        let (send, waiting) = mpsc::unbounded_channel();
        Self {
            send,
            waiting: Mutex::new(Some(waiting)),
        }
    }
}

impl<T> Queue<T> {
    /// Puts something in; after the end nobody takes it out, the next start finds it in the rows.
    fn put(&self, thing: T) {
        self.send.send(thing).ok();
    }

    fn take(&self) -> Option<mpsc::UnboundedReceiver<T>> {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// This node's part of the event stream.
pub struct Live {
    work: Gauge,
    nudges: Queue<Nudge>,
    stirs: Queue<Stir>,
    rooms: Mutex<BTreeMap<OrgId, broadcast::Sender<Word>>>,
    /// Signs of life of this node's sockets.
    pub beats: Beats,
}

impl Live {
    /// Nobody listens yet.
    pub fn new(work: Gauge) -> Self {
        Self {
            work,
            nudges: Queue::default(),
            stirs: Queue::default(),
            rooms: Mutex::new(BTreeMap::new()),
            beats: Beats::default(),
        }
    }

    /// Says that a commit may have written events of an organization.
    pub fn nudge(&self, org: &OrgId) {
        let nudge = Nudge {
            org: org.clone(),
            working: self.work.enter(),
        };
        self.nudges.put(nudge);
    }

    /// Says that an agent's presence may have changed.
    pub fn stir(&self, org: &OrgId, user: &UserId) {
        self.stirs.put(Stir {
            org: org.clone(),
            user: user.clone(),
            working: self.work.enter(),
        });
    }

    /// The agents whose presence may have changed, for the one who looks after that.
    pub fn take_stirs(&self) -> Option<mpsc::UnboundedReceiver<Stir>> {
        self.stirs.take()
    }

    /// Listens to an organization's events on this node.
    pub(crate) fn subscribe(&self, org: &OrgId) -> broadcast::Receiver<Word> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms
            .entry(org.clone())
            .or_insert_with(|| broadcast::channel(BEHIND).0)
            .subscribe()
    }

    /// Tells this node's sockets of an organization.
    pub(crate) fn tell(&self, org: &OrgId, word: Word) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(room) = rooms.get(org) else { return };
        if room.send(word).is_err() {
            rooms.remove(org);
        }
    }

    /// Tells every socket of this node to look into the rows.
    pub(crate) fn tell_all_to_look(&self) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.retain(|_, room| room.send(Word::Look).is_ok());
    }

    /// Whether somebody of this organization listens on this node.
    pub(crate) fn is_heard(&self, org: &OrgId) -> bool {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.get(org).is_some_and(|room| room.receiver_count() > 0)
    }
}

/// Starts what carries events on this node, once: two writers of the same tab's signs of life would overtake each other.
pub fn start(app: &App) {
    let Some(nudges) = app.live.nudges.take() else {
        return;
    };
    app.spawn(dispatch::run(app.clone(), nudges));
    app.spawn(dispatch::sweep(app.clone()));
    app.spawn(listen::run(app.clone()));
    app.spawn(beats::run(app.clone()));
}
