//! TwiML at work: documents come in, their verbs run one after the other.

mod beside;
mod called;
mod dial;
mod dial_check;
mod dial_end;
mod enqueue;
mod gather;
mod message;
mod prompt;
pub(super) use dial::callback;
pub(super) use dial_check::is_premium;
pub(super) use enqueue::NAME as QUEUE_NAME;
pub(super) use prompt::length;
mod record;
mod speech;

use std::collections::VecDeque;

use offhook_twilio::twiml::{RejectReason, Response, Say, TwimlError, Verb, Warning};

use super::Engine;
use super::hooks::Params;
use super::leg::{Doing, Kind, Prompting, Step};
use super::records::CallStatus;
use super::timers::{Timer, seconds};
use crate::seam::{SoundRequest, WebhookReply};

/// Whether a script goes on with its next verb at once.
pub(super) enum Flow {
    On,
    Stay,
}

/// What a reply means as TwiML; a sound file is played, plain text is read out.
pub(super) fn document(
    url: &str,
    result: Result<WebhookReply, (u32, String)>,
) -> Result<(VecDeque<Step>, Vec<Warning>), (u32, String)> {
    let reply = result?;
    if !(200..300).contains(&reply.status) {
        return Err((11200, format!("HTTP {}", reply.status)));
    }
    match reply.content_type.as_str() {
        "text/xml" | "application/xml" | "text/html" => {
            parse(&reply.body).map_err(|e| (e.code(), e.to_string()))
        }
        "text/plain" => Ok((
            VecDeque::from([Step::Verb(Say::new(reply.body).into())]),
            Vec::new(),
        )),
        sound if sound.starts_with("audio/") => Ok((
            VecDeque::from([Step::Sound(SoundRequest::Url(url.to_owned()))]),
            Vec::new(),
        )),
        other => Err((12300, format!("the content type {other} is not TwiML"))),
    }
}

fn parse(body: &str) -> Result<(VecDeque<Step>, Vec<Warning>), TwimlError> {
    let parsed = Response::parse(body)?;
    Ok((
        parsed.response.verbs.into_iter().map(Step::Verb).collect(),
        parsed.warnings,
    ))
}

impl Engine {
    /// Changes what a script does; older timers and sounds are stale from then on.
    pub(super) fn enter(&mut self, leg: &str, run: u64, doing: Doing) -> u64 {
        let Some(script) = self.script_mut(leg, run) else {
            return 0;
        };
        script.doing = doing;
        script.stage += 1;
        script.stage
    }

    /// Wakes a script up when its present stage has lasted so long.
    pub(super) fn stage_lasts(&mut self, leg: &str, run: u64, span: chrono::TimeDelta) {
        let Some(stage) = self
            .leg(leg)
            .and_then(|leg| leg.script(run))
            .map(|script| script.stage)
        else {
            return;
        };
        self.after(
            span,
            Timer::Stage {
                leg: leg.to_owned(),
                run,
                stage,
            },
        );
    }

    pub(super) fn stage_over(&mut self, leg: &str, run: u64, stage: u64) {
        let Some(found) = self.leg(leg).filter(|leg| leg.is_live()) else {
            return;
        };
        let Some(script) = found.script(run).filter(|script| script.stage == stage) else {
            return;
        };
        match &script.doing {
            Doing::Prompt(_) => self.go_on(leg, run),
            Doing::Gather(_) => self.gather_time(leg, run),
            Doing::Record(_) => self.record_time(leg, run),
            Doing::Dial(_) => self.dial_time(leg),
            Doing::Ready
            | Doing::Fetching
            | Doing::Room(_)
            | Doing::Queue(_)
            | Doing::Stream(_) => {}
        }
    }

    /// The running verb is over: the next one.
    pub(super) fn go_on(&mut self, leg: &str, run: u64) {
        self.enter(leg, run, Doing::Ready);
        self.step(leg, run);
    }

    pub(super) fn step(&mut self, leg: &str, run: u64) {
        while self.is_live(leg) {
            let Some(script) = self.script_mut(leg, run) else {
                return;
            };
            if !matches!(script.doing, Doing::Ready) {
                return;
            }
            let fresh = std::mem::replace(&mut script.fresh, false);
            let kind = script.kind;
            let flow = match script.steps.pop_front() {
                None => return self.script_over(leg, run, kind, fresh),
                Some(Step::Music(request)) => self.play(leg, run, request, 0),
                Some(Step::Sound(request)) => {
                    if kind == Kind::Main {
                        self.pick_up(leg);
                    }
                    self.play(
                        leg,
                        run,
                        request,
                        u32::from(!matches!(kind, Kind::RoomWait | Kind::Hold)),
                    )
                }
                Some(Step::Verb(verb)) => self.perform(leg, run, kind, verb, fresh),
            };
            if matches!(flow, Flow::Stay) {
                return;
            }
        }
    }

    /// A document came: it replaces what the script still had.
    pub(super) fn document(&mut self, leg: &str, run: u64, steps: VecDeque<Step>) {
        let now = self.now;
        let Some(script) = self.script_mut(leg, run) else {
            return;
        };
        script.steps = steps;
        script.began = now;
        let kind = script.kind;
        if kind == Kind::Main {
            self.give_notice(leg, run);
        }
        if kind == Kind::RoomWait && !self.enter_after_wait(leg) {
            return;
        }
        self.go_on(leg, run);
    }

    /// TwiML given with a request.
    pub(super) fn inline_document(&mut self, leg: &str, run: u64, twiml: &str) {
        match parse(twiml) {
            Ok((steps, warnings)) => {
                for warning in warnings {
                    self.alert(leg, warning.code, &warning.text);
                }
                self.document(leg, run, steps);
            }
            Err(error) => {
                self.alert(leg, error.code(), &error.to_string());
                self.document_failed(leg, run);
            }
        }
    }

    /// There is no TwiML, and no fallback either.
    pub(super) fn document_failed(&mut self, leg: &str, run: u64) {
        let Some(kind) = self
            .leg(leg)
            .and_then(|leg| leg.script(run))
            .map(|script| script.kind)
        else {
            return;
        };
        match kind {
            Kind::Main | Kind::Whisper => {
                let sorry = Step::Sound(SoundRequest::Bundled("application-error".into()));
                let steps = VecDeque::from([sorry, Step::Verb(Verb::Hangup)]);
                self.document(leg, run, steps);
            }
            Kind::QueueWait => self.leave_queue(leg, "error"),
            Kind::RoomWait => self.shut_out(leg),
            Kind::Announce => self.announced(leg, run, Some("the document cannot be had")),
            Kind::Hold => self.script_over(leg, run, kind, false),
        }
    }

    fn script_over(&mut self, leg: &str, run: u64, kind: Kind, fresh: bool) {
        match kind {
            Kind::Main => {
                // An empty document answers and hangs up; a Dial that nobody answered may have left the caller ringing.
                if fresh {
                    self.pick_up(leg);
                }
                let answered = self.leg(leg).is_some_and(super::leg::Leg::is_answered);
                self.end(
                    leg,
                    if answered {
                        CallStatus::Completed
                    } else {
                        CallStatus::NoAnswer
                    },
                    false,
                );
            }
            Kind::Whisper => self.whisper_over(leg),
            Kind::QueueWait => self.wait_again(leg, run),
            // Silence from here on.
            Kind::RoomWait | Kind::Hold => {
                self.enter(leg, run, Doing::Prompt(Prompting::Pause));
            }
            Kind::Announce => self.announced(leg, run, None),
        }
    }

    fn perform(&mut self, leg: &str, run: u64, kind: Kind, verb: Verb, fresh: bool) -> Flow {
        if !is_allowed(kind, &verb) {
            let (code, text) = misplaced(kind, &verb);
            self.alert(leg, code, text);
            return Flow::On;
        }
        if kind == Kind::Main && !delays_answer(&verb, fresh) {
            self.pick_up(leg);
        }
        match verb {
            Verb::Say(say) => self.say(leg, run, &say),
            Verb::Play(play) => self.play_file(leg, run, &play),
            Verb::Pause(pause) => {
                self.enter(leg, run, Doing::Prompt(Prompting::Pause));
                self.stage_lasts(leg, run, seconds(f64::from(pause.length.unwrap_or(1))));
                Flow::Stay
            }
            Verb::Gather(gather) => self.gather(leg, run, gather),
            Verb::Record(record) => self.record(leg, run, record),
            Verb::Dial(dial) => self.dial(leg, run, dial),
            Verb::Enqueue(enqueue) => self.enqueue(leg, run, enqueue),
            Verb::Leave => {
                self.leave_queue(leg, "leave");
                Flow::Stay
            }
            Verb::Redirect(redirect) => {
                let method = if redirect.url.is_empty() && redirect.method.is_none() {
                    self.leg(leg)
                        .and_then(|leg| leg.script(run))
                        .map(|s| s.method.clone())
                        .unwrap_or_default()
                } else {
                    redirect
                        .method
                        .map_or_else(String::new, |method| method.as_str().to_owned())
                };
                let extra = self.wait_params(leg, kind);
                self.fetch(leg, run, &redirect.url, &method, extra);
                Flow::Stay
            }
            Verb::Reject(reject) => {
                self.reject(leg, reject.reason);
                Flow::Stay
            }
            Verb::Hangup => {
                self.end(leg, CallStatus::Completed, false);
                Flow::Stay
            }
            Verb::Start(start) => self.start_beside(leg, run, start),
            Verb::Stop(stop) => self.stop_beside(leg, run, stop),
            Verb::Connect(connect) => self.hand_over(leg, run, connect),
            Verb::Message(message) => self.message(leg, run, message),
            Verb::Foreign(name) => self.not_served(leg, run, &name),
        }
    }

    /// Twilio knows it, the sandbox does not serve it: as if Twilio had failed, which cannot be overlooked.
    pub(in crate::engine) fn not_served(&mut self, leg: &str, run: u64, name: &str) -> Flow {
        self.alert(
            leg,
            12400,
            &format!("<{name}> is not served by the sandbox"),
        );
        self.verb_failed(leg, run, 12400);
        Flow::Stay
    }

    fn reject(&mut self, leg: &str, reason: Option<RejectReason>) {
        let answered = self.leg(leg).is_some_and(super::leg::Leg::is_answered);
        let status = match reason {
            _ if answered => CallStatus::Completed,
            Some(RejectReason::Busy) => CallStatus::Busy,
            _ => CallStatus::Failed,
        };
        self.end(leg, status, false);
    }

    /// Requests an action of a running verb, or goes on with the next verb where there is none.
    pub(in crate::engine) fn act(
        &mut self,
        leg: &str,
        run: u64,
        action: Option<&str>,
        method: Option<offhook_twilio::words::Method>,
        params: Params,
    ) {
        match action {
            Some(url) => {
                let method = method.map_or_else(String::new, |method| method.as_str().to_owned());
                self.fetch(leg, run, url, &method, params);
            }
            None => self.go_on(leg, run),
        }
    }
}

/// Which verbs may stand in which document.
fn is_allowed(kind: Kind, verb: &Verb) -> bool {
    let prompts = matches!(
        verb,
        Verb::Say(_) | Verb::Play(_) | Verb::Pause(_) | Verb::Redirect(_)
    );
    match kind {
        Kind::Main => !matches!(verb, Verb::Leave),
        Kind::Whisper => {
            prompts || matches!(verb, Verb::Gather(_) | Verb::Hangup | Verb::Foreign(_))
        }
        Kind::QueueWait => prompts || matches!(verb, Verb::Gather(_) | Verb::Hangup | Verb::Leave),
        Kind::RoomWait | Kind::Hold | Kind::Announce => prompts,
    }
}

/// What the debugger says of a verb that may not stand there.
fn misplaced(kind: Kind, verb: &Verb) -> (u32, &'static str) {
    match (kind, verb) {
        (Kind::Whisper, Verb::Dial(_)) => (13201, "a call that is being dialled cannot dial out"),
        (Kind::RoomWait, _) => (
            13238,
            "the verb is not allowed while waiting for a conference",
        ),
        (Kind::Main, Verb::Leave) => (12200, "<Leave> stands outside of a queue's wait document"),
        _ => (12200, "a verb is not allowed here and was skipped"),
    }
}

/// Verbs that leave an inbound call unanswered.
fn delays_answer(verb: &Verb, fresh: bool) -> bool {
    match verb {
        Verb::Reject(_) => true,
        Verb::Pause(_) => fresh,
        Verb::Dial(dial) => fresh && dial.answer_on_bridge == Some(true),
        _ => false,
    }
}
