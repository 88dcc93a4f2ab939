//! Keys: what a caller presses, and what is pressed for a called party.

use super::Engine;
use super::leg::{Doing, Far};
use super::records::CallStatus;
use crate::seam::MediaCommand;

/// How far tones travel through joined calls, which may form a circle.
const HOPS: u8 = 4;

impl Engine {
    /// The far end of a leg pressed keys: what runs on the leg takes them, and whoever hears it hears them.
    /// `sounds` where the tones are not in its sound already.
    pub(super) fn keys_from_outside(&mut self, sid: &str, digits: &str, sounds: bool) {
        if self.key_hops >= HOPS {
            return;
        }
        let now = self.now;
        let digits: String = digits
            .chars()
            .filter(|key| "0123456789*#ABCD".contains(*key))
            .collect();
        let Some(leg) = self
            .leg_mut(sid)
            .filter(|leg| leg.is_live() && leg.is_answered())
        else {
            return;
        };
        if digits.is_empty() {
            return;
        }
        leg.note(now, "says", format!("(keys {digits})"));
        leg.note(now, "digits", digits.clone());
        if sounds {
            self.media(MediaCommand::Digits {
                leg: sid.to_owned(),
                digits: digits.clone(),
            });
        }
        self.key_hops += 1;
        for key in digits.chars() {
            self.key(sid, key);
            self.key_of_code(sid, key);
        }
        self.key_hops -= 1;
    }

    fn key(&mut self, sid: &str, key: char) {
        let Some(leg) = self.leg(sid).filter(|leg| leg.is_live()) else {
            return;
        };
        let Some(script) = leg.scripts.last() else {
            return self.key_for_partner(sid, key);
        };
        let run = script.run;
        match &script.doing {
            Doing::Gather(_) => self.gather_key(sid, run, key),
            Doing::Record(_) => self.record_key(sid, run, key),
            Doing::Dial(dialing) if key == '*' && dialing.dial.hangup_on_star == Some(true) => {
                match dialing.bridged.clone() {
                    Some(child) => self.end(&child, CallStatus::Completed, false),
                    None => self.dial_given_up(sid),
                }
            }
            Doing::Stream(handed) => {
                let stream = handed.stream.clone();
                self.stream_key(&stream, key);
            }
            Doing::Dial(_) | Doing::Room(_) | Doing::Queue(_) => self.key_for_partner(sid, key),
            _ => {}
        }
    }

    /// The caller does not want to wait any longer for those that ring.
    fn dial_given_up(&mut self, sid: &str) {
        let children = self
            .leg(sid)
            .and_then(|leg| leg.dialing())
            .map(|d| d.children.clone())
            .unwrap_or_default();
        for child in children {
            self.end(&child, CallStatus::Canceled, false);
        }
    }

    /// Tones travel on to whoever is connected.
    fn key_for_partner(&mut self, sid: &str, key: char) {
        let hearers = match self.leg(sid).and_then(|leg| leg.room.clone()) {
            Some(room) => self
                .legs_in_room(&room)
                .into_iter()
                .filter(|other| other != sid)
                .collect(),
            None => self.partner(sid).into_iter().collect::<Vec<_>>(),
        };
        for hearer in hearers {
            self.keys_heard(&hearer, &key.to_string());
        }
    }

    /// Keys are sounded towards a leg's far end (`<Play digits>`, `SendDigits`).
    pub(super) fn keys_to_outside(&mut self, sid: &str, digits: &str) {
        let keys: String = digits
            .chars()
            .filter(|key| !matches!(key, 'w' | 'W'))
            .collect();
        let peer = match self.leg(sid).map(|leg| &leg.far) {
            Some(Far::Peer(peer)) => Some(peer.clone()),
            _ => None,
        };
        let now = self.now;
        if let Some(leg) = self.leg_mut(sid) {
            leg.note(now, "hears", format!("(keys {keys})"));
        }
        if let Some(peer) = peer {
            self.keys_from_outside(&peer, &keys, true);
        }
    }

    /// A leg hears another's tones, which are in the sound already.
    fn keys_heard(&mut self, sid: &str, keys: &str) {
        let now = self.now;
        let Some(leg) = self.leg_mut(sid) else { return };
        leg.note(now, "hears", format!("(keys {keys})"));
        if let Far::Peer(peer) = &leg.far {
            let peer = peer.clone();
            self.keys_from_outside(&peer, keys, false);
        }
    }
}
