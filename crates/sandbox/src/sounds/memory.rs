//! Sounds that were made or fetched, up to a size; the oldest go first.

use std::collections::{HashMap, VecDeque};

use super::fetch::Freshness;
use crate::seam::{Clip, SoundRequest};

/// Samples kept (64 MB): more than an hour of speech.
const MOST: usize = 32 << 20;

/// One sound and, for a fetched one, how long it holds.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) clip: Clip,
    pub(super) freshness: Option<Freshness>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Memory {
    sounds: HashMap<SoundRequest, Known>,
    order: VecDeque<SoundRequest>,
    samples: usize,
}

impl Memory {
    pub(super) fn get(&self, request: &SoundRequest) -> Option<&Known> {
        self.sounds.get(request)
    }

    pub(super) fn put(&mut self, request: SoundRequest, clip: Clip, freshness: Option<Freshness>) {
        self.forget(&request);
        self.samples += clip.pcm.len();
        self.order.push_back(request.clone());
        self.sounds.insert(request, Known { clip, freshness });
        while self.samples > MOST
            && let Some(oldest) = self.order.front().cloned()
        {
            self.forget(&oldest);
        }
    }

    fn forget(&mut self, request: &SoundRequest) {
        if let Some(known) = self.sounds.remove(request) {
            self.samples -= known.clip.pcm.len();
            self.order.retain(|kept| kept != request);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_when_there_is_too_much() {
        let mut memory = Memory::default();
        let request = |n: usize| SoundRequest::Bundled(n.to_string());
        for n in 0..5 {
            let clip = Clip {
                pcm: vec![0; 10 << 20].into(),
                text: String::new(),
            };
            memory.put(request(n), clip, None);
        }
        assert!(memory.get(&request(1)).is_none());
        assert!(memory.get(&request(4)).is_some());
        assert_eq!(memory.samples, 30 << 20);
    }
}
