//! The only sender of requests to the carrier.

mod accounts;
mod queues;
mod send;
pub mod test;

pub use accounts::{Account, Accounts, Sender, of_org};
pub use queues::Queues;
pub use send::{Carrier, SendError};
