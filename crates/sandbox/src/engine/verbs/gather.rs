//! `<Gather>`: keys and speech are collected while prompts play; the first of either silences them.

use offhook_twilio::twiml::{Gather, Prompt};

use super::super::Engine;
use super::super::hooks::param;
use super::super::leg::{Doing, Ears, Gathering, Prompting};
use super::super::sounds::Waiter;
use super::super::timers::seconds;
use super::{Flow, prompt, speech};
use crate::seam::Clip;

impl Engine {
    pub(super) fn gather(&mut self, leg: &str, run: u64, mut verb: Gather) -> Flow {
        let prompts = std::mem::take(&mut verb.prompts).into();
        let gathering = Gathering {
            verb,
            prompts,
            now: None,
            digits: String::new(),
            ears: Ears::default(),
        };
        self.enter(leg, run, Doing::Gather(Box::new(gathering)));
        self.gather_goes_on(leg, run);
        Flow::Stay
    }

    pub(super) fn gathering_mut(&mut self, leg: &str, run: u64) -> Option<&mut Gathering> {
        let script = self.script_mut(leg, run)?;
        // Older timers and sounds do not count any more.
        script.stage += 1;
        match &mut script.doing {
            Doing::Gather(gathering) => Some(gathering),
            _ => None,
        }
    }

    /// The next prompt, or the wait for a key.
    fn gather_goes_on(&mut self, leg: &str, run: u64) {
        let Some(gathering) = self.gathering_mut(leg, run) else {
            return;
        };
        gathering.now = None;
        let wait = gathering.verb.timeout.unwrap_or(5);
        let (request, times) = match gathering.prompts.pop_front() {
            None => return self.stage_lasts(leg, run, seconds(f64::from(wait))),
            Some(Prompt::Pause(pause)) => {
                gathering.now = Some(Prompting::Pause);
                return self.stage_lasts(leg, run, seconds(f64::from(pause.length.unwrap_or(1))));
            }
            Some(Prompt::Say(say)) => (prompt::speech(&say), say.loops.unwrap_or(1)),
            Some(Prompt::Play(play)) => (self.file(leg, run, &play.url), play.loops.unwrap_or(1)),
        };
        let Some(gathering) = self.gathering_mut(leg, run) else {
            return;
        };
        gathering.now = Some(Prompting::Asking { times });
        let Some(stage) = self
            .leg(leg)
            .and_then(|leg| leg.script(run))
            .map(|script| script.stage)
        else {
            return;
        };
        self.want_sound(
            request,
            Waiter::Script {
                leg: leg.to_owned(),
                run,
                stage,
            },
        );
    }

    pub(super) fn gather_sound(&mut self, leg: &str, run: u64, clip: Result<Clip, String>) {
        let Some(gathering) = self.gathering_mut(leg, run) else {
            return;
        };
        let Some(Prompting::Asking { times }) = gathering.now else {
            return;
        };
        match clip {
            Ok(clip) if !clip.pcm.is_empty() => {
                let span = prompt::length(&clip) * i32::try_from(times).unwrap_or(1);
                gathering.now = Some(Prompting::Clip { clip, times });
                if times > 0 {
                    self.stage_lasts(leg, run, span);
                }
            }
            other => {
                if let Err(text) = other {
                    self.sound_failed(leg, &text, true);
                }
                self.gather_goes_on(leg, run);
            }
        }
    }

    /// A prompt is over, or no key came for long enough.
    pub(super) fn gather_time(&mut self, leg: &str, run: u64) {
        if self.ears_time(leg, run) {
            return;
        }
        let prompting = match self
            .leg(leg)
            .and_then(|leg| leg.script(run))
            .map(|script| &script.doing)
        {
            Some(Doing::Gather(gathering)) => gathering.now.is_some(),
            _ => return,
        };
        if prompting {
            self.gather_goes_on(leg, run);
        } else {
            self.gathered(leg, run, None);
        }
    }

    /// A key was pressed.
    pub(in super::super) fn gather_key(&mut self, leg: &str, run: u64, key: char) {
        let takes_keys = matches!(
            self.leg(leg).and_then(|leg| leg.script(run)).map(|script| &script.doing),
            Some(Doing::Gather(gathering)) if speech::takes_keys(&gathering.verb)
        );
        let Some(gathering) = self.gathering_mut(leg, run).filter(|_| takes_keys) else {
            return;
        };
        // Who presses keys has done with speaking.
        gathering.ears = Ears::default();
        gathering.now = None;
        gathering.prompts.clear();
        let finish = gathering.verb.finish_on_key.as_deref().unwrap_or("#");
        if finish.contains(key) {
            return self.gathered(leg, run, Some(key));
        }
        gathering.digits.push(key);
        let enough = gathering
            .verb
            .num_digits
            .is_some_and(|n| gathering.digits.len() >= n as usize);
        let wait = gathering.verb.timeout.unwrap_or(5);
        if enough {
            self.gathered(leg, run, None);
        } else {
            self.stage_lasts(leg, run, seconds(f64::from(wait)));
        }
    }

    fn gathered(&mut self, leg: &str, run: u64, finished_on: Option<char>) {
        let Some(gathering) = self.gathering_mut(leg, run) else {
            return;
        };
        let (digits, verb) = (
            std::mem::take(&mut gathering.digits),
            gathering.verb.clone(),
        );
        if digits.is_empty() && verb.action_on_empty_result != Some(true) {
            return self.go_on(leg, run);
        }
        let mut params = vec![param("msg", "Gather End"), param("Digits", digits)];
        if let Some(key) = finished_on {
            params.push(param("FinishedOnKey", key.to_string()));
        }
        self.act(
            leg,
            run,
            Some(verb.action.as_deref().unwrap_or("")),
            verb.method,
            params,
        );
    }
}
