//! Media Streams on the wire: a WebSocket to another program, which gets a leg's sound and may answer with its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt, StreamExt};
use offhook_twilio::signature;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::engine::regions::plain;
use crate::media::{Media, Streamed, g711};
use crate::seam::{Sid, StreamInput, StreamOpen};

/// How long the other program may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest message of another program.
const LARGEST: usize = 1 << 20;
/// Milliseconds of a frame.
const STEP: u64 = 20;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What a running stream is told.
enum Order {
    Digit(char),
    Close,
}

/// All streams that run.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<Sid, mpsc::UnboundedSender<Order>>>>);

impl Streams {
    fn with<R>(&self, act: impl FnOnce(&mut HashMap<Sid, mpsc::UnboundedSender<Order>>) -> R) -> R {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn order(&self, stream: &str, order: Order) {
        self.with(|all| {
            if let Some(running) = all.get(stream) {
                // One that has just ended takes no orders.
                let _gone = running.send(order);
            }
        });
    }

    /// The leg's far end pressed a key.
    pub(crate) fn digit(&self, stream: &str, digit: char) {
        self.order(stream, Order::Digit(digit));
    }

    /// Ends a stream.
    pub(crate) fn close(&self, stream: &str) {
        self.order(stream, Order::Close);
    }

    /// Runs a stream until it ends; `tell` is told what the engine must know.
    pub(crate) fn run<T: Fn(StreamInput) + Send + Sync + 'static>(
        &self,
        open: StreamOpen,
        auth_token: &str,
        media: Media,
        tell: T,
    ) -> impl Future<Output = ()> + use<T> {
        let (sender, orders) = mpsc::unbounded_channel();
        self.with(|all| all.insert(open.stream.clone(), sender));
        let signed = signature::sign(auth_token, &open.url, &[]);
        let streams = self.clone();
        async move {
            let stream = open.stream.clone();
            let ended = match connect(&open.url, &signed).await {
                Ok(socket) => {
                    tell(StreamInput::Opened {
                        stream: stream.clone(),
                    });
                    let sound = media.stream(stream.clone(), open.call.clone());
                    let running = Running {
                        open,
                        media: media.clone(),
                        sent: 0,
                        chunks: [0; 2],
                    };
                    let ended = running.until_its_end(socket, sound, orders, &tell).await;
                    media.end_stream(&stream);
                    ended
                }
                Err(text) => Some((31920, text)),
            };
            streams.with(|all| all.remove(&stream));
            tell(StreamInput::Ended {
                stream,
                error: ended,
            });
        }
    }
}

async fn connect(url: &str, signed: &str) -> Result<Socket, String> {
    let mut request = url.into_client_request().map_err(|e| e.to_string())?;
    let signed = HeaderValue::from_str(signed).map_err(|e| e.to_string())?;
    request.headers_mut().insert("X-Twilio-Signature", signed);
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST))
        .max_frame_size(Some(LARGEST));
    let work = connect_async_with_config(request, Some(config), false);
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(error)) => Err(format!("the WebSocket could not be opened: {error}")),
        Err(_) => Err("the other program did not answer in time".into()),
    }
}

/// A stream whose socket is open.
struct Running {
    open: StreamOpen,
    media: Media,
    /// Messages sent, which are numbered from 1.
    sent: u64,
    /// Pieces of sound sent, of what the leg says and of what it hears.
    chunks: [u64; 2],
}

impl Running {
    /// Twilio's code and a text where it ended otherwise than by being closed.
    async fn until_its_end(
        mut self,
        mut socket: Socket,
        mut sound: mpsc::UnboundedReceiver<Streamed>,
        mut orders: mpsc::UnboundedReceiver<Order>,
        tell: &(impl Fn(StreamInput) + Sync),
    ) -> Option<(u32, String)> {
        let hello = json!({ "event": "connected", "protocol": "Call", "version": "1.0.0" });
        let start = self.start();
        for message in [hello, start] {
            if let Err(error) = send(&mut socket, &message).await {
                return Some((31921, error.to_string()));
            }
        }
        loop {
            let messages = tokio::select! {
                given = sound.recv() => match given {
                    Some(given) => self.given(&given),
                    None => return None,
                },
                order = orders.recv() => match order {
                    Some(Order::Digit(digit)) => vec![self.digit(digit)],
                    Some(Order::Close) | None => {
                        let stop = self.stop();
                        // Who is gone already needs no farewell.
                        let _gone = send(&mut socket, &stop).await;
                        let _gone = socket.close(None).await;
                        return None;
                    }
                },
                came = socket.next() => match came {
                    Some(Ok(Message::Text(text))) => {
                        if let Err(text) = self.take(&text) {
                            let stream = self.open.stream.clone();
                            tell(StreamInput::Wrong { stream, code: 31951, text });
                        }
                        continue;
                    }
                    Some(Ok(Message::Close(_)) | Err(Error::ConnectionClosed)) | None => return None,
                    Some(Ok(_)) => continue,
                    Some(Err(error)) => return Some((31921, error.to_string())),
                },
            };
            for message in messages {
                if let Err(error) = send(&mut socket, &message).await {
                    return Some((31921, error.to_string()));
                }
            }
        }
    }

    /// A message with its number and the stream's name.
    fn message(&mut self, event: &str, name: &str, content: &Value) -> Value {
        self.sent += 1;
        json!({
            "event": event,
            "sequenceNumber": self.sent.to_string(),
            "streamSid": self.open.stream,
            name: content,
        })
    }

    fn start(&mut self) -> Value {
        let tracks = [
            ("inbound", self.open.inbound),
            ("outbound", self.open.outbound),
        ];
        let tracks: Vec<&str> = tracks
            .iter()
            .filter(|(_, sent)| *sent)
            .map(|(name, _)| *name)
            .collect();
        let parameters: serde_json::Map<String, Value> = self
            .open
            .parameters
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        let content = json!({
            "accountSid": plain(&self.open.account),
            "streamSid": self.open.stream,
            "callSid": self.open.call,
            "tracks": tracks,
            "mediaFormat": { "encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1 },
            "customParameters": parameters,
        });
        self.message("start", "start", &content)
    }

    fn stop(&mut self) -> Value {
        let content = json!({ "accountSid": plain(&self.open.account), "callSid": self.open.call });
        self.message("stop", "stop", &content)
    }

    fn digit(&mut self, digit: char) -> Value {
        let content = json!({ "track": "inbound_track", "digit": digit.to_string() });
        self.message("dtmf", "dtmf", &content)
    }

    fn given(&mut self, given: &Streamed) -> Vec<Value> {
        let (said, heard) = match given {
            Streamed::Mark(name) => {
                return vec![self.message("mark", "mark", &json!({ "name": name }))];
            }
            Streamed::Sound(both) => (&both.0, &both.1),
        };
        let wanted = [
            (0, "inbound", self.open.inbound, said),
            (1, "outbound", self.open.outbound, heard),
        ];
        let mut messages = Vec::new();
        for (track, name, _, frame) in wanted.into_iter().filter(|(_, _, wanted, _)| *wanted) {
            let payload: Vec<u8> = frame.iter().map(|sample| g711::encode(*sample)).collect();
            self.chunks[track] += 1;
            let chunk = self.chunks[track];
            let content = json!({
                "track": name,
                "chunk": chunk.to_string(),
                "timestamp": ((chunk - 1) * STEP).to_string(),
                "payload": STANDARD.encode(payload),
            });
            messages.push(self.message("media", "media", &content));
        }
        messages
    }

    /// What the other program sent; the error says what is wrong with it.
    fn take(&self, text: &str) -> Result<(), String> {
        let message: Value = serde_json::from_str(text)
            .map_err(|error| format!("the message is no JSON: {error}"))?;
        let stream = self.open.stream.as_str();
        if !self.open.both_ways {
            return Err("a stream of one way takes no messages".into());
        }
        if message["streamSid"] != stream {
            return Err("the message names another stream".into());
        }
        match message["event"].as_str() {
            Some("media") => {
                let payload = message["media"]["payload"].as_str().unwrap_or_default();
                let bytes = STANDARD
                    .decode(payload)
                    .map_err(|_| "the payload is no base64".to_owned())?;
                let samples = bytes.into_iter().map(g711::decode).collect();
                self.media.feed(stream, samples);
            }
            Some("mark") => {
                let name = message["mark"]["name"]
                    .as_str()
                    .ok_or("the mark has no name")?;
                self.media.mark(stream, name.to_owned());
            }
            Some("clear") => self.media.clear(stream),
            other => return Err(format!("{other:?} is not an event")),
        }
        Ok(())
    }
}

/// Sends a message; a program that does not take it in time counts as gone.
async fn send(socket: &mut Socket, message: &Value) -> Result<(), Error> {
    let sending = socket.send(Message::text(message.to_string()));
    tokio::time::timeout(PATIENCE, sending)
        .await
        .unwrap_or(Err(Error::ConnectionClosed))
}
