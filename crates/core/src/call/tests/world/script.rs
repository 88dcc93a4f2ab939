//! The lines of a story, as words: `"greeting over, ana accepts, ana connects, 60 s, caller hangs up"`.

use super::*;

impl World {
    /// Plays a story: `"greeting over, ana accepts, ana connects, 60 s, caller hangs up"`.
    pub(in super::super) fn script(mut self, story: &str) -> Self {
        for line in story.split(',').map(str::trim) {
            self.line(line);
        }
        self
    }

    pub(super) fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["greeting", "over"] => self.greeting_over(),
            ["caller", "hangs", "up"] => self.caller_hangs_up(),
            ["customer", "answers"] => self.customer_answers(),
            ["customer", "is", "busy"] => self.customer_refuses(LegStatus::Busy),
            ["customer", "does", "not", "answer"] => self.customer_refuses(LegStatus::NoAnswer),
            ["callbacks", "get", "lost"] => self.prompt = false,
            ["callbacks", "come"] => {
                self.lose_callbacks();
                self.prompt = true;
            }
            ["compared"] => self.compare(),
            ["carrier", "down"] => self.down = true,
            ["carrier", "up"] => self.down = false,
            ["phone", "answers"] => self.phone_answers(),
            ["phone", "hangs", "up"] => self.forward_ends(LegStatus::Completed),
            ["phone", "is", "silent"] => self.forward_ends(LegStatus::NoAnswer),
            ["message", "left"] => self.leaves_message(),
            ["nobody", "free"] => self.free.clear(),
            [agent, "free"] => self.becomes_free(agent),
            [agent, "accepts"] => assert_eq!(self.accepts(agent), Ok(()), "{line}"),
            [agent, "refused", code] => assert_eq!(self.accepts(agent), Err(code), "{line}"),
            [agent, "declines"] => self.declines(agent),
            [agent, "takes"] => {
                assert_eq!(
                    self.ask(Event::Take { agent: user(agent) }),
                    Ok(()),
                    "{line}"
                );
            }
            [agent, "too", "late", code] => {
                assert_eq!(
                    self.ask(Event::Take { agent: user(agent) }),
                    Err(code),
                    "{line}"
                );
            }
            [agent, "turns", "down"] => self.person(|agent| Event::TurnDown { agent }, agent),
            [agent, "does", "not", "pick", "up"] => self.device_rings_out(agent),
            [agent, "connects"] => self.connects(agent),
            [agent, "drops"] => self.drops(agent),
            [agent, "picks", "up"] => self.own_phone_answers(agent),
            [agent, "hangs", "up"] => self.person(|agent| Event::HangUp { agent }, agent),
            [agent, "holds"] => self.person(|agent| Event::Hold { agent }, agent),
            [agent, "resumes"] => self.person(|agent| Event::Resume { agent }, agent),
            [agent, "pauses"] => self.person(|agent| Event::PauseRecording { agent }, agent),
            [agent, "records"] => self.person(|agent| Event::ResumeRecording { agent }, agent),
            [agent, "saves"] => self.person(|agent| Event::WrappedUp { agent }, agent),
            [agent, "vanishes"] => self.person(|agent| Event::AgentGone { agent }, agent),
            [seconds, "s"] => self.wait(seconds.parse().unwrap()),
            _ => panic!("no such line: {line}"),
        }
    }
}
