//! A Twilio look-alike: it executes TwiML, calls signed webhooks, carries sound and speaks the Voice SDK's signalling.

pub mod clock;
pub mod config;
pub mod control;
pub mod driver;
pub mod engine;
pub mod media;
pub mod openai;
pub mod rest;
pub mod seam;
pub mod signalling;
pub mod sounds;
mod streams;
pub mod tls;
pub mod webhooks;
