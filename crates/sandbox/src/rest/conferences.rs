//! Conferences: found by name, looked at and ended.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, ok};
use super::span::Span;
use super::{date, page, uri};
use crate::engine::records::ConferenceRecord;
use crate::engine::requests::UpdateConference;

/// `GET /Conferences.json`, the newest first.
pub(super) async fn list(ask: Ask) -> Answer {
    let (name, status) = (
        ask.params.filled("FriendlyName"),
        ask.params.filled("Status"),
    );
    let (made, changed) = (
        Span::of(&ask.params, "DateCreated")?,
        Span::of(&ask.params, "DateUpdated")?,
    );
    Ok(ok(ask.engine(|engine, _, account| {
        let wanted = |room: &&ConferenceRecord| {
            name.as_ref().is_none_or(|name| room.friendly_name == *name)
                && status
                    .as_ref()
                    .is_none_or(|status| room.status.as_str() == status)
                && made.holds(Some(room.date_created))
                && changed.holds(Some(room.date_updated))
        };
        let rooms: Vec<_> = engine
            .conferences(account)
            .into_iter()
            .filter(wanted)
            .collect();
        page::page(
            &ask,
            "conferences",
            &rooms,
            |room| &room.sid,
            |room| show(room),
        )
    })))
}

/// `GET /Conferences/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let room = ask
        .engine(|engine, _, account| engine.conference(account, ask.name("conference")).map(show));
    Ok(ok(ask.found(room)?))
}

/// `POST /Conferences/{sid}.json`: end it, or play something to all.
pub(super) async fn update(ask: Ask) -> Answer {
    let change = UpdateConference {
        status: ask.params.one_of("Status", 20001, &["completed"])?,
        announce_url: ask.params.filled("AnnounceUrl"),
        announce_method: Some(ask.params.method("AnnounceMethod")?),
    };
    answer(
        ask.engine(|engine, now, account| {
            engine.update_conference(now, account, ask.name("conference"), change)
        }),
        show,
    )
}

fn show(room: &ConferenceRecord) -> Value {
    let path = format!("Conferences/{}", room.sid);
    json!({
        "sid": room.sid,
        "account_sid": room.account_sid,
        "friendly_name": room.friendly_name,
        "status": room.status.as_str(),
        "region": "us1",
        "api_version": "2010-04-01",
        "date_created": date(room.date_created),
        "date_updated": date(room.date_updated),
        "reason_conference_ended": room.reason_ended.map(|reason| reason.replace('_', "-")),
        "call_sid_ending_conference": room.call_sid_ending,
        "uri": uri(&room.account_sid, &path),
        "subresource_uris": {
            "participants": uri(&room.account_sid, &format!("{path}/Participants")),
            "recordings": uri(&room.account_sid, &format!("{path}/Recordings")),
        },
    })
}
