//! SQLite and PostgreSQL behind [`Db`] and [`Tx`]: one file per table group, one SQL text for both engines.
//!
//! [`Db::read`] and [`Db::write`] are the only doors to an organization's rows, [`Db::system`] to the few tables outside.
#![warn(missing_docs)]

mod bus;
mod db;
mod dynamic;
mod error;
mod open;
mod page;
mod row;
mod time;
mod tx;

pub use bus::Listener;
pub use db::{Db, Reason, System};
pub use error::{Error, Result};
pub use page::{Listed, MOST, Page};
pub use tx::{Conn, Tx};

pub mod agent_calling;
pub mod audit;
pub mod calls;
pub mod carriers;
pub mod checkups;
pub mod contacts;
pub mod credentials;
pub mod directory;
pub mod events;
pub mod inbox;
pub mod jobs;
pub mod leases;
pub mod number_orders;
pub mod numbers;
pub mod organizations;
pub mod presence;
pub mod queues;
pub mod recordings;
pub mod seal;
pub mod standing_rooms;
pub mod timers;
pub mod users;
pub mod voicemails;
