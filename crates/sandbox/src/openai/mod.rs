//! Speech and chat in `OpenAI`'s dialect, without a model: transcripts are what the sandbox itself spoke, chat is made of the words
//! that it was given. Every answer says so.

mod alike;
mod chat;
mod formats;
mod refusal;
mod schema;
mod transcriptions;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

use crate::driver::Sandbox;

/// The largest upload, as at `OpenAI`.
const LARGEST: usize = 25 << 20;
/// What every answer says of itself.
const NOTE: &str = "sandbox";

/// `/v1/audio/transcriptions` and `/v1/chat/completions`.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route(
            "/v1/audio/transcriptions",
            post(transcriptions::transcribe).layer(DefaultBodyLimit::max(LARGEST)),
        )
        .route("/v1/chat/completions", post(chat::complete))
        .with_state(sandbox)
}
