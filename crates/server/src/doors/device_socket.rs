//! Device SDK: `/ws?token=`, a socket that only tells: which calls come in, and how calls are.
//!
//! The token stands in the address, which is the document's way. It opens nothing but this stream, is never logged, and holds no
//! longer than the session or the API key that it is.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::Response;
use offhook_store::events::{self, After, Event};
use offhook_store::users;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::device_events::documented;
use crate::api::Params;
use crate::app::App;
use crate::auth::Identity;
use crate::auth::caller::{client_ip, identify, presented};
use crate::error::ApiError;
use crate::live::Word;

/// How often the server asks for a sign of life.
const BEAT: Duration = Duration::from_secs(10);
/// How often it is checked that the token still holds.
const RECHECK: Duration = Duration::from_secs(30);
/// How long a client may take to read what it is sent.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// How many events are read from the rows at once.
const AT_ONCE: u32 = 200;
/// The largest message that a client may send.
const MESSAGE_LIMIT: usize = 1024;
/// As documented: whoever is not known is sent away with this code.
const UNKNOWN: u16 = 1008;
const RESTART: u16 = 1012;

/// What stands in the address.
#[derive(Deserialize)]
pub(super) struct TokenQuery {
    token: Option<String>,
}

/// Why the stream ends.
enum End {
    Gone,
    Close(u16, &'static str),
}

/// `GET /ws?token=`.
pub(super) async fn open(
    State(app): State<App>,
    parts: Parts,
    Params(query): Params<TokenQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    // A cookie goes with requests of any page: only what was put there on purpose counts.
    let by_header = presented(&app, &parts.headers).filter(|sent| !sent.by_cookie);
    let token = by_header.map(|sent| sent.token).or(query.token);
    let slug = parts.headers.get("x-organization-slug");
    let slug = slug.and_then(|value| value.to_str().ok());
    let token = token.unwrap_or_default();
    let identity = match identify(&app, &token, slug).await {
        Err(ApiError::Unauthorized) => {
            app.limits.stranger(client_ip(&app, &parts))?;
            None
        }
        other => Some(other?),
    };
    let upgrade = match (upgrade, &identity) {
        (Ok(upgrade), _) => upgrade.max_message_size(MESSAGE_LIMIT),
        (Err(_), None) => return Err(ApiError::Unauthorized),
        (Err(_), Some(_)) => {
            return Err(ApiError::Malformed {
                field: "upgrade".to_owned(),
                detail: "this door is a WebSocket".to_owned(),
            });
        }
    };
    let node = app.clone();
    Ok(upgrade.on_upgrade(move |socket| async move {
        let tracker = node.tasks.clone();
        tracker
            .track_future(serve(node, socket, identity, token))
            .await;
    }))
}

async fn serve(app: App, mut socket: WebSocket, identity: Option<Identity>, token: String) {
    let end = match identity {
        Some(identity) => {
            let mut listener = Listener {
                app: &app,
                socket,
                identity,
                token,
                cursor: 0,
            };
            let end = listener.run().await;
            socket = listener.socket;
            end
        }
        None => End::Close(UNKNOWN, "log in again"),
    };
    if let End::Close(code, reason) = end {
        let frame = CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        };
        // Whoever has gone already needs no reason.
        socket.send(Message::Close(Some(frame))).await.ok();
    }
}

struct Listener<'a> {
    app: &'a App,
    socket: WebSocket,
    identity: Identity,
    token: String,
    /// The last event that was sent or passed over.
    cursor: i64,
}

impl Listener<'_> {
    async fn run(&mut self) -> End {
        // Listening comes before reading the head, so that nothing falls between the two.
        let mut words = self.app.live.subscribe(&self.identity.org);
        if let Err(end) = self.begin().await {
            return end;
        }
        let mut pulse = tokio::time::interval(BEAT);
        let mut recheck = tokio::time::interval(RECHECK);
        recheck.reset();
        let ending = self.app.stop.clone();
        loop {
            let step = tokio::select! {
                biased;
                () = ending.cancelled() => Err(restart()),
                message = self.socket.recv() => self.hear(message).await,
                word = words.recv() => self.pass_on(word).await,
                _ = pulse.tick() => self.send(Message::Ping(Vec::new().into())).await,
                _ = recheck.tick() => self.recheck().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn begin(&mut self) -> Result<(), End> {
        self.cursor = self.head().await?;
        let hello = json!({
            "type": "connection",
            "status": "connected",
            "user_id": self.identity.user,
            "company_id": self.identity.org,
            "timestamp": self.app.clock.now(),
        });
        self.say(&hello).await
    }

    async fn head(&mut self) -> Result<i64, End> {
        let org = &self.identity.org;
        let head = self.app.db.read(org, async |tx| events::head(tx).await);
        head.await.map_err(|_| restart())
    }

    async fn say(&mut self, said: &Value) -> Result<(), End> {
        self.send(Message::Text(said.to_string().into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match tokio::time::timeout(SEND_WITHIN, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    /// Nothing that a client says changes anything; it may ask whether we are there.
    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) if text.trim() == "ping" => {
                self.send(Message::Text("pong".into())).await
            }
            Some(Ok(Message::Text(text))) => {
                let said: Value = serde_json::from_str(&text).unwrap_or_default();
                if said["type"] == "ping" {
                    let pong = json!({ "type": "pong", "timestamp": self.app.clock.now() });
                    return self.say(&pong).await;
                }
                Ok(())
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
            Some(Ok(_)) => Ok(()),
        }
    }

    async fn pass_on(&mut self, word: Result<Word, RecvError>) -> Result<(), End> {
        match word {
            Ok(Word::Event(event)) => self.next(event).await,
            Ok(Word::Look) | Err(RecvError::Lagged(_)) => self.catch_up().await,
            Err(RecvError::Closed) => Err(restart()),
        }
    }

    /// Cursors have no gaps: an event that is not the next one was told already, or others come before it.
    async fn next(&mut self, event: Arc<Event>) -> Result<(), End> {
        if event.cursor <= self.cursor {
            return Ok(());
        }
        if event.cursor == self.cursor + 1 {
            self.deliver(&event).await
        } else {
            self.catch_up().await
        }
    }

    async fn catch_up(&mut self) -> Result<(), End> {
        loop {
            let (org, cursor) = (&self.identity.org, self.cursor);
            let read = self
                .app
                .db
                .read(org, async |tx| events::after(tx, cursor, AT_ONCE).await);
            match read.await.map_err(|_| restart())? {
                After::Reset => {
                    self.cursor = self.head().await?;
                    return Ok(());
                }
                After::Events(events) if events.is_empty() => return Ok(()),
                After::Events(events) => {
                    for event in events {
                        self.deliver(&event).await?;
                    }
                }
            }
        }
    }

    async fn deliver(&mut self, event: &Event) -> Result<(), End> {
        self.cursor = event.cursor;
        let role = users::Role::from(self.identity.role);
        if !event.audience.includes(&self.identity.user, role) {
            return Ok(());
        }
        match documented(event, &self.identity) {
            Some(said) => self.say(&said).await,
            None => Ok(()),
        }
    }

    /// A session that ended, or a person who was deactivated, hears nothing more.
    async fn recheck(&mut self) -> Result<(), End> {
        match identify(self.app, &self.token, None).await {
            Ok(identity) => {
                if identity.org == self.identity.org {
                    self.identity = identity;
                }
                Ok(())
            }
            Err(ApiError::Unauthorized) => Err(End::Close(UNKNOWN, "log in again")),
            // The database is away: the stream goes on, its events come later.
            Err(_) => Ok(()),
        }
    }
}

fn restart() -> End {
    End::Close(RESTART, "the server restarts; connect again")
}
