//! Lists, page by page: a page token names an item, so that newer items do not shift what comes next.

use serde_json::{Map, Value};

use super::ask::Ask;

const USUAL_SIZE: usize = 50;
const LARGEST_SIZE: usize = 1000;

/// One page of `items` under the list's name; `sid` names an item, `show` writes it.
pub(super) fn page<T>(
    ask: &Ask,
    list: &str,
    items: &[T],
    sid: impl Fn(&T) -> &str,
    show: impl Fn(&T) -> Value,
) -> Value {
    let number = |name: &str| {
        ask.params
            .get(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    let size = number("PageSize")
        .unwrap_or(USUAL_SIZE)
        .clamp(1, LARGEST_SIZE);
    let page = number("Page").unwrap_or(0);
    let start = start(ask.params.get("PageToken"), page, size, items, &sid).min(items.len());
    let end = (start + size).min(items.len());
    let shown = &items[start..end];
    let link = |page: usize, token: Option<String>| Value::from(link(ask, size, page, token));
    let next = shown
        .last()
        .filter(|_| end < items.len())
        .map(|last| format!("PA{}", sid(last)));
    let previous = shown
        .first()
        .filter(|_| start > 0 && page > 0)
        .map(|first| format!("PB{}", sid(first)));
    let mut body = Map::new();
    body.insert(list.into(), shown.iter().map(show).collect());
    body.insert("page".into(), page.into());
    body.insert("page_size".into(), size.into());
    body.insert("start".into(), start.into());
    body.insert("end".into(), end.saturating_sub(1).max(start).into());
    body.insert("uri".into(), link(page, ask.params.text("PageToken")));
    body.insert("first_page_uri".into(), link(0, None));
    body.insert(
        "next_page_uri".into(),
        next.map_or(Value::Null, |token| link(page + 1, Some(token))),
    );
    body.insert(
        "previous_page_uri".into(),
        previous.map_or(Value::Null, |token| {
            link(page.saturating_sub(1), Some(token))
        }),
    );
    body.into()
}

/// Where the page begins: after the token's item (`PA…`), a page before it (`PB…`), or at the page's number.
fn start<T>(
    token: Option<&str>,
    page: usize,
    size: usize,
    items: &[T],
    sid: impl Fn(&T) -> &str,
) -> usize {
    let at = |wanted: &str| items.iter().position(|item| sid(item) == wanted);
    let after = token
        .and_then(|token| token.strip_prefix("PA"))
        .and_then(at)
        .map(|at| at + 1);
    let before = token
        .and_then(|token| token.strip_prefix("PB"))
        .and_then(at)
        .map(|at| at.saturating_sub(size));
    after
        .or(before)
        .unwrap_or_else(|| page.saturating_mul(size))
}

fn link(ask: &Ask, size: usize, page: usize, token: Option<String>) -> String {
    let filters = ask
        .params
        .pairs()
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "Page" | "PageSize" | "PageToken"));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(filters)
        .append_pair("PageSize", &size.to_string())
        .append_pair("Page", &page.to_string())
        .extend_pairs(token.map(|token| ("PageToken", token)))
        .finish();
    format!("{}?{query}", ask.uri.path())
}
