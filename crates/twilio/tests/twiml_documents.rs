//! TwiML as Twilio's documentation and other people's servers write it.

use offhook_twilio::twiml::{
    Client, Conference, ConnectNoun, Dial, Gather, Noun, Number, Parsed, Prompt, Response, Say,
    StartNoun, StartRecording, TwimlError, Verb,
};
use offhook_twilio::words::{CallEvent, Channels, Method, RecordingCallbackEvent, Trim};

fn parse(document: &str) -> Parsed {
    Response::parse(document).expect("the document is well-formed")
}

fn only_verb(document: &str) -> Verb {
    let Parsed { response, warnings } = parse(document);
    assert_eq!(warnings, vec![]);
    let [verb] = <[Verb; 1]>::try_from(response.verbs).expect("there is one verb");
    verb
}

#[test]
fn a_room_is_written_as_twilio_documents_it() {
    let room = Conference {
        beep: Some(offhook_twilio::twiml::Beep::Never),
        wait_url: Some(String::new()),
        ..Conference::new("room 1")
    };
    let response = Response::of([
        StartRecording {
            channels: Some(Channels::Dual),
            trim: Some(Trim::DoNotTrim),
            recording_status_callback: Some("https://example.com/r?a=1&b=2#rc=2".into()),
            recording_status_callback_event: vec![
                RecordingCallbackEvent::InProgress,
                RecordingCallbackEvent::Completed,
            ],
            ..StartRecording::default()
        }
        .into(),
        Dial {
            action: Some("/after".into()),
            ..Dial::to(room)
        }
        .into(),
        Verb::Hangup,
    ]);
    assert_eq!(
        response.to_xml(),
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8"?><Response>"#,
            r#"<Start><Recording channels="dual" trim="do-not-trim" recordingStatusCallback="https://example.com/r?a=1&amp;b=2#rc=2" "#,
            r#"recordingStatusCallbackEvent="in-progress completed"/></Start>"#,
            r#"<Dial action="/after"><Conference beep="false" waitUrl="">room 1</Conference></Dial><Hangup/></Response>"#,
        )
    );
}

#[test]
fn indentation_around_text_is_not_part_of_it() {
    let verb = only_verb(
        "<?xml version=\"1.0\"?>\n<Response>\n  <Say voice=\"alice\">\n    Hello,\n    world &amp; all\n  </Say>\n</Response>\n",
    );
    assert_eq!(
        verb,
        Verb::Say(Say {
            voice: Some("alice".into()),
            ..Say::new("Hello,\n    world & all")
        })
    );
}

#[test]
fn ssml_is_read_as_its_words_in_order_and_kept() {
    let verb = only_verb(
        "<Response><Say>Hi <emphasis level=\"strong\">there</emphasis><break time=\"1s\"/>again</Say></Response>",
    );
    let marked = "Hi<emphasis level=\"strong\">there</emphasis><break time=\"1s\"/>again";
    assert_eq!(
        verb,
        Verb::Say(Say {
            ssml: Some(marked.into()),
            ..Say::new("Hi there again")
        })
    );
}

#[test]
fn a_bare_number_in_a_dial_is_a_number() {
    let verb = only_verb("<Response><Dial timeout=\"20\">+14155550123</Dial></Response>");
    assert_eq!(
        verb,
        Verb::Dial(Dial {
            timeout: Some(20),
            ..Dial::to(Number::new("+14155550123"))
        })
    );
}

#[test]
fn a_client_carries_its_parameters() {
    let verb = only_verb(
        "<Response><Dial><Client statusCallbackEvent='initiated  ringing'><Identity>o_a</Identity><Parameter name=\"call_id\" value=\"call_1\"/></Client></Dial></Response>",
    );
    let client = Client {
        status_callback_event: vec![CallEvent::Initiated, CallEvent::Ringing],
        ..Client::new("o_a").with("call_id", "call_1")
    };
    assert_eq!(verb, Verb::Dial(Dial::to(client)));
}

#[test]
fn a_gather_holds_its_prompts_and_an_empty_finish_key_stays_empty() {
    let verb = only_verb(
        r#"<Response><Gather numDigits="1" finishOnKey="" method="get"><Say>Press 1</Say></Gather></Response>"#,
    );
    let gather = Gather {
        num_digits: Some(1),
        finish_on_key: Some(String::new()),
        method: Some(Method::Get),
        prompts: vec![Prompt::Say(Say::new("Press 1"))],
        ..Gather::default()
    };
    assert_eq!(verb, Verb::Gather(gather));
}

#[test]
fn what_is_unknown_is_warned_of_and_the_call_goes_on() {
    let Parsed { response, warnings } = parse(
        "<Response><Sparkle/><Say mood=\"good\" loop=\"often\">Hi</Say><Dial record=\"maybe\"><Fax>+2</Fax><Number>+1</Number></Dial><Start><Party/></Start></Response>",
    );
    let codes: Vec<u32> = warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(
        codes,
        [12200, 13510, 12200, 13217, 13215, 12200],
        "{warnings:?}"
    );
    assert_eq!(response.verbs.len(), 3);
    assert_eq!(
        response.verbs[1],
        Verb::Dial(Dial {
            nouns: vec![Noun::Number(Number::new("+1"))],
            ..Dial::default()
        })
    );
}

#[test]
fn a_wrong_value_has_a_code_of_its_own_and_the_default_counts() {
    let Parsed { response, warnings } = parse(
        "<Response><Gather finishOnKey=\"x\" timeout=\"soon\"><Say voice=\"robot\">Hi</Say><Dial/></Gather><Say voice=\"robot\"/><Record playBeep=\"loud\" maxLength=\"-1\"/><Pause length=\"long\"/></Response>",
    );
    let codes: Vec<u32> = warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(
        codes,
        [13313, 13310, 13321, 13320, 13511, 13612, 13616, 13910],
        "{warnings:?}"
    );
    let Verb::Gather(gather) = &response.verbs[0] else {
        panic!("a Gather")
    };
    assert_eq!((&gather.finish_on_key, gather.timeout), (&None, None));
}

#[test]
fn what_twilio_knows_and_we_do_not_keeps_its_name() {
    let Parsed { response, warnings } = parse(
        "<Response><Pay chargeAmount=\"1\"/><Connect><ConversationRelay url=\"wss://a.b\"/></Connect><Start><Siprec/></Start></Response>",
    );
    assert_eq!(warnings, vec![]);
    assert_eq!(response.verbs[0], Verb::Foreign("Pay".into()));
    assert!(matches!(&response.verbs[1], Verb::Connect(connect)
        if connect.noun == Some(ConnectNoun::Foreign("ConversationRelay".into()))));
    assert!(matches!(&response.verbs[2], Verb::Start(start)
        if start.nouns == [StartNoun::Foreign("Siprec".into())]));
}

#[test]
fn a_document_that_cannot_be_carried_out_says_why_by_twilios_code() {
    let code = |document: &str| Response::parse(document).expect_err("refused").code();
    assert_eq!(code("  "), 11770);
    assert_eq!(code("An apology"), 12100);
    assert_eq!(code("<Response><Say>Hi</Response>"), 12100);
    assert_eq!(code("<Response><Say>Hi"), 12100);
    assert_eq!(code("<Response/><Response/>"), 12100);
    assert_eq!(
        code("<Response><Say loop=\"1\" loop=\"2\">Hi</Say></Response>"),
        12100
    );
    assert_eq!(code("<?xml version=\"1.1\"?><Response/>"), 12101);
    assert_eq!(code("<html><body>502</body></html>"), 12102);
    assert_eq!(
        code(&format!(
            "<Response><Say>{}</Say></Response>",
            "a".repeat(65536)
        )),
        11750
    );
    assert_eq!(code(&format!("<Response>{}", "<a>".repeat(40))), 12100);
}

#[test]
fn a_documents_own_entities_are_refused_not_expanded() {
    let bomb = r#"<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Response><Say>&b;</Say></Response>"#;
    assert!(matches!(
        Response::parse(bomb),
        Err(TwimlError::Malformed(_))
    ));
}
