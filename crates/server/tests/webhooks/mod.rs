//! Stories of the carrier's doors: who gets in, what is written down, and what is said.

mod away;
mod doors;
