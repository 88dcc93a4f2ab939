//! Stories told to a call through a small carrier that really moves legs about; see [`world::World`].

mod compare;
mod devices;
mod direct;
mod foreign;
mod inbound;
mod lost;
mod outbound;
mod shuffle;
mod world;
