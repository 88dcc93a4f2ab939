//! Callback addresses among the parameters: `StatusCallback`, its method and the events wanted, and how to record.

use super::params::Params;
use super::refusal::Refusal;
use crate::engine::account::is_callback_url;
use crate::engine::requests::{Callback, MachineDetection, RecordingRequest};

/// A call's progress callback: one event a value. What is no event is the engine's to judge (21626).
pub(super) fn call_progress(params: &Params) -> Result<Callback, Refusal> {
    let events = params
        .all("StatusCallbackEvent")
        .map(str::to_owned)
        .collect();
    Ok(Callback {
        events,
        ..callback(params, "StatusCallback")?
    })
}

/// A callback of this name; several events may share a value, separated by a space.
pub(super) fn callback(params: &Params, name: &str) -> Result<Callback, Refusal> {
    let url = params.filled(name).unwrap_or_default();
    if !url.is_empty() && !is_callback_url(&url) {
        return Err(Refusal::invalid(
            21609,
            format!("{name} is not a valid URL: {url}"),
        ));
    }
    let events = params
        .all(&format!("{name}Event"))
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect();
    Ok(Callback {
        url,
        method: params.method(&format!("{name}Method"))?,
        events,
    })
}

/// How a recording is made that is asked for by itself, or with a call or a participant.
pub(super) fn recording(params: &Params) -> Result<RecordingRequest, Refusal> {
    Ok(RecordingRequest {
        dual: params
            .one_of("RecordingChannels", 20001, &["mono", "dual"])?
            .as_deref()
            == Some("dual"),
        track: params
            .one_of("RecordingTrack", 20001, &["inbound", "outbound", "both"])?
            .unwrap_or_default(),
        trim: params
            .one_of("Trim", 20001, &["trim-silence", "do-not-trim"])?
            .unwrap_or_default(),
        callback: callback(params, "RecordingStatusCallback")?,
    })
}

/// The same, where `Record=true` asks for it.
pub(super) fn recorded(params: &Params) -> Result<Option<RecordingRequest>, Refusal> {
    if params.flag("Record") == Some(true) {
        recording(params).map(Some)
    } else {
        Ok(None)
    }
}

/// Whether a machine answered: asked for by `MachineDetection`. With `AsyncAmd=true` the result is told beside the call, by
/// `AsyncAmdStatusCallback`; participants know only that way, by `AmdStatusCallback`.
pub(super) fn machine(params: &Params, name: &str) -> Result<Option<MachineDetection>, Refusal> {
    let mode = params.one_of(
        "MachineDetection",
        21207,
        &["Enable", "DetectMessageEnd", "none"],
    )?;
    let until_end = match mode.as_deref() {
        Some("Enable") => false,
        Some("DetectMessageEnd") => true,
        _ => return Ok(None),
    };
    let usual = MachineDetection::default();
    let beside = name == "Amd" || params.flag("AsyncAmd") == Some(true);
    let told = callback(params, &format!("{name}StatusCallback"))?;
    let number = |name: &str, limits| params.number(name, 20001, limits);
    Ok(Some(MachineDetection {
        until_end,
        timeout: number("MachineDetectionTimeout", 3..=59)?.unwrap_or(usual.timeout),
        speech: number("MachineDetectionSpeechThreshold", 1000..=6000)?.unwrap_or(usual.speech),
        speech_end: number("MachineDetectionSpeechEndThreshold", 500..=5000)?
            .unwrap_or(usual.speech_end),
        silence: number("MachineDetectionSilenceTimeout", 2000..=10_000)?.unwrap_or(usual.silence),
        beside: beside.then_some(told),
    }))
}
