//! A call's status, and the callbacks that tell of it.

use serde_json::json;

use super::Engine;
use super::hooks::{Params, merge, param, voice_params};
use super::leg::Leg;
use super::records::{CallStatus, seconds_up};
use super::timers::Timer;
use crate::seam::Sid;

impl Engine {
    /// Changes a leg's status, writes it down and tells whoever asked.
    pub(super) fn set_status(&mut self, sid: &str, status: CallStatus) {
        let now = self.now;
        let Some(leg) = self.leg_mut(sid) else { return };
        leg.record.status = status;
        leg.record.date_updated = now;
        match status {
            CallStatus::InProgress => leg.record.start_time = Some(now),
            _ if status.is_terminal() => leg.record.end_time = Some(now),
            _ => {}
        }
        leg.note(now, "status", status.as_str());
        let record = &leg.record;
        let data = json!({
            "at": now, "call_sid": record.sid, "account_sid": record.account_sid, "parent_call_sid": record.parent_call_sid,
            "from": record.from, "to": record.to, "direction": record.direction.as_str(), "status": status.as_str(),
        });
        self.trace("call", data);
        self.remember(&sid.to_owned());
        self.tell_progress(sid, status);
    }

    fn tell_progress(&mut self, sid: &str, status: CallStatus) {
        let event = match status {
            CallStatus::Queued => return,
            CallStatus::Initiated => "initiated",
            CallStatus::Ringing => "ringing",
            CallStatus::InProgress => "answered",
            _ => "completed",
        };
        let params = self.progress_params(sid);
        let Some(leg) = self.leg_mut(sid) else { return };
        leg.sequence += 1;
        let account = leg.record.account_sid.clone();
        let lane = format!("call {sid}");
        let callback = leg.progress.clone();
        let wanted = if callback.events.is_empty() {
            event == "completed"
        } else {
            callback.events.iter().any(|wanted| wanted == event)
        };
        let at_end = leg.end_callback.clone().filter(|_| status.is_terminal());
        if !callback.url.is_empty() && wanted {
            self.tell(
                lane.clone(),
                account.clone(),
                &callback.url,
                &callback.method,
                params.clone(),
            );
        }
        if let Some((url, method)) = at_end {
            let mut params = params;
            // It is the only callback that these calls have.
            merge(&mut params, vec![param("SequenceNumber", "0")]);
            self.tell(lane, account, &url, &method, params);
        }
    }

    fn progress_params(&self, sid: &str) -> Params {
        let Some(leg) = self.leg(sid) else {
            return Params::new();
        };
        let mut params = voice_params(leg);
        params.extend([
            param("Timestamp", rfc2822(self.now)),
            param("CallbackSource", "call-progress-events"),
            param("SequenceNumber", leg.sequence.to_string()),
        ]);
        if leg.record.status.is_terminal() {
            let seconds = leg.record.duration().unwrap_or_default();
            params.extend([
                param("CallDuration", seconds.to_string()),
                param("Duration", minutes(seconds).to_string()),
                param("SipResponseCode", sip_code(leg).to_string()),
            ]);
            params.extend(self.told_recording(leg));
        }
        params
    }

    /// The recording that the callback at the end names.
    fn told_recording(&self, leg: &Leg) -> Params {
        let Some(recording) = leg
            .told_recording
            .as_deref()
            .and_then(|sid| self.recording_by_sid(sid))
        else {
            return Params::new();
        };
        vec![
            param("RecordingUrl", self.recording_url(&recording.record)),
            param("RecordingSid", &recording.record.sid),
            param(
                "RecordingDuration",
                seconds_up(self.now - recording.record.start_time).to_string(),
            ),
        ]
    }

    /// A call's price is known some time after its end.
    pub(super) fn price_later(&mut self, sid: &str) {
        let delay = chrono::TimeDelta::seconds(self.settings.price_delay);
        self.after(
            delay,
            Timer::Price {
                leg: sid.to_owned(),
            },
        );
    }

    pub(super) fn price(&mut self, sid: &Sid) {
        let now = self.now;
        let Some(leg) = self.legs.get_mut(sid) else {
            return;
        };
        let minutes = minutes(leg.record.duration().unwrap_or_default());
        // Per minute in hundred-thousandths of a dollar: browser legs, inbound, outbound.
        let rate = match (&leg.far, leg.record.direction) {
            (super::leg::Far::Client { .. }, _) => 400,
            (_, super::records::Direction::Inbound) => 850,
            _ => 1400,
        };
        let price = minutes * rate;
        leg.record.price = Some(if price == 0 {
            "0.00000".into()
        } else {
            format!("-{}.{:05}", price / 100_000, price % 100_000)
        });
        leg.record.date_updated = now;
        self.remember(sid);
    }
}

/// Minutes as billed: a begun one counts.
fn minutes(seconds: i64) -> i64 {
    (seconds + 59) / 60
}

/// Twilio's `Timestamp`.
pub(super) fn rfc2822(time: crate::seam::Time) -> String {
    time.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

fn sip_code(leg: &Leg) -> u16 {
    match leg.record.status {
        CallStatus::Busy => 486,
        CallStatus::NoAnswer | CallStatus::Canceled => 487,
        CallStatus::Failed => 404,
        _ => 200,
    }
}
