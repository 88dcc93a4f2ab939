//! The carrier's doors: signed, written down before anything is decided, then told to the call they are about.

mod arrival;
mod callbacks;
mod inbox;
mod later;
pub(crate) mod reply;
mod set_by_agents;
mod signed;
mod turns;
pub mod urls;
mod voice;
pub(crate) mod words;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use offhook_core::call::Prompt;
use offhook_store::Error;

use crate::app::App;
use crate::audio;

pub(crate) use arrival::of_settings as policy_of;
pub use inbox::drain;
pub(crate) use inbox::keep_sweeping;
pub(crate) use inbox::organizations;
pub use signed::Knock;

use inbox::Kept;
use reply::{Twiml, farewell};
use urls::{Door, Doors};

/// The doors, each at its path; and the sounds that callers hear.
pub fn routes() -> Router<App> {
    Door::ALL.into_iter().fold(
        Router::new().route(audio::PATH, get(audio::play)),
        |router, door| router.route(door.path(), knocked(door)),
    )
}

/// What answers at a door, at whatever path.
pub(crate) fn knocked(door: Door) -> MethodRouter<App> {
    if door.wants_twiml() {
        post(asked)
    } else {
        post(told)
    }
}

/// The carrier asks what to do: it gets TwiML, whatever happens.
async fn asked(State(app): State<App>, knock: Knock) -> Response {
    let kept = match inbox::write_down(&app, &knock).await {
        Ok(kept) => kept,
        Err(error) if error.is_unavailable() => {
            return later::spooled(&app, knock.door, &knock.entry).await;
        }
        Err(error) => return apology(&app, &knock, &error).into_response(),
    };
    if let Kept::Answered(reply) = kept {
        return Twiml(reply).into_response();
    }
    match inbox::soon(inbox::decide(&app, &knock, kept.id())).await {
        Ok(answer) => answer
            .unwrap_or_else(|| farewell(&Doors::of(&app.config), &Prompt::CallOver))
            .into_response(),
        Err(error) if error.is_unavailable() => {
            later::spooled(&app, knock.door, &knock.entry).await
        }
        Err(error) => apology(&app, &knock, &error).into_response(),
    }
}

/// The carrier tells something: it is thanked as soon as that is written down.
async fn told(State(app): State<App>, knock: Knock) -> Response {
    if let Err(missing) = callbacks::complete(&knock) {
        return missing.into_response();
    }
    match inbox::write_down(&app, &knock).await {
        Ok(Kept::Fresh(id)) => {
            let working = app.work.enter();
            let node = app.clone();
            app.spawn(async move {
                if let Err(error) = inbox::decide(&node, &knock, Some(&id)).await {
                    tracing::warn!(%error, door = knock.door.path(), "a webhook could not be decided; it is tried again");
                }
                drop(working);
            });
            StatusCode::NO_CONTENT.into_response()
        }
        Ok(Kept::Answered(_) | Kept::Undecided(_) | Kept::Passing) => {
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) if error.is_unavailable() => {
            later::spooled(&app, knock.door, &knock.entry).await
        }
        Err(error) => {
            tracing::error!(%error, door = knock.door.path(), "a webhook could not be written down");
            later::spooled(&app, knock.door, &knock.entry).await
        }
    }
}

fn apology(app: &App, knock: &Knock, error: &Error) -> Twiml {
    tracing::error!(%error, door = knock.door.path(), "a caller was told that something went wrong");
    farewell(&Doors::of(&app.config), &Prompt::Apology)
}
