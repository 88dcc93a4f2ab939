//! Every address that we hand to the carrier: made here, and routed in `webhooks::routes`.

use std::time::Duration;

use offhook_core::call::Call;
use offhook_core::id::CallId;
use offhook_twilio::retry::{Overrides, RetryOn};
use url::form_urlencoded::Serializer;

use crate::config::Config;

/// The parameter by which a callback is known that the doctor sent round.
pub(crate) const PROBE: &str = "probe";

/// A door of ours that the carrier knocks at; the path is also its name in the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A call comes in: at a number, from a softphone, or a leg that we placed by REST was answered.
    Voice,
    /// The queue's `Enqueue` ended.
    Queue,
    /// What a caller in the queue hears.
    Wait,
    /// A redirected leg asks for its room.
    Room,
    /// A redirected leg asks what follows.
    Next,
    /// A leg that is sent away with a few words.
    Farewell,
    /// Another door failed: the carrier asks here instead.
    Fallback,
    /// The `Dial` into a room ended.
    RoomLeft,
    /// The `Dial` to a forward phone ended.
    Forwarded,
    /// The `Dial` of an agent's leg to the customer ended.
    Dialled,
    /// An agent's device that a caller's leg dialled was taken up.
    DeviceAnswered,
    /// The `Dial` of a caller's leg to devices ended.
    DevicesRung,
    /// Device SDK: a leg's status, or the end of its `Dial`, at one address.
    VoiceStatus,
    /// Click-to-call: the `Dial` of an agent's leg to the customer ended.
    OutboundStatus,
    /// A voicemail was spoken.
    Message,
    /// What a customer hears who is held, or waits in a room.
    Music,
    /// A leg's status.
    Status,
    /// A recording's status.
    Recording,
    /// What happens in a room.
    Conference,
}

impl Door {
    /// All doors, for the test that walks through each.
    pub const ALL: [Self; 19] = [
        Self::Voice,
        Self::Queue,
        Self::Wait,
        Self::Room,
        Self::Next,
        Self::Farewell,
        Self::Fallback,
        Self::RoomLeft,
        Self::Forwarded,
        Self::Dialled,
        Self::DeviceAnswered,
        Self::DevicesRung,
        Self::VoiceStatus,
        Self::OutboundStatus,
        Self::Message,
        Self::Music,
        Self::Status,
        Self::Recording,
        Self::Conference,
    ];

    /// The door at a path: its own, or one that one of the five systems documents for it.
    pub fn at(path: &str) -> Option<Self> {
        let own = Self::ALL.into_iter().find(|door| door.path() == path);
        own.or_else(|| crate::doors::webhook(path))
    }

    /// Its path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Voice => "/webhooks/twilio/voice",
            Self::Queue => "/webhooks/twilio/queue",
            Self::Wait => "/webhooks/twilio/wait",
            Self::Room => "/webhooks/twilio/room",
            Self::Next => "/webhooks/twilio/next",
            Self::Farewell => "/webhooks/twilio/farewell",
            Self::Fallback => "/webhooks/twilio/fallback",
            Self::RoomLeft => "/webhooks/twilio/room-left",
            Self::Forwarded => "/webhooks/twilio/forwarded",
            Self::Dialled => "/webhooks/twilio/dialled",
            Self::DeviceAnswered => "/webhooks/twilio/device-answered",
            Self::DevicesRung => "/webhooks/twilio/devices-rung",
            Self::VoiceStatus => "/api/webhooks/twilio/voice/status",
            Self::OutboundStatus => "/api/twilio/outbound-status",
            Self::Message => "/webhooks/twilio/voicemail",
            Self::Music => "/webhooks/twilio/music",
            Self::Status => "/webhooks/twilio/status",
            Self::Recording => "/webhooks/twilio/recording",
            Self::Conference => "/webhooks/twilio/conference",
        }
    }

    /// Whether the carrier waits for TwiML here.
    pub const fn wants_twiml(self) -> bool {
        !matches!(self, Self::Status | Self::Recording | Self::Conference)
    }
}

/// Makes addresses under the public one.
#[derive(Debug, Clone)]
pub struct Doors {
    base: String,
}

impl Doors {
    /// The doors of this server.
    pub fn of(config: &Config) -> Self {
        Self::under(&config.public_url)
    }

    /// The doors of a server that is reached under this address.
    pub fn under(public_url: &url::Url) -> Self {
        Self {
            base: public_url.as_str().trim_end_matches('/').to_owned(),
        }
    }

    /// A door's address without anything about a call, as it is pasted into the carrier's console.
    pub fn bare(&self, door: Door) -> String {
        self.with(door, &[])
    }

    /// A door's address for a call, the same for all its legs.
    pub fn of_call(&self, door: Door, call: &CallId) -> String {
        self.with(door, &[("call", call.as_str())])
    }

    /// A door's address for a leg of a call, which is known by its label before it has a SID.
    pub fn of_leg(&self, door: Door, call: &CallId, label: &str) -> String {
        self.with(door, &[("call", call.as_str()), ("label", label)])
    }

    /// A door's address for this turn of a call, so that a repeat is told from a second visit.
    pub fn of_turn(&self, door: Door, call: &Call) -> String {
        self.at_turn(door, &call.id, call.turn)
    }

    /// A door's address for a given turn of a call.
    pub fn at_turn(&self, door: Door, call: &CallId, turn: u32) -> String {
        self.with(
            door,
            &[("call", call.as_str()), ("turn", &turn.to_string())],
        )
    }

    /// A door's address with a query of its own.
    pub fn with(&self, door: Door, query: &[(&str, &str)]) -> String {
        self.documented(door.path(), door, query)
    }

    /// A door's address at a path that another system documents for it.
    pub fn documented(&self, path: &str, door: Door, query: &[(&str, &str)]) -> String {
        let mut url = format!("{}{path}", self.base);
        if !query.is_empty() {
            url.push('?');
            url.push_str(&Serializer::new(String::new()).extend_pairs(query).finish());
        }
        overrides(door).apply(&url)
    }

    /// The door of ours that an address leads to, and its path and query; a fragment says nothing of where.
    pub fn door_at(&self, url: &str) -> Option<(Door, String)> {
        let url = url.split('#').next().unwrap_or_default();
        let rest = url
            .strip_prefix(&self.base)
            .filter(|rest| rest.starts_with('/'))?;
        let path = rest.split('?').next().unwrap_or_default();
        Some((Door::at(path)?, rest.to_owned()))
    }

    /// The public address that these are under.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A door's address as it was requested, path and query.
    pub fn again(&self, door: Door, requested: &str) -> String {
        overrides(door).apply(&format!("{}{requested}", self.base))
    }

    /// The address of one of our sound files.
    pub fn audio(&self, name: &str) -> String {
        format!("{}/audio/{name}.wav", self.base)
    }
}

/// Without these the carrier tries again only when it could not connect. All tries share 15 s: a caller shall not wait
/// long for a node that is stuck, and a callback has time for several.
fn overrides(door: Door) -> Overrides {
    let (retries, read) = if door.wants_twiml() { (2, 5) } else { (5, 4) };
    Overrides {
        connect: Duration::from_secs(2),
        read: Duration::from_secs(read),
        retries,
        retry_on: vec![RetryOn::Connect, RetryOn::Read, RetryOn::ServerError],
        ..Overrides::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_call_and_asks_the_carrier_to_try_again() {
        let doors = Doors {
            base: "https://calls.example.com".into(),
        };
        let call = CallId::parse("call_1").unwrap();
        assert_eq!(
            doors.at_turn(Door::Queue, &call, 3),
            "https://calls.example.com/webhooks/twilio/queue?call=call_1&turn=3#rc=2&rp=ct,rt,5xx&rt=5000&ct=2000"
        );
        assert_eq!(
            doors.bare(Door::Status),
            "https://calls.example.com/webhooks/twilio/status#rc=5&rp=ct,rt,5xx&rt=4000&ct=2000"
        );
    }
}
