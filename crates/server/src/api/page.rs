//! Lists: `{items, next}`, with a limit and an opaque cursor.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;

/// One page of a list, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the items after these; null at the end.
    pub next: Option<String>,
}

/// Which page is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items, at most 200.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The same, as the store wants it.
    pub fn page(&self) -> offhook_store::Page {
        offhook_store::Page {
            limit: self.limit.unwrap_or_default(),
            cursor: self.cursor.clone().filter(|cursor| !cursor.is_empty()),
        }
    }
}

impl<T> Page<T> {
    /// A list that has only one page: what waits or rings right now.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// One page of a list that is short enough to be read whole.
    pub fn of_all<R>(
        all: Vec<R>,
        query: &PageQuery,
        position: impl Fn(&R) -> (DateTime<Utc>, String),
        item: impl FnMut(R) -> T,
    ) -> Result<Self, ApiError> {
        Ok(Self::of(query.page().of_all(all, position)?, item))
    }

    /// One page of the store's.
    pub fn of<R>(listed: offhook_store::Listed<R>, item: impl FnMut(R) -> T) -> Self {
        Self {
            items: listed.items.into_iter().map(item).collect(),
            next: listed.next,
        }
    }
}
