//! `<Number>`: a phone that is dialled.

use super::Warning;
use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use crate::words::{CallEvent, Method};

/// A phone number to dial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// The number in E.164.
    pub number: String,
    /// TwiML that the answering side hears before both are connected.
    pub url: Option<String>,
    /// How `url` is requested.
    pub method: Option<Method>,
    /// Keys pressed after the answer.
    pub send_digits: Option<String>,
    /// Where this leg's progress goes.
    pub status_callback: Option<String>,
    /// Which events are wanted; `completed` when empty.
    pub status_callback_event: Vec<CallEvent>,
    /// How they are sent.
    pub status_callback_method: Option<Method>,
    /// A bring-your-own-carrier trunk.
    pub byoc: Option<String>,
    /// `Enable` or `DetectMessageEnd`.
    pub machine_detection: Option<String>,
    /// Seconds that detection may take.
    pub machine_detection_timeout: Option<u32>,
    /// Milliseconds of speech that mean a machine.
    pub machine_detection_speech_threshold: Option<u32>,
    /// Milliseconds of silence that end speech.
    pub machine_detection_speech_end_threshold: Option<u32>,
    /// Milliseconds of silence that mean nobody.
    pub machine_detection_silence_timeout: Option<u32>,
    /// Where detection's result goes.
    pub amd_status_callback: Option<String>,
    /// How it is sent.
    pub amd_status_callback_method: Option<Method>,
}

impl Number {
    /// A number with Twilio's defaults.
    pub fn new(number: impl Into<String>) -> Self {
        Self {
            number: number.into(),
            ..Self::default()
        }
    }
}

impl Piece for Number {
    const NAME: &'static str = "Number";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("url", &mut self.url);
        list.one("method", &mut self.method);
        list.keys("sendDigits", &mut self.send_digits, "0123456789ABCD*#wW");
        list.one("statusCallback", &mut self.status_callback);
        list.many("statusCallbackEvent", &mut self.status_callback_event);
        list.one("statusCallbackMethod", &mut self.status_callback_method);
        list.one("byoc", &mut self.byoc);
        list.one("machineDetection", &mut self.machine_detection);
        list.one(
            "machineDetectionTimeout",
            &mut self.machine_detection_timeout,
        );
        list.one(
            "machineDetectionSpeechThreshold",
            &mut self.machine_detection_speech_threshold,
        );
        list.one(
            "machineDetectionSpeechEndThreshold",
            &mut self.machine_detection_speech_end_threshold,
        );
        list.one(
            "machineDetectionSilenceTimeout",
            &mut self.machine_detection_silence_timeout,
        );
        list.one("amdStatusCallback", &mut self.amd_status_callback);
        list.one(
            "amdStatusCallbackMethod",
            &mut self.amd_status_callback_method,
        );
    }

    fn content(&self) -> Vec<Node> {
        Element::text_nodes(&self.number)
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.number = piece::only_text(nodes, Self::NAME, warnings);
    }
}
