//! Where sound comes from: bundled lines, speech by espeak-ng, files fetched over HTTP, tones where nothing else is.
//!
//! How the driver uses it: `let sounds = Sounds::new();` then for each `Output::Sound(request)` spawn
//! `sounds.get(request)` and give its [`SoundReady`] to the engine.

mod bundled;
mod fetch;
mod memory;
mod speech;
mod words;

use std::sync::{Arc, Mutex};

pub use bundled::Persona;
use fetch::{Fetch, Fetched};
use memory::Memory;
use speech::Speech;

use crate::seam::{Clip, SoundReady, SoundRequest};

/// Longest text spoken, as at Twilio.
const LONGEST_TEXT: usize = 4096;

/// Finds sounds and remembers them; clones share the memory.
#[derive(Clone)]
pub struct Sounds {
    memory: Arc<Mutex<Memory>>,
    speech: Arc<Speech>,
    fetch: Fetch,
}

impl Default for Sounds {
    fn default() -> Self {
        Self::new()
    }
}

impl Sounds {
    /// An empty memory.
    pub fn new() -> Self {
        Self {
            memory: Arc::default(),
            speech: Arc::default(),
            fetch: Fetch::new(),
        }
    }

    /// A sandbox that speaks the same on every machine: bundled lines and tones, never espeak-ng.
    pub fn without_speech() -> Self {
        Self {
            speech: Arc::new(Speech::none()),
            ..Self::new()
        }
    }

    /// The sound, or why there is none; takes at most about ten seconds.
    pub async fn get(&self, request: SoundRequest) -> SoundReady {
        let clip = match &request {
            SoundRequest::Bundled(name) => {
                bundled::clip_named(name).ok_or_else(|| format!("no bundled sound is named {name}"))
            }
            SoundRequest::Say {
                text,
                voice,
                language,
            } => self.say(&request, text, voice, language).await,
            SoundRequest::Marked {
                ssml,
                text,
                voice,
                language,
            } => {
                let marks = Some(ssml.as_str());
                self.spoken(&request, text, marks, voice, language).await
            }
            SoundRequest::Url(url) => self.play(&request, url).await,
        };
        if let Err(reason) = &clip {
            tracing::debug!(reason, "no sound");
        }
        SoundReady { request, clip }
    }

    /// A bundled clip.
    pub fn bundled(name: &str) -> Option<Clip> {
        bundled::clip_named(name)
    }

    /// The people whose scripts are bundled.
    pub fn personas() -> Vec<Persona> {
        bundled::personas()
    }

    async fn say(
        &self,
        request: &SoundRequest,
        text: &str,
        voice: &str,
        language: &str,
    ) -> Result<Clip, String> {
        if let Some(clip) = bundled::spoken(text) {
            return Ok(clip);
        }
        self.spoken(request, text, None, voice, language).await
    }

    async fn spoken(
        &self,
        request: &SoundRequest,
        text: &str,
        ssml: Option<&str>,
        voice: &str,
        language: &str,
    ) -> Result<Clip, String> {
        if text.chars().count() > LONGEST_TEXT {
            return Err(format!(
                "13520 Say: text is longer than {LONGEST_TEXT} characters"
            ));
        }
        if let Some(clip) = self.remembered(request) {
            return Ok(clip);
        }
        let pcm = match self.speech.say(text, ssml, voice, language).await {
            Some(pcm) => pcm,
            None => words::tones(text),
        };
        let clip = Clip {
            pcm: pcm.into(),
            text: text.to_owned(),
        };
        self.remember(request, &clip, None);
        Ok(clip)
    }

    async fn play(&self, request: &SoundRequest, url: &str) -> Result<Clip, String> {
        let known = {
            let memory = self.memory.lock().expect("no panic while it is held");
            memory
                .get(request)
                .map(|known| (known.clip.clone(), known.freshness.clone()))
        };
        if let Some((clip, Some(freshness))) = &known
            && freshness.is_fresh(tokio::time::Instant::now())
        {
            return Ok(clip.clone());
        }
        let tag = known
            .as_ref()
            .and_then(|(_, freshness)| freshness.as_ref()?.tag.as_deref());
        match self.fetch.get(url, tag).await? {
            Fetched::Unchanged => known
                .map(|(clip, _)| clip)
                .ok_or_else(|| "11200 nothing was asked to be compared".into()),
            Fetched::New(pcm, freshness) => {
                let clip = Clip {
                    pcm: pcm.into(),
                    text: String::new(),
                };
                self.remember(request, &clip, Some(freshness));
                Ok(clip)
            }
        }
    }

    fn remembered(&self, request: &SoundRequest) -> Option<Clip> {
        let memory = self.memory.lock().expect("no panic while it is held");
        memory.get(request).map(|known| known.clip.clone())
    }

    fn remember(&self, request: &SoundRequest, clip: &Clip, freshness: Option<fetch::Freshness>) {
        let mut memory = self.memory.lock().expect("no panic while it is held");
        memory.put(request.clone(), clip.clone(), freshness);
    }
}

#[cfg(test)]
mod tests;
