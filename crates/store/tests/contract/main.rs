//! The store's contract: every case runs on SQLite always, and on PostgreSQL where `OFFHOOK_TEST_POSTGRES` names a server.

mod calls;
mod events;
mod inbox;
mod jobs;
mod media;
mod people;
mod schema;
mod support;
mod tenancy;
