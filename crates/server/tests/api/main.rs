//! Stories of the API, each on SQLite and, where `OFFHOOK_TEST_POSTGRES` names a server, on PostgreSQL.

mod contacts;
mod document;
mod history;
mod keys;
mod live;
mod log_in;
mod matrix;
mod set_up;
mod settings;
mod support;
mod team;
