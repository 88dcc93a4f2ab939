//! TwiML Apps: where the calls of Voice SDK devices go.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::{date, numbers, or_null, page, uri};
use crate::engine::account::{Application, ApplicationChange};

/// `GET /Applications.json`, all or those of exactly one name.
pub(super) async fn list(ask: Ask) -> Answer {
    let name = ask.params.filled("FriendlyName");
    let wanted = |app: &&Application| name.as_ref().is_none_or(|name| app.friendly_name == *name);
    let mut apps: Vec<Application> = ask.look(|account| {
        account
            .applications
            .values()
            .filter(wanted)
            .cloned()
            .collect()
    })?;
    apps.sort_by_key(|app| std::cmp::Reverse(app.date_created));
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
    let params = &ask.params;
    ApplicationChange {
        friendly_name: params.text("FriendlyName"),
        hooks: numbers::hooks(params),
        sms: numbers::sms_hooks(params),
        sms_status_callback: params.text("SmsStatusCallback"),
        message_status_callback: params.text("MessageStatusCallback"),
        voice_caller_id_lookup: params.flag("VoiceCallerIdLookup"),
        public_connect: params.flag("PublicApplicationConnectEnabled"),
    }
}

fn show(app: &Application) -> Value {
    let (hooks, sms) = (&app.hooks, &app.sms);
    json!({
        "sid": app.sid,
        "account_sid": app.account_sid,
        "friendly_name": or_null(&app.friendly_name),
        "api_version": "2010-04-01",
        "voice_url": or_null(&hooks.voice_url),
        "voice_method": hooks.voice_method,
        "voice_fallback_url": or_null(&hooks.voice_fallback_url),
        "voice_fallback_method": hooks.voice_fallback_method,
        "voice_caller_id_lookup": app.voice_caller_id_lookup,
        "status_callback": or_null(&hooks.status_callback),
        "status_callback_method": hooks.status_callback_method,
        "sms_url": or_null(&sms.sms_url),
        "sms_method": sms.sms_method,
        "sms_fallback_url": or_null(&sms.sms_fallback_url),
        "sms_fallback_method": sms.sms_fallback_method,
        "sms_status_callback": or_null(&app.sms_status_callback),
        "message_status_callback": or_null(&app.message_status_callback),
        "public_application_connect_enabled": app.public_connect,
        "date_created": date(app.date_created),
        "date_updated": date(app.date_updated),
        "uri": uri(&app.account_sid, &format!("Applications/{}", app.sid)),
    })
}
