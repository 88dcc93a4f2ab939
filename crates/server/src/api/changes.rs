//! Live events about what people keep in lists, so that the lists on other screens follow without being asked again.

use offhook_core::Time;
use offhook_store::events::{self, Audience, NewEvent};
use offhook_store::{Error, Tx};
use serde::Serialize;
use serde_json::json;

/// What became of it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    Added,
    Changed,
    Removed,
}

/// Tells the organization of a `contact` or a `number`, whole unless it was removed.
pub(crate) async fn tell(
    tx: &mut Tx,
    kind: &'static str,
    change: Change,
    id: &str,
    whole: Option<&impl Serialize>,
    now: Time,
) -> Result<(), Error> {
    let event = NewEvent {
        kind: kind.to_owned(),
        audience: Audience::Organization,
        data: json!({ "change": change, "id": id, kind: whole }),
    };
    events::insert(tx, &event, now).await.map(|_| ())
}
