//! What a fresh organization begins with: the first run's few rows, and the demo's lived-in ones.

mod demo;
mod first_run;

pub use demo::{DemoSeed, DemoSeeded, Neighbour, PastCall, demo};
pub use first_run::{FirstRun, first_run, slug_of};
