//! What the carrier said is written down once, decided once, and a repeat gets the answer that the first one got.

use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::id::OrgId;
use offhook_store::inbox::{self, NewWebhook, Webhook, Written};
use offhook_store::{Error, Reason, leases, organizations};
use offhook_twilio::webhook::Form;

use super::reply::{self, Twiml};
use super::signed::{Checked, Knock, check};
use super::urls::Door;
use super::{callbacks, turns, voice};
use crate::app::App;
use crate::spool::Entry;

/// What was not decided after so long was left by a node that died.
const LEFT: TimeDelta = TimeDelta::seconds(5);
/// How often somebody looks for such.
const SWEEP: Duration = Duration::from_secs(5);
/// Whoever does so for an organization keeps it for so long.
const LEASE: TimeDelta = TimeDelta::seconds(12);
/// How long a webhook waits for the database.
const PATIENCE: Duration = Duration::from_millis(1500);
/// After so many failures somebody has to look at the log.
const TRIES: u32 = 20;

/// How a webhook was kept.
pub(super) enum Kept {
    /// For the first time.
    Fresh(String),
    /// It came before, and was answered with this (nothing, for a callback).
    Answered(String),
    /// It came before and is being decided, or the spool had it.
    Undecided(String),
    /// Nothing is lost with it: it is asked again.
    Passing,
}

impl Kept {
    /// The row to be marked as decided.
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Self::Fresh(id) | Self::Undecided(id) => Some(id),
            Self::Answered(_) | Self::Passing => None,
        }
    }
}

/// Writes a webhook down, before any decision.
pub(super) async fn write_down(app: &App, knock: &Knock) -> Result<Kept, Error> {
    let Some(key) = key(knock) else {
        return Ok(Kept::Passing);
    };
    let webhook = NewWebhook {
        key,
        door: knock.door.path().to_owned(),
        url: knock.url.clone(),
        form: knock.form.pairs().to_vec(),
        received_at: knock.at,
    };
    let write = app
        .db
        .write(&knock.org, async |tx| inbox::write(tx, &webhook).await);
    let written = soon(write).await?;
    Ok(match written {
        Written::Fresh { id } => Kept::Fresh(id),
        Written::Repeat {
            decided: true,
            reply,
            ..
        } if reply.is_some() || !knock.door.wants_twiml() => {
            Kept::Answered(reply.unwrap_or_default())
        }
        Written::Repeat { id, .. } => Kept::Undecided(id),
    })
}

/// The carrier does not wait long: a database that does not answer by then counts as away, and the spool takes its place.
pub(super) async fn soon<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let late = |_| {
        Err(Error::Unavailable(
            "the database does not answer in time".into(),
        ))
    };
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(late)
}

/// Decides a webhook, whether it just came or was left by somebody. A callback is answered nothing.
pub(super) async fn decide(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
) -> Result<Option<Twiml>, Error> {
    let decided = match knock.door {
        Door::Voice => voice::story(app, knock, kept).await.map(Some),
        Door::Wait => turns::wait(app, knock).await.map(Some),
        Door::Music => Ok(Some(turns::music(app))),
        Door::Farewell => Ok(Some(turns::farewell(app))),
        Door::Fallback => Ok(Some(turns::fallback(app, &knock.form))),
        Door::VoiceStatus if turns::is_status(knock) => callbacks::status(app, knock, kept)
            .await
            .map(|()| Some(reply::nothing())),
        Door::DeviceAnswered
        | Door::DevicesRung
        | Door::VoiceStatus
        | Door::OutboundStatus
        | Door::Queue
        | Door::Room
        | Door::Next
        | Door::RoomLeft
        | Door::Forwarded
        | Door::Dialled
        | Door::Message => turns::story(app, knock, kept).await.map(Some),
        Door::Status => callbacks::status(app, knock, kept).await.map(|()| None),
        Door::Recording => callbacks::recording(app, knock, kept).await.map(|()| None),
        Door::Conference => callbacks::conference(app, knock, kept).await.map(|()| None),
    };
    if let (Err(error), Some(id)) = (&decided, kept) {
        let error = error.to_string();
        let noted = app
            .db
            .write(&knock.org, async |tx| inbox::failed(tx, id, &error).await)
            .await;
        if let Err(error) = noted {
            tracing::debug!(%error, "a failure could not be noted either");
        }
    }
    decided
}

/// By what a repeat is known. Twilio's own token only marks attempts; what the carrier asks again anyway has no key.
fn key(knock: &Knock) -> Option<String> {
    let form = |name: &str| knock.form.get(name).unwrap_or_default();
    let ours = |name: &str| knock.query.get(name).unwrap_or_default();
    let said = match knock.door {
        Door::Wait | Door::Music | Door::Farewell | Door::Fallback => return None,
        Door::Voice | Door::DeviceAnswered => {
            [form("CallSid"), ours("call"), ours("label")].join("|")
        }
        Door::Queue => [form("CallSid"), form("QueueResult"), ours("turn")].join("|"),
        Door::Room | Door::Next => [form("CallSid"), ours("call"), ours("turn")].join("|"),
        Door::RoomLeft => [
            form("CallSid"),
            form("DialCallStatus"),
            ours("label"),
            ours("turn"),
        ]
        .join("|"),
        Door::Forwarded => [form("CallSid"), form("DialCallSid"), ours("turn")].join("|"),
        Door::Dialled | Door::DevicesRung | Door::OutboundStatus => [
            form("CallSid"),
            form("DialCallStatus"),
            form("DialCallSid"),
            ours("turn"),
        ]
        .join("|"),
        Door::VoiceStatus => [
            form("CallSid"),
            form("CallStatus"),
            form("SequenceNumber"),
            form("DialCallStatus"),
            ours("turn"),
        ]
        .join("|"),
        Door::Message => [form("CallSid"), form("RecordingSid"), ours("turn")].join("|"),
        Door::Status => [form("CallSid"), form("CallStatus"), form("SequenceNumber")].join("|"),
        Door::Recording => [
            form("RecordingSid"),
            form("RecordingStatus"),
            form("CallSid"),
            ours("call"),
        ]
        .join("|"),
        Door::Conference => [
            form("ConferenceSid"),
            form("CallSid"),
            form("StatusCallbackEvent"),
            form("SequenceNumber"),
        ]
        .join("|"),
    };
    Some(format!("{}|{said}", knock.door.path()))
}

/// Decides what dead nodes left in the inbox, for as long as the server runs.
pub(crate) async fn keep_sweeping(app: &App) {
    loop {
        app.clock.sleep(SWEEP).await;
        let working = app.work.enter();
        if let Err(error) = sweep(app).await {
            tracing::warn!(%error, "what was left in the inbox could not be looked through");
        }
        drop(working);
    }
}

async fn sweep(app: &App) -> Result<(), Error> {
    for org in organizations(app).await? {
        let now = app.clock.now();
        let left = app
            .db
            .read(&org, async |tx| inbox::undecided(tx, now - LEFT, 100).await)
            .await?;
        // Most of the time there is nothing, and then no lease is worth its write.
        if left.is_empty() || !is_ours(app, &org, now).await? {
            continue;
        }
        for webhook in left.into_iter().filter(|webhook| webhook.attempts < TRIES) {
            let id = webhook.id.clone();
            let Some(knock) = again(&org, webhook) else {
                continue;
            };
            if let Err(error) = decide(app, &knock, Some(&id)).await {
                tracing::warn!(%error, door = knock.door.path(), "a webhook that was left could not be decided");
            }
        }
    }
    Ok(())
}

/// Whether this node may go through an organization's inbox: two would tell a call everything twice.
async fn is_ours(app: &App, org: &OrgId, now: Time) -> Result<bool, Error> {
    let name = format!("inbox:{org}");
    app.db
        .system(Reason::Sweep)
        .write(async |conn| leases::take(conn, &name, app.jobs.node(), now, now + LEASE).await)
        .await
}

/// A webhook as it stands in the inbox.
fn again(org: &OrgId, webhook: Webhook) -> Option<Knock> {
    let received = webhook.received;
    let body: Form = received.form.into_iter().collect();
    let entry = Entry {
        at: received.received_at,
        url: received.url,
        signature: String::new(),
        body: url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(body.pairs())
            .finish(),
        org: Some(org.clone()),
    };
    Knock::read(org.clone(), entry)
}

/// Brings the spool of this node into the database, in order of arrival; a reply is nobody's any more.
pub async fn drain(app: &App) -> Result<(), Error> {
    let away = |error: std::io::Error| Error::Unavailable(error.to_string());
    while let Some(batch) = app.spool.oldest(&app.keys).await.map_err(away)? {
        for entry in &batch.entries {
            take(app, entry).await?;
        }
        batch.drained().await.map_err(away)?;
    }
    Ok(())
}

async fn take(app: &App, entry: &Entry) -> Result<(), Error> {
    let org = match &entry.org {
        Some(org) => org.clone(),
        None => match check(app, entry).await {
            Checked::Right(account) => account.org.clone(),
            Checked::Wrong => {
                metrics::counter!("offhook_webhooks_refused_total").increment(1);
                return Ok(());
            }
            Checked::Unclear => {
                return Err(Error::Unavailable("the directory cannot be read".into()));
            }
        },
    };
    let Some(knock) = Knock::read(org, entry.clone()) else {
        return Ok(());
    };
    let kept = write_down(app, &knock).await?;
    let Some(id) = kept.id() else { return Ok(()) };
    match decide(app, &knock, Some(id)).await {
        // It stands in the inbox; whoever sweeps it tries again.
        Err(error) if !error.is_unavailable() => {
            tracing::warn!(%error, door = knock.door.path(), "a spooled webhook could not be decided");
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

/// All organizations, for what goes round.
pub(crate) async fn organizations(app: &App) -> Result<Vec<OrgId>, Error> {
    app.db
        .system(Reason::Sweep)
        .read(async |conn| organizations::ids(conn).await)
        .await
}
