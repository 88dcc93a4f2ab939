//! Stories of calls: what agents start, and what the carrier is asked, exactly.

pub(crate) mod carrier;
mod control;
mod recordings;
mod start;
