//! The store's contract: every case runs on SQLite always, and on PostgreSQL where `OFFHOOK_TEST_POSTGRES` names a server.
#![expect(
    clippy::unwrap_used,
    reason = "a case says by panicking what went wrong"
)]

mod buying;
mod calls;
mod checkups;
mod events;
mod inbox;
mod jobs;
mod media;
mod naming;
mod people;
mod schema;
mod support;
mod tenancy;
mod waiting;
