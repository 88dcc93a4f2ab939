//! Webhooks as Twilio sends them, with fields missing, empty, repeated and new.

use chrono::{DateTime, Utc};
use offhook_twilio::status::{
    CallStatus, ConferenceEventKind, Direction, QueueResult, RecordingSource, RecordingStatus,
};
use offhook_twilio::webhook::{
    ConferenceEvent, DialAction, EnqueueAction, Form, GatherAction, QueueWait, RecordingEvent,
    StatusCallback, VoiceRequest,
};

fn form(body: &str) -> Form {
    Form::parse(body.as_bytes()).expect("a form")
}

fn noon() -> DateTime<Utc> {
    "2026-11-18T12:00:00Z".parse().expect("a time")
}

#[test]
fn a_phones_call_is_read() {
    let request = VoiceRequest::from(form(
        "CallSid=CA1&AccountSid=AC1&From=%2B14155550123&To=%2B14155550199&CallStatus=ringing&Direction=inbound&ApiVersion=2010-04-01\
         &FromCity=SAN+FRANCISCO&FromCountry=US&StirVerstat=TN-Validation-Passed-A&CallToken=%7B%22a%22%3A1%7D",
    ));
    assert_eq!(request.from.as_deref(), Some("+14155550123"));
    assert_eq!(request.call_status, Some(CallStatus::Ringing));
    assert_eq!(request.direction, Some(Direction::Inbound));
    assert_eq!(request.from_place.city.as_deref(), Some("SAN FRANCISCO"));
    assert_eq!(request.call_token.as_deref(), Some(r#"{"a":1}"#));
    assert_eq!(request.caller_name, None);
}

#[test]
fn a_devices_call_keeps_its_own_parameters_and_its_empty_to() {
    let request = VoiceRequest::from(form(
        "CallSid=CA1&From=client%3Ao_a&To=&ApplicationSid=AP1&call_id=call_7&call_id=call_8",
    ));
    assert_eq!(request.to, None);
    assert_eq!(request.application_sid.as_deref(), Some("AP1"));
    assert_eq!(request.form.get("To"), Some(""));
    assert_eq!(request.form.get("call_id"), Some("call_7"));
    assert_eq!(request.form.pairs().len(), 6, "the signature covers both");
    assert_eq!(
        serde_json::to_value(&request.form).expect("an object")["call_id"],
        "call_7"
    );
}

#[test]
fn a_leg_that_ended_tells_seconds_and_minutes_apart() {
    let callback = StatusCallback::from(form(
        "CallSid=CA2&ParentCallSid=CA1&CallStatus=completed&Duration=2&CallDuration=61&SequenceNumber=3&SipResponseCode=200\
         &Timestamp=Wed%2C+18+Nov+2026+12%3A00%3A00+%2B0000&CallbackSource=call-progress-events",
    ));
    assert_eq!(
        (callback.duration_seconds, callback.billed_minutes),
        (Some(61), Some(2))
    );
    assert_eq!(callback.timestamp, Some(noon()));
    assert_eq!(callback.sequence_number, Some(3));
    assert!(callback.call_status.is_some_and(|status| status.is_final()));
}

#[test]
fn a_field_that_makes_no_sense_counts_as_missing() {
    let callback = StatusCallback::from(form(
        "CallSid=CA2&CallStatus=warped&CallDuration=&SequenceNumber=one&Timestamp=yesterday",
    ));
    assert_eq!(
        callback.call_status,
        Some(CallStatus::Other("warped".into()))
    );
    assert_eq!(
        (
            callback.duration_seconds,
            callback.sequence_number,
            callback.timestamp
        ),
        (None, None, None)
    );
    assert_eq!(callback.from, None);
}

#[test]
fn a_participant_who_was_redirected_leaves_in_progress() {
    let event = ConferenceEvent::from(form(
        "ConferenceSid=CF1&FriendlyName=room_1&AccountSid=AC1&SequenceNumber=4&StatusCallbackEvent=participant-leave&CallSid=CA1&Muted=false\
         &Hold=true&Coaching=false&EndConferenceOnExit=false&StartConferenceOnEnter=true&ParticipantLabel=customer_1\
         &ParticipantCallStatus=in-progress&ReasonParticipantLeft=participant_updated_via_api&Timestamp=Wed%2C+18+Nov+2026+12%3A00%3A00+%2B0000",
    ));
    assert_eq!(event.event, Some(ConferenceEventKind::Leave));
    assert_eq!(event.participant_call_status, Some(CallStatus::InProgress));
    assert_eq!((event.hold, event.muted), (Some(true), Some(false)));
    assert_eq!(
        event.reason_participant_left.as_deref(),
        Some("participant_updated_via_api")
    );
}

#[test]
fn a_conferences_recording_names_no_leg() {
    let event = RecordingEvent::from(form(
        "AccountSid=AC1&ConferenceSid=CF1&RecordingSid=RE1&RecordingUrl=https%3A%2F%2Fapi.twilio.com%2FRE1&RecordingStatus=completed\
         &RecordingDuration=12&RecordingChannels=1&RecordingSource=Conference",
    ));
    assert_eq!(event.call_sid, None);
    assert_eq!(event.status, Some(RecordingStatus::Completed));
    assert_eq!(event.source, Some(RecordingSource::Conference));
    assert_eq!(event.duration_seconds, Some(12));
}

#[test]
fn a_queue_tells_the_place_and_how_it_was_left() {
    let wait = QueueWait::from(form(
        "CallSid=CA1&QueueSid=QU1&QueuePosition=2&QueueTime=30&AvgQueueTime=45&CurrentQueueSize=2&MaxQueueSize=100",
    ));
    assert_eq!(
        (wait.position, wait.seconds_waited, wait.max_size),
        (Some(2), Some(30), Some(100))
    );
    let action = EnqueueAction::from(form("CallSid=CA1&QueueResult=redirected&QueueTime=31"));
    assert_eq!(
        (action.result, action.queue_sid),
        (Some(QueueResult::Redirected), None)
    );
    assert_eq!(action.voice.call_sid.as_deref(), Some("CA1"));
}

#[test]
fn a_dial_into_a_room_was_answered_without_a_leg_of_its_own() {
    let action = DialAction::from(form("CallSid=CA1&DialCallStatus=answered&DialBridged=true"));
    assert_eq!(action.status, Some(CallStatus::Answered));
    assert_eq!(
        (
            action.dialled_call_sid,
            action.duration_seconds,
            action.bridged
        ),
        (None, None, Some(true))
    );
}

#[test]
fn a_gather_without_keys_has_no_digits() {
    assert_eq!(
        GatherAction::from(form("CallSid=CA1&Digits=&FinishedOnKey=%23")).digits,
        ""
    );
    assert_eq!(
        GatherAction::from(form("CallSid=CA1&Digits=12%2A")).digits,
        "12*"
    );
}

#[test]
fn a_body_that_is_not_utf_8_is_still_a_form() {
    assert_eq!(form("Body=%ff").get("Body"), Some("\u{fffd}"));
}
