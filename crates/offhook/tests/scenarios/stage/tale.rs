//! What happened, for a story that went wrong.

use super::Stage;

/// The fields of a webhook that tell a tale.
const SHOWN: [&str; 6] = [
    "CallStatus",
    "StatusCallbackEvent",
    "ParticipantLabel",
    "QueueResult",
    "RecordingStatus",
    "DialCallStatus",
];
/// And those of a call.
const OF_CALL: [&str; 7] = [
    "status",
    "phase",
    "outcome",
    "agent",
    "started_at",
    "answered_at",
    "ended_at",
];

impl Stage {
    /// What happened to the newest call and at the carrier's doors.
    pub(crate) async fn tale(&self) -> String {
        let mut lines = vec![String::new()];
        let call = self.newest_call().await;
        for field in OF_CALL {
            lines.push(format!("{field}: {}", call[field]));
        }
        for event in call["events"].as_array().into_iter().flatten() {
            lines.push(format!(
                "{} {} {}",
                event["at"], event["source"], event["type"]
            ));
        }
        for leg in call["legs"].as_array().into_iter().flatten() {
            lines.push(format!("leg {leg}"));
        }
        for sent in self.webhooks("/") {
            let path = sent.url.split("twilio").last().unwrap_or_default();
            let (status, body) = (sent.status.unwrap_or(0), sent.body.replace('\n', ""));
            let params: Vec<_> = sent
                .params
                .iter()
                .filter(|(name, _)| SHOWN.contains(&name.as_str()))
                .collect();
            lines.push(format!(
                "{} {path} {params:?} -> {status} {body} {:?}",
                sent.at.time(),
                sent.error
            ));
        }
        lines.join("\n")
    }
}
