//! The only sender of requests to the carrier.

mod accounts;
mod queues;
mod send;
pub mod test;

pub(crate) use accounts::CHANGED;
pub use accounts::{Account, Accounts, Sender, changed, of_org};
pub use queues::Queues;
pub use send::{Carrier, SendError};
