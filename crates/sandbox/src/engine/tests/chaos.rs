//! Any sequence of documents, phones and REST requests leaves nothing behind: no leg, member, sound or webhook without an end.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::super::phone::{Behaviour, Line};
use super::super::requests::{CreateParticipant, RecordingRequest, UpdateCall, UpdateParticipant};
use super::{AC, OURS, Stage, create, fetch, field, url};
use crate::seam::{ClientInput, ClientOutput, Input, MediaCommand};

const VERBS: &[&str] = &[
    "<Say>Hello</Say>",
    "<Pause length=\"2\"/>",
    "<Play loop=\"0\">/music.wav</Play>",
    "<Gather numDigits=\"1\" action=\"/a\"><Say loop=\"3\">Press</Say></Gather>",
    "<Record action=\"/b\" timeout=\"2\" maxLength=\"5\"/>",
    "<Dial action=\"/a\" timeout=\"6\">+14155550142</Dial>",
    "<Dial timeout=\"6\" record=\"record-from-ringing-dual\"><Number url=\"/b\">+14155550142</Number><Client>anna</Client></Dial>",
    "<Dial answerOnBridge=\"true\"><Number>+14155550143</Number><Number>+14155550144</Number></Dial>",
    "<Dial sequential=\"true\" timeout=\"3\"><Number>+14155550143</Number><Number>+14155550142</Number></Dial>",
    "<Dial action=\"/b\"><Conference waitUrl=\"/a\">one</Conference></Dial>",
    "<Dial><Conference startConferenceOnEnter=\"false\" participantLabel=\"x\">one</Conference></Dial>",
    "<Dial action=\"/a\"><Conference endConferenceOnExit=\"true\" record=\"record-from-start\">one</Conference></Dial>",
    "<Enqueue action=\"/a\" waitUrl=\"/b\">q</Enqueue>",
    "<Enqueue>q</Enqueue>",
    "<Dial timeout=\"4\"><Queue url=\"/a\">q</Queue></Dial>",
    "<Leave/>",
    "<Redirect>/a</Redirect>",
    "<Reject/>",
    "<Hangup/>",
    "<Start><Recording channels=\"dual\"/></Start>",
    "<Dial>+14155550100</Dial>",
    "<Gather input=\"dtmf speech\" speechTimeout=\"auto\" partialResultCallback=\"/b\" action=\"/a\"><Say>Well?</Say></Gather>",
    "<Dial timeout=\"5\"><Sip>sip:desk@office.test</Sip><Sim>DE1</Sim><Number machineDetection=\"Enable\" amdStatusCallback=\"/b\">+14155550143</Number></Dial>",
    "<Start><Stream name=\"s\" url=\"wss://bot.test/\" statusCallback=\"/b\"/><Transcription name=\"t\" statusCallbackUrl=\"/b\" partialResults=\"true\"/></Start>",
    "<Stop><Stream name=\"s\"/><Transcription name=\"t\"/><Recording/></Stop>",
    "<Connect action=\"/a\"><Stream url=\"wss://bot.test/\" statusCallback=\"/b\"/></Connect>",
    "<Record transcribe=\"true\" transcribeCallback=\"/b\" action=\"/a\" timeout=\"1\"/>",
    "<Say>So <emphasis>much</emphasis><break time=\"1s\"/></Say><Pay/>",
];

fn document(dice: &mut StdRng) -> String {
    let verbs = (0..dice.random_range(0..4)).filter_map(|_| VERBS.choose(dice).copied());
    // A document that redirects to itself at once would never let time go by.
    format!("<Pause/>{}", verbs.collect::<String>())
}

fn behaviour(dice: &mut StdRng) -> Behaviour {
    match dice.random_range(0..8) {
        6 => Behaviour::Fax,
        7 => Behaviour::Machine {
            ring: 1.0,
            lines: vec![Line::Text("Leave a message".into())],
            beep: dice.random(),
            stays: Some(6.0),
        },
        0 => Behaviour::Busy,
        1 => Behaviour::NoAnswer,
        2 => Behaviour::Unreachable,
        3 => Behaviour::Human,
        4 => Behaviour::Echo,
        _ => Behaviour::Answers {
            ring: 1.0,
            lines: vec![Line::Text("Yes".into()), Line::Digits("1*".into())],
            stays: Some(dice.random_range(1.0..9.0)),
        },
    }
}

fn live_calls(stage: &Stage) -> Vec<String> {
    let truths = stage.engine.truths().into_iter().map(|truth| truth.call);
    truths
        .filter(|call| !call.status.is_terminal())
        .map(|call| call.sid)
        .collect()
}

/// Something happens.
fn act(stage: &mut Stage, dice: &mut StdRng) {
    for path in ["/voice", "/answered", "/a", "/b"] {
        let document = document(dice);
        stage.page(path, &document);
    }
    let now = stage.now;
    let calls = live_calls(stage);
    let call = calls.choose(dice).cloned().unwrap_or_default();
    let room = stage
        .engine
        .conferences(AC)
        .first()
        .map(|room| room.sid.clone())
        .unwrap_or_default();
    let queue = stage
        .engine
        .queues(AC)
        .first()
        .map(|queue| queue.sid.clone())
        .unwrap_or_default();
    let engine = &mut stage.engine;
    // Refusals are part of the game.
    match dice.random_range(0..16) {
        0 | 1 => {
            drop(engine.create_call(now, AC, create("+14155550142", &["initiated", "completed"])));
        }
        2 | 3 => drop(stage.phone_calls(behaviour(dice))),
        4 => {
            let to = UpdateCall {
                twiml: Some(fetch("/a")),
                ..UpdateCall::default()
            };
            drop(engine.update_call(now, AC, &call, to));
        }
        5 => drop(engine.update_call(
            now,
            AC,
            &call,
            UpdateCall {
                status: Some("completed".into()),
                ..UpdateCall::default()
            },
        )),
        6 => drop(engine.phone_hang_up(now, &call)),
        7 => drop(engine.phone_press(now, &call, "12*")),
        8 => drop(engine.phone_answer(now, &call)),
        9 => {
            let to = ["+14155550142", OURS, "client:anna"]
                .choose(dice)
                .copied()
                .unwrap_or(OURS);
            let request = CreateParticipant {
                to: to.into(),
                from: OURS.into(),
                ..CreateParticipant::default()
            };
            drop(engine.create_participant(now, AC, "one", request));
        }
        10 => {
            let hold = UpdateParticipant {
                hold: Some(dice.random()),
                hold_url: Some(url("/b")),
                ..UpdateParticipant::default()
            };
            drop(engine.update_participant(now, AC, &room, &call, hold));
        }
        11 => drop(engine.remove_participant(now, AC, &room, &call)),
        12 => drop(engine.update_member(now, AC, &queue, "Front", &url("/a"), "POST")),
        13 => drop(engine.start_recording(now, AC, &call, RecordingRequest::default())),
        14 => stage.input(Input::Client(ClientInput::HungUp { call })),
        _ => stage.input(Input::Client(ClientInput::Answered {
            call,
            connection: 3,
        })),
    }
    stage.drain();
    let seconds = dice.random_range(0.0..4.0);
    stage.run(seconds);
}

fn count(stage: &Stage, wanted: impl Fn(&MediaCommand) -> bool) -> usize {
    stage.media.iter().filter(|command| wanted(command)).count()
}

fn nothing_is_left(stage: &Stage, seed: u64) {
    assert!(
        stage
            .engine
            .queues(AC)
            .iter()
            .all(|queue| queue.current_size == 0),
        "seed {seed}: somebody waits"
    );
    for room in stage.engine.conferences(AC) {
        assert_eq!(
            stage.engine.participants(AC, &room.sid),
            [],
            "seed {seed}: somebody is in {}",
            room.status.as_str()
        );
    }
    let opened = count(stage, |command| {
        matches!(command, MediaCommand::Open { .. })
    });
    let closed = count(stage, |command| {
        matches!(command, MediaCommand::Close { .. })
    });
    assert_eq!(
        opened, closed,
        "seed {seed}: every leg that was opened is closed"
    );
    let begun = count(stage, |command| {
        matches!(command, MediaCommand::StartRecording { .. })
    });
    let stopped = count(stage, |command| {
        matches!(command, MediaCommand::StopRecording { .. })
    });
    assert_eq!(begun, stopped, "seed {seed}: every recording is stopped");
    assert!(
        !stage.engine.is_waiting(),
        "seed {seed}: something is awaited"
    );
    for call in stage.engine.truths().into_iter().map(|truth| truth.call) {
        let told = stage
            .to("/status")
            .into_iter()
            .filter(|request| field(request, "CallSid") == call.sid);
        let numbers: Vec<u32> = told
            .map(|request| field(request, "SequenceNumber").parse().unwrap())
            .collect();
        assert!(
            numbers.is_sorted(),
            "seed {seed}: callbacks of {} are in order",
            call.sid
        );
        assert!(
            call.end_time.is_some() && call.price.is_some(),
            "seed {seed}"
        );
    }
}

#[test]
fn whatever_happens_everything_comes_to_an_end() {
    for seed in 0..300 {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut stage = Stage::new(&[]);
        let (account, identity) = (AC.to_owned(), "anna".to_owned());
        stage.input(Input::Client(ClientInput::Registered {
            connection: 3,
            account,
            identity,
        }));
        for number in ["+14155550142", "+14155550143", "+14155550144"] {
            let behaviour = behaviour(&mut dice);
            stage.engine.set_behaviour(number, Some(behaviour));
        }
        for _ in 0..25 {
            act(&mut stage, &mut dice);
        }
        for path in ["/voice", "/answered", "/a", "/b"] {
            stage.page(path, "<Hangup/>");
        }
        // Those still ringing end by their timeouts, those that wait are ended by hand.
        for _ in 0..4 {
            for call in live_calls(&stage) {
                let change = UpdateCall {
                    status: Some("completed".into()),
                    ..UpdateCall::default()
                };
                drop(stage.engine.update_call(stage.now, AC, &call, change));
                stage.drain();
            }
            stage.run(90.0);
        }
        assert_eq!(
            live_calls(&stage),
            Vec::<String>::new(),
            "seed {seed}: a call never ends"
        );
        nothing_is_left(&stage, seed);
        let hung_up = |output: &ClientOutput| matches!(output, ClientOutput::Invite { .. });
        assert!(
            stage
                .clients
                .iter()
                .filter(|output| hung_up(output))
                .count()
                <= 200,
            "seed {seed}: calls breed calls"
        );
    }
}
