//! Brings a recording home: two channels where there are two, again while it is not ready, and its waveform with it.

use std::io::BufReader;

use chrono::TimeDelta;
use offhook_core::id::{OrgId, RecordingId};
use offhook_store::events::{self, Audience, NewEvent};
use offhook_store::recordings::{self as store, Kept, Recording, RecordingStatus};
use offhook_store::{Error, Tx, calls};
use offhook_twilio::rest::recording::media_path;
use serde_json::{Value, json};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::peaks::Peaks;
use crate::app::App;
use crate::carrier::{self, Account, SendError};
use crate::jobs::Next;

/// Seconds until each further try; the file may not be ready, or the carrier may be away.
const LATER: [i64; 10] = [1, 2, 4, 8, 15, 30, 60, 300, 1800, 7200];

/// Fetches a recording, keeps it and tells the app.
pub(crate) async fn fetch(
    app: &App,
    org: &OrgId,
    id: &RecordingId,
    attempts: u32,
) -> Result<Next, Error> {
    let recording = app
        .db
        .read(org, async |tx| store::get(tx, id).await)
        .await?;
    if matches!(
        recording.status,
        RecordingStatus::Ready | RecordingStatus::Absent
    ) {
        return Ok(Next::Done(Value::Null));
    }
    let call = app
        .db
        .read(org, async |tx| calls::load(tx, &recording.call).await)
        .await?
        .call;
    let Some(account) = carrier::of_call(&app.db, &app.keys, &call).await? else {
        return Ok(Next::GiveUp("there is no carrier account".into()));
    };
    match bring(app, &account, org, &recording).await {
        Ok(kept) => {
            let now = app.clock.now();
            app.write(org, async |tx| arrived(tx, &recording, &kept, now).await)
                .await?;
            Ok(Next::Done(json!({ "bytes": kept.bytes })))
        }
        Err(why) => again_or_never(app, org, id, attempts, why).await,
    }
}

async fn again_or_never(
    app: &App,
    org: &OrgId,
    id: &RecordingId,
    attempts: u32,
    why: String,
) -> Result<Next, Error> {
    let now = app.clock.now();
    let attempt = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    if let Some(seconds) = LATER.get(attempt) {
        return Ok(Next::Again(now + TimeDelta::seconds(*seconds), why));
    }
    app.write(org, async |tx| store::failed(tx, id, &why, now).await)
        .await?;
    Ok(Next::GiveUp(why))
}

async fn arrived(
    tx: &mut Tx,
    recording: &Recording,
    kept: &Kept,
    now: offhook_core::Time,
) -> Result<(), Error> {
    store::kept(tx, &recording.id, kept, now).await?;
    let data = json!({
        "call_id": recording.call,
        "recording": {
            "id": recording.id,
            "status": "ready",
            "channels": kept.channels,
            "seconds": kept.seconds,
            "started_at": recording.started_at,
        },
    });
    let event = NewEvent {
        kind: "recording_available".to_owned(),
        audience: Audience::Organization,
        data,
    };
    events::insert(tx, &event, now).await.map(|_| ())
}

/// Downloads into a file of ours, draws the waveform, and keeps both.
async fn bring(
    app: &App,
    account: &Account,
    org: &OrgId,
    recording: &Recording,
) -> Result<Kept, String> {
    let words = |error: std::io::Error| format!("the file could not be written: {error}");
    let mut file = File::from_std(tempfile_in(app).map_err(words)?);
    let mut sound = sound(app, account, &recording.sid)
        .await
        .map_err(|error| error.to_string())?;
    let mut bytes = 0_u64;
    while let Some(piece) = sound
        .chunk()
        .await
        .map_err(|_| "the download broke off".to_owned())?
    {
        bytes += piece.len() as u64;
        file.write_all(&piece).await.map_err(words)?;
    }
    file.flush().await.map_err(words)?;
    file.rewind().await.map_err(words)?;
    let copy = file.try_clone().await.map_err(words)?.into_std().await;
    let peaks = tokio::task::spawn_blocking(move || Peaks::of_wav(BufReader::new(copy)));
    let peaks = peaks
        .await
        .ok()
        .flatten()
        .ok_or("what the carrier sent is no WAV file")?;
    file.rewind().await.map_err(words)?;
    let path = format!("{org}/{}/{}.wav", recording.call, recording.id);
    app.storage(|storage| async move { storage.keep(&path, file).await.map(|()| path) })
        .await
        .map(|path| Kept {
            path,
            media_type: "audio/wav".to_owned(),
            bytes,
            channels: u32::try_from(peaks.channels.len()).unwrap_or(1),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "no recording lasts for centuries"
            )]
            seconds: peaks.seconds.round() as u32,
            peaks: json!(peaks),
        })
        .map_err(|error| format!("the recording could not be kept: {error}"))
}

/// A file that nobody else sees and that is gone when it is closed.
fn tempfile_in(app: &App) -> std::io::Result<std::fs::File> {
    let folder = app.config.data_dir.join("arriving");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{}.wav", uuid::Uuid::now_v7().simple()));
    let file = std::fs::File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// Two channels where there is but one are refused by the carrier.
async fn sound(app: &App, account: &Account, sid: &str) -> Result<reqwest::Response, SendError> {
    let path = |channels| media_path(&account.account_sid, sid, channels);
    match app.carrier.media(account, &path(2)).await {
        Err(SendError::Refused(error)) if error.status == 400 => {
            app.carrier.media(account, &path(1)).await
        }
        other => other,
    }
}
