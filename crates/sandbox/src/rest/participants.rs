//! Participants: added by dialling, held, muted and removed; named by CallSid or by label.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::callbacks;
use super::params::Params;
use super::refusal::Refusal;
use super::{date, or_null, page, uri};
use crate::engine::records::ParticipantRecord;
use crate::engine::requests::{CreateParticipant, RoomSettings, UpdateParticipant};

const LONGEST_LABEL: usize = 128;

/// `GET /Conferences/{sid}/Participants.json`: who is in the room now.
pub(super) async fn list(ask: Ask) -> Answer {
    let conference = ask.name("conference");
    let wanted = |participant: &ParticipantRecord| {
        let asked = |name: &str, is: bool| ask.params.flag(name).is_none_or(|asked| asked == is);
        asked("Muted", participant.muted)
            && asked("Hold", participant.hold)
            && asked("Coaching", participant.coaching)
    };
    let body = ask.engine(|engine, _, account| {
        engine.conference(account, conference)?;
        let participants: Vec<_> = engine
            .participants(account, conference)
            .into_iter()
            .filter(wanted)
            .collect();
        Some(page::page(
            &ask,
            "participants",
            &participants,
            |participant| &participant.call_sid,
            show,
        ))
    });
    Ok(ok(ask.found(body)?))
}

/// `POST /Conferences/{sid or name}/Participants.json`.
pub(super) async fn create(ask: Ask) -> Answer {
    let params = &ask.params;
    let label = params.filled("Label").unwrap_or_default();
    if label.chars().count() > LONGEST_LABEL {
        return Err(Refusal::invalid(
            20001,
            "Label is longer than 128 characters",
        ));
    }
    let new = CreateParticipant {
        to: params.required("To", 21201)?,
        from: params.required("From", 21213)?,
        caller_id: params.filled("CallerId").unwrap_or_default(),
        label,
        status: callbacks::callback(params, "StatusCallback")?,
        timeout: params.number("Timeout", 21208, 5..=600)?,
        time_limit: params.number("TimeLimit", 20001, 1..=86_400)?,
        record: callbacks::recorded(params)?,
        early_media: params.flag("EarlyMedia"),
        machine: callbacks::machine(params, "Amd")?,
        room: room(params)?,
        call_token: params.filled("CallToken"),
    };
    created(
        ask.engine(|engine, now, account| {
            engine.create_participant(now, account, ask.name("conference"), new)
        }),
        show,
    )
}

fn room(params: &Params) -> Result<RoomSettings, Refusal> {
    let usual = RoomSettings::default();
    let most = params.number("MaxParticipants", 20001, 2..=250)?;
    Ok(RoomSettings {
        muted: params.flag("Muted").unwrap_or(usual.muted),
        beep: params
            .one_of("Beep", 20001, &["true", "false", "onEnter", "onExit"])?
            .unwrap_or(usual.beep),
        start_on_enter: params
            .flag("StartConferenceOnEnter")
            .unwrap_or(usual.start_on_enter),
        end_on_exit: params
            .flag("EndConferenceOnExit")
            .unwrap_or(usual.end_on_exit),
        wait_url: params.text("WaitUrl"),
        wait_method: params.method("WaitMethod")?,
        max_participants: most.map_or(usual.max_participants, |most| most as usize),
        record: matches!(
            params.get("ConferenceRecord"),
            Some("true" | "record-from-start")
        ),
        trim: params.filled("ConferenceTrim").unwrap_or(usual.trim),
        coach: params
            .filled("CallSidToCoach")
            .filter(|_| params.flag("Coaching") != Some(false)),
        status: callbacks::callback(params, "ConferenceStatusCallback")?,
        recording: callbacks::callback(params, "ConferenceRecordingStatusCallback")?,
    })
}

/// `GET /Conferences/{sid}/Participants/{sid or label}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let participant = ask.engine(|engine, _, account| {
        engine.participant_by(account, ask.name("conference"), ask.name("participant"))
    });
    Ok(ok(show(&ask.found(participant)?)))
}

/// `POST /Conferences/{sid}/Participants/{sid or label}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    let params = &ask.params;
    let change = UpdateParticipant {
        muted: params.flag("Muted"),
        hold: params.flag("Hold"),
        hold_url: params.text("HoldUrl"),
        hold_method: Some(params.method("HoldMethod")?),
        announce_url: params.filled("AnnounceUrl"),
        announce_method: Some(params.method("AnnounceMethod")?),
        end_conference_on_exit: params.flag("EndConferenceOnExit"),
        beep_on_exit: params.flag("BeepOnExit"),
        coaching: params.flag("Coaching"),
        call_sid_to_coach: params.filled("CallSidToCoach"),
    };
    let (conference, participant) = (ask.name("conference"), ask.name("participant"));
    answer(
        ask.engine(|engine, now, account| {
            engine.update_participant(now, account, conference, participant, change)
        }),
        show,
    )
}

/// `DELETE /Conferences/{sid}/Participants/{sid or label}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    let (conference, participant) = (ask.name("conference"), ask.name("participant"));
    gone(ask.engine(|engine, now, account| {
        engine.remove_participant(now, account, conference, participant)
    }))
}

fn show(participant: &ParticipantRecord) -> Value {
    json!({
        "account_sid": participant.account_sid,
        "call_sid": participant.call_sid,
        "conference_sid": participant.conference_sid,
        "label": or_null(&participant.label),
        "muted": participant.muted,
        "hold": participant.hold,
        "coaching": participant.coaching,
        "call_sid_to_coach": participant.call_sid_to_coach,
        "start_conference_on_enter": participant.start_on_enter,
        "end_conference_on_exit": participant.end_on_exit,
        "status": participant.status,
        "queue_time": participant.queue_time.to_string(),
        "date_created": date(participant.date_created),
        "date_updated": date(participant.date_updated),
        "uri": uri(&participant.account_sid, &format!("Conferences/{}/Participants/{}", participant.conference_sid, participant.call_sid)),
    })
}
