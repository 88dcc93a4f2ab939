//! Webhooks on their way: who waits for which answer, and the parameters that every request carries.

use std::collections::{HashMap, VecDeque};

use super::leg::{Kind, Leg};
use super::requests::TwimlFrom;
use super::{Engine, geo};
use crate::seam::{Sid, WebhookAnswer, WebhookReply, WebhookRequest};

/// Parameters of a webhook in Twilio's order.
pub(super) type Params = Vec<(String, String)>;

/// What an answer is for.
#[derive(Debug)]
pub(super) enum Purpose {
    /// A document for a script.
    Page {
        leg: Sid,
        run: u64,
        stage: u64,
        page: Page,
    },
    /// The action of what a redirect interrupted: its TwiML is ignored, then the new comes.
    Interrupted { leg: Sid, run: u64, then: TwimlFrom },
    /// What to do about a message that came, and where else to ask.
    Sms {
        sid: Sid,
        page: Page,
        fallback: Option<(String, String)>,
    },
    /// Nobody acts upon it.
    Ignored,
    /// A callback in a lane, whose next may now be sent.
    Told { lane: String },
}

/// A request for TwiML.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) url: String,
    pub(super) method: String,
    pub(super) extra: Params,
    pub(super) is_fallback: bool,
}

/// All webhooks that are out, and callbacks that wait for the one before.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    count: u64,
    out: HashMap<u64, Purpose>,
    /// Callbacks of one call (or conference, or recording) go one after the other.
    lanes: HashMap<String, VecDeque<WebhookRequest>>,
}

impl Hooks {
    /// Whether an answer is out that nothing holds back.
    pub(super) fn is_waiting(&self, held: impl Fn(u64) -> bool) -> bool {
        self.out.keys().any(|id| !held(*id))
    }

    /// The number of the next request.
    pub(super) fn next_id(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// A request's answer is for this.
    pub(super) fn expects(&mut self, id: u64, purpose: Purpose) {
        self.out.insert(id, purpose);
    }
}

/// `POST` where nothing is said.
pub(super) fn or_post(method: &str) -> String {
    if method.eq_ignore_ascii_case("GET") {
        "GET".into()
    } else {
        "POST".into()
    }
}

/// A parameter.
pub(super) fn param(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// An address as a document at `base` means it; empty is the document itself.
pub(super) fn resolve(base: &str, address: &str) -> String {
    if address.is_empty() {
        return base.to_owned();
    }
    if url::Url::parse(address).is_ok() {
        return address.to_owned();
    }
    url::Url::parse(base)
        .and_then(|base| base.join(address))
        .map_or_else(|_| address.to_owned(), Into::into)
}

/// The fields that every request about a leg carries.
pub(super) fn voice_params(leg: &Leg) -> Params {
    let record = &leg.record;
    let mut params = vec![
        param("CallSid", &record.sid),
        param("AccountSid", &record.account_sid),
        param("From", &record.from),
        param("To", &record.to),
        param("CallStatus", record.status.as_str()),
        param("ApiVersion", "2010-04-01"),
        param("Direction", record.direction.as_str()),
        param("Caller", &record.from),
        param("Called", &record.to),
    ];
    params.extend(geo::fields("From", "Caller", &record.from));
    params.extend(geo::fields("To", "Called", &record.to));
    if let Some(parent) = &record.parent_call_sid {
        params.push(param("ParentCallSid", parent));
    }
    if let Some(application) = &record.application_sid {
        params.push(param("ApplicationSid", application));
    }
    if let Some(token) = &record.call_token {
        params.push(param("CallToken", token));
    }
    if !leg.stir.is_empty() {
        params.push(param("StirVerstat", &leg.stir));
    }
    params.extend(super::amd::answered_by(leg));
    params
}

impl Engine {
    pub(super) fn send(
        &mut self,
        account: Sid,
        url: &str,
        method: &str,
        params: Params,
        purpose: Purpose,
    ) {
        let request = self.request(account, url, method, params);
        self.hooks.expects(request.id, purpose);
        self.dispatch(request, false);
    }

    fn request(&mut self, account: Sid, url: &str, method: &str, params: Params) -> WebhookRequest {
        let id = self.hooks.next_id();
        let mut params = params;
        for (_, sid) in params.iter_mut().filter(|(name, _)| name == "AccountSid") {
            *sid = super::regions::plain(sid).to_owned();
        }
        let request = WebhookRequest {
            id,
            account,
            method: or_post(method),
            url: url.to_owned(),
            params,
            is_genuine: true,
        };
        self.note_request(&request);
        request
    }

    /// Asks for a script's next document. The address is resolved against the document before.
    pub(super) fn fetch(&mut self, leg: &str, run: u64, url: &str, method: &str, extra: Params) {
        let Some(script) = self.leg(leg).and_then(|leg| leg.script(run)) else {
            return;
        };
        let url = resolve(&script.url, url);
        self.fetch_page(
            leg,
            run,
            Page {
                url,
                method: or_post(method),
                extra,
                is_fallback: false,
            },
        );
    }

    pub(super) fn fetch_page(&mut self, leg: &str, run: u64, page: Page) {
        let stage = self.enter(leg, run, super::leg::Doing::Fetching);
        let Some(found) = self.leg_mut(leg) else {
            return;
        };
        let account = found.record.account_sid.clone();
        let Some(script) = found.script_mut(run) else {
            return;
        };
        script.url.clone_from(&page.url);
        script.method.clone_from(&page.method);
        script.steps.clear();
        let kind = script.kind;
        let mut params = voice_params(found);
        if kind == Kind::Main {
            params.append(&mut found.first_fields);
        }
        merge(&mut params, page.extra.clone());
        let (url, method) = (page.url.clone(), page.method.clone());
        self.send(
            account,
            &url,
            &method,
            params,
            Purpose::Page {
                leg: leg.to_owned(),
                run,
                stage,
                page,
            },
        );
    }

    /// Requests the action of what a redirect interrupted; whatever it answers, `then` comes next.
    pub(super) fn request_interrupted(
        &mut self,
        leg: &str,
        run: u64,
        action: Action,
        then: TwimlFrom,
    ) {
        self.enter(leg, run, super::leg::Doing::Fetching);
        let Some(found) = self.leg(leg) else { return };
        let (account, mut params) = (found.record.account_sid.clone(), voice_params(found));
        merge(&mut params, action.params);
        let purpose = Purpose::Interrupted {
            leg: leg.to_owned(),
            run,
            then,
        };
        self.send(account, &action.url, &action.method, params, purpose);
    }

    /// Requests an action whose answer nobody is left to run.
    pub(super) fn request_last(&mut self, leg: &str, action: Action) {
        let Some(found) = self.leg(leg) else { return };
        let (account, mut params) = (found.record.account_sid.clone(), voice_params(found));
        merge(&mut params, action.params);
        self.send(
            account,
            &action.url,
            &action.method,
            params,
            Purpose::Ignored,
        );
    }

    /// Sends a callback after those before it in its lane were answered.
    pub(super) fn tell(
        &mut self,
        lane: String,
        account: Sid,
        url: &str,
        method: &str,
        params: Params,
    ) {
        let request = self.request(account, url, method, params);
        if let Some(waiting) = self.hooks.lanes.get_mut(&lane) {
            waiting.push_back(request);
            return;
        }
        self.hooks.lanes.insert(lane.clone(), VecDeque::new());
        self.hooks.expects(request.id, Purpose::Told { lane });
        self.dispatch(request, true);
    }

    pub(super) fn hook_answered(&mut self, answer: WebhookAnswer) {
        if let Some(answer) = self.unless_stalled(answer) {
            self.hook_settled(answer);
        }
    }

    /// What came of a webhook in the end.
    pub(super) fn hook_settled(&mut self, answer: WebhookAnswer) {
        let exchange = self.note_answer(answer.id, &answer.result);
        match self.hooks.out.remove(&answer.id) {
            Some(Purpose::Page {
                leg,
                run,
                stage,
                page,
            }) => {
                let current = self
                    .leg(&leg)
                    .filter(|leg| leg.is_live())
                    .and_then(|leg| leg.script(run));
                if current.is_some_and(|script| script.stage == stage) {
                    self.page_answered(&leg, run, page, answer.result);
                }
            }
            Some(Purpose::Interrupted { leg, run, then }) => {
                self.callback_failed(exchange.as_ref(), &answer.result);
                if self
                    .leg(&leg)
                    .is_some_and(|leg| leg.is_live() && leg.script(run).is_some())
                {
                    self.begin(&leg, run, then);
                }
            }
            Some(Purpose::Sms {
                sid,
                page,
                fallback,
            }) => self.sms_answered(&sid, page, fallback, answer.result),
            Some(Purpose::Told { lane }) => {
                self.callback_failed(exchange.as_ref(), &answer.result);
                self.next_in_lane(lane);
            }
            Some(Purpose::Ignored) => self.callback_failed(exchange.as_ref(), &answer.result),
            None => {}
        }
    }

    fn next_in_lane(&mut self, lane: String) {
        let Some(waiting) = self.hooks.lanes.get_mut(&lane) else {
            return;
        };
        match waiting.pop_front() {
            Some(request) => {
                self.hooks.expects(request.id, Purpose::Told { lane });
                self.dispatch(request, true);
            }
            None => {
                self.hooks.lanes.remove(&lane);
            }
        }
    }

    fn page_answered(
        &mut self,
        leg: &str,
        run: u64,
        page: Page,
        result: Result<WebhookReply, (u32, String)>,
    ) {
        match super::verbs::document(&page.url, result) {
            Ok((steps, warnings)) => {
                for warning in warnings {
                    self.alert(leg, warning.code, &warning.text);
                }
                self.document(leg, run, steps);
            }
            Err((code, text)) => self.page_failed(leg, run, page, code, &text),
        }
    }

    fn page_failed(&mut self, leg: &str, run: u64, page: Page, code: u32, text: &str) {
        self.alert(leg, code, &format!("{}: {text}", page.url));
        self.ask_fallback(leg, run, page, code);
    }

    /// A verb cannot be carried out: its document counts as failed.
    pub(super) fn verb_failed(&mut self, leg: &str, run: u64, code: u32) {
        let Some(found) = self.leg(leg) else { return };
        let Some(script) = found.script(run) else {
            return;
        };
        let page = Page {
            url: script.url.clone(),
            method: script.method.clone(),
            extra: Params::new(),
            is_fallback: found
                .fallback
                .as_ref()
                .is_some_and(|(url, _)| *url == script.url),
        };
        self.ask_fallback(leg, run, page, code);
    }

    fn ask_fallback(&mut self, leg: &str, run: u64, page: Page, code: u32) {
        let fallback = self.leg(leg).and_then(|leg| {
            let main = leg
                .script(run)
                .is_some_and(|script| script.kind == Kind::Main);
            leg.fallback.clone().filter(|_| main && !page.is_fallback)
        });
        match fallback {
            Some((url, method)) => {
                let mut extra = page.extra;
                merge(
                    &mut extra,
                    vec![
                        param("ErrorCode", code.to_string()),
                        param("ErrorUrl", page.url),
                    ],
                );
                self.fetch_page(
                    leg,
                    run,
                    Page {
                        url,
                        method,
                        extra,
                        is_fallback: true,
                    },
                );
            }
            None => self.document_failed(leg, run),
        }
    }
}

/// The request that ends a verb.
#[derive(Debug, Clone)]
pub(super) struct Action {
    pub(super) url: String,
    pub(super) method: String,
    pub(super) params: Params,
}

/// Adds parameters; one that is there already is replaced.
pub(super) fn merge(params: &mut Params, more: Params) {
    for (name, value) in more {
        match params.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => params.push((name, value)),
        }
    }
}
