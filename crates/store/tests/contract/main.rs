//! The store's contract: every case runs on SQLite always, and on PostgreSQL where `OFFHOOK_TEST_POSTGRES` names a server.

mod events;
mod inbox;
mod jobs;
mod people;
mod support;
mod tenancy;
