//! The documented doors of the five systems: each document's own flows with its own examples.

#![expect(clippy::unwrap_used, reason = "a test may stop where it cannot go on")]

mod click_to_call;
mod device_sdk;
mod devices;
mod forwarding;
mod numbers_admin;
mod numbers_per_agent;
mod queue_conference;
mod shared;
