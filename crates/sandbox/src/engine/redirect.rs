//! Taking a leg out of whatever it does: for new TwiML, or because it ends.

use super::Engine;
use super::hooks::{Action, or_post, resolve};
use super::leg::{Doing, Kind, Role, Script, Step};
use super::requests::TwimlFrom;
use super::rooms::Exit;
use offhook_twilio::twiml::Verb;

/// Why a leg stops what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    /// It ends.
    HungUp,
    /// It gets new TwiML by REST.
    Redirected,
}

impl Engine {
    /// Runs new TwiML on an answered leg. What it interrupts is told first, and what that answers is ignored.
    pub(super) fn redirect(&mut self, sid: &str, to: TwimlFrom) {
        let Some(leg) = self.leg_mut(sid) else { return };
        let role = std::mem::replace(&mut leg.role, Role::Own);
        let interrupted = self.leave_doing(sid, Leaving::Redirected);
        match role {
            Role::Child { parent, .. } => self.child_gone(&parent, sid, true),
            Role::Participant { .. } | Role::Own => {}
        }
        let run = self.new_main(sid);
        match interrupted {
            Some(action) => self.request_interrupted(sid, run, action, to),
            None => self.begin(sid, run, to),
        }
    }

    /// Replaces all scripts of a leg by an empty main one.
    pub(super) fn new_main(&mut self, sid: &str) -> u64 {
        if let Some(leg) = self.leg_mut(sid) {
            leg.scripts.clear();
        }
        self.push_script(sid, Kind::Main)
    }

    /// Puts a script on top of a leg's others.
    pub(super) fn push_script(&mut self, sid: &str, kind: Kind) -> u64 {
        self.runs += 1;
        let (run, began) = (self.runs, self.now);
        let Some(leg) = self.leg_mut(sid) else {
            return run;
        };
        // A document's relative addresses are resolved against the one that named it.
        let (url, method) = leg
            .scripts
            .first()
            .map(|s| (s.url.clone(), s.method.clone()))
            .unwrap_or_default();
        leg.scripts.push(Script {
            run,
            kind,
            url,
            method,
            steps: std::collections::VecDeque::new(),
            doing: Doing::Ready,
            stage: 0,
            fresh: true,
            began,
        });
        run
    }

    /// Takes all scripts of a kind away.
    pub(super) fn drop_scripts(&mut self, sid: &str, kind: Kind) {
        if let Some(leg) = self.leg_mut(sid) {
            leg.scripts.retain(|script| script.kind != kind);
        }
    }

    /// Stops what a leg does; gives the action that has to be requested because of it.
    pub(super) fn leave_doing(&mut self, sid: &str, why: Leaving) -> Option<Action> {
        let leg = self.leg_mut(sid)?;
        let scripts = std::mem::take(&mut leg.scripts);
        let main = scripts
            .into_iter()
            .next()
            .filter(|script| script.kind == Kind::Main);
        let Some(main) = main else {
            self.leave_room(sid, exit(why));
            return None;
        };
        let (url, method, next) = (main.url, main.method, main.steps.front().cloned());
        let (action, params) = match main.doing {
            Doing::Dial(mut dialing) => {
                let action = dialing
                    .dial
                    .action
                    .clone()
                    .map(|url| (url, dialing.dial.method));
                let params = self.dial_interrupted(sid, &mut dialing, why);
                (action.or_else(|| following(next.as_ref(), why)), params)
            }
            Doing::Room(room) => {
                self.leave_room(sid, exit(why));
                let action = room.dial.action.clone().map(|url| (url, room.dial.method));
                let params = self.room_params(sid, &room);
                (action.or_else(|| following(next.as_ref(), why)), params)
            }
            Doing::Queue(waiting) => {
                let params = self.queue_interrupted(sid, &waiting, why);
                let method = waiting.method.parse().ok();
                (
                    waiting
                        .action
                        .map(|url| (url, method))
                        .or_else(|| following(next.as_ref(), why)),
                    params,
                )
            }
            Doing::Stream(handed) => {
                self.close_stream(&handed.stream);
                return None;
            }
            Doing::Record(taking) => {
                let params = self.record_interrupted(sid, &taking, why)?;
                (
                    Some((taking.verb.action.unwrap_or_default(), taking.verb.method)),
                    params,
                )
            }
            _ => return None,
        };
        let (address, verb) = action?;
        let method = if address.is_empty() {
            method
        } else {
            verb.map_or("POST".into(), |m| m.as_str().to_owned())
        };
        Some(Action {
            url: resolve(&url, &address),
            method: or_post(&method),
            params,
        })
    }
}

fn exit(why: Leaving) -> Exit {
    match why {
        Leaving::HungUp => Exit::HungUp,
        Leaving::Redirected => Exit::Updated,
    }
}

/// Without an action, the `<Redirect>` that would come next is requested.
fn following(
    next: Option<&Step>,
    why: Leaving,
) -> Option<(String, Option<offhook_twilio::words::Method>)> {
    match next {
        Some(Step::Verb(Verb::Redirect(redirect))) if why == Leaving::Redirected => {
            Some((redirect.url.clone(), redirect.method))
        }
        _ => None,
    }
}
