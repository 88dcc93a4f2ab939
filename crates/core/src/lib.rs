//! What a call, a route, a queue, an offer, presence and a phone number are, and what is decided about them.
//!
//! Pure: no I/O, no clock, no randomness. Time is an argument, identifiers are minted by the caller.
#![warn(missing_docs)]

pub mod call;
pub mod dial;
pub mod id;
pub mod limits;
pub mod names;
pub mod party;
pub mod phone;
pub mod presence;
pub mod way;

/// A moment; the store keeps it as microseconds since 1970.
pub type Time = chrono::DateTime<chrono::Utc>;
