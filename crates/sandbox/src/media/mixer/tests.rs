//! The mixer's stories: right pitch, right channel, right time.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::{
    media::tones::strength,
    seam::{Clip, Tap},
};

const LOUD: f64 = 6000.0;
const QUIET: f64 = 100.0;

struct Story {
    mixer: Mixer,
    now: Time,
    ears: HashMap<Sid, Vec<i16>>,
    recorded: HashMap<Sid, Vec<Vec<i16>>>,
}

impl Story {
    fn new() -> Self {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        Self {
            mixer: Mixer::new(now),
            now,
            ears: HashMap::new(),
            recorded: HashMap::new(),
        }
    }

    fn at(&mut self, command: MediaCommand) -> &mut Self {
        let ears = &mut self.ears;
        let mut out = |leg: &Sid, frame: &Frame| ears.entry(leg.clone()).or_default().extend(frame);
        let event = self.mixer.command(self.now, command, &mut out);
        if let Some(MediaEvent::Recorded {
            recording,
            channels,
        }) = event
        {
            self.recorded.insert(recording, channels);
        }
        self
    }

    fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.now += TimeDelta::milliseconds(milliseconds);
        let ears = &mut self.ears;
        let mut out = |leg: &Sid, frame: &Frame| ears.entry(leg.clone()).or_default().extend(frame);
        self.mixer.advance(self.now, &mut out);
        self
    }

    /// A leg that says a pitch.
    fn phone(&mut self, leg: &str, hertz: f32) -> &mut Self {
        self.open(leg).speaks(
            leg,
            Source::Tone {
                hertz,
                on: 1,
                off: 0,
            },
        )
    }

    /// A leg with outside media.
    fn client(&mut self, leg: &str) -> &mut Self {
        self.open(leg).speaks(leg, Source::Outside)
    }

    fn open(&mut self, leg: &str) -> &mut Self {
        self.at(MediaCommand::Open { leg: leg.into() })
    }

    fn speaks(&mut self, leg: &str, source: Source) -> &mut Self {
        self.at(MediaCommand::Speak {
            leg: leg.into(),
            source,
        })
    }

    fn hears(&mut self, leg: &str, source: Source) -> &mut Self {
        self.at(MediaCommand::Hear {
            leg: leg.into(),
            source,
        })
    }

    fn joins(&mut self, leg: &str, muted: bool) -> &mut Self {
        let room = "CF1".to_owned();
        self.at(MediaCommand::Join {
            leg: leg.into(),
            room: room.clone(),
            muted,
        });
        self.hears(leg, Source::Room(room))
    }

    fn records(&mut self, recording: &str, tap: Tap, channels: u8) -> &mut Self {
        self.at(MediaCommand::StartRecording {
            recording: recording.into(),
            tap,
            channels,
        })
    }

    fn stops(&mut self, recording: &str) -> Vec<Vec<i16>> {
        self.at(MediaCommand::StopRecording {
            recording: recording.into(),
        });
        self.recorded.remove(recording).expect("was recorded")
    }

    /// What a client heard since the last look.
    fn ear(&mut self, leg: &str) -> Vec<i16> {
        self.ears.remove(leg).unwrap_or_default()
    }
}

fn leg(name: &str) -> Tap {
    Tap::Leg(name.into())
}

fn clip(pcm: &[i16], looped: bool) -> Source {
    let clip = Clip {
        pcm: Arc::from(pcm),
        text: String::new(),
    };
    Source::Clip { clip, looped }
}

fn silent(pcm: &[i16]) -> bool {
    pcm.iter().all(|sample| *sample == 0)
}

#[test]
fn everybody_in_a_room_hears_the_others_and_not_themselves() {
    let mut story = Story::new();
    story
        .client("CAears")
        .phone("CAlow", 500.0)
        .phone("CAhigh", 900.0);
    story
        .joins("CAears", false)
        .joins("CAlow", false)
        .joins("CAhigh", false);
    story.records("RElow", leg("CAlow"), 2).wait(1000);
    let ear = story.ear("CAears");
    assert_eq!(ear.len(), 8000);
    assert!(strength(&ear, 500.0) > LOUD && strength(&ear, 900.0) > LOUD);
    let low = story.stops("RElow");
    assert!(
        strength(&low[0], 500.0) > LOUD && strength(&low[0], 900.0) < QUIET,
        "left is what it says"
    );
    assert!(
        strength(&low[1], 900.0) > LOUD && strength(&low[1], 500.0) < QUIET,
        "right is what it hears"
    );
}

#[test]
fn a_muted_participant_is_not_heard_and_one_who_left_neither() {
    let mut story = Story::new();
    story
        .client("CAears")
        .phone("CAmuted", 500.0)
        .phone("CAleaves", 900.0);
    story
        .joins("CAears", false)
        .joins("CAmuted", true)
        .joins("CAleaves", false)
        .wait(500);
    let ear = story.ear("CAears");
    assert!(strength(&ear, 500.0) < QUIET && strength(&ear, 900.0) > LOUD);
    story.at(MediaCommand::Leave {
        leg: "CAleaves".into(),
        room: "CF1".into(),
    });
    story.joins("CAmuted", false).wait(500);
    let ear = story.ear("CAears");
    assert!(strength(&ear, 500.0) > LOUD && strength(&ear, 900.0) < QUIET);
    story
        .at(MediaCommand::Close {
            leg: "CAmuted".into(),
        })
        .wait(200);
    assert!(silent(&story.ear("CAears")));
}

#[test]
fn a_bridge_carries_both_ways_and_outside_sound_arrives() {
    let mut story = Story::new();
    story.client("CAone").client("CAtwo");
    story
        .hears("CAone", Source::Leg("CAtwo".into()))
        .hears("CAtwo", Source::Leg("CAone".into()));
    for n in 0..50 {
        let position = n * FRAME as u64;
        story
            .mixer
            .incoming("CAone", &tones::tone(position, 600.0, 1, 0));
        story
            .mixer
            .incoming("CAtwo", &tones::tone(position, 1100.0, 1, 0));
        story.wait(20);
    }
    let (one, two) = (story.ear("CAone"), story.ear("CAtwo"));
    assert!(strength(&one, 1100.0) > LOUD && strength(&one, 600.0) < 200.0);
    assert!(strength(&two, 600.0) > LOUD && strength(&two, 1100.0) < 200.0);
}

#[test]
fn two_calls_joined_by_the_network_hear_each_other() {
    let mut story = Story::new();
    story
        .phone("CAagent", 600.0)
        .open("CAout")
        .hears("CAout", Source::Leg("CAagent".into()));
    story
        .client("CAcustomer")
        .open("CAin")
        .hears("CAin", Source::Leg("CAcustomer".into()));
    story
        .hears("CAcustomer", Source::Leg("CAin".into()))
        .hears("CAagent", Source::Leg("CAout".into()));
    story
        .speaks("CAout", Source::Heard("CAin".into()))
        .speaks("CAin", Source::Heard("CAout".into()));
    story.records("RE1", leg("CAout"), 2);
    for n in 0..50 {
        story
            .mixer
            .incoming("CAcustomer", &tones::tone(n * FRAME as u64, 1100.0, 1, 0));
        story.wait(20);
    }
    let customer = story.ear("CAcustomer");
    assert!(strength(&customer, 600.0) > LOUD && strength(&customer, 1100.0) < 200.0);
    let channels = story.stops("RE1");
    assert!(strength(&channels[0], 1100.0) > LOUD && strength(&channels[0], 600.0) < 200.0);
    assert!(strength(&channels[1], 600.0) > LOUD && strength(&channels[1], 1100.0) < 200.0);
}

#[test]
fn a_recording_lasts_exactly_as_long_as_it_ran() {
    let mut story = Story::new();
    story
        .phone("CA1", 700.0)
        .wait(4010)
        .records("RE1", leg("CA1"), 1)
        .wait(12_340);
    let whole = story.stops("RE1");
    assert_eq!(whole.len(), 1);
    assert_eq!(whole[0].len(), 12_340 * 8);
}

#[test]
fn a_pause_keeps_its_time_as_silence_or_is_cut_out() {
    for (silence, length) in [(true, 3000), (false, 2000)] {
        let mut story = Story::new();
        story
            .phone("CA1", 700.0)
            .records("RE1", leg("CA1"), 2)
            .wait(1000);
        story
            .at(MediaCommand::PauseRecording {
                recording: "RE1".into(),
                silence,
            })
            .wait(1000);
        story
            .at(MediaCommand::ResumeRecording {
                recording: "RE1".into(),
            })
            .wait(1000);
        let channels = story.stops("RE1");
        assert_eq!([channels[0].len(), channels[1].len()], [length * 8; 2]);
        assert_eq!(silent(&channels[0][8000..16_000]), silence);
        assert!(strength(&channels[0][length * 8 - 8000..], 700.0) > LOUD);
    }
}

#[test]
fn a_conference_recording_has_the_first_left_and_all_others_right() {
    let mut story = Story::new();
    story
        .phone("CAfirst", 500.0)
        .phone("CAsecond", 900.0)
        .phone("CAthird", 1300.0);
    story.joins("CAfirst", false).joins("CAsecond", false);
    let tap = Tap::Conference {
        conference: "CF1".into(),
        first: "CAfirst".into(),
    };
    story
        .records("RE1", tap, 2)
        .joins("CAthird", false)
        .wait(1000);
    let channels = story.stops("RE1");
    assert!(strength(&channels[0], 500.0) > LOUD && strength(&channels[0], 900.0) < QUIET);
    for hertz in [900.0, 1300.0] {
        assert!(strength(&channels[1], hertz) > LOUD);
    }
    assert!(strength(&channels[1], 500.0) < QUIET);
}

#[test]
fn an_echo_comes_back_after_half_a_second() {
    let mut story = Story::new();
    story.client("CAself").hears("CAself", Source::Echo);
    story
        .client("CAcaller")
        .open("CAphone")
        .speaks("CAphone", Source::Echo);
    story.hears("CAcaller", Source::Leg("CAphone".into()));
    story.hears("CAphone", Source::Leg("CAcaller".into()));
    for n in 0..75 {
        // A quarter of a second of sound, then nothing.
        let frame = if n < 12 {
            tones::tone(n * FRAME as u64, 800.0, 1, 0)
        } else {
            SILENCE
        };
        story.mixer.incoming("CAself", &frame);
        story.mixer.incoming("CAcaller", &frame);
        story.wait(20);
    }
    for leg in ["CAself", "CAcaller"] {
        let ear = story.ear(leg);
        let begins = ear
            .iter()
            .position(|sample| sample.abs() > 100)
            .expect("an echo")
            / 8;
        assert!(
            (500..=580).contains(&begins),
            "{leg} hears itself after {begins} ms"
        );
        assert!(strength(&ear[begins * 8..][..1600], 800.0) > LOUD);
        assert!(silent(&ear[6800..]), "{leg}: an echo does not echo");
    }
}

#[test]
fn early_media_is_heard_before_the_leg_speaks() {
    let mut story = Story::new();
    story.mixer.listens(&"CAearly".to_owned(), true);
    story
        .open("CAearly")
        .hears("CAearly", Source::Ringback)
        .wait(1000);
    assert!(strength(&story.ear("CAearly"), 440.0) > 3000.0);
    story.mixer.listens(&"CAearly".to_owned(), false);
    story.wait(1000);
    assert!(story.ear("CAearly").is_empty());
}

#[test]
fn clips_play_from_their_start_once_or_forever() {
    let mut story = Story::new();
    let ramp: Vec<i16> = (1..=400).collect();
    story.client("CAonce").client("CAloop").wait(60);
    story
        .hears("CAonce", clip(&ramp, false))
        .hears("CAloop", clip(&ramp, true));
    story.ears.clear();
    story.wait(100);
    let once = story.ear("CAonce");
    assert_eq!(once[..400], ramp);
    assert!(silent(&once[400..]));
    let looped = story.ear("CAloop");
    assert_eq!(
        [&looped[..400], &looped[400..]],
        [ramp.as_slice(), ramp.as_slice()]
    );
    story.hears("CAonce", clip(&[], true)).wait(40);
    assert!(silent(&story.ear("CAonce")));
}

#[test]
fn pressed_keys_are_heard_by_the_other_side() {
    let mut story = Story::new();
    story
        .client("CAears")
        .open("CAphone")
        .hears("CAears", Source::Leg("CAphone".into()));
    story.at(MediaCommand::Digits {
        leg: "CAphone".into(),
        digits: "4".into(),
    });
    story
        .at(MediaCommand::Digits {
            leg: "CAphone".into(),
            digits: "2".into(),
        })
        .wait(600);
    let ear = story.ear("CAears");
    assert!(
        strength(&ear[..1280], 770.0) > 5000.0 && strength(&ear[..1280], 1209.0) > 5000.0,
        "4"
    );
    assert!(
        strength(&ear[1840..3120], 697.0) > 5000.0 && strength(&ear[1840..3120], 1336.0) > 5000.0,
        "then 2"
    );
    assert!(silent(&ear[3680..]));
}

#[test]
fn a_beep_is_heard_by_all_in_the_room() {
    let mut story = Story::new();
    story
        .client("CAone")
        .client("CAtwo")
        .joins("CAone", false)
        .joins("CAtwo", false);
    story
        .at(MediaCommand::Beep { room: "CF1".into() })
        .wait(1000);
    for leg in ["CAone", "CAtwo"] {
        let ear = story.ear(leg);
        assert!(strength(&ear[..3200], 880.0) > LOUD);
        assert!(silent(&ear[3200..]));
    }
}

#[test]
fn hours_pass_at_once_when_nobody_listens() {
    let mut story = Story::new();
    for n in 0..100 {
        let name = format!("CA{n}");
        story.phone(&name, 500.0).joins(&name, false);
    }
    story.records("RE1", leg("CA1"), 2).wait(100);
    story.at(MediaCommand::PauseRecording {
        recording: "RE1".into(),
        silence: false,
    });
    let before = tokio::time::Instant::now();
    story.wait(100 * 3_600_000);
    assert!(
        before.elapsed().as_secs() < 1,
        "a hundred hours took {:?}",
        before.elapsed()
    );
    assert_eq!(story.stops("RE1")[0].len(), 800);
}

#[test]
fn legs_that_repeat_each_other_in_a_circle_are_silent_and_do_no_harm() {
    let mut story = Story::new();
    story
        .client("CAears")
        .open("CAa")
        .open("CAb")
        .hears("CAears", Source::Leg("CAa".into()));
    story
        .speaks("CAa", Source::Leg("CAb".into()))
        .speaks("CAb", Source::Leg("CAa".into()))
        .wait(100);
    story
        .speaks("CAb", Source::Room("CF1".into()))
        .joins("CAb", false)
        .wait(100);
    assert!(silent(&story.ear("CAears")));
    story
        .hears("CAears", Source::Leg("CAgone".into()))
        .wait(100);
    assert!(silent(&story.ear("CAears")));
}

#[test]
fn a_coach_is_heard_by_whom_it_coaches_and_by_nobody_else() {
    let mut story = Story::new();
    story
        .client("CAagent")
        .client("CAcustomer")
        .phone("CAcoach", 500.0);
    for leg in ["CAagent", "CAcustomer", "CAcoach"] {
        story.joins(leg, false);
    }
    let coach = |coached: Option<&str>| MediaCommand::Coach {
        leg: "CAcoach".into(),
        room: "CF1".into(),
        coached: coached.map(Into::into),
    };
    story.at(coach(Some("CAagent"))).wait(500);
    assert!(strength(&story.ear("CAagent"), 500.0) > LOUD);
    assert!(strength(&story.ear("CAcustomer"), 500.0) < QUIET);
    story.at(coach(None)).wait(500);
    assert!(strength(&story.ear("CAcustomer"), 500.0) > LOUD);
}
