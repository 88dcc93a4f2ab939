//! REST requests as Twilio wants them, and its published example answers read.

use offhook_twilio::rest::call::{Filter, Instructions, NewCall, RecordOptions};
use offhook_twilio::rest::participant::NewParticipant;
use offhook_twilio::rest::recording::{PauseBehavior, Turn};
use offhook_twilio::rest::{
    Failure, HttpMethod, Page, account, application, call, conference, number, participant, queue,
    recording,
};
use offhook_twilio::status::{CallStatus, ConferenceStatus, Direction, RecordingStatus};
use offhook_twilio::words::{CallEvent, Channels, RecordingCallbackEvent, Trim};

const AC: &str = "AC00000000000000000000000000000001";

#[test]
fn the_events_of_a_call_repeat_their_name_and_those_of_a_participant_share_one_value() {
    let events = vec![CallEvent::Initiated, CallEvent::Answered];
    let made = call::create(
        AC,
        &NewCall {
            status_callback_events: events.clone(),
            ..NewCall::new(
                "+14155550123",
                "+14155550199",
                Instructions::url("https://e.com/v"),
            )
        },
    );
    assert_eq!(
        (made.method, made.path.as_str(), made.idempotent),
        (
            HttpMethod::Post,
            "/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls.json",
            false
        )
    );
    assert_eq!(
        made.encoded_params(),
        "To=%2B14155550123&From=%2B14155550199&Url=https%3A%2F%2Fe.com%2Fv&StatusCallbackEvent=initiated&StatusCallbackEvent=answered"
    );
    let added = participant::create(
        AC,
        "CF1",
        &NewParticipant {
            to: "client:o_a".into(),
            from: "+1".into(),
            status_callback_events: events,
            ..NewParticipant::default()
        },
    );
    assert_eq!(
        added.path,
        format!("/2010-04-01/Accounts/{AC}/Conferences/CF1/Participants.json")
    );
    assert_eq!(
        added.encoded_params(),
        "To=client%3Ao_a&From=%2B1&StatusCallbackEvent=initiated+answered"
    );
}

#[test]
fn a_recorded_participant_says_how() {
    let record = RecordOptions {
        channels: Some(Channels::Dual),
        trim: Some(Trim::DoNotTrim),
        status_callback_events: vec![
            RecordingCallbackEvent::InProgress,
            RecordingCallbackEvent::Completed,
        ],
        ..RecordOptions::default()
    };
    let added = participant::create(
        AC,
        "room 1/2",
        &NewParticipant {
            record: Some(record),
            ..NewParticipant::default()
        },
    );
    assert!(
        added
            .path
            .ends_with("/Conferences/room%201%2F2/Participants.json")
    );
    assert_eq!(
        added.encoded_params(),
        "To=&From=&Record=true&RecordingChannels=dual&Trim=do-not-trim&RecordingStatusCallbackEvent=in-progress+completed"
    );
}

#[test]
fn only_what_can_be_repeated_without_harm_says_so() {
    let call = NewCall::new("+1", "+2", Instructions::Twiml("<Response/>".into()));
    assert!(!call::create(AC, &call).idempotent);
    assert!(!call::redirect(AC, "CA1", &call.instructions).idempotent);
    assert!(!recording::create(AC, "CA1", &RecordOptions::default()).idempotent);
    let settings = number::Change::default();
    assert!(!number::create(AC, "+1", &settings, &number::Papers::default()).idempotent);
    assert!(call::complete(AC, "CA1").idempotent);
    assert!(call::fetch(AC, "CA1").idempotent);
    assert!(conference::complete(AC, "CF1").idempotent);
    assert!(recording::delete(AC, "RE1").idempotent);
}

#[test]
fn lists_are_filtered_by_time_and_state() {
    let since = "2026-11-18T12:00:00.5Z".parse().expect("a time");
    let listed = call::list(
        AC,
        &Filter {
            status: Some(CallStatus::InProgress),
            started_after: Some(since),
            page_size: Some(20),
            ..Filter::default()
        },
    );
    assert_eq!(
        listed.encoded_params(),
        "Status=in-progress&StartTime%3E=2026-11-18T12%3A00%3A00Z&PageSize=20"
    );
    assert_eq!(
        recording::list(AC, Some(since)).encoded_params(),
        "DateCreated%3E=2026-11-18T12%3A00%3A00Z"
    );
}

#[test]
fn a_recording_is_paused_with_silence_and_fetched_with_both_channels() {
    let paused = recording::update(
        AC,
        "CA1",
        recording::CURRENT,
        Turn::Pause,
        Some(PauseBehavior::Silence),
    );
    assert_eq!(
        paused.path,
        format!("/2010-04-01/Accounts/{AC}/Calls/CA1/Recordings/Twilio.CURRENT.json")
    );
    assert_eq!(
        paused.encoded_params(),
        "Status=paused&PauseBehavior=silence"
    );
    assert_eq!(
        recording::media_path(AC, "RE1", 2),
        format!("/2010-04-01/Accounts/{AC}/Recordings/RE1.wav?RequestedChannels=2")
    );
}

/// The example answer of Twilio's OpenAPI document for a call.
const CALL: &str = r#"{
    "account_sid": "AC00000000000000000000000000000001", "annotation": null, "answered_by": null, "api_version": "2010-04-01",
    "caller_name": "", "date_created": "Fri, 18 Oct 2019 17:00:00 +0000", "date_updated": "Fri, 18 Oct 2019 17:01:00 +0000",
    "direction": "outbound-api", "duration": "4", "end_time": "Fri, 18 Oct 2019 17:03:00 +0000", "forwarded_from": "+141586753093",
    "from": "+15017122661", "from_formatted": "(501) 712-2661", "group_sid": null, "parent_call_sid": null,
    "phone_number_sid": "PN00000000000000000000000000000001", "price": "-0.03000", "price_unit": "USD", "sid": "CA00000000000000000000000000000001",
    "start_time": "Fri, 18 Oct 2019 17:02:00 +0000", "status": "completed", "subresource_uris": {"notifications": "/x.json"},
    "to": "+14155551212", "to_formatted": "(415) 555-1212", "trunk_sid": null, "uri": "/x.json", "queue_time": "1000"
}"#;

#[test]
fn twilios_example_call_is_read() {
    let read = call::fetch(AC, "CA1")
        .read(200, CALL.as_bytes())
        .expect("Twilio's own example");
    assert_eq!(
        (read.status, read.direction),
        (CallStatus::Completed, Some(Direction::OutboundApi))
    );
    assert_eq!((read.duration, read.queue_time), (Some(4), Some(1000)));
    assert_eq!(
        (read.price.as_deref(), read.price_unit.as_deref()),
        (Some("-0.03000"), Some("USD"))
    );
    assert_eq!(
        read.start_time,
        Some("2019-10-18T17:02:00Z".parse().expect("a time"))
    );
}

#[test]
fn a_queued_call_has_neither_times_nor_price() {
    let read = call::fetch(AC, "CA1").read(201, br#"{"sid":"CA1","status":"queued","price":null,"duration":null,"start_time":null,"queue_time":0}"#).expect("an answer");
    assert_eq!(
        (read.price, read.duration, read.start_time, read.queue_time),
        (None, None, None, Some(0))
    );
}

#[test]
fn a_page_leads_to_the_next() {
    let body = format!(
        r#"{{"calls":[{CALL}],"page":0,"page_size":1,"next_page_uri":"/2010-04-01/Accounts/{AC}/Calls.json?PageSize=1&Page=1&PageToken=PACA1"}}"#
    );
    let page: Page<_> = call::list(AC, &Filter::default())
        .read(200, body.as_bytes())
        .expect("a page");
    assert_eq!(page.items.len(), 1);
    let next = page.next().expect("there is more");
    assert_eq!(next.path, format!("/2010-04-01/Accounts/{AC}/Calls.json"));
    assert_eq!(next.encoded_params(), "PageSize=1&Page=1&PageToken=PACA1");
    let last: Page<_> = next
        .read(200, br#"{"calls":[],"next_page_uri":null}"#)
        .expect("a page");
    assert!(last.next().is_none());
}

#[test]
fn the_other_answers_are_read() {
    let conference = conference::fetch(AC, "CF1")
        .read(
            200,
            br#"{"sid":"CF1","friendly_name":"room","status":"in-progress","region":"us1"}"#,
        )
        .expect("a conference");
    assert_eq!(conference.status, ConferenceStatus::InProgress);
    let participant = participant::fetch(AC, "CF1", "customer_1").read(200, br#"{"call_sid":"CA1","conference_sid":"CF1","label":"customer_1","muted":true,"hold":false,"status":"connected","queue_time":"1000"}"#);
    assert_eq!(
        participant.map(|read| (read.muted, read.queue_time)),
        Ok((true, Some(1000)))
    );
    let member = queue::fetch_member(AC, "QU1", "Front").read(200, br#"{"call_sid":"CA1","queue_sid":"QU1","position":1,"wait_time":7,"date_enqueued":"Tue, 07 Aug 2012 22:57:41 +0000"}"#);
    assert_eq!(member.map(|read| read.position), Ok(Some(1)));
    let recording = recording::fetch(AC, "RE1").read(200, br#"{"sid":"RE1","call_sid":"CA1","status":"processing","channels":2,"duration":"-1","source":"StartCallRecordingAPI","price":-0.0025,"error_code":null}"#).expect("a recording");
    assert_eq!(
        (
            recording.status,
            recording.channels,
            recording.duration,
            recording.price.as_deref()
        ),
        (RecordingStatus::Processing, Some(2), None, Some("-0.0025"))
    );
    let number = number::fetch(AC, "PN1").read(200, br#"{"sid":"PN1","phone_number":"+14155550199","capabilities":{"voice":true,"sms":true,"mms":false,"fax":false}}"#).expect("a number");
    assert!(number.capabilities.voice && number.capabilities.sms && !number.capabilities.mms);
    let app = application::fetch(AC, "AP1").read(
        200,
        br#"{"sid":"AP1","voice_url":"https://e.com/v","voice_method":"POST"}"#,
    );
    assert_eq!(
        app.map(|read| read.voice_url),
        Ok(Some("https://e.com/v".into()))
    );
    assert!(recording::delete(AC, "RE1").read(204, b"").is_ok());
}

#[test]
fn a_refusal_carries_twilios_code() {
    let body = br#"{"code":20003,"message":"Authenticate","more_info":"https://www.twilio.com/docs/errors/20003","status":401}"#;
    let Err(Failure::Refused(error)) = account::fetch(AC).read(401, body) else {
        panic!("refused")
    };
    assert_eq!(
        (error.status, error.code, error.message.as_str()),
        (401, Some(20003), "Authenticate")
    );
    assert_eq!(
        error.to_string(),
        "Twilio answered 401 (20003): Authenticate"
    );
    let Err(Failure::Refused(error)) = account::fetch(AC).read(502, b"<html>") else {
        panic!("refused")
    };
    assert_eq!((error.code, error.was_not_carried_out()), (None, false));
    assert!(matches!(
        account::fetch(AC).read(200, b"<html>"),
        Err(Failure::Unreadable(_))
    ));
}

#[test]
fn a_new_keys_secret_is_not_shown_by_debug() {
    let key = account::create_key(AC, "offhook")
        .read(
            201,
            br#"{"sid":"SK1","friendly_name":"offhook","secret":"hush"}"#,
        )
        .expect("a key");
    assert_eq!(key.secret, "hush");
    assert!(!format!("{key:?}").contains("hush"));
}
