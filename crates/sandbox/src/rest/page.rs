//! Lists, page by page: a page token names an item, so that newer items do not shift what comes next. The plain API and the
//! newer products write the same page in two ways.

use serde_json::{Map, Value, json};

use super::ask::Ask;

const USUAL_SIZE: usize = 50;
const LARGEST_SIZE: usize = 1000;

/// Where a page lies in its list.
struct Cut {
    page: usize,
    size: usize,
    start: usize,
    end: usize,
    next: Option<String>,
    previous: Option<String>,
}

fn cut<T>(ask: &Ask, items: &[T], sid: impl Fn(&T) -> &str) -> Cut {
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
    let next = shown
        .last()
        .filter(|_| end < items.len())
        .map(|last| link(ask, size, page + 1, Some(format!("PA{}", sid(last)))));
    let previous = shown
        .first()
        .filter(|_| start > 0 && page > 0)
        .map(|first| link(ask, size, page - 1, Some(format!("PB{}", sid(first)))));
    Cut {
        page,
        size,
        start,
        end,
        next,
        previous,
    }
}

/// One page of `items` under the list's name; `sid` names an item, `show` writes it.
pub(super) fn page<T>(
    ask: &Ask,
    list: &str,
    items: &[T],
    sid: impl Fn(&T) -> &str,
    show: impl Fn(&T) -> Value,
) -> Value {
    let cut = cut(ask, items, sid);
    let shown = &items[cut.start..cut.end];
    let own = link(ask, cut.size, cut.page, ask.params.text("PageToken"));
    let mut body = Map::new();
    body.insert(list.into(), shown.iter().map(show).collect());
    body.insert("page".into(), cut.page.into());
    body.insert("page_size".into(), cut.size.into());
    body.insert("start".into(), cut.start.into());
    body.insert(
        "end".into(),
        cut.end.saturating_sub(1).max(cut.start).into(),
    );
    body.insert("uri".into(), own.into());
    body.insert("first_page_uri".into(), link(ask, cut.size, 0, None).into());
    body.insert("next_page_uri".into(), cut.next.into());
    body.insert("previous_page_uri".into(), cut.previous.into());
    body.into()
}

/// The same as the newer products write it.
pub(super) fn with_meta<T>(
    ask: &Ask,
    list: &str,
    items: &[T],
    sid: impl Fn(&T) -> &str,
    show: impl Fn(&T) -> Value,
) -> Value {
    let cut = cut(ask, items, sid);
    let absolute = |link: String| Value::from(format!("https:/{link}"));
    let mut body = Map::new();
    body.insert(
        list.into(),
        items[cut.start..cut.end].iter().map(show).collect(),
    );
    body.insert(
        "meta".into(),
        json!({
            "page": cut.page,
            "page_size": cut.size,
            "key": list,
            "url": absolute(link(ask, cut.size, cut.page, ask.params.text("PageToken"))),
            "first_page_url": absolute(link(ask, cut.size, 0, None)),
            "next_page_url": cut.next.map(absolute),
            "previous_page_url": cut.previous.map(absolute),
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
