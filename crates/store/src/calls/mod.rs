//! Calls: the aggregate that decides, its timeline, and the lists that people see.

mod counts;
mod events;
mod list;
mod load;
mod notes;
mod price;
mod save;
mod silent;
mod summary;

pub use counts::{
    AgentCounts, counts_by_agent, live_from, live_outbound, started_since, starts_since,
};
pub use events::{
    Appended, CallEvent, EventFilter, LoggedEvent, NewCallEvent, append, log, repeat, timeline,
};
pub use list::{
    CallFilter, NEXT_FOR, list, live_of_agent, next_for, open_offers, summaries, summary, waiting,
};
pub use load::{Stored, by_leg_sid, by_request_key, load};
pub use notes::{Note, annotate, keep_note, notes};
pub use price::{set_leg_price, unpriced};
pub use save::{insert, save};
pub use silent::{any_ended, over_among, silent};
pub use summary::{AgentName, CallSummary, NumberName, OpenOffer, QueueName};

const TABLE: &str = "calls";
