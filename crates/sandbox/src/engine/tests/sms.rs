//! Messages: the order of receipts, the network's own answers, what is refused, services and `WhatsApp`.

use super::super::account::{NumberChange, SmsHooksChange};
use super::super::sms::{CreateSms, PhoneText, Sender, ServiceChange, Sms, SmsStatus};
use super::{AC, CUSTOMER, OURS, Stage, field, url};

const SECOND: &str = "+14155550101";

/// A number whose messages ask `/sms`.
fn stage(pages: &[(&'static str, &str)]) -> Stage {
    let mut stage = Stage::new(pages);
    set_sms_url(&mut stage, OURS);
    stage
}

fn set_sms_url(stage: &mut Stage, number: &str) {
    let sid = stage.engine.owner_of(number).unwrap().sid.clone();
    let sms = SmsHooksChange {
        sms_url: Some(url("/sms")),
        sms_fallback_url: Some(url("/sms-fallback")),
        ..SmsHooksChange::default()
    };
    let change = NumberChange {
        sms,
        ..NumberChange::default()
    };
    stage
        .engine
        .update_number(stage.now, AC, &sid, change)
        .unwrap();
}

fn wanted(body: &str) -> CreateSms {
    CreateSms {
        sender: Sender {
            from: OURS.into(),
            ..Sender::default()
        },
        to: CUSTOMER.into(),
        body: body.into(),
        status_callback: url("/receipt"),
        ..CreateSms::default()
    }
}

fn refused(stage: &mut Stage, wanted: CreateSms) -> u32 {
    let refusal = stage.engine.create_sms(stage.now, AC, wanted);
    refusal.expect_err("refused").code
}

fn writes(stage: &mut Stage, from: &str, to: &str, body: &str) {
    let text = PhoneText {
        from: from.into(),
        to: to.into(),
        body: body.into(),
        media: Vec::new(),
    };
    stage.engine.phone_texts(stage.now, text).unwrap();
    stage.drain();
}

/// What the customer's phone shows, oldest first.
fn screen(stage: &Stage) -> Vec<String> {
    let texts = stage.engine.bubbles(Some(CUSTOMER)).into_iter();
    texts.map(|text| text.body.clone()).collect()
}

fn sent(stage: &mut Stage, wanted: CreateSms) -> Sms {
    let sms = stage.engine.create_sms(stage.now, AC, wanted).unwrap();
    stage.run(30.0);
    stage.engine.sms(AC, &sms.sid).unwrap().clone()
}

#[test]
fn receipts_come_in_twilios_order_and_none_for_the_first_status() {
    let mut stage = stage(&[]);
    let made = stage.engine.create_sms(stage.now, AC, wanted("Hello"));
    assert_eq!(made.unwrap().status, SmsStatus::Queued);
    stage.run(20.0);
    assert_eq!(
        stage.told("/receipt", "MessageStatus"),
        ["sending", "sent", "delivered"]
    );
    let last = *stage.to("/receipt").last().unwrap();
    assert_eq!(field(last, "SmsStatus"), "delivered");
    assert_eq!(field(last, "RawDlrDoneDate"), "2611201000");
    assert_eq!(field(last, "ErrorCode"), "");
    assert_eq!(screen(&stage), ["Hello"]);
    let sms = stage.engine.all_sms(AC)[0].clone();
    assert_eq!((sms.price, sms.segments), (Some(790), 1));
}

#[test]
fn a_long_code_sends_one_piece_a_second() {
    let mut stage = stage(&[]);
    for body in ["one", "two", "three"] {
        let mut wanted = wanted(body);
        wanted.status_callback.clear();
        stage.engine.create_sms(stage.now, AC, wanted).unwrap();
    }
    stage.run(1.5);
    assert_eq!(screen(&stage), ["one"]);
    stage.run(1.0);
    assert_eq!(screen(&stage), ["one", "two"]);
    stage.run(1.0);
    assert_eq!(screen(&stage), ["one", "two", "three"]);
}

#[test]
fn a_phone_that_is_off_a_landline_and_a_sender_without_a_campaign_fail_with_their_codes() {
    for (number, code, statuses) in [
        (CUSTOMER, 30003, &["sending", "sent", "undelivered"][..]),
        (CUSTOMER, 30006, &["sending", "sent", "undelivered"]),
        (OURS, 30034, &["sending", "undelivered"]),
    ] {
        let mut stage = stage(&[]);
        stage.engine.set_fate(number, Some(code)).unwrap();
        let sms = sent(&mut stage, wanted("Hello"));
        assert_eq!(sms.error, Some(code));
        assert_eq!(stage.told("/receipt", "MessageStatus"), statuses);
        let last = *stage.to("/receipt").last().unwrap();
        assert_eq!(field(last, "ErrorCode"), code.to_string());
        assert_eq!(screen(&stage), [""; 0]);
        assert_eq!(stage.engine.alerts(AC).next().unwrap().code, code);
    }
    let mut stage = stage(&[]);
    stage.engine.set_fate(CUSTOMER, Some(1)).unwrap_err();
}

#[test]
fn who_writes_stop_is_told_by_the_network_and_gets_nothing_more_until_start() {
    let mut stage = stage(&[("/sms", "")]);
    writes(&mut stage, CUSTOMER, OURS, "Stop");
    let shown = screen(&stage);
    assert!(shown[1].contains("unsubscribed"), "{shown:?}");
    assert_eq!(
        stage.told("/sms", "Body"),
        ["Stop"],
        "the application sees it too"
    );
    assert_eq!(refused(&mut stage, wanted("Hello")), 21610);
    writes(&mut stage, CUSTOMER, OURS, "STOPALL");
    assert_eq!(screen(&stage).len(), 3, "who has stopped is not told again");
    writes(&mut stage, CUSTOMER, OURS, "help");
    writes(&mut stage, CUSTOMER, OURS, "start");
    let shown = screen(&stage);
    assert!(shown[4].contains("Reply STOP"), "{shown:?}");
    assert!(shown[6].contains("re-subscribed"), "{shown:?}");
    assert_eq!(
        sent(&mut stage, wanted("Hello")).status,
        SmsStatus::Delivered
    );
}

#[test]
fn an_answer_to_stop_is_refused_and_shown_in_the_debugger() {
    let mut stage = stage(&[("/sms", "<Message>Goodbye</Message>")]);
    writes(&mut stage, CUSTOMER, OURS, "STOP");
    stage.run(10.0);
    assert_eq!(stage.engine.alerts(AC).next().unwrap().code, 21610);
    assert_eq!(screen(&stage).len(), 2);
}

#[test]
fn what_comes_in_is_told_with_twilios_fields_and_answered() {
    let answer = "<Message statusCallback=\"/receipt\">Thanks</Message>";
    let mut stage = stage(&[("/sms", answer)]);
    writes(&mut stage, CUSTOMER, OURS, "Is it open?");
    let asked = stage.to("/sms")[0].clone();
    for (name, value) in [
        ("From", CUSTOMER),
        ("To", OURS),
        ("Body", "Is it open?"),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("SmsStatus", "received"),
        ("FromCountry", "US"),
        ("ApiVersion", "2010-04-01"),
    ] {
        assert_eq!(field(&asked, name), value, "{name}");
    }
    assert_eq!(field(&asked, "MessageSid"), field(&asked, "SmsMessageSid"));
    stage.run(5.0);
    assert_eq!(screen(&stage), ["Is it open?", "Thanks"]);
    assert_eq!(
        stage.told("/receipt", "MessageStatus").last().unwrap(),
        "delivered"
    );
    let directions: Vec<&str> = stage
        .engine
        .all_sms(AC)
        .into_iter()
        .map(|sms| sms.direction.as_str())
        .collect();
    assert_eq!(directions, ["outbound-reply", "inbound"]);
}

#[test]
fn an_application_that_fails_is_replaced_by_its_fallback() {
    let mut stage = stage(&[("/sms-fallback", "<Message>Later</Message>")]);
    stage.broken = vec!["/sms"];
    writes(&mut stage, CUSTOMER, OURS, "Hello?");
    stage.run(5.0);
    let asked = stage.to("/sms-fallback")[0].clone();
    assert_eq!(field(&asked, "ErrorCode"), "11200");
    assert_eq!(field(&asked, "ErrorUrl"), url("/sms"));
    assert_eq!(screen(&stage), ["Hello?", "Later"]);
    assert_eq!(stage.engine.alerts(AC).next().unwrap().code, 11200);
}

#[test]
fn a_message_is_refused_as_twilio_refuses_it() {
    let mut stage = stage(&[]);
    let start = stage.now;
    let changed = |change: &dyn Fn(&mut CreateSms)| {
        let mut one = wanted("Hello");
        change(&mut one);
        one
    };
    for (code, one) in [
        (21604, changed(&|one| one.to.clear())),
        (21603, changed(&|one| one.sender.from.clear())),
        (21602, changed(&|one| one.body.clear())),
        (21617, changed(&|one| one.body = "a".repeat(1601))),
        (
            21623,
            changed(&|one| one.media = vec!["https://e.com/a".into(); 11]),
        ),
        (21620, changed(&|one| one.media = vec!["a.png".into()])),
        (
            21609,
            changed(&|one| one.status_callback = "nowhere".into()),
        ),
        (21211, changed(&|one| one.to = "+1555".into())),
        (21212, changed(&|one| one.sender.from = "5550100".into())),
        (
            21606,
            changed(&|one| one.sender.from = "+14155550777".into()),
        ),
        (21266, changed(&|one| one.to = OURS.into())),
        (
            21910,
            changed(&|one| one.to = format!("whatsapp:{CUSTOMER}")),
        ),
        (21218, changed(&|one| one.application = "AP0".into())),
        (
            35118,
            changed(&|one| one.send_at = Some(super::after(start, 3600))),
        ),
    ] {
        assert_eq!(refused(&mut stage, one.clone()), code, "{one:?}");
    }
}

#[test]
fn free_text_on_whatsapp_needs_a_message_of_the_last_day() {
    let (ours, theirs) = (format!("whatsapp:{OURS}"), format!("whatsapp:{CUSTOMER}"));
    let mut stage = stage(&[("/sms", "")]);
    let mut one = wanted("Hello");
    one.sender.from.clone_from(&ours);
    one.to.clone_from(&theirs);
    assert_eq!(sent(&mut stage, one.clone()).error, Some(63016));
    writes(&mut stage, &theirs, &ours, "STOP");
    assert_eq!(
        stage.told("/sms", "WaId"),
        [CUSTOMER.trim_start_matches('+')]
    );
    let answered = sent(&mut stage, one.clone());
    assert_eq!(answered.status, SmsStatus::Read, "STOP means nothing there");
    stage.run(24.0 * 3600.0);
    assert_eq!(sent(&mut stage, one).error, Some(63016));
}

#[test]
fn a_service_chooses_a_number_keeps_to_it_and_hears_for_all() {
    let mut stage = stage(&[("/service", "<Message>From the service</Message>")]);
    stage
        .engine
        .create_number(stage.now, AC, SECOND, NumberChange::default())
        .unwrap();
    let change = ServiceChange {
        friendly_name: Some("Shop".into()),
        inbound_request_url: Some(url("/service")),
        status_callback: Some(url("/service-receipt")),
        ..ServiceChange::default()
    };
    let service = stage
        .engine
        .create_service(stage.now, AC, change)
        .unwrap()
        .sid;
    let mut one = wanted("\u{201c}Hello\u{201d}");
    one.sender = Sender {
        service: service.clone(),
        ..Sender::default()
    };
    one.status_callback.clear();
    assert_eq!(refused(&mut stage, one.clone()), 21704);
    for number in [SECOND, OURS] {
        let sid = stage.engine.owner_of(number).unwrap().sid.clone();
        stage
            .engine
            .add_to_service(stage.now, AC, &service, &sid)
            .unwrap();
        let again = stage.engine.add_to_service(stage.now, AC, &service, &sid);
        assert_eq!(again.unwrap_err().code, 21710);
    }
    let made = stage.engine.create_sms(stage.now, AC, one.clone()).unwrap();
    assert_eq!((made.status, made.from.as_str()), (SmsStatus::Accepted, ""));
    stage.run(5.0);
    let first = stage.engine.sms(AC, &made.sid).unwrap().clone();
    assert_eq!(first.from, SECOND);
    assert_eq!(first.body, "\"Hello\"", "smart encoding");
    assert_eq!(
        stage.told("/service-receipt", "MessageStatus"),
        ["sending", "sent", "delivered"]
    );
    assert_eq!(
        sent(&mut stage, one.clone()).from,
        SECOND,
        "the recipient knows it"
    );
    writes(&mut stage, CUSTOMER, OURS, "Hi");
    assert_eq!(
        stage.told("/service", "MessagingServiceSid"),
        [service.as_str()]
    );
    assert!(stage.to("/sms").is_empty());
    stage.run(5.0);
    assert_eq!(screen(&stage).last().unwrap(), "From the service");
    writes(&mut stage, CUSTOMER, OURS, "STOP");
    assert_eq!(refused(&mut stage, one), 21610);
}

#[test]
fn a_scheduled_message_waits_and_can_be_taken_back() {
    let mut stage = stage(&[]);
    let service = {
        let change = ServiceChange {
            friendly_name: Some("Later".into()),
            ..ServiceChange::default()
        };
        stage
            .engine
            .create_service(stage.now, AC, change)
            .unwrap()
            .sid
    };
    let number = stage.engine.owner_of(OURS).unwrap().sid.clone();
    stage
        .engine
        .add_to_service(stage.now, AC, &service, &number)
        .unwrap();
    let mut one = wanted("Later");
    one.sender.service = service;
    one.send_at = Some(super::after(stage.now, 60));
    assert_eq!(refused(&mut stage, one.clone()), 35114);
    one.send_at = Some(super::after(stage.now, 3600));
    let first = stage.engine.create_sms(stage.now, AC, one.clone()).unwrap();
    let second = stage.engine.create_sms(stage.now, AC, one).unwrap();
    assert_eq!(first.status, SmsStatus::Scheduled);
    stage.engine.cancel_sms(stage.now, AC, &second.sid).unwrap();
    stage.run(3590.0);
    assert!(screen(&stage).is_empty());
    stage.run(60.0);
    assert_eq!(screen(&stage), ["Later"]);
    let gone = stage.engine.cancel_sms(stage.now, AC, &first.sid);
    assert_eq!(gone.unwrap_err().code, 30409);
    assert_eq!(
        stage.engine.sms(AC, &second.sid).unwrap().status,
        SmsStatus::Canceled
    );
}

#[test]
fn a_message_with_a_file_carries_it_to_the_phone() {
    let mut stage = stage(&[]);
    let mut one = wanted("Look");
    one.media = vec![url("/picture.png")];
    let sms = sent(&mut stage, one);
    assert!(sms.sid.starts_with("MM"));
    assert_eq!((sms.status, sms.media.len()), (SmsStatus::Delivered, 1));
    let bubble = stage.engine.bubbles(Some(CUSTOMER))[0].clone();
    assert_eq!(bubble.media[0].1, "image/png");
    assert!(bubble.media[0].0.contains(&sms.media[0].sid));
    stage.engine.delete_sms(AC, &sms.sid).unwrap();
    assert!(stage.engine.sms(AC, &sms.sid).is_none());
}

#[test]
fn the_text_of_a_message_under_way_is_neither_redacted_nor_deleted() {
    let mut stage = stage(&[]);
    let sms = stage
        .engine
        .create_sms(stage.now, AC, wanted("Secret"))
        .unwrap();
    let early = stage.engine.delete_sms(AC, &sms.sid);
    assert_eq!(early.unwrap_err().code, 20009);
    stage.run(10.0);
    let redacted = stage.engine.redact_sms(stage.now, AC, &sms.sid).unwrap();
    assert_eq!(redacted.body, "");
}

#[test]
fn a_call_sends_a_message_and_goes_on_with_its_action() {
    let verbs = "<Message action=\"/sent\" statusCallback=\"/receipt\">You called</Message>";
    let mut stage = Stage::new(&[("/voice", verbs), ("/sent", "<Pause length=\"5\"/>")]);
    let call = stage.phone_calls(super::Behaviour::Human);
    stage.run(10.0);
    assert_eq!(screen(&stage), ["You called"]);
    let told = stage.to("/sent")[0].clone();
    assert_eq!(field(&told, "CallSid"), call);
    assert_eq!(field(&told, "MessageStatus"), "sent");
    assert_eq!(
        stage.told("/receipt", "MessageStatus").last().unwrap(),
        "delivered"
    );
    let sms = stage.engine.all_sms(AC)[0].clone();
    assert_eq!(sms.direction.as_str(), "outbound-call");
    assert_eq!(field(&told, "MessageSid"), sms.sid);
}
