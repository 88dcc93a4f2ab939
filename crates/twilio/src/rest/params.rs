//! A request's parameters, collected in order.

use std::fmt::Display;

use crate::words::spaced;

/// The parameters so far.
#[derive(Default)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// A parameter that is always sent.
    pub(super) fn put(mut self, name: &str, value: impl Display) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// A parameter that is sent when it is set.
    pub(super) fn maybe(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    /// One parameter per value, all of the same name.
    pub(super) fn each<T: Display>(self, name: &str, values: &[T]) -> Self {
        values
            .iter()
            .fold(self, |params, value| params.put(name, value))
    }

    /// All values in one parameter, separated by a space.
    pub(super) fn spaced<T: Display>(self, name: &str, values: &[T]) -> Self {
        if values.is_empty() {
            self
        } else {
            self.put(name, spaced(values))
        }
    }

    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }
}
