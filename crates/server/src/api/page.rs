//! Lists: `{items, next}`, with a limit and an opaque cursor.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;

/// How many items a list gives unless asked otherwise.
const USUAL: u32 = 50;
/// How many it gives at most.
const MOST: u32 = 200;

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
    /// How many items to give.
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }

    /// The place after which this page begins.
    pub fn after(&self) -> Result<Option<String>, ApiError> {
        let Some(cursor) = self.cursor.as_deref().filter(|c| !c.is_empty()) else {
            return Ok(None);
        };
        BASE64URL_NOPAD
            .decode(cursor.as_bytes())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .map(Some)
            .ok_or_else(|| ApiError::invalid("cursor", "use the value of next, or leave it out"))
    }
}

impl<T> Page<T> {
    /// A list that has only one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// A page out of one row more than `limit`, whose presence says that there is another page.
    pub fn cut<R>(
        mut rows: Vec<R>,
        limit: u32,
        place: impl Fn(&R) -> String,
        item: impl FnMut(R) -> T,
    ) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = more
            .then(|| {
                rows.last()
                    .map(|row| BASE64URL_NOPAD.encode(place(row).as_bytes()))
            })
            .flatten();
        Self {
            items: rows.into_iter().map(item).collect(),
            next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_the_place_it_was_made_of() {
        let page: Page<i32> = Page::cut(vec![1, 2, 3], 2, ToString::to_string, |n| n);
        assert_eq!(page.items, [1, 2]);
        let query = PageQuery {
            limit: None,
            cursor: page.next,
        };
        assert_eq!(query.after().unwrap().as_deref(), Some("2"));
        assert!(
            Page::<i32>::cut(vec![1, 2], 2, ToString::to_string, |n| n)
                .next
                .is_none()
        );
    }
}
