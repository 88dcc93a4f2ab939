//! What goes wrong with webhooks on their way.

use offhook_twilio::retry::{Overrides, RetryOn};

use super::super::Engine;
use super::super::hooks::Purpose;
use super::{Held, Stalled};
use crate::seam::{Output, WebhookAnswer, WebhookRequest};

/// The fields that say what a webhook is about; the first that is there counts.
const WORDS: [&str; 6] = [
    "StatusCallbackEvent",
    "RecordingStatus",
    "TranscriptionEvent",
    "StreamEvent",
    "MessageStatus",
    "CallStatus",
];

impl Engine {
    /// Sends a webhook, or does to it what the plan says. It waits for its answer already.
    pub(in crate::engine) fn dispatch(&mut self, request: WebhookRequest, is_callback: bool) {
        let plan = self.faults.plan.webhooks.clone();
        // The console's own phones are not to be tried.
        let own = format!("{}/sandbox/", self.settings.base_url);
        if plan == super::plan::WebhookFaults::default() || request.url.starts_with(&own) {
            return self.out.push_back(Output::Webhook(request));
        }
        let kind = kind(&request, is_callback);
        let told = if is_callback { 1.0 } else { 0.0 };
        let mut throw = |switch: &str, chance: f64| self.faults.dice.throw(switch, &kind, chance);
        let forged = throw("forged", plan.forged);
        let duplicated = throw("duplicated", plan.duplicated);
        let dropped = throw("dropped", plan.dropped * told);
        let reordered = throw("reordered", plan.reordered * told);
        let stalled = throw("stalled", plan.stalled);
        let wrong = throw("wrongly_signed", plan.wrongly_signed);
        let delayed = throw("delayed", plan.delayed);
        if forged.is_some() {
            self.went_wrong("webhooks.forged", kind.clone());
            let copy = self.copy(&request);
            self.goes_out(altered(copy));
        }
        if dropped.is_some() {
            self.went_wrong("webhooks.dropped", kind);
            return self.hook_settled(WebhookAnswer {
                id: request.id,
                result: Err((11205, "lost on the way".into())),
            });
        }
        if let Some(luck) = duplicated {
            self.went_wrong("webhooks.duplicated", kind.clone());
            let copy = self.copy(&request);
            self.hold(luck.part_of(plan.delay), Held::Webhook(copy, false));
        }
        if let Some(luck) = reordered {
            self.went_wrong("webhooks.reordered", kind);
            let id = request.id;
            let late = self.copy(&request);
            self.hold(luck.part_of(plan.delay), Held::Webhook(late, false));
            // Those behind it need not wait.
            return self.hook_settled(WebhookAnswer {
                id,
                result: Err((11205, "sent later".into())),
            });
        }
        if stalled.is_some() {
            self.went_wrong("webhooks.stalled", kind);
            return self.stall(request);
        }
        let request = WebhookRequest {
            is_genuine: wrong.is_none(),
            ..request
        };
        if wrong.is_some() {
            self.went_wrong("webhooks.wrongly_signed", kind.clone());
        }
        match delayed {
            Some(luck) => {
                self.went_wrong("webhooks.delayed", kind);
                self.hold(luck.part_of(plan.delay), Held::Webhook(request, true));
            }
            None => self.out.push_back(Output::Webhook(request)),
        }
    }

    /// The same webhook once more, whose answer nobody waits for.
    fn copy(&mut self, request: &WebhookRequest) -> WebhookRequest {
        let mut copy = request.clone();
        copy.id = self.hooks.next_id();
        copy
    }

    /// A copy goes out; its answer is waited for only so that time stands still meanwhile.
    pub(super) fn goes_out(&mut self, request: WebhookRequest) {
        self.hooks.expects(request.id, Purpose::Ignored);
        self.out.push_back(Output::Webhook(request));
    }

    /// It arrives, and its answer is kept until it is too late; then it is tried again where its address says so.
    fn stall(&mut self, request: WebhookRequest) {
        let (_, overrides) = Overrides::parse(&request.url);
        let patience = overrides.read.min(overrides.total);
        let tries_again = overrides.retries > 0
            && overrides.retries_on(RetryOn::Read)
            && patience < overrides.total;
        let span = chrono::TimeDelta::from_std(patience).unwrap_or_default();
        let stalled = Stalled {
            request: request.clone(),
            until: self.now + span,
            tries_again,
        };
        self.faults.stalled.insert(request.id, stalled);
        self.out.push_back(Output::Webhook(request));
    }

    /// An answer came; `None` where it is kept back.
    pub(in crate::engine) fn unless_stalled(
        &mut self,
        answer: WebhookAnswer,
    ) -> Option<WebhookAnswer> {
        let Some(stalled) = self.faults.stalled.remove(&answer.id) else {
            return Some(answer);
        };
        let left = (stalled.until - self.now).num_milliseconds().max(0);
        let held = if stalled.tries_again {
            Held::Webhook(stalled.request, true)
        } else {
            Held::TooLate(answer.id)
        };
        self.hold(left, held);
        None
    }
}

/// What a webhook is about, in words that are the same in every run.
fn kind(request: &WebhookRequest, is_callback: bool) -> String {
    let word = WORDS.iter().find_map(|word| {
        let (_, value) = request.params.iter().find(|(name, _)| name == word)?;
        Some(format!("{word} {value}"))
    });
    let door = if is_callback { "callback" } else { "page" };
    format!("{door} {}", word.unwrap_or_default())
}

/// What somebody would send who wants a call to be over, and does not know the token.
fn altered(mut request: WebhookRequest) -> WebhookRequest {
    request.is_genuine = false;
    let statuses = request
        .params
        .iter_mut()
        .filter(|(name, _)| name == "CallStatus" || name == "DialCallStatus");
    for (_, status) in statuses {
        "completed".clone_into(status);
    }
    request
}
