//! The doors at which a leg asks how it goes on: after the queue, a room, a forward phone, a message, or a redirect of ours.

use offhook_core::call::{Event, LegReport, LegStatus, Prompt, QueueResult};
use offhook_store::Error;
use offhook_twilio::status::CallStatus;
use offhook_twilio::twiml;
use offhook_twilio::webhook::{DialAction, EnqueueAction, Form, QueueWait, RecordAction};

use super::reply::{self, Twiml};
use super::signed::Knock;
use super::urls::{Door, Doors};
use super::words::{leg_status, queue_result};
use crate::app::App;
use crate::calls::story::{self, Source, Telling};
use crate::doors::click_to_call;

/// Marks an address that was asked again after it had failed.
const AGAIN: &str = "again=1";
/// Seconds before it is.
const MOMENT: u32 = 3;

/// Tells the call what the leg asks, and answers with what the call decides.
pub(super) async fn story(app: &App, knock: &Knock, kept: Option<&str>) -> Result<Twiml, Error> {
    let (Some(call), Some(sid)) = (knock.call(), knock.sid()) else {
        return story::unconcerned(app, knock, kept, &Prompt::Apology).await;
    };
    let mut events = vec![question(knock, &sid)];
    let last = last_word(knock, &sid);
    match knock.door {
        // A caller who has hung up ends the phone's leg too: what came first tells whose doing it was.
        Door::Forwarded => events.splice(0..0, last).for_each(drop),
        _ => events.extend(last),
    }
    let telling = Telling {
        kept,
        asks: true,
        last_words: last_words(knock),
        form: Some(&knock.form),
        at: Some(knock.at),
        ..Telling::of(events, Source::Carrier)
    };
    match story::tell(app, &knock.org, &call, &telling).await {
        Ok(told) => Ok(told.answer(app)),
        Err(Error::NotFound) => story::unconcerned(app, knock, kept, &Prompt::CallOver).await,
        Err(error) => Err(error),
    }
}

/// Does the carrier tell a leg's status at the door where it also asks after a `Dial`.
pub(super) fn is_status(knock: &Knock) -> bool {
    knock.sid().is_some() && knock.form.get("DialCallStatus").is_none()
}

/// How a call that was not answered is told to an agent whose front end shows no words of its own.
fn last_words(knock: &Knock) -> Option<&'static str> {
    let status = DialAction::from(knock.form.clone()).status;
    let status = status.as_ref().and_then(leg_status)?;
    (knock.door == Door::OutboundStatus)
        .then(|| click_to_call::words(status))
        .flatten()
}

/// What a caller hears who waits: the queue asks again at the end of each round.
pub(super) async fn wait(app: &App, knock: &Knock) -> Result<Twiml, Error> {
    let (Some(call), Some(sid)) = (knock.call(), knock.sid()) else {
        return Ok(music(app));
    };
    let telling = Telling::of(vec![Event::WaitRequested { sid }], Source::Carrier);
    let told = match story::tell(app, &knock.org, &call, &telling).await {
        Ok(told) => told,
        // Nothing is lost with this question: it comes again.
        Err(error) => {
            tracing::warn!(%error, "a waiting caller gets music while nobody can say more");
            return Ok(music(app));
        }
    };
    let wait = QueueWait::from(knock.form.clone());
    if let (Some(account), Some(queue), Some(name)) =
        (wait.voice.account_sid, wait.queue_sid, told.waiting_place())
    {
        app.queues.learn(&account, name, &queue);
    }
    Ok(told.answer(app))
}

/// What a customer hears who is held, or alone in a room.
pub(super) fn music(app: &App) -> Twiml {
    reply::music_for_ever(&Doors::of(&app.config))
}

/// A few words for a caller whose agent is gone.
pub(super) fn farewell(app: &App) -> Twiml {
    reply::farewell(&Doors::of(&app.config), &Prompt::AgentLost)
}

/// Another door failed, by its time or its answer: it is asked once more after a moment, since a node that just died is not
/// the only one. Nothing is read or written here; what failed twice gets an apology.
pub(super) fn fallback(app: &App, form: &Form) -> Twiml {
    let doors = Doors::of(&app.config);
    let failed = form.get("ErrorUrl").and_then(|url| doors.door_at(url));
    let again = failed.filter(|(door, url)| {
        door.wants_twiml() && *door != Door::Fallback && !url.contains(AGAIN)
    });
    let Some((door, url)) = again else {
        return reply::farewell(&doors, &Prompt::Apology);
    };
    let join = if url.contains('?') { '&' } else { '?' };
    twiml::Response::default()
        .then(reply::spoken(&doors, &Prompt::OneMoment))
        .then(twiml::Pause::seconds(MOMENT))
        .then(twiml::Redirect::new(
            doors.again(door, &format!("{url}{join}{AGAIN}")),
        ))
        .into()
}

fn question(knock: &Knock, sid: &str) -> Event {
    let sid = sid.to_owned();
    match knock.door {
        Door::Queue => {
            let result = EnqueueAction::from(knock.form.clone()).result;
            Event::QueueLeft {
                sid,
                result: result.as_ref().map_or(QueueResult::Error, queue_result),
            }
        }
        Door::Room => Event::RoomRequested { sid },
        Door::RoomLeft => Event::RoomDialEnded { sid },
        Door::Forwarded => {
            let action = DialAction::from(knock.form.clone());
            let status = action
                .status
                .as_ref()
                .and_then(leg_status)
                .unwrap_or(LegStatus::Failed);
            Event::ForwardEnded {
                sid,
                status,
                duration_seconds: action.duration_seconds,
            }
        }
        Door::DeviceAnswered => Event::DeviceAnswers {
            label: knock.label().unwrap_or_default(),
            sid,
        },
        Door::DevicesRung => {
            let action = DialAction::from(knock.form.clone());
            let status = action.status.as_ref().and_then(leg_status);
            Event::DevicesRung {
                sid,
                talked: matches!(status, Some(LegStatus::Completed | LegStatus::InProgress)),
                duration_seconds: action.duration_seconds,
            }
        }
        Door::Dialled | Door::VoiceStatus | Door::OutboundStatus => {
            let action = DialAction::from(knock.form.clone());
            let status = action.status.as_ref().and_then(leg_status);
            Event::DialEnded {
                status: status.unwrap_or(LegStatus::Failed),
                customer_sid: action.dialled_call_sid,
                duration_seconds: action.duration_seconds,
                hung_up: last_word(knock, &sid).is_some(),
                sid,
            }
        }
        Door::Message => {
            let action = RecordAction::from(knock.form.clone());
            let seconds = action.duration_seconds.unwrap_or(0);
            Event::MessageLeft {
                sid,
                recording_sid: action.recording_sid,
                seconds,
            }
        }
        // Only these doors are told as stories here; another one asks what comes next.
        Door::Next
        | Door::Voice
        | Door::Wait
        | Door::Farewell
        | Door::Fallback
        | Door::Music
        | Door::Status
        | Door::Recording
        | Door::Conference => Event::NextRequested { sid },
    }
}

/// A question of a leg that is over already tells its end, too.
fn last_word(knock: &Knock, sid: &str) -> Option<Event> {
    let status = CallStatus::from(knock.form.get("CallStatus")?);
    let status = leg_status(&status).filter(|status| status.is_final())?;
    let duration = knock
        .form
        .get("CallDuration")
        .and_then(|seconds| seconds.parse().ok());
    Some(Event::Leg(LegReport {
        sid: sid.to_owned(),
        label: None,
        parent_sid: None,
        status,
        duration_seconds: duration,
        error_code: None,
    }))
}
