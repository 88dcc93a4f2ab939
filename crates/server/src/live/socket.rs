//! One client's event stream: `hello` first, then everything after its cursor that it may see, each event once.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use chrono::{DateTime, Utc};
use offhook_store::events::{self, After, Event};
use offhook_store::users;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use utoipa::ToSchema;

use super::{Device, Word};
use crate::app::App;
use crate::auth::Identity;
use crate::auth::caller::identify;
use crate::error::ApiError;

/// How long a client without a credential may take to send its token.
const TOKEN_WITHIN: Duration = Duration::from_secs(10);
/// How long, in the demo, a browser's cookie waits for the tab's own token: there each tab is somebody else.
const TAB_FIRST: Duration = Duration::from_millis(400);
/// How often the server asks for a sign of life.
const BEAT: Duration = Duration::from_secs(10);
/// How often it is checked that the session still holds.
const RECHECK: Duration = Duration::from_secs(30);
/// How long a client may take to read what it is sent.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// How many events are read from the rows at once.
const AT_ONCE: u32 = 200;

/// 4401: log in again. The other codes are the standard's.
const UNAUTHORIZED: u16 = 4401;
const RESTART: u16 = 1012;

/// One message to a client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Frame {
    /// Where this event stands; `?cursor=` goes on after it.
    cursor: String,
    /// `hello`, `reset`, `incoming_call`, `offer_closed`, `join`, `call_status_update`, `presence`, `voicemail`, `contact`, `number` …
    #[serde(rename = "type")]
    kind: String,
    at: DateTime<Utc>,
    /// Everything the client needs; it asks for nothing more.
    data: Value,
}

impl From<&Event> for Frame {
    fn from(event: &Event) -> Self {
        Self {
            cursor: event.cursor.to_string(),
            kind: event.kind.clone(),
            at: event.at,
            data: event.data.clone(),
        }
    }
}

/// How a client begins.
pub(crate) struct Opening {
    /// Who it is, when the request said so.
    pub identity: Option<Identity>,
    /// The token behind that.
    pub token: Option<String>,
    /// The cursor to go on after.
    pub cursor: Option<String>,
    /// The organization that the client selects.
    pub slug: Option<String>,
}

/// What a client may say.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "type", default)]
    kind: String,
    token: Option<String>,
    cursor: Option<String>,
    device: Option<Device>,
}

/// Why a stream ends.
enum End {
    /// The client went, or does not read.
    Gone,
    /// The client is told why.
    Close(u16, &'static str),
}

/// Serves one client until it goes.
pub(crate) async fn serve(app: App, mut socket: WebSocket, opening: Opening) {
    let end = match authenticate(&app, &mut socket, opening).await {
        Ok((identity, token, cursor)) => {
            metrics::gauge!("offhook_live_sockets").increment(1.0);
            let mut stream = Stream::new(&app, socket, identity, token);
            let end = stream.run(cursor).await;
            app.live.beats.forget(&stream.identity.user, &stream.client);
            metrics::gauge!("offhook_live_sockets").decrement(1.0);
            socket = stream.socket;
            end
        }
        Err(end) => end,
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

/// The identity of the request, or that of the first message.
async fn authenticate(
    app: &App,
    socket: &mut WebSocket,
    opening: Opening,
) -> Result<(Identity, String, Option<String>), End> {
    let by_request = opening.identity.zip(opening.token);
    let wait = match (&by_request, app.config.demo.is_some()) {
        (Some(_), false) => None,
        (Some(_), true) => Some(TAB_FIRST),
        (None, _) => Some(TOKEN_WITHIN),
    };
    let said = match wait {
        Some(wait) => first_token(socket, wait).await?,
        None => None,
    };
    let Some((token, cursor)) = said else {
        let (identity, token) = by_request.ok_or(End::Close(UNAUTHORIZED, "send a token first"))?;
        return Ok((identity, token, opening.cursor));
    };
    let identity = identify(app, &token, opening.slug.as_deref()).await;
    let identity = identity.map_err(|_| End::Close(UNAUTHORIZED, "log in again"))?;
    Ok((identity, token, cursor.or(opening.cursor)))
}

/// Waits for a message with a token; other messages come too early and are left aside.
async fn first_token(
    socket: &mut WebSocket,
    wait: Duration,
) -> Result<Option<(String, Option<String>)>, End> {
    let message = async {
        loop {
            match socket.recv().await {
                Some(Ok(Message::Text(text))) => {
                    if let Ok(Said {
                        token: Some(token),
                        cursor,
                        ..
                    }) = serde_json::from_str(&text)
                    {
                        return Ok(Some((token, cursor)));
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
                Some(Ok(_)) => {}
            }
        }
    };
    tokio::time::timeout(wait, message)
        .await
        .unwrap_or(Ok(None))
}

struct Stream<'a> {
    app: &'a App,
    socket: WebSocket,
    identity: Identity,
    token: String,
    /// One per open tab.
    client: String,
    device: Device,
    /// The last cursor that was sent or passed over.
    cursor: i64,
}

impl<'a> Stream<'a> {
    fn new(app: &'a App, socket: WebSocket, identity: Identity, token: String) -> Self {
        let client = uuid::Uuid::now_v7().simple().to_string();
        Self {
            app,
            socket,
            identity,
            token,
            client,
            device: Device::None,
            cursor: 0,
        }
    }

    async fn run(&mut self, cursor: Option<String>) -> End {
        // Listening comes before reading the head, so that nothing falls between the two.
        let mut words = self.app.live.subscribe(&self.identity.org);
        if let Err(end) = self.begin(cursor).await {
            return end;
        }
        self.beat();
        let mut pulse = tokio::time::interval(BEAT);
        let mut recheck = tokio::time::interval(RECHECK);
        recheck.reset();
        let ending = self.app.stop.clone();
        loop {
            let step = tokio::select! {
                biased;
                () = ending.cancelled() => Err(End::Close(RESTART, "the server restarts; connect again")),
                message = self.socket.recv() => self.hear(message),
                word = words.recv() => self.pass_on(word).await,
                _ = pulse.tick() => self.send(Message::Ping(Vec::new().into())).await,
                _ = recheck.tick() => self.recheck().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// `hello` with the current cursor, then what the client missed.
    async fn begin(&mut self, cursor: Option<String>) -> Result<(), End> {
        let head = self.head().await?;
        let hello = json!({"user_id": self.identity.user.as_str(), "organization_id": self.identity.org.as_str()});
        self.frame("hello", head, hello).await?;
        match cursor.map(|text| text.parse::<i64>()) {
            None => self.cursor = head,
            Some(Ok(cursor)) => {
                self.cursor = cursor;
                self.catch_up().await?;
            }
            Some(Err(_)) => self.reset().await?,
        }
        Ok(())
    }

    async fn head(&mut self) -> Result<i64, End> {
        let head = self
            .app
            .db
            .read(&self.identity.org, async |tx| events::head(tx).await)
            .await;
        head.map_err(|_| End::Close(RESTART, "the database cannot be reached; connect again"))
    }

    async fn reset(&mut self) -> Result<(), End> {
        self.cursor = self.head().await?;
        self.frame("reset", self.cursor, json!({})).await
    }

    async fn frame(&mut self, kind: &str, cursor: i64, data: Value) -> Result<(), End> {
        let frame = Frame {
            cursor: cursor.to_string(),
            kind: kind.to_owned(),
            at: self.app.clock.now(),
            data,
        };
        self.send_frame(&frame).await
    }

    async fn send_frame(&mut self, frame: &Frame) -> Result<(), End> {
        let text = serde_json::to_string(frame).expect("a frame is plain data");
        self.send(Message::Text(text.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match tokio::time::timeout(SEND_WITHIN, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    /// Reads what stands after the cursor from the rows.
    async fn catch_up(&mut self) -> Result<(), End> {
        loop {
            let cursor = self.cursor;
            let read = self
                .app
                .db
                .read(&self.identity.org, async |tx| {
                    events::after(tx, cursor, AT_ONCE).await
                })
                .await;
            match read
                .map_err(|_| End::Close(RESTART, "the database cannot be reached; connect again"))?
            {
                After::Reset => return self.reset().await,
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
        if event
            .audience
            .includes(&self.identity.user, users::Role::from(self.identity.role))
        {
            self.send_frame(&Frame::from(event)).await?;
        }
        Ok(())
    }

    async fn pass_on(&mut self, word: Result<Word, RecvError>) -> Result<(), End> {
        match word {
            Ok(Word::Event(event)) => self.next(event).await,
            Ok(Word::Look) | Err(RecvError::Lagged(_)) => self.catch_up().await,
            Err(RecvError::Closed) => {
                Err(End::Close(RESTART, "the server restarts; connect again"))
            }
        }
    }

    /// Cursors have no gaps: an event that is not the next one was sent already, or others come before it.
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

    fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => {
                if let Ok(Said {
                    kind,
                    device: Some(device),
                    ..
                }) = serde_json::from_str(&text)
                    && kind == "beat"
                {
                    self.device = device;
                    self.beat();
                }
                Ok(())
            }
            // The answer to our ping: the tab lives, and its device is as it was.
            Some(Ok(Message::Pong(_))) => {
                self.beat();
                Ok(())
            }
            Some(Ok(Message::Ping(_) | Message::Binary(_))) => Ok(()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
        }
    }

    fn beat(&self) {
        self.app.live.beats.put(
            &self.identity.org,
            &self.identity.user,
            &self.client,
            self.device,
        );
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
            Err(ApiError::Unauthorized) => Err(End::Close(UNAUTHORIZED, "log in again")),
            // The database is away: the stream goes on, its events come later.
            Err(_) => Ok(()),
        }
    }
}
