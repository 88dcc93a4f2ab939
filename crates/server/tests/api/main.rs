//! Stories of the API, each on SQLite and, where `OFFHOOK_TEST_POSTGRES` names a server, on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on shall fail")]

#[path = "../calls/mod.rs"]
mod calls;
mod contacts;
#[path = "../doctor/mod.rs"]
mod doctor;
mod document;
#[path = "../doors/mod.rs"]
mod doors;
mod history;
mod keys;
mod live;
mod log_in;
mod matrix;
#[path = "../numbers/mod.rs"]
mod numbers;
mod pages;
mod sealing;
mod set_up;
mod settings;
mod starting;
mod support;
mod team;
#[path = "../webhooks/mod.rs"]
mod webhooks;
