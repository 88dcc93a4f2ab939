//! Things with a name, kept in numbered places, so that the sound of every 20 ms needs no names.

use std::collections::HashMap;

use crate::seam::Sid;

/// Named things in numbered places; a place is used again once its thing is gone.
#[derive(Debug)]
pub(super) struct Slots<T> {
    names: HashMap<Sid, usize>,
    places: Vec<Option<(Sid, T)>>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self {
            names: HashMap::new(),
            places: Vec::new(),
        }
    }
}

impl<T> Slots<T> {
    /// Number of places, used or not.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.places.get(index)?.as_ref().map(|(_, thing)| thing)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.places.get_mut(index)?.as_mut().map(|(_, thing)| thing)
    }

    pub(super) fn name(&self, index: usize) -> Option<&Sid> {
        self.places.get(index)?.as_ref().map(|(name, _)| name)
    }

    pub(super) fn named(&mut self, name: &str) -> Option<&mut T> {
        self.get_mut(self.index(name)?)
    }

    /// Puts a thing under a name; one that was there is replaced.
    pub(super) fn insert(&mut self, name: Sid, thing: T) {
        let free = || self.places.iter().position(Option::is_none);
        let index = self.index(&name).or_else(free).unwrap_or(self.places.len());
        if index == self.places.len() {
            self.places.push(None);
        }
        self.names.insert(name.clone(), index);
        self.places[index] = Some((name, thing));
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<T> {
        let index = self.names.remove(name)?;
        self.places[index].take().map(|(_, thing)| thing)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        let numbered = self.places.iter().enumerate();
        numbered.filter_map(|(index, place)| Some((index, &place.as_ref()?.1)))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.places.iter_mut().flatten().map(|(_, thing)| thing)
    }
}
