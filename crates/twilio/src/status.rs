//! The states that Twilio tells of: of calls, conferences, queues' results and recordings. Twilio may add to each.

use crate::words::open_words;

open_words! {
    /// A call's state, on a leg or as the result of a `<Dial>`.
    CallStatus {
        /// Waiting for the account's calls per second.
        Queued = "queued",
        /// On its way.
        Initiated = "initiated",
        /// Ringing.
        Ringing = "ringing",
        /// Picked up.
        InProgress = "in-progress",
        /// A `<Dial>` into a conference that took place; never a leg's own state.
        Answered = "answered",
        /// Over after it was picked up.
        Completed = "completed",
        /// The other side was busy.
        Busy = "busy",
        /// Nobody picked up.
        NoAnswer = "no-answer",
        /// It could not be carried out.
        Failed = "failed",
        /// Ended from our side before it was picked up.
        Canceled = "canceled",
    }
}

impl CallStatus {
    /// Whether a leg in this state is over for good.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Completed | Self::Busy | Self::NoAnswer | Self::Failed | Self::Canceled => true,
            Self::Queued
            | Self::Initiated
            | Self::Ringing
            | Self::InProgress
            | Self::Answered
            | Self::Other(_) => false,
        }
    }
}

open_words! {
    /// A conference's state.
    ConferenceStatus {
        /// Somebody waits in it.
        Init = "init",
        /// It has started.
        InProgress = "in-progress",
        /// It is over; the same name then makes a new one.
        Completed = "completed",
    }
}

open_words! {
    /// A recording's state.
    RecordingStatus {
        /// It takes sound.
        InProgress = "in-progress",
        /// It waits.
        Paused = "paused",
        /// It was stopped.
        Stopped = "stopped",
        /// The file is being made.
        Processing = "processing",
        /// The file can be fetched.
        Completed = "completed",
        /// There is no file, since there was no sound.
        Absent = "absent",
        /// It went wrong.
        Failed = "failed",
        /// The file was deleted.
        Deleted = "deleted",
    }
}

open_words! {
    /// What started a recording.
    RecordingSource {
        /// `record` on a `<Dial>`.
        DialVerb = "DialVerb",
        /// `record` on a `<Conference>`.
        Conference = "Conference",
        /// `Record=true` when the call was made.
        OutboundApi = "OutboundAPI",
        /// A trunk's setting.
        Trunking = "Trunking",
        /// The `<Record>` verb.
        RecordVerb = "RecordVerb",
        /// A leg recording by REST or `<Start>`.
        StartCallRecordingApi = "StartCallRecordingAPI",
        /// A conference recording by REST.
        StartConferenceRecordingApi = "StartConferenceRecordingAPI",
    }
}

open_words! {
    /// How a caller left a queue.
    QueueResult {
        /// Connected with somebody, and that is over.
        Bridged = "bridged",
        /// Being connected with somebody.
        BridgingInProcess = "bridging-in-process",
        /// It could not be put in.
        Error = "error",
        /// The caller hung up.
        Hangup = "hangup",
        /// The wait document said so.
        Leave = "leave",
        /// Taken out by REST.
        Redirected = "redirected",
        /// Taken out by REST while connected.
        RedirectedFromBridged = "redirected-from-bridged",
        /// The queue was full.
        QueueFull = "queue-full",
        /// Twilio failed.
        SystemError = "system-error",
    }
}

open_words! {
    /// What happened in a conference.
    ConferenceEventKind {
        /// It started.
        Start = "conference-start",
        /// It ended.
        End = "conference-end",
        /// Somebody came in.
        Join = "participant-join",
        /// Somebody left.
        Leave = "participant-leave",
        /// Somebody was muted.
        Mute = "participant-mute",
        /// Somebody was unmuted.
        Unmute = "participant-unmute",
        /// Somebody was put on hold.
        Hold = "participant-hold",
        /// Somebody was taken off hold.
        Unhold = "participant-unhold",
        /// Somebody's properties changed.
        Modify = "participant-modify",
        /// Somebody began to speak.
        SpeechStart = "participant-speech-start",
        /// Somebody stopped to speak.
        SpeechStop = "participant-speech-stop",
        /// An announcement ended.
        AnnouncementEnd = "announcement-end",
        /// An announcement failed.
        AnnouncementFail = "announcement-fail",
    }
}

open_words! {
    /// Which way a call goes.
    Direction {
        /// Into the account: from a phone, or from a Voice SDK device.
        Inbound = "inbound",
        /// Made by REST.
        OutboundApi = "outbound-api",
        /// Made by `<Dial>`.
        OutboundDial = "outbound-dial",
    }
}

#[cfg(test)]
mod tests {
    use super::CallStatus;

    #[test]
    fn a_status_that_twilio_adds_is_kept_as_it_is() {
        assert_eq!(CallStatus::from("no-answer"), CallStatus::NoAnswer);
        let new = CallStatus::from("teleported");
        assert_eq!(new.to_string(), "teleported");
        assert!(!new.is_final());
        assert_eq!(
            serde_json::from_str::<CallStatus>("\"busy\"").ok(),
            Some(CallStatus::Busy)
        );
    }
}
