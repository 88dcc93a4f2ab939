//! Stories of the carrier's doors: who gets in, what is written down, and what is said.

#![expect(clippy::unwrap_used, reason = "a test may stop where it cannot go on")]

mod away;
mod doors;
mod nodes;
