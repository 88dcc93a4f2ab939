//! Twilio's wire: TwiML, signatures, access tokens, webhook forms and REST requests. It builds and parses, and never sends.

#![warn(missing_docs)]

pub mod twiml;
pub mod words;
