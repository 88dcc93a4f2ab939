//! Queues: who waits, for how long, and how one leaves.

use std::collections::VecDeque;

use offhook_twilio::twiml::{Dial, Queue as QueueNoun};
use serde_json::json;

use super::Engine;
use super::error::RestError;
use super::hooks::{Params, param};
use super::leg::{Dequeued, Dialing, Doing, Kind, Leg, Waiting};
use super::records::QueueRecord;
use super::redirect::Leaving;
use super::timers::seconds;
use super::verbs::Flow;
use crate::seam::Sid;

/// Twilio's default for the most members.
const MAX_SIZE: usize = 1000;

/// A queue.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) record: QueueRecord,
    /// Waiting legs, first come first.
    pub(super) members: VecDeque<Sid>,
    /// Legs that wait at the empty queue for somebody to take.
    takers: VecDeque<Sid>,
}

impl Engine {
    pub(super) fn queue_mut(&mut self, sid: &str) -> Option<&mut Queue> {
        self.queues.iter_mut().find(|queue| queue.record.sid == sid)
    }

    pub(super) fn find_queue(&self, account: &str, sid: &str) -> Result<&Queue, RestError> {
        let found = self
            .queues
            .iter()
            .find(|queue| queue.record.sid == sid && queue.record.account_sid == account);
        found.ok_or_else(|| RestError::not_found(&format!("/Queues/{sid}")))
    }

    /// The queue of a name, made when it is first used.
    pub(super) fn queue_named(&mut self, account: &str, name: &str) -> Sid {
        let found = self
            .queues
            .iter()
            .find(|q| q.record.account_sid == account && q.record.friendly_name == name);
        if let Some(found) = found {
            return found.record.sid.clone();
        }
        let sid = self.ids.sid("QU");
        let record = QueueRecord {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            friendly_name: name.to_owned(),
            max_size: MAX_SIZE,
            current_size: 0,
            average_wait_time: 0,
            date_created: self.now,
            date_updated: self.now,
        };
        self.queues.push(Queue {
            record,
            members: VecDeque::new(),
            takers: VecDeque::new(),
        });
        sid
    }

    pub(super) fn queue_is_full(&self, sid: &str) -> bool {
        self.queues
            .iter()
            .any(|queue| queue.record.sid == sid && queue.members.len() >= queue.record.max_size)
    }

    pub(super) fn joined_queue(&mut self, leg: &str, queue: &str) {
        let (now, sid) = (self.now, leg.to_owned());
        if let Some(queue) = self.queue_mut(queue) {
            queue.members.push_back(sid);
        }
        if let Some(leg) = self.leg_mut(leg) {
            leg.note(now, "queue", "joined");
        }
        self.trace(
            "queue",
            json!({ "at": now, "call_sid": leg, "queue_sid": queue, "event": "joined" }),
        );
    }

    fn out_of_queue(&mut self, leg: &str, queue: &str) {
        let now = self.now;
        if let Some(queue) = self.queue_mut(queue) {
            queue.members.retain(|member| member != leg);
        }
        if let Some(leg) = self.leg_mut(leg) {
            leg.note(now, "queue", "left");
        }
        self.trace(
            "queue",
            json!({ "at": now, "call_sid": leg, "queue_sid": queue, "event": "left" }),
        );
    }

    /// The fields of a request about leaving a queue.
    fn left_params(&self, waiting: &Waiting, result: &str) -> Params {
        vec![
            param("QueueResult", result),
            param("QueueSid", &waiting.queue),
            param(
                "QueueTime",
                (self.now - waiting.since).num_seconds().to_string(),
            ),
        ]
    }

    /// The fields of a wait request.
    pub(super) fn queue_wait_params(&self, leg: &str) -> Params {
        let Some(waiting) = self.leg(leg).and_then(Leg::waiting) else {
            return Params::new();
        };
        let Some(queue) = self
            .queues
            .iter()
            .find(|queue| queue.record.sid == waiting.queue)
        else {
            return Params::new();
        };
        let position = queue
            .members
            .iter()
            .position(|member| member == leg)
            .map_or(0, |place| place + 1);
        vec![
            param("QueuePosition", position.to_string()),
            param("QueueSid", &waiting.queue),
            param(
                "QueueTime",
                (self.now - waiting.since).num_seconds().to_string(),
            ),
            param("AvgQueueTime", self.average_wait(queue).to_string()),
            param("CurrentQueueSize", queue.members.len().to_string()),
            param("MaxQueueSize", queue.record.max_size.to_string()),
        ]
    }

    pub(super) fn average_wait(&self, queue: &Queue) -> i64 {
        let waits = queue
            .members
            .iter()
            .filter_map(|member| Some(self.now - self.leg(member)?.waiting()?.since));
        let total: i64 = waits.map(|wait| wait.num_seconds()).sum();
        total / i64::try_from(queue.members.len().max(1)).unwrap_or(1)
    }

    /// The leg leaves its queue by itself: `<Leave>`, or a wait URL that failed.
    pub(super) fn leave_queue(&mut self, leg: &str, result: &str) {
        let Some(waiting) = self.take_waiting(leg) else {
            return;
        };
        self.out_of_queue(leg, &waiting.queue);
        let params = self.left_params(&waiting, result);
        self.enqueue_over(leg, &waiting, params);
    }

    fn take_waiting(&mut self, leg: &str) -> Option<Waiting> {
        self.drop_scripts(leg, Kind::QueueWait);
        let found = self.leg_mut(leg).filter(|leg| leg.waiting().is_some())?;
        let script = found.main_mut()?;
        script.stage += 1;
        match std::mem::replace(&mut script.doing, Doing::Ready) {
            Doing::Queue(waiting) => Some(*waiting),
            _ => None,
        }
    }

    fn enqueue_over(&mut self, leg: &str, waiting: &Waiting, params: Params) {
        let Some(run) = self
            .leg(leg)
            .filter(|leg| leg.is_live())
            .and_then(Leg::main)
            .map(|main| main.run)
        else {
            return;
        };
        self.act(
            leg,
            run,
            waiting.action.as_deref(),
            waiting.method.parse().ok(),
            params,
        );
    }

    /// The leg was taken out by a redirect or its end.
    pub(super) fn queue_interrupted(
        &mut self,
        leg: &str,
        waiting: &Waiting,
        why: Leaving,
    ) -> Params {
        self.out_of_queue(leg, &waiting.queue);
        let result = match (why, &waiting.bridged) {
            (Leaving::HungUp, None) => "hangup",
            (Leaving::HungUp, Some(_)) => "bridged",
            (Leaving::Redirected, None) => "redirected",
            (Leaving::Redirected, Some(_)) => "redirected-from-bridged",
        };
        if let Some(taker) = &waiting.bridged {
            self.dial_over(taker);
        }
        self.left_params(waiting, result)
    }

    /// `<Dial><Queue>`: takes the first who waits, or waits for one.
    pub(super) fn dial_queue(&mut self, leg: &str, run: u64, dial: Dial, noun: &QueueNoun) -> Flow {
        let Some(account) = self.leg(leg).map(|leg| leg.record.account_sid.clone()) else {
            return Flow::Stay;
        };
        if noun.name.is_empty() || noun.name.len() > super::verbs::QUEUE_NAME {
            let (code, text) = if noun.name.is_empty() {
                (14212, "the queue's name is too short")
            } else {
                (14213, "the queue's name is too long")
            };
            self.alert(leg, code, text);
            return self.dial_fails(leg, run, &dial, "failed");
        }
        let queue = self.queue_named(&account, &noun.name);
        let timeout = dial.timeout.unwrap_or(30);
        let mut dial = dial;
        dial.nouns.push(noun.clone().into());
        let dialing = Dialing {
            dial,
            children: Vec::new(),
            outcomes: Vec::new(),
            bridged: None,
            was_bridged: false,
            taken_away: false,
            recording: None,
            queue: Some(queue.clone()),
            dequeued: None,
        };
        self.enter(leg, run, Doing::Dial(Box::new(dialing)));
        self.stage_lasts(leg, run, seconds(f64::from(timeout)));
        if let Some(found) = self.queue_mut(&queue) {
            found.takers.push_back(leg.to_owned());
        }
        self.serve_queue(&queue);
        Flow::Stay
    }

    /// Brings the first taker and the first member of a queue together.
    pub(super) fn serve_queue(&mut self, queue: &str) {
        let Some(found) = self.queue_mut(queue) else {
            return;
        };
        let (Some(taker), Some(member)) = (
            found.takers.front().cloned(),
            found.members.front().cloned(),
        ) else {
            return;
        };
        found.takers.pop_front();
        let noun = self.leg(&taker).and_then(Leg::dialing).and_then(|dialing| {
            match dialing.dial.nouns.first() {
                Some(offhook_twilio::twiml::Noun::Queue(noun)) => Some(noun.clone()),
                _ => None,
            }
        });
        let Some(noun) = noun else { return };
        self.out_of_queue(&member, queue);
        self.drop_scripts(&member, Kind::QueueWait);
        let Some(waiting) = self.leg_mut(&member).and_then(Leg::waiting_mut) else {
            return;
        };
        waiting.bridged = Some(taker.clone());
        let waited = (self.now
            - self
                .leg(&member)
                .and_then(Leg::waiting)
                .map_or(self.now, |w| w.since))
        .num_seconds();
        if let Some(dialing) = self.leg_mut(&taker).and_then(Leg::dialing_mut) {
            dialing.dequeued = Some(Dequeued {
                call: member.clone(),
                waited,
                since: None,
            });
        }
        let Some(url) = noun.url else {
            return self.connect(&taker, &member);
        };
        let run = self.push_script(&member, Kind::Whisper);
        let extra = vec![
            param("QueueSid", queue),
            param("QueueTime", waited.to_string()),
            param("DequeingCallSid", taker),
        ];
        self.fetch(
            &member,
            run,
            &url,
            noun.method
                .map_or("", offhook_twilio::words::Method::as_str),
            extra,
        );
    }

    /// What the member heard before is over.
    pub(super) fn member_is_ready(&mut self, member: &str) {
        let taker = self
            .leg(member)
            .and_then(Leg::waiting)
            .and_then(|waiting| waiting.bridged.clone());
        if let Some(taker) = taker {
            self.connect(&taker, member);
        }
    }

    /// The talk of a member with whom took it is over: its Enqueue is, too.
    pub(super) fn member_released(&mut self, member: &str) {
        let Some(waiting) = self.take_waiting(member) else {
            return;
        };
        let params = self.left_params(&waiting, "bridged");
        self.enqueue_over(member, &waiting, params);
    }

    pub(super) fn no_longer_waits_for_member(&mut self, taker: &str) {
        for queue in &mut self.queues {
            queue.takers.retain(|waiting| waiting != taker);
        }
    }
}
