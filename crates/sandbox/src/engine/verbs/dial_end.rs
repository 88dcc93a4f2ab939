//! The end of a `<Dial>`: who ended, what its action is told.

use super::super::Engine;
use super::super::hooks::{Params, param};
use super::super::leg::{Dialing, Doing, Leg};
use super::super::records::{CallStatus, seconds_up};
use super::super::redirect::Leaving;

impl Engine {
    /// A dialled leg is over, or went on to TwiML of its own.
    pub(in super::super) fn child_gone(&mut self, parent: &str, child: &str, taken_away: bool) {
        let Some(status) = self.leg(child).map(|leg| leg.record.status) else {
            return;
        };
        let Some(dialing) = self.leg_mut(parent).and_then(Leg::dialing_mut) else {
            return;
        };
        let Some(place) = dialing.children.iter().position(|other| other == child) else {
            return;
        };
        dialing.children.remove(place);
        dialing.outcomes.push((child.to_owned(), status));
        dialing.taken_away |= taken_away;
        if dialing.bridged.as_deref() == Some(child) || taken_away {
            self.dial_over(parent);
        } else if dialing.children.is_empty() && dialing.bridged.is_none() {
            if dialing.dial.nouns.is_empty() {
                self.dial_over(parent);
            } else {
                self.ring_next(parent);
            }
        }
    }

    /// The time limit of a talk, or of waiting at an empty queue, is up.
    pub(super) fn dial_time(&mut self, leg: &str) {
        let Some(dialing) = self.leg(leg).and_then(Leg::dialing) else {
            return;
        };
        match (dialing.bridged.clone(), dialing.queue.is_some()) {
            (Some(_), true) | (None, _) => self.dial_over(leg),
            (Some(child), false) => self.end(&child, CallStatus::Completed, false),
        }
    }

    /// A `<Dial>` is over: its action, or the next verb.
    pub(in super::super) fn dial_over(&mut self, leg: &str) {
        let Some(found) = self
            .leg_mut(leg)
            .filter(|leg| leg.is_live() && leg.dialing().is_some())
        else {
            return;
        };
        let Some(script) = found.main_mut() else {
            return;
        };
        let run = script.run;
        let Doing::Dial(mut dialing) = std::mem::replace(&mut script.doing, Doing::Ready) else {
            return;
        };
        let params = self.dial_params(&dialing, None);
        self.stop_dial_recording(&mut dialing);
        self.leave_queue_taking(leg, &dialing);
        self.act(
            leg,
            run,
            dialing.dial.action.as_deref(),
            dialing.dial.method,
            params,
        );
    }

    /// A `<Dial><Queue>` ends: whom it talks with goes on, and it takes nobody any more.
    fn leave_queue_taking(&mut self, leg: &str, dialing: &Dialing) {
        if dialing.queue.is_some() {
            self.no_longer_waits_for_member(leg);
            if let Some(member) = &dialing.bridged {
                self.member_released(member);
            }
        }
    }

    fn stop_dial_recording(&mut self, dialing: &mut Dialing) {
        if let Some(recording) = dialing.recording.take() {
            self.stop_recording(&recording);
        }
    }

    /// The caller hung up or was redirected: all that it dialled ends.
    pub(in super::super) fn dial_interrupted(
        &mut self,
        leg: &str,
        dialing: &mut Dialing,
        why: Leaving,
    ) -> Params {
        for child in std::mem::take(&mut dialing.children) {
            let talks = self.leg(&child).is_some_and(Leg::is_answered);
            let status = if talks {
                CallStatus::Completed
            } else {
                CallStatus::Canceled
            };
            self.end(&child, status, false);
            dialing.outcomes.push((child, status));
        }
        self.leave_queue_taking(leg, dialing);
        let overall = (why == Leaving::Redirected && dialing.was_bridged).then_some("completed");
        let params = self.dial_params(dialing, overall);
        self.stop_dial_recording(dialing);
        params
    }

    /// What the action of a `<Dial><Queue>` is told besides.
    fn dequeued_params(&self, dialing: &Dialing) -> Params {
        let Some(queue) = &dialing.queue else {
            return Params::new();
        };
        let mut params = vec![param("QueueSid", queue)];
        let result = match &dialing.dequeued {
            None => "queue-empty",
            Some(dequeued) if dequeued.since.is_some() => "bridged",
            Some(_) => "hangup",
        };
        params.push(param("DequeueResult", result));
        if let Some(dequeued) = &dialing.dequeued {
            let talked = dequeued
                .since
                .map_or(0, |since| seconds_up(self.now - since));
            params.push(param("DequeuedCallSid", &dequeued.call));
            params.push(param("DequeuedCallQueueTime", dequeued.waited.to_string()));
            params.push(param("DequeuedCallDuration", talked.to_string()));
        }
        params
    }

    fn dial_params(&self, dialing: &Dialing, overall: Option<&str>) -> Params {
        let ranks = [
            CallStatus::Completed,
            CallStatus::InProgress,
            CallStatus::NoAnswer,
            CallStatus::Busy,
            CallStatus::Failed,
            CallStatus::Canceled,
        ];
        let best = ranks
            .iter()
            .find(|rank| dialing.outcomes.iter().any(|(_, status)| status == *rank));
        let status = match best {
            _ if dialing.was_bridged => "completed",
            Some(CallStatus::InProgress) => "completed",
            Some(status) => status.as_str(),
            None => "no-answer",
        };
        let mut params = vec![param("DialCallStatus", overall.unwrap_or(status))];
        if let Some(child) = dialing.outcomes.last().and_then(|(sid, _)| self.leg(sid)) {
            params.push(param("DialCallSid", &child.record.sid));
            if dialing.was_bridged && !dialing.taken_away {
                params.push(param(
                    "DialCallDuration",
                    child.record.duration().unwrap_or_default().to_string(),
                ));
            }
        }
        params.push(param(
            "DialBridged",
            if dialing.was_bridged { "true" } else { "false" },
        ));
        params.extend(self.dequeued_params(dialing));
        if let Some(found) = dialing
            .recording
            .as_deref()
            .and_then(|sid| self.recording_by_sid(sid))
        {
            let lasted = seconds_up(self.now - found.record.start_time);
            params.push(param("RecordingUrl", self.recording_url(&found.record)));
            params.push(param("RecordingSid", &found.record.sid));
            params.push(param("RecordingDuration", lasted.to_string()));
        }
        params
    }
}
