//! `<Gather>`: asks for keys, while prompts play.

use super::piece::{self, Attributes, Piece};
use super::xml::Node;
use super::{Pause, Play, Say, Warning, from_verb, prompt};
use crate::words::Method;

/// Collects keys (or speech) and sends them to its action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gather {
    /// Where the digits go; the document's own address when absent.
    pub action: Option<String>,
    /// How `action` is requested.
    pub method: Option<Method>,
    /// Seconds without a key before it ends; five when absent.
    pub timeout: Option<u32>,
    /// The key that ends it; `#` when absent, none when empty.
    pub finish_on_key: Option<String>,
    /// Ends after so many digits.
    pub num_digits: Option<u32>,
    /// Requests `action` even when nothing was pressed.
    pub action_on_empty_result: Option<bool>,
    /// `dtmf`, `speech` or both; `dtmf` when absent.
    pub input: Option<String>,
    /// Speech: seconds of silence that end it, or `auto`.
    pub speech_timeout: Option<String>,
    /// Speech: the most seconds listened to.
    pub max_speech_time: Option<u32>,
    /// Speech: words to expect.
    pub hints: Option<String>,
    /// Speech: language tag.
    pub language: Option<String>,
    /// Speech: where partial results go.
    pub partial_result_callback: Option<String>,
    /// Speech: how they are sent.
    pub partial_result_callback_method: Option<Method>,
    /// Speech: whether curses are masked.
    pub profanity_filter: Option<bool>,
    /// Speech: the better model.
    pub enhanced: Option<bool>,
    /// Speech: the model's name.
    pub speech_model: Option<String>,
    /// Whether speech interrupts the prompts.
    pub barge_in: Option<bool>,
    /// What is played meanwhile, in order.
    pub prompts: Vec<Prompt>,
}

/// What may be inside a `<Gather>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prompt {
    /// Speech.
    Say(Say),
    /// A file or digits.
    Play(Play),
    /// Silence.
    Pause(Pause),
}

impl Piece for Gather {
    const NAME: &'static str = "Gather";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("action", &mut self.action);
        list.one("method", &mut self.method);
        list.one("timeout", &mut self.timeout);
        list.keys("finishOnKey", &mut self.finish_on_key, "0123456789*#");
        list.one("numDigits", &mut self.num_digits);
        list.one("actionOnEmptyResult", &mut self.action_on_empty_result);
        list.one("input", &mut self.input);
        list.one("speechTimeout", &mut self.speech_timeout);
        list.one("maxSpeechTime", &mut self.max_speech_time);
        list.one("hints", &mut self.hints);
        list.one("language", &mut self.language);
        list.one("partialResultCallback", &mut self.partial_result_callback);
        list.one(
            "partialResultCallbackMethod",
            &mut self.partial_result_callback_method,
        );
        list.one("profanityFilter", &mut self.profanity_filter);
        list.one("enhanced", &mut self.enhanced);
        list.one("speechModel", &mut self.speech_model);
        list.one("bargeIn", &mut self.barge_in);
    }

    fn content(&self) -> Vec<Node> {
        let element = |prompt: &Prompt| match prompt {
            Prompt::Say(say) => piece::write(say),
            Prompt::Play(play) => piece::write(play),
            Prompt::Pause(pause) => piece::write(pause),
        };
        self.prompts
            .iter()
            .map(|prompt| Node::Element(element(prompt)))
            .collect()
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for element in piece::elements(nodes) {
            self.prompts.push(match element.name.as_str() {
                Say::NAME => Prompt::Say(prompt::read_say(element, Self::NAME, warnings)),
                Play::NAME => Prompt::Play(piece::read(element, warnings)),
                Pause::NAME => Prompt::Pause(piece::read(element, warnings)),
                other => {
                    warnings.push(Warning::nested(other, Self::NAME));
                    continue;
                }
            });
        }
    }
}

from_verb!(Gather);
