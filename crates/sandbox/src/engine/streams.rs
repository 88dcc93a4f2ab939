//! Streams of a leg's sound: begun by TwiML or by REST, told of by callbacks, ended with the leg.

use offhook_twilio::twiml::{Connect, ConnectNoun, Stream, StreamTrack};
use serde_json::json;

use super::Engine;
use super::error::RestError;
use super::hooks::{param, resolve};
use super::leg::Doing;
use super::requests::Callback;
use super::verbs::{Flow, callback};
use crate::seam::{Output, Sid, StreamInput, StreamOpen, StreamOutput, Time};

/// Streams of one way that a call may have at once.
const MOST: usize = 4;
/// Streams that are kept when they are over.
const KEPT: usize = 2000;

/// A stream.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveStream {
    /// `MZ…`.
    pub sid: Sid,
    /// Whose.
    pub account_sid: Sid,
    /// The leg.
    pub call_sid: Sid,
    /// Its name; empty for none.
    pub name: String,
    /// Whether it is over.
    pub stopped: bool,
    /// When it last changed.
    pub date_updated: Time,
    callback: Callback,
    /// The other program has not answered yet.
    opening: bool,
    both_ways: bool,
}

/// What a stream is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamRequest {
    /// The other program's address.
    pub url: String,
    /// A name, unique in the call; empty for none.
    pub name: String,
    /// `inbound_track`, `outbound_track`, `both_tracks`; empty is the first.
    pub track: String,
    /// Told of its beginning and its end.
    pub callback: Callback,
    /// What the other program finds in its `start` message.
    pub parameters: Vec<(String, String)>,
}

impl Engine {
    /// Whether another program is still being reached.
    pub(super) fn streams_open(&self) -> bool {
        self.streams.iter().any(|stream| stream.opening)
    }

    /// Starts a stream by REST.
    pub fn start_stream(
        &mut self,
        now: Time,
        account: &str,
        call: &str,
        request: StreamRequest,
    ) -> Result<LiveStream, RestError> {
        self.at(now);
        self.call_in_progress(account, call, "The call is not in-progress.")?;
        let begun = self.begin_stream(call, request, false);
        let sid = begun.map_err(|(code, text)| RestError::invalid(code, text))?;
        self.settle();
        self.stream_of(call, &sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(&sid))
    }

    /// Stops a stream by REST, by its SID or its name.
    pub fn end_stream(
        &mut self,
        now: Time,
        account: &str,
        call: &str,
        which: &str,
    ) -> Result<LiveStream, RestError> {
        self.at(now);
        self.call(account, call)
            .ok_or_else(|| RestError::not_found(call))?;
        let found = self.stream_of(call, which);
        let sid = found
            .map(|stream| stream.sid.clone())
            .ok_or_else(|| RestError::not_found(which))?;
        self.close_stream(&sid);
        self.settle();
        self.stream_of(call, &sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(which))
    }

    fn stream_of(&self, call: &str, which: &str) -> Option<&LiveStream> {
        self.streams.iter().rev().find(|stream| {
            stream.call_sid == call
                && (stream.sid == which || (!which.is_empty() && stream.name == which))
        })
    }

    fn begin_stream(
        &mut self,
        call: &str,
        request: StreamRequest,
        both_ways: bool,
    ) -> Result<Sid, (u32, String)> {
        let address = url::Url::parse(&request.url);
        if !address.is_ok_and(|url| matches!(url.scheme(), "ws" | "wss")) {
            return Err((11100, format!("{} is not a stream's address", request.url)));
        }
        let live = |stream: &&LiveStream| stream.call_sid == call && !stream.stopped;
        let running = self.streams.iter().filter(live);
        if running.clone().filter(|one| !one.both_ways).count() >= MOST && !both_ways {
            return Err((20001, format!("a call has at most {MOST} streams")));
        }
        let taken = running.clone().any(|one| one.name == request.name);
        if !request.name.is_empty() && taken {
            return Err((20001, format!("the name {} is taken", request.name)));
        }
        let account = self
            .leg(call)
            .map(|leg| leg.record.account_sid.clone())
            .ok_or((20404, "the call is gone".to_owned()))?;
        let sid = self.ids.sid("MZ");
        if self.streams.len() >= KEPT {
            self.streams.retain(|stream| !stream.stopped);
        }
        self.streams.push(LiveStream {
            sid: sid.clone(),
            account_sid: account.clone(),
            call_sid: call.to_owned(),
            name: request.name,
            stopped: false,
            date_updated: self.now,
            callback: request.callback,
            opening: true,
            both_ways,
        });
        let track = request.track.as_str();
        self.out
            .push_back(Output::Stream(StreamOutput::Open(StreamOpen {
                stream: sid.clone(),
                call: call.to_owned(),
                account,
                url: request.url,
                inbound: track != StreamTrack::Outbound.as_str(),
                outbound: matches!(track, "outbound_track" | "both_tracks"),
                both_ways,
                parameters: request.parameters,
            })));
        self.stream_trace(&sid, "opening");
        Ok(sid)
    }

    fn stream_trace(&mut self, sid: &str, event: &str) {
        let data = json!({ "at": self.now, "stream_sid": sid, "event": event });
        self.trace("stream", data);
    }

    /// A stream as TwiML asks for it.
    fn stream_request(&self, leg: &str, verb: &Stream) -> StreamRequest {
        let told = callback::<String>(
            verb.status_callback.as_ref(),
            verb.status_callback_method,
            &[],
        );
        let parameters = verb.parameters.iter();
        StreamRequest {
            url: verb.url.clone().unwrap_or_default(),
            name: verb.name.clone().unwrap_or_default(),
            track: verb.track.map_or("", StreamTrack::as_str).to_owned(),
            callback: self.resolved(leg, told),
            parameters: parameters
                .map(|one| (one.name.clone(), one.value.clone()))
                .collect(),
        }
    }

    /// `<Start><Stream>`.
    pub(super) fn stream_from_twiml(&mut self, leg: &str, verb: &Stream) {
        let request = self.stream_request(leg, verb);
        if let Err((code, text)) = self.begin_stream(leg, request, false) {
            self.alert(leg, code, &text);
        }
    }

    /// `<Stop><Stream>`.
    pub(super) fn stop_stream(&mut self, leg: &str, name: &str) {
        match self.stream_of(leg, name).map(|stream| stream.sid.clone()) {
            Some(sid) => self.close_stream(&sid),
            None => self.alert(leg, 12200, &format!("there is no stream named {name}")),
        }
    }

    /// `<Connect>`: the call goes on when the other program has ended the stream.
    pub(super) fn hand_over(&mut self, leg: &str, run: u64, connect: Connect) -> Flow {
        let stream = match &connect.noun {
            Some(ConnectNoun::Stream(stream)) => stream.clone(),
            Some(ConnectNoun::Foreign(name)) => {
                let name = name.clone();
                return self.not_served(leg, run, &name);
            }
            None => return Flow::On,
        };
        let mut request = self.stream_request(leg, &stream);
        if !matches!(request.track.as_str(), "" | "inbound_track") {
            self.alert(
                leg,
                31941,
                "a stream of both ways has the inbound track only",
            );
            request.track.clear();
        }
        match self.begin_stream(leg, request, true) {
            Ok(stream) => {
                let handed = super::leg::Handed { connect, stream };
                self.enter(leg, run, Doing::Stream(Box::new(handed)));
                Flow::Stay
            }
            Err((code, text)) => {
                self.alert(leg, code, &text);
                Flow::On
            }
        }
    }

    /// The caller pressed a key while another program has the call.
    pub(super) fn stream_key(&mut self, stream: &str, key: char) {
        self.out.push_back(Output::Stream(StreamOutput::Digit {
            stream: stream.to_owned(),
            digit: key,
        }));
    }

    /// Ends a stream from our side.
    pub(super) fn close_stream(&mut self, sid: &str) {
        let live = self
            .streams
            .iter()
            .any(|stream| stream.sid == sid && !stream.stopped);
        if live {
            self.out.push_back(Output::Stream(StreamOutput::Close {
                stream: sid.to_owned(),
            }));
            self.stream_over(sid, None);
        }
    }

    /// The leg is over: so are its streams.
    pub(super) fn close_streams_of(&mut self, leg: &str) {
        let live = self.streams.iter();
        let live: Vec<Sid> = live
            .filter(|stream| stream.call_sid == leg && !stream.stopped)
            .map(|stream| stream.sid.clone())
            .collect();
        for sid in live {
            self.close_stream(&sid);
        }
    }

    pub(super) fn stream_input(&mut self, input: StreamInput) {
        match input {
            StreamInput::Opened { stream } => {
                let found = self.streams.iter_mut().find(|one| one.sid == stream);
                if let Some(found) = found.filter(|one| !one.stopped) {
                    found.opening = false;
                    self.stream_event(&stream, "stream-started", None);
                }
            }
            StreamInput::Wrong { stream, code, text } => {
                let call = self.streams.iter().find(|one| one.sid == stream);
                if let Some(call) = call.map(|one| one.call_sid.clone()) {
                    self.alert(&call, code, &text);
                }
            }
            StreamInput::Ended { stream, error } => self.stream_over(&stream, error.as_ref()),
        }
    }

    /// A stream is over; whatever waited for it goes on.
    fn stream_over(&mut self, sid: &str, error: Option<&(u32, String)>) {
        let now = self.now;
        let found = self.streams.iter_mut().find(|one| one.sid == sid);
        let Some(stream) = found.filter(|one| !one.stopped) else {
            return;
        };
        stream.stopped = true;
        stream.opening = false;
        stream.date_updated = now;
        let call = stream.call_sid.clone();
        if let Some((code, text)) = error {
            self.alert(&call, *code, text);
            self.stream_event(sid, "stream-error", Some(text));
        } else {
            self.stream_event(sid, "stream-stopped", None);
        }
        let waits = self
            .leg(&call)
            .filter(|leg| leg.is_live())
            .and_then(|leg| leg.main())
            .and_then(|main| match &main.doing {
                Doing::Stream(handed) if handed.stream == sid => {
                    Some((main.run, handed.connect.clone()))
                }
                _ => None,
            });
        if let Some((run, connect)) = waits {
            let action = connect.action.as_deref();
            self.act(&call, run, action, connect.method, Vec::new());
        }
    }

    fn stream_event(&mut self, sid: &str, event: &str, error: Option<&str>) {
        self.stream_trace(sid, event);
        let Some(stream) = self.streams.iter().find(|one| one.sid == sid).cloned() else {
            return;
        };
        if stream.callback.url.is_empty() {
            return;
        }
        let mut params = vec![
            param("AccountSid", &stream.account_sid),
            param("CallSid", &stream.call_sid),
            param("StreamSid", sid),
            param("StreamName", &stream.name),
            param("StreamEvent", event),
            param(
                "Timestamp",
                self.now.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            ),
        ];
        params.extend(error.map(|text| param("StreamError", text)));
        let (url, method) = (resolve("", &stream.callback.url), &stream.callback.method);
        let lane = format!("stream {sid}");
        self.tell(lane, stream.account_sid, &url, method, params);
    }
}
