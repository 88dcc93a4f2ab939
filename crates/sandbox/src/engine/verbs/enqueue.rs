//! `<Enqueue>`: the caller waits in a queue, hearing its wait URL.

use offhook_twilio::twiml::Enqueue;

use super::super::Engine;
use super::super::hooks::{Params, param};
use super::super::leg::{Doing, Kind, Prompting, Step, Waiting};
use super::super::timers::{millis, seconds};
use super::Flow;
use crate::seam::SoundRequest;

/// The longest name of a queue.
pub(in super::super) const NAME: usize = 64;

impl Engine {
    pub(super) fn enqueue(&mut self, leg: &str, run: u64, verb: Enqueue) -> Flow {
        if verb.workflow_sid.is_some() {
            return self.not_served(leg, run, "Enqueue workflowSid");
        }
        let account = match self.leg(leg) {
            Some(leg) if !verb.name.is_empty() && verb.name.len() <= NAME => {
                leg.record.account_sid.clone()
            }
            _ => {
                let code = if verb.name.is_empty() { 14204 } else { 14205 };
                self.alert(leg, code, "a queue's name has 1 to 64 characters");
                return self.not_enqueued(leg, run, &verb, "error", Params::new());
            }
        };
        let queue = self.queue_named(&account, &verb.name);
        if self.queue_is_full(&queue) {
            self.alert(leg, 14207, "the queue is full");
            return self.not_enqueued(
                leg,
                run,
                &verb,
                "queue-full",
                vec![param("QueueSid", queue)],
            );
        }
        let method = |method: Option<offhook_twilio::words::Method>| {
            method.map_or_else(|| "POST".to_owned(), |method| method.as_str().to_owned())
        };
        let waiting = Waiting {
            action: verb.action,
            method: method(verb.method),
            queue: queue.clone(),
            wait_url: verb.wait_url,
            wait_method: method(verb.wait_url_method),
            since: self.now,
            bridged: None,
        };
        self.enter(leg, run, Doing::Queue(Box::new(waiting)));
        self.joined_queue(leg, &queue);
        self.begin_waiting(leg);
        self.serve_queue(&queue);
        Flow::Stay
    }

    fn not_enqueued(
        &mut self,
        leg: &str,
        run: u64,
        verb: &Enqueue,
        result: &str,
        more: Params,
    ) -> Flow {
        let Some(action) = &verb.action else {
            return Flow::On;
        };
        let mut params = vec![param("QueueResult", result), param("QueueTime", "0")];
        params.extend(more);
        self.act(leg, run, Some(action), verb.method, params);
        Flow::Stay
    }

    fn begin_waiting(&mut self, leg: &str) {
        let run = self.push_script(leg, Kind::QueueWait);
        self.request_wait(leg, run);
    }

    fn request_wait(&mut self, leg: &str, run: u64) {
        let Some(waiting) = self.leg(leg).and_then(super::super::leg::Leg::waiting) else {
            return;
        };
        let (url, method) = (waiting.wait_url.clone(), waiting.wait_method.clone());
        match url {
            Some(url) if !url.is_empty() => {
                // The address is resolved against the document that has the Enqueue, not against itself.
                let base = self
                    .leg(leg)
                    .and_then(|leg| leg.main())
                    .map_or_else(String::new, |main| main.url.clone());
                let url = super::super::hooks::resolve(&base, &url);
                let extra = self.wait_params(leg, Kind::QueueWait);
                self.fetch(leg, run, &url, &method, extra);
            }
            _ => {
                if let Some(script) = self.script_mut(leg, run) {
                    script
                        .steps
                        .push_back(Step::Music(SoundRequest::Bundled("hold-music".into())));
                }
                self.go_on(leg, run);
            }
        }
    }

    /// The wait document is over: it is requested again, but not faster than once a second.
    pub(super) fn wait_again(&mut self, leg: &str, run: u64) {
        let Some(script) = self.leg(leg).and_then(|leg| leg.script(run)) else {
            return;
        };
        let lasted = self.now - script.began;
        if lasted < seconds(1.0) {
            self.enter(leg, run, Doing::Prompt(Prompting::Pause));
            self.stage_lasts(leg, run, (seconds(1.0) - lasted).max(millis(1)));
        } else {
            self.request_wait(leg, run);
        }
    }

    /// The fields of a wait request.
    pub(super) fn wait_params(&self, leg: &str, kind: Kind) -> Params {
        if kind != Kind::QueueWait {
            return Params::new();
        }
        self.queue_wait_params(leg)
    }
}
