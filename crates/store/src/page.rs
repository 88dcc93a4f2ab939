//! Pages of lists, newest first or by name: a cursor names the last row of the page before.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use offhook_core::Time;

use crate::error::{Error, Result};
use crate::time::micros;

/// Most rows of a page.
pub const MOST: u32 = 200;

/// What a cursor of a list by name begins with: no list by time takes it, and the other way round.
const NAMED: &str = "n-";

/// Which part of a list.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// How many rows; 0 is the default of 50, more than [`MOST`] is [`MOST`].
    pub limit: u32,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// The cursor of the next page, when there is one.
    pub next: Option<String>,
}

/// A position in a list ordered by moment, then id.
pub(crate) struct Position {
    pub(crate) at: i64,
    pub(crate) id: String,
}

/// A position in a list ordered by words, then id.
pub(crate) struct NamedPosition {
    pub(crate) key: String,
    pub(crate) id: String,
}

impl Page {
    pub(crate) fn rows(&self) -> i64 {
        i64::from(if self.limit == 0 {
            50
        } else {
            self.limit.min(MOST)
        })
    }

    pub(crate) fn position(&self) -> Result<Option<Position>> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let (at, id) = cursor
            .split_once('.')
            .ok_or_else(|| Error::conflict("cursor"))?;
        let at = i64::from_str_radix(at, 16).map_err(|_| Error::conflict("cursor"))?;
        Ok(Some(Position {
            at,
            id: id.to_owned(),
        }))
    }

    pub(crate) fn named_position(&self) -> Result<Option<NamedPosition>> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let refused = || Error::conflict("cursor");
        let (key, id) = cursor
            .strip_prefix(NAMED)
            .and_then(|cursor| cursor.split_once('.'))
            .ok_or_else(refused)?;
        let key = URL_SAFE_NO_PAD
            .decode(key)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(refused)?;
        Ok(Some(NamedPosition {
            key,
            id: id.to_owned(),
        }))
    }

    /// The page of a list that is short enough to be read whole, in any order.
    pub fn of_all<T>(
        &self,
        mut items: Vec<T>,
        position: impl Fn(&T) -> (Time, String),
    ) -> Result<Listed<T>> {
        let place = |item: &T| {
            let (at, id) = position(item);
            (micros(at), id)
        };
        items.sort_by_cached_key(|item| std::cmp::Reverse(place(item)));
        if let Some(after) = self.position()? {
            let after = (after.at, after.id);
            items.retain(|item| place(item) < after);
        }
        Ok(self.cut(items, position))
    }

    /// Cuts the one row too many that says whether there is a next page.
    pub(crate) fn cut<T>(
        &self,
        items: Vec<T>,
        position: impl Fn(&T) -> (Time, String),
    ) -> Listed<T> {
        self.cut_at(items, |item| {
            let (at, id) = position(item);
            format!("{:x}.{id}", micros(at))
        })
    }

    /// The same for a list ordered by words.
    pub(crate) fn cut_named<T>(
        &self,
        items: Vec<T>,
        position: impl Fn(&T) -> (String, String),
    ) -> Listed<T> {
        self.cut_at(items, |item| {
            let (key, id) = position(item);
            format!("{NAMED}{}.{id}", URL_SAFE_NO_PAD.encode(key))
        })
    }

    fn cut_at<T>(&self, mut items: Vec<T>, cursor: impl Fn(&T) -> String) -> Listed<T> {
        let rows = usize::try_from(self.rows()).unwrap_or(usize::MAX);
        let more = items.len() > rows;
        items.truncate(rows);
        let next = items.last().filter(|_| more).map(cursor);
        Listed { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_a_whole_list_are_newest_first_and_miss_and_repeat_nothing() {
        let at = |n: i64| Time::from_timestamp(1_790_000_000 + n / 2, 0).unwrap();
        let mut page = Page {
            limit: 3,
            cursor: None,
        };
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            // Whatever the order in which they were read.
            let all = [4, 0, 6, 2, 5, 1, 3].to_vec();
            let listed = page.of_all(all, |n| (at(*n), format!("x_{n}"))).unwrap();
            seen.extend(listed.items);
            pages += 1;
            let Some(next) = listed.next else { break };
            page.cursor = Some(next);
        }
        assert_eq!((seen, pages), (vec![6, 5, 4, 3, 2, 1, 0], 3));
        page.cursor = Some("nonsense".to_owned());
        assert!(page.of_all(vec![1], |n| (at(*n), String::new())).is_err());
    }
}
