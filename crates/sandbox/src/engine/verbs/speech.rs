//! `<Gather input="speech">`: what is said while it listens becomes text. The text is the truth that the speaker spoke.

use chrono::TimeDelta;
use offhook_twilio::twiml::Gather;

use super::super::Engine;
use super::super::hearing::Words;
use super::super::hooks::{Params, merge, param, voice_params};
use super::super::leg::{Doing, Gathering, Hearing};
use super::super::timers::{millis, seconds};

/// Silence that ends speech where the end is to be found out (`auto`).
const PAUSE_MILLIS: i64 = 1000;
/// Seconds of speech at most.
const LONGEST: u32 = 60;
/// What is told of every text.
const CONFIDENCE: &str = "0.95";
/// Words that are masked unless that is switched off.
const CURSES: &[&str] = &["damn", "fuck", "fucking", "shit", "bastard", "asshole"];

/// Whether keys are taken.
pub(super) fn takes_keys(verb: &Gather) -> bool {
    let mut inputs = inputs(verb);
    inputs.any(|input| input == "dtmf") || inputs_are_none(verb)
}

/// Whether speech is taken.
pub(super) fn takes_speech(verb: &Gather) -> bool {
    inputs(verb).any(|input| input == "speech")
}

fn inputs(verb: &Gather) -> impl Iterator<Item = &str> {
    verb.input
        .as_deref()
        .unwrap_or("dtmf")
        .split([' ', ','])
        .map(str::trim)
}

fn inputs_are_none(verb: &Gather) -> bool {
    !inputs(verb).any(|input| matches!(input, "dtmf" | "speech"))
}

impl Engine {
    /// The caller says something.
    pub(in super::super) fn gather_speech(&mut self, leg: &str, words: &Words) {
        let now = self.now;
        let Some(run) = self
            .leg(leg)
            .and_then(|leg| leg.scripts.last())
            .map(|script| script.run)
        else {
            return;
        };
        let Some(gathering) = self.gathering(leg, run) else {
            return;
        };
        let prompting = gathering.now.is_some() || !gathering.prompts.is_empty();
        let deaf = prompting && gathering.verb.barge_in == Some(false);
        if deaf || !takes_speech(&gathering.verb) {
            return;
        }
        let Some(gathering) = self.gathering_mut(leg, run) else {
            return;
        };
        gathering.now = None;
        gathering.prompts.clear();
        let most = gathering.verb.max_speech_time.unwrap_or(LONGEST);
        let began = *gathering.ears.began.get_or_insert(now);
        let last = began + TimeDelta::seconds(i64::from(most));
        let until = (now + words.span).min(last).max(now);
        gathering.ears.heard.push(words.text.clone());
        gathering.ears.hearing = Hearing::Speech { until, half: false };
        self.stage_lasts(leg, run, (until - now) / 2);
    }

    fn gathering(&self, leg: &str, run: u64) -> Option<&Gathering> {
        match &self.leg(leg)?.script(run)?.doing {
            Doing::Gather(gathering) => Some(gathering),
            _ => None,
        }
    }

    /// Time has passed while somebody speaks, or since. False where nobody did.
    pub(super) fn ears_time(&mut self, leg: &str, run: u64) -> bool {
        let now = self.now;
        let Some(gathering) = self.gathering(leg, run) else {
            return false;
        };
        match gathering.ears.hearing {
            Hearing::Nothing => return false,
            Hearing::Pause => self.speech_gathered(leg, run),
            Hearing::Speech { until, half } => {
                self.tell_partial(leg, run, half);
                let Some(gathering) = self.gathering_mut(leg, run) else {
                    return true;
                };
                let next = if half {
                    gathering.ears.hearing = Hearing::Pause;
                    pause(&gathering.verb)
                } else {
                    gathering.ears.hearing = Hearing::Speech { until, half: true };
                    (until - now).max(millis(1))
                };
                self.stage_lasts(leg, run, next);
            }
        }
        true
    }

    /// Tells what is understood so far: half of the last part uncertain, then all of it certain.
    fn tell_partial(&mut self, leg: &str, run: u64, certain: bool) {
        let Some(gathering) = self.gathering_mut(leg, run) else {
            return;
        };
        let Some(url) = gathering.verb.partial_result_callback.clone() else {
            return;
        };
        let verb = gathering.verb.clone();
        let number = gathering.ears.told;
        gathering.ears.told += 1;
        let mut parts = gathering.ears.heard.clone();
        let last = parts.pop().unwrap_or_default();
        let (stable, unstable) = if certain {
            parts.push(last);
            (parts.join(" "), String::new())
        } else {
            let words: Vec<&str> = last.split_whitespace().collect();
            (parts.join(" "), words[..words.len() / 2].join(" "))
        };
        let Some(found) = self.leg(leg) else { return };
        let (account, mut params) = (found.record.account_sid.clone(), voice_params(found));
        let base = found.script(run).map_or("", |script| script.url.as_str());
        let url = super::super::hooks::resolve(base, &url);
        let method = verb
            .partial_result_callback_method
            .map_or("POST", offhook_twilio::words::Method::as_str);
        merge(
            &mut params,
            vec![
                param("StableSpeechResult", understood(&verb, &stable)),
                param("UnstableSpeechResult", understood(&verb, &unstable)),
                param("Stability", if certain { "1.0" } else { "0.5" }),
                param("SequenceNumber", number.to_string()),
            ],
        );
        self.tell(format!("gather {leg}"), account, &url, method, params);
    }

    fn speech_gathered(&mut self, leg: &str, run: u64) {
        let Some(gathering) = self.gathering(leg, run) else {
            return;
        };
        let verb = gathering.verb.clone();
        let text = understood(&verb, &gathering.ears.heard.join(" "));
        let params: Params = vec![
            param("msg", "Gather End"),
            param("SpeechResult", text),
            param("Confidence", CONFIDENCE),
            param("Language", verb.language.as_deref().unwrap_or("en-US")),
        ];
        let action = verb.action.as_deref().unwrap_or("");
        self.act(leg, run, Some(action), verb.method, params);
    }
}

/// How long a silence ends speech.
fn pause(verb: &Gather) -> TimeDelta {
    match verb.speech_timeout.as_deref() {
        Some("auto") => millis(PAUSE_MILLIS),
        Some(text) => text
            .trim()
            .parse()
            .map_or(millis(PAUSE_MILLIS), |count: u32| seconds(f64::from(count))),
        None => seconds(f64::from(verb.timeout.unwrap_or(5))),
    }
}

/// The text as a recogniser gives it: expected words are spelled as expected, curses are masked.
fn understood(verb: &Gather, text: &str) -> String {
    let expected: Vec<&str> = verb
        .hints
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|hint| !hint.is_empty())
        .collect();
    let masks = verb.profanity_filter != Some(false);
    let words = text.split_whitespace().map(|word| {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        if let Some(hint) = expected.iter().find(|hint| hint.eq_ignore_ascii_case(core)) {
            return word.replace(core, hint);
        }
        if masks && CURSES.iter().any(|curse| curse.eq_ignore_ascii_case(core)) {
            let first: String = core.chars().take(1).collect();
            let mask = first + &"*".repeat(core.chars().count() - 1);
            return word.replace(core, &mask);
        }
        word.to_owned()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(input: Option<&str>) -> Gather {
        Gather {
            input: input.map(str::to_owned),
            ..Gather::default()
        }
    }

    #[test]
    fn inputs_say_what_is_taken() {
        for (input, keys, speech) in [
            (None, true, false),
            (Some("dtmf"), true, false),
            (Some("speech"), false, true),
            (Some("dtmf speech"), true, true),
            (Some("speech dtmf"), true, true),
        ] {
            let verb = gather(input);
            assert_eq!((takes_keys(&verb), takes_speech(&verb)), (keys, speech));
        }
    }

    #[test]
    fn hints_spell_words_and_curses_are_masked() {
        let verb = Gather {
            hints: Some("Offhook, Acme Inc".into()),
            ..Gather::default()
        };
        assert_eq!(understood(&verb, "damn, offhook!"), "d***, Offhook!");
        let open = Gather {
            profanity_filter: Some(false),
            ..Gather::default()
        };
        assert_eq!(understood(&open, "damn"), "damn");
    }
}
