//! The REST face as a plain HTTP client sees it; whatever it answers is held against the facts of Twilio's own description.

mod accounts;
mod every_route;
mod facts;
mod magic;
mod misbehaviour;
mod openai;
mod papers;
mod support;
mod texts;
mod tls;
