//! One WebSocket: frames in, frames out, and the heartbeat. What they mean is decided by the hub.

use std::time::Duration;

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::{HeaderMap, header},
    response::Response,
};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval},
};

use super::{Signalling, hub::Mail};
use crate::seam::ConnectionId;

/// The client gives up 15 s after the last frame.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Four heartbeats without an echo: nobody is there.
const GONE: Duration = Duration::from_secs(20);
/// A session description is some 2 kB.
const LARGEST: usize = 1 << 18;

/// `GET /signal`.
pub(super) async fn upgrade(
    State(signalling): State<Signalling>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let edge = edge(
        headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or_default(),
    );
    upgrade
        .max_message_size(LARGEST)
        .on_upgrade(move |socket| serve(socket, signalling.mail, edge))
}

/// The edge of the host name that the client dialled.
fn edge(host: &str) -> String {
    let edge = host
        .strip_prefix("voice-js.")
        .and_then(|rest| rest.split_once(".twilio.com"))
        .map(|(edge, _)| edge);
    match edge {
        None | Some("roaming") => "ashburn".to_owned(),
        Some(edge) => edge.to_owned(),
    }
}

async fn serve(mut socket: WebSocket, mail: mpsc::UnboundedSender<Mail>, edge: String) {
    // The upper half of the ids belongs to devices without a socket.
    let connection: ConnectionId = rand::random::<ConnectionId>() >> 1;
    let (out, mut outbox) = mpsc::unbounded_channel();
    if mail
        .send(Mail::Opened {
            connection,
            out,
            edge,
        })
        .is_err()
    {
        return;
    }
    let mut heartbeat = interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = Instant::now();
    loop {
        let sent = tokio::select! {
            message = socket.recv() => {
                seen = Instant::now();
                match message {
                    Some(Ok(Message::Text(text))) => {
                        if text.as_str() != "\n" && mail.send(Mail::Frame(connection, text.to_string())).is_err() {
                            break;
                        }
                        Ok(())
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                    Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => Ok(()),
                }
            }
            frame = outbox.recv() => match frame {
                Some(frame) => socket.send(Message::Text(frame.into())).await,
                None => break,
            },
            _ = heartbeat.tick() => {
                if seen.elapsed() > GONE {
                    break;
                }
                socket.send(Message::Text("\n".into())).await
            }
        };
        if sent.is_err() {
            break;
        }
    }
    if mail.send(Mail::Closed(connection)).is_err() {
        tracing::debug!("the signalling has ended");
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_edge_is_that_of_the_dialled_host() {
        assert_eq!(super::edge("voice-js.dublin.twilio.com"), "dublin");
        assert_eq!(super::edge("voice-js.roaming.twilio.com:443"), "ashburn");
        assert_eq!(super::edge("localhost:8081"), "ashburn");
    }
}
