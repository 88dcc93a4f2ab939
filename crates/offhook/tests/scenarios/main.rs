//! Whole stories: the server and the sandbox on one virtual clock, over real HTTP and `WebSocket`.
//!
//! `caller.dials(main)`, `ana.accepts(&offer)`: people act, time is let go by, and what the pages, the carrier and the history
//! then say is compared. Tests named `t_…` are the failures of the older systems that this one must not have.

mod accepts;
mod accounts;
mod agents_number_door;
mod buying;
mod deaths;
mod device_doors;
mod direct;
mod doctor;
mod doors;
mod flows;
mod forwarding_door;
mod killed;
mod nodes;
mod outbound;
mod queue_door;
mod restarts;
mod rough;
mod routes;
mod stage;
mod stuck;
