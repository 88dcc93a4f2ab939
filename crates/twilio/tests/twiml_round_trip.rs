//! Whatever TwiML we write, we read back as it was: parse(write(x)) = x.

use offhook_twilio::twiml::{
    Beep, Client, Conference, ConferenceRecord, Connect, ConnectNoun, Dial, DialRecord, Enqueue,
    Gather, JitterBufferSize, Message, Noun, Number, Parameter, Pause, Play, Prompt, Queue, Record,
    Redirect, Reject, RejectReason, Response, Say, Sim, Sip, Start, StartNoun, StartRecording,
    Stop, StopNoun, Stream, StreamTrack, Transcription, Verb,
};
use offhook_twilio::words::{
    CallEvent, Channels, ConferenceCallbackEvent, Method, RecordingCallbackEvent, Track, Trim,
};
use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert_eq, proptest};

proptest! {
    #[test]
    fn what_is_written_reads_back_as_it_was(rolls in prop::collection::vec(any::<u32>(), 1..400)) {
        let mut dice = Dice { rolls: &rolls, at: 0 };
        let response = Response { verbs: dice.some_of(5, Dice::verb) };
        let xml = response.to_xml();
        let parsed = Response::parse(&xml).expect("our own TwiML is well-formed");
        prop_assert_eq!(&parsed.response, &response, "{}", xml);
        prop_assert_eq!(parsed.warnings, vec![]);
    }

    #[test]
    fn a_text_loses_only_what_xml_cannot_carry(text in prop::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter)) {
        let carried: String = text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))).collect();
        let parsed = Response::parse(&Response::default().then(Say { text: text.clone(), language: Some(text), ..Say::default() }).to_xml());
        let said = Say { text: carried.clone(), language: Some(carried), ..Say::default() };
        prop_assert_eq!(parsed.map(|parsed| parsed.response), Ok(Response::default().then(said)));
    }

    #[test]
    fn no_input_makes_the_parser_panic(text in "(<Response>)?(<[a-zA-Z/]{0,6}( [a-z]{0,3}=\"?\"?)?/?>|&[#a-z0-9]{0,4};?|\\PC|\\s){0,30}(</Response>)?") {
        drop(Response::parse(&text));
    }
}

/// Turns a list of numbers into TwiML, so that a failure shrinks to a short list.
struct Dice<'a> {
    rolls: &'a [u32],
    at: usize,
}

impl Dice<'_> {
    fn roll(&mut self) -> u32 {
        let roll = self.rolls.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        roll
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.roll() % 2 == 1).then(|| make(self))
    }

    fn some_of<T>(&mut self, most: u32, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.roll() % (most + 1)).map(|_| make(self)).collect()
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll() as usize % all.len()]
    }

    fn text(&mut self) -> String {
        const ODD: &[char] = &[
            'a', 'Z', '7', ' ', '\t', '\n', '\r', '&', '<', '>', '"', '\'', ';', '#', 'é', '😀',
            '\u{85}', '\u{2028}', ']', '\u{7f}',
        ];
        self.some_of(8, |dice| dice.pick(ODD)).into_iter().collect()
    }

    /// Where no text means no element.
    fn content(&mut self) -> String {
        format!("x{}", self.text())
    }

    fn flag(&mut self) -> bool {
        self.roll().is_multiple_of(2)
    }

    fn method(&mut self) -> Method {
        self.pick(Method::ALL)
    }

    fn recording_events(&mut self) -> Vec<RecordingCallbackEvent> {
        self.some_of(3, |dice| dice.pick(RecordingCallbackEvent::ALL))
    }

    fn call_events(&mut self) -> Vec<CallEvent> {
        self.some_of(4, |dice| dice.pick(CallEvent::ALL))
    }

    fn verb(&mut self) -> Verb {
        match self.roll() % 16 {
            0 => self.say().into(),
            1 => self.play().into(),
            2 => self.pause().into(),
            3 => self.gather().into(),
            4 => self.record().into(),
            5 => self.dial().into(),
            6 => self.enqueue().into(),
            7 => Verb::Leave,
            8 => Redirect {
                url: self.text(),
                method: self.maybe(Self::method),
            }
            .into(),
            9 => Reject {
                reason: self.maybe(|dice| dice.pick(RejectReason::ALL)),
            }
            .into(),
            10 => Verb::Hangup,
            11 => Start {
                nouns: self.some_of(3, Self::started),
            }
            .into(),
            12 => Stop {
                nouns: self.some_of(3, Self::stopped),
            }
            .into(),
            13 => Connect {
                action: self.maybe(Self::text),
                method: self.maybe(Self::method),
                noun: self.maybe(|dice| match dice.roll() % 2 {
                    0 => ConnectNoun::Stream(dice.stream()),
                    _ => ConnectNoun::Foreign("ConversationRelay".into()),
                }),
            }
            .into(),
            14 => self.message().into(),
            _ => Verb::Foreign("Pay".into()),
        }
    }

    fn started(&mut self) -> StartNoun {
        match self.roll() % 4 {
            0 => StartNoun::Recording(self.start_recording()),
            1 => StartNoun::Stream(self.stream()),
            2 => StartNoun::Transcription(self.transcription()),
            _ => StartNoun::Foreign("Siprec".into()),
        }
    }

    fn stopped(&mut self) -> StopNoun {
        match self.roll() % 4 {
            0 => StopNoun::Recording,
            1 => StopNoun::Stream(self.text()),
            2 => StopNoun::Transcription(self.text()),
            _ => StopNoun::Foreign("Siprec".into()),
        }
    }

    fn parameters(&mut self) -> Vec<Parameter> {
        self.some_of(3, |dice| Parameter {
            name: dice.text(),
            value: dice.text(),
        })
    }

    fn stream(&mut self) -> Stream {
        Stream {
            url: self.maybe(Self::text),
            name: self.maybe(Self::text),
            track: self.maybe(|dice| dice.pick(StreamTrack::ALL)),
            status_callback: self.maybe(Self::text),
            status_callback_method: self.maybe(Self::method),
            parameters: self.parameters(),
        }
    }

    fn transcription(&mut self) -> Transcription {
        Transcription {
            name: self.maybe(Self::text),
            track: self.maybe(|dice| dice.pick(StreamTrack::ALL)),
            status_callback_url: self.maybe(Self::text),
            status_callback_method: self.maybe(Self::method),
            inbound_track_label: self.maybe(Self::text),
            outbound_track_label: self.maybe(Self::text),
            partial_results: self.maybe(Self::flag),
            language_code: self.maybe(Self::text),
            transcription_engine: self.maybe(Self::text),
            profanity_filter: self.maybe(Self::flag),
            speech_model: self.maybe(Self::text),
            hints: self.maybe(Self::text),
            enable_automatic_punctuation: self.maybe(Self::flag),
            intelligence_service: self.maybe(Self::text),
            enable_provider_data: self.maybe(Self::flag),
        }
    }

    fn message(&mut self) -> Message {
        Message {
            to: self.maybe(Self::text),
            from: self.maybe(Self::text),
            action: self.maybe(Self::text),
            method: self.maybe(Self::method),
            status_callback: self.maybe(Self::text),
            body: self.text(),
            media: self.some_of(2, Self::content),
        }
    }

    /// Only what these keys allow.
    fn keys(&mut self) -> String {
        self.some_of(4, |dice| dice.pick(&['0', '9', '*', '#']))
            .into_iter()
            .collect()
    }

    fn say(&mut self) -> Say {
        let mut say = Say {
            text: self.text(),
            ssml: None,
            voice: self.maybe(|dice| format!("Polly.{}", dice.content())),
            language: self.maybe(Self::text),
            loops: self.maybe(Self::roll),
        };
        if self.roll().is_multiple_of(4) {
            say.text = "Wait a moment".into();
            say.ssml = Some("Wait<break time=\"1s\"/><emphasis>a</emphasis>moment".into());
        }
        say
    }

    fn play(&mut self) -> Play {
        Play {
            url: self.text(),
            loops: self.maybe(Self::roll),
            digits: self.maybe(Self::text),
        }
    }

    fn pause(&mut self) -> Pause {
        Pause {
            length: self.maybe(Self::roll),
        }
    }

    fn gather(&mut self) -> Gather {
        Gather {
            action: self.maybe(Self::text),
            method: self.maybe(Self::method),
            timeout: self.maybe(Self::roll),
            finish_on_key: self.maybe(Self::keys),
            num_digits: self.maybe(Self::roll),
            action_on_empty_result: self.maybe(Self::flag),
            input: self.maybe(Self::text),
            speech_timeout: self.maybe(Self::text),
            max_speech_time: self.maybe(Self::roll),
            hints: self.maybe(Self::text),
            language: self.maybe(Self::text),
            partial_result_callback: self.maybe(Self::text),
            partial_result_callback_method: self.maybe(Self::method),
            profanity_filter: self.maybe(Self::flag),
            enhanced: self.maybe(Self::flag),
            speech_model: self.maybe(Self::text),
            barge_in: self.maybe(Self::flag),
            prompts: self.some_of(3, |dice| match dice.roll() % 3 {
                0 => Prompt::Say(dice.say()),
                1 => Prompt::Play(dice.play()),
                _ => Prompt::Pause(dice.pause()),
            }),
        }
    }

    fn record(&mut self) -> Record {
        Record {
            action: self.maybe(Self::text),
            method: self.maybe(Self::method),
            timeout: self.maybe(Self::roll),
            finish_on_key: self.maybe(Self::keys),
            max_length: self.maybe(Self::roll),
            play_beep: self.maybe(Self::flag),
            trim: self.maybe(|dice| dice.pick(Trim::ALL)),
            recording_status_callback: self.maybe(Self::text),
            recording_status_callback_method: self.maybe(Self::method),
            recording_status_callback_event: self.recording_events(),
            transcribe: self.maybe(Self::flag),
            transcribe_callback: self.maybe(Self::text),
        }
    }

    fn start_recording(&mut self) -> StartRecording {
        StartRecording {
            channels: self.maybe(|dice| dice.pick(Channels::ALL)),
            track: self.maybe(|dice| dice.pick(Track::ALL)),
            trim: self.maybe(|dice| dice.pick(Trim::ALL)),
            recording_status_callback: self.maybe(Self::text),
            recording_status_callback_method: self.maybe(Self::method),
            recording_status_callback_event: self.recording_events(),
        }
    }

    fn dial(&mut self) -> Dial {
        Dial {
            action: self.maybe(Self::text),
            method: self.maybe(Self::method),
            timeout: self.maybe(Self::roll),
            time_limit: self.maybe(Self::roll),
            answer_on_bridge: self.maybe(Self::flag),
            hangup_on_star: self.maybe(Self::flag),
            record: self.maybe(|dice| dice.pick(DialRecord::ALL)),
            recording_track: self.maybe(|dice| dice.pick(Track::ALL)),
            trim: self.maybe(|dice| dice.pick(Trim::ALL)),
            recording_status_callback: self.maybe(Self::text),
            recording_status_callback_method: self.maybe(Self::method),
            recording_status_callback_event: self.recording_events(),
            recording_configuration_id: self.maybe(Self::text),
            caller_id: self.maybe(Self::text),
            sequential: self.maybe(Self::flag),
            ring_tone: self.maybe(Self::text),
            call_reason: self.maybe(Self::text),
            refer_url: self.maybe(Self::text),
            refer_method: self.maybe(Self::method),
            nouns: self.some_of(3, |dice| match dice.roll() % 6 {
                0 => Noun::Number(dice.number()),
                1 => Noun::Client(dice.client()),
                2 => Noun::Conference(dice.conference()),
                3 => Noun::Queue(dice.queue()),
                4 => Noun::Sip(dice.sip()),
                _ => Noun::Sim(Sim { sid: dice.text() }),
            }),
        }
    }

    fn number(&mut self) -> Number {
        Number {
            number: self.text(),
            url: self.maybe(Self::text),
            method: self.maybe(Self::method),
            send_digits: self.maybe(Self::keys),
            status_callback: self.maybe(Self::text),
            status_callback_event: self.call_events(),
            status_callback_method: self.maybe(Self::method),
            byoc: self.maybe(Self::text),
            machine_detection: self.maybe(Self::text),
            machine_detection_timeout: self.maybe(Self::roll),
            machine_detection_speech_threshold: self.maybe(Self::roll),
            machine_detection_speech_end_threshold: self.maybe(Self::roll),
            machine_detection_silence_timeout: self.maybe(Self::roll),
            amd_status_callback: self.maybe(Self::text),
            amd_status_callback_method: self.maybe(Self::method),
        }
    }

    fn sip(&mut self) -> Sip {
        Sip {
            uri: self.text(),
            username: self.maybe(Self::text),
            password: self.maybe(Self::text),
            url: self.maybe(Self::text),
            method: self.maybe(Self::method),
            status_callback: self.maybe(Self::text),
            status_callback_event: self.call_events(),
            status_callback_method: self.maybe(Self::method),
            codecs: self.maybe(Self::text),
        }
    }

    fn client(&mut self) -> Client {
        Client {
            identity: self.content(),
            parameters: self.parameters(),
            url: self.maybe(Self::text),
            method: self.maybe(Self::method),
            status_callback: self.maybe(Self::text),
            status_callback_event: self.call_events(),
            status_callback_method: self.maybe(Self::method),
        }
    }

    fn conference(&mut self) -> Conference {
        Conference {
            name: self.text(),
            muted: self.maybe(Self::flag),
            beep: self.maybe(|dice| dice.pick(Beep::ALL)),
            start_conference_on_enter: self.maybe(Self::flag),
            end_conference_on_exit: self.maybe(Self::flag),
            participant_label: self.maybe(Self::text),
            jitter_buffer_size: self.maybe(|dice| dice.pick(JitterBufferSize::ALL)),
            coach: self.maybe(Self::text),
            wait_url: self.maybe(Self::text),
            wait_method: self.maybe(Self::method),
            max_participants: self.maybe(Self::roll),
            record: self.maybe(|dice| dice.pick(ConferenceRecord::ALL)),
            region: self.maybe(Self::text),
            trim: self.maybe(|dice| dice.pick(Trim::ALL)),
            status_callback: self.maybe(Self::text),
            status_callback_event: self.some_of(4, |dice| dice.pick(ConferenceCallbackEvent::ALL)),
            status_callback_method: self.maybe(Self::method),
            recording_status_callback: self.maybe(Self::text),
            recording_status_callback_method: self.maybe(Self::method),
            recording_status_callback_event: self.recording_events(),
            event_callback_url: self.maybe(Self::text),
        }
    }

    fn queue(&mut self) -> Queue {
        Queue {
            name: self.text(),
            url: self.maybe(Self::text),
            method: self.maybe(Self::method),
            reservation_sid: self.maybe(Self::text),
            post_work_activity_sid: self.maybe(Self::text),
        }
    }

    fn enqueue(&mut self) -> Enqueue {
        Enqueue {
            name: self.text(),
            action: self.maybe(Self::text),
            method: self.maybe(Self::method),
            wait_url: self.maybe(Self::text),
            wait_url_method: self.maybe(Self::method),
            workflow_sid: self.maybe(Self::text),
        }
    }
}
