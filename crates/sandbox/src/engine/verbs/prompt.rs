//! `<Say>` and `<Play>`: something is heard, once or again and again.

use offhook_twilio::twiml::{Play, Say};

use super::super::Engine;
use super::super::hooks::resolve;
use super::super::leg::{Doing, Prompting};
use super::super::sounds::Waiter;
use super::super::timers::millis;
use super::Flow;
use crate::seam::{Clip, SoundRequest};

/// How long a key sounds, with the gap after it.
const KEY_MILLIS: i64 = 250;

/// The speech of a `<Say>`.
pub(super) fn speech(say: &Say) -> SoundRequest {
    let (text, voice) = (say.text.clone(), say.voice.clone().unwrap_or_default());
    let language = say.language.clone().unwrap_or_else(|| "en-US".into());
    match say.ssml.clone() {
        Some(ssml) => SoundRequest::Marked {
            ssml,
            text,
            voice,
            language,
        },
        None => SoundRequest::Say {
            text,
            voice,
            language,
        },
    }
}

/// How long a clip lasts.
pub(in super::super) fn length(clip: &Clip) -> chrono::TimeDelta {
    millis(i64::try_from(clip.pcm.len() / 8).unwrap_or(i64::MAX))
}

/// How long keys take to be sounded.
pub(super) fn keys_last(digits: &str) -> chrono::TimeDelta {
    digits.chars().fold(millis(0), |sum, key| {
        sum + match key {
            'w' => millis(500),
            'W' => millis(1000),
            _ => millis(KEY_MILLIS),
        }
    })
}

impl Engine {
    pub(super) fn say(&mut self, leg: &str, run: u64, say: &Say) -> Flow {
        if say.text.trim().is_empty() && say.ssml.is_none() {
            return Flow::On;
        }
        self.play(leg, run, speech(say), say.loops.unwrap_or(1))
    }

    pub(super) fn play_file(&mut self, leg: &str, run: u64, play: &Play) -> Flow {
        if let Some(digits) = &play.digits {
            self.keys_to_outside(leg, digits);
            self.enter(leg, run, Doing::Prompt(Prompting::Pause));
            self.stage_lasts(leg, run, keys_last(digits));
            return Flow::Stay;
        }
        if play.url.is_empty() {
            return Flow::On;
        }
        let request = self.file(leg, run, &play.url);
        self.play(leg, run, request, play.loops.unwrap_or(1))
    }

    /// A file's address as the running document means it.
    pub(super) fn file(&self, leg: &str, run: u64, url: &str) -> SoundRequest {
        let base = self
            .leg(leg)
            .and_then(|leg| leg.script(run))
            .map_or("", |script| script.url.as_str());
        SoundRequest::Url(resolve(base, url))
    }

    /// Plays so many times, 0 for ever.
    pub(super) fn play(&mut self, leg: &str, run: u64, request: SoundRequest, times: u32) -> Flow {
        let asking = Prompting::Asking { times };
        let stage = self.enter(leg, run, Doing::Prompt(asking));
        self.want_sound(
            request,
            Waiter::Script {
                leg: leg.to_owned(),
                run,
                stage,
            },
        );
        Flow::Stay
    }

    /// A sound could not be had: its error names Twilio's code first, where it knows one.
    pub(super) fn sound_failed(&mut self, leg: &str, text: &str, gathering: bool) {
        let code = text.split(' ').next().and_then(|word| word.parse().ok());
        let code = match code {
            // What is no sound has codes of its own.
            Some(12300 | 12400) if gathering => 13325,
            Some(12300 | 12400) => 13420,
            Some(code) => code,
            None => 13520,
        };
        self.alert(leg, code, text);
    }

    pub(in super::super) fn script_sound(
        &mut self,
        leg: &str,
        run: u64,
        stage: u64,
        clip: Result<Clip, String>,
    ) {
        let Some(script) = self
            .leg(leg)
            .filter(|leg| leg.is_live())
            .and_then(|leg| leg.script(run))
        else {
            return;
        };
        if script.stage != stage {
            return;
        }
        if matches!(script.doing, Doing::Gather(_)) {
            return self.gather_sound(leg, run, clip);
        }
        let Doing::Prompt(Prompting::Asking { times }) = script.doing else {
            return;
        };
        match clip {
            Ok(clip) if !clip.pcm.is_empty() => {
                let span = length(&clip) * i32::try_from(times).unwrap_or(1);
                self.enter(leg, run, Doing::Prompt(Prompting::Clip { clip, times }));
                if times > 0 {
                    self.stage_lasts(leg, run, span);
                }
            }
            // Music without a sound is silence; anything else is skipped.
            other => {
                if let Err(text) = other {
                    self.sound_failed(leg, &text, false);
                }
                if times == 0 {
                    self.enter(leg, run, Doing::Prompt(Prompting::Pause));
                } else {
                    self.go_on(leg, run);
                }
            }
        }
    }
}
