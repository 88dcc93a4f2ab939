//! What is told to the call: at once, or from the pool in any order and more than once.

use super::*;

impl World {
    /// Delivers a callback from the pool.
    pub(in super::super) fn deliver(&mut self, index: usize) {
        if !self.pool.is_empty() {
            let event = self.pool.remove(index % self.pool.len());
            self.told.push(event.clone());
            self.tell(event);
            self.settle();
        }
    }

    /// Delivers one again that has arrived before.
    pub(in super::super) fn repeat(&mut self, index: usize) {
        if !self.told.is_empty() {
            let event = self.told[index % self.told.len()].clone();
            self.tell(event);
            self.settle();
        }
    }

    pub(super) fn callback(&mut self, event: Event) {
        self.pool.push(event);
    }

    pub(super) fn settle(&mut self) {
        loop {
            if let Some(effect) = self.todo.pop_front() {
                self.carry(&effect);
            } else if self.prompt && !self.pool.is_empty() {
                let event = self.pool.remove(0);
                self.told.push(event.clone());
                self.tell(event);
            } else {
                return;
            }
        }
    }

    pub(in super::super) fn tell(&mut self, event: Event) -> Vec<Step> {
        let over = self.call.is_over();
        match self.call.decide(self.now, event) {
            Decision::Next {
                call,
                effects,
                reply,
            } => {
                assert!(!over || call.is_over(), "a call that was over came back");
                self.call = *call;
                self.log.extend(effects.iter().cloned());
                self.todo.extend(effects);
                reply
            }
            Decision::Stale { reply } => reply,
            Decision::Refused { .. } => Vec::new(),
        }
    }
}
