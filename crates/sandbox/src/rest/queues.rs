//! Queues and who waits in them.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::refusal::Refusal;
use super::{date, page, uri};
use crate::engine::account::is_callback_url;
use crate::engine::records::{MemberRecord, QueueRecord};

const LARGEST_QUEUE: u32 = 5000;

/// `GET /Queues.json`.
pub(super) async fn list(ask: Ask) -> Answer {
    let queues = ask.engine(|engine, _, account| engine.queues(account));
    Ok(ok(page::page(
        &ask,
        "queues",
        &queues,
        |queue| &queue.sid,
        show,
    )))
}

/// `POST /Queues.json`.
pub(super) async fn create(ask: Ask) -> Answer {
    let (name, size) = (ask.params.required("FriendlyName", 20001)?, size(&ask)?);
    created(
        ask.engine(|engine, now, account| engine.create_queue(now, account, &name, size)),
        show,
    )
}

/// `GET /Queues/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let queue = ask.engine(|engine, _, account| engine.queue(account, ask.name("queue")));
    Ok(ok(show(&ask.found(queue)?)))
}

/// `POST /Queues/{sid}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    let (name, size) = (ask.params.filled("FriendlyName"), size(&ask)?);
    answer(
        ask.engine(|engine, now, account| {
            engine.update_queue(now, account, ask.name("queue"), name.as_deref(), size)
        }),
        show,
    )
}

/// `DELETE /Queues/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_queue(account, ask.name("queue"))))
}

fn size(ask: &Ask) -> Result<Option<usize>, Refusal> {
    Ok(ask
        .params
        .number("MaxSize", 20001, 1..=LARGEST_QUEUE)?
        .map(|size| size as usize))
}

fn show(queue: &QueueRecord) -> Value {
    let path = format!("Queues/{}", queue.sid);
    json!({
        "sid": queue.sid,
        "account_sid": queue.account_sid,
        "friendly_name": queue.friendly_name,
        "max_size": queue.max_size,
        "current_size": queue.current_size,
        "average_wait_time": queue.average_wait_time,
        "date_created": date(queue.date_created),
        "date_updated": date(queue.date_updated),
        "uri": uri(&queue.account_sid, &path),
    })
}

/// `GET /Queues/{sid}/Members.json`, the next first.
pub(super) async fn list_members(ask: Ask) -> Answer {
    let members = ask.engine(|engine, _, account| {
        engine.queue(account, ask.name("queue"))?;
        Some(engine.members(account, ask.name("queue")))
    });
    let members = ask.found(members)?;
    Ok(ok(page::page(
        &ask,
        "queue_members",
        &members,
        |member| &member.call_sid,
        |member| show_member(&ask.account, member),
    )))
}

/// `GET /Queues/{sid}/Members/{sid or Front}.json`.
pub(super) async fn fetch_member(ask: Ask) -> Answer {
    let member = ask
        .engine(|engine, _, account| engine.member(account, ask.name("queue"), ask.name("member")));
    Ok(ok(show_member(&ask.account, &ask.found(member)?)))
}

/// `POST /Queues/{sid}/Members/{sid or Front}.json`: out of the queue, to another document.
pub(super) async fn update_member(ask: Ask) -> Answer {
    let (url, method) = (
        ask.params.required("Url", 21205)?,
        ask.params.method("Method")?,
    );
    if !is_callback_url(&url) {
        return Err(Refusal::invalid(
            21205,
            format!("Url is not a valid URL: {url}"),
        ));
    }
    let (queue, member) = (ask.name("queue"), ask.name("member"));
    let member = ask.engine(|engine, now, account| {
        engine.update_member(now, account, queue, member, &url, &method)
    });
    answer(member, |member| show_member(&ask.account, member))
}

fn show_member(account: &str, member: &MemberRecord) -> Value {
    json!({
        "call_sid": member.call_sid,
        "queue_sid": member.queue_sid,
        "date_enqueued": date(member.date_enqueued),
        "position": member.position,
        "wait_time": member.wait_time,
        "uri": uri(account, &format!("Queues/{}/Members/{}", member.queue_sid, member.call_sid)),
    })
}
