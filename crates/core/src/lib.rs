//! What a call, a route, a queue, an offer, presence and a phone number are, and what is decided about them.
//!
//! Pure: no I/O, no clock, no randomness. Time is an argument, identifiers are minted by the caller.
#![warn(missing_docs)]

pub mod call;
pub mod id;
pub mod names;

/// A moment; the store keeps it as microseconds since 1970.
pub type Time = chrono::DateTime<chrono::Utc>;
