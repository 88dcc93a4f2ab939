//! Sounds that were asked for, and who waits for them.

use super::Engine;
use crate::seam::{Clip, Output, Sid, SoundReady, SoundRequest};

/// Who waits for a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Waiter {
    /// A script at this stage.
    Script { leg: Sid, run: u64, stage: u64 },
    /// A phone at this step.
    Phone { leg: Sid, serial: u64 },
}

impl Engine {
    /// Asks for a sound; one request serves all who wait for the same.
    pub(super) fn want_sound(&mut self, request: SoundRequest, waiter: Waiter) {
        let waiting = self.sounds.entry(request.clone()).or_default();
        waiting.push(waiter);
        if waiting.len() == 1 {
            self.out.push_back(Output::Sound(request));
        }
    }

    pub(super) fn sound_ready(&mut self, ready: &SoundReady) {
        let clip = ready.clip.clone().map(|clip| named(clip, &ready.request));
        for waiter in self.sounds.remove(&ready.request).unwrap_or_default() {
            match waiter {
                Waiter::Script { leg, run, stage } => {
                    self.script_sound(&leg, run, stage, clip.clone());
                }
                Waiter::Phone { leg, serial } => self.phone_sound(&leg, serial, clip.clone()),
            }
        }
    }
}

/// A sound without words is known in the ground truth by its file's name.
fn named(mut clip: Clip, request: &SoundRequest) -> Clip {
    if clip.text.is_empty() {
        clip.text = match request {
            SoundRequest::Say { text, .. } | SoundRequest::Marked { text, .. } => text.clone(),
            SoundRequest::Bundled(name) => format!("({name})"),
            SoundRequest::Url(url) => {
                let path = url.split(['?', '#']).next().unwrap_or_default();
                format!("({})", path.rsplit('/').next().unwrap_or_default())
            }
        };
    }
    clip
}
