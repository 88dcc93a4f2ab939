//! Twilio's wire: TwiML, signatures, access tokens, webhook forms and REST requests. It builds and parses, and never sends.

#![warn(missing_docs)]

pub mod errors;
pub mod host;
pub mod rest;
pub mod retry;
pub mod signature;
pub mod status;
pub mod token;
pub mod twiml;
pub mod webhook;
pub mod words;
