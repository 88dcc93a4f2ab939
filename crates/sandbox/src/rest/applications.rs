//! TwiML Apps: where the calls of Voice SDK devices go.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::{date, numbers, or_null, page, uri};
use crate::engine::account::{Application, ApplicationChange};

/// `GET /Applications.json`, all or those of exactly one name.
pub(super) async fn list(ask: Ask) -> Answer {
    let name = ask.params.filled("FriendlyName");
    let wanted = |app: &&Application| name.as_ref().is_none_or(|name| app.friendly_name == *name);
    let apps: Vec<Application> = ask.look(|account| {
        account
            .applications
            .values()
            .filter(wanted)
            .cloned()
            .collect()
    })?;
    Ok(ok(page::page(
        &ask,
        "applications",
        &apps,
        |app| &app.sid,
        show,
    )))
}

/// `POST /Applications.json`.
pub(super) async fn create(ask: Ask) -> Answer {
    let change = change(&ask);
    created(
        ask.engine(|engine, now, account| engine.create_application(now, account, change)),
        show,
    )
}

/// `GET /Applications/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let app = ask.look(|account| account.applications.get(ask.name("application")).map(show))?;
    Ok(ok(ask.found(app)?))
}

/// `POST /Applications/{sid}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    let change = change(&ask);
    answer(
        ask.engine(|engine, now, account| {
            engine.update_application(now, account, ask.name("application"), change)
        }),
        show,
    )
}

/// `DELETE /Applications/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(
        ask.engine(|engine, _, account| {
            engine.delete_application(account, ask.name("application"))
        }),
    )
}

fn change(ask: &Ask) -> ApplicationChange {
    ApplicationChange {
        friendly_name: ask.params.text("FriendlyName"),
        hooks: numbers::hooks(&ask.params),
    }
}

fn show(app: &Application) -> Value {
    let hooks = &app.hooks;
    json!({
        "sid": app.sid,
        "account_sid": app.account_sid,
        "friendly_name": or_null(&app.friendly_name),
        "api_version": "2010-04-01",
        "voice_url": or_null(&hooks.voice_url),
        "voice_method": hooks.voice_method,
        "voice_fallback_url": or_null(&hooks.voice_fallback_url),
        "voice_fallback_method": hooks.voice_fallback_method,
        "voice_caller_id_lookup": false,
        "status_callback": or_null(&hooks.status_callback),
        "status_callback_method": hooks.status_callback_method,
        "public_application_connect_enabled": false,
        "date_created": date(app.date_created),
        "date_updated": date(app.date_updated),
        "uri": uri(&app.account_sid, &format!("Applications/{}", app.sid)),
    })
}
