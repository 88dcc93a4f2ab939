//! Stories of calls: what agents start, and what the carrier is asked, exactly.

#![expect(clippy::unwrap_used, reason = "a test may stop where it cannot go on")]

mod accounts;
pub(crate) mod carrier;
mod compared;
mod connection;
mod control;
mod direct;
mod ends;
mod races;
mod recordings;
mod start;
mod told;
mod wrap_up;
