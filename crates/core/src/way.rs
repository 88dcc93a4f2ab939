//! Where a call to a number goes, in one sentence and as the steps of a small picture: told the same everywhere.

use serde::Serialize;

/// Where a call goes first, with the names that people know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum First {
    /// Into a queue.
    Queue {
        /// Its name.
        name: String,
        /// How many agents are in it.
        agents: usize,
        /// How long a caller waits at most, seconds.
        seconds: u32,
    },
    /// To named agents.
    Agents {
        /// Their names.
        names: Vec<String>,
        /// How long they are rung, seconds.
        seconds: u32,
    },
    /// On to a phone.
    Phone {
        /// As people write it.
        to: String,
    },
    /// Straight to voicemail.
    Voicemail,
}

/// Where a call goes that nobody took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// To voicemail.
    Voicemail,
    /// On to a phone, and then to voicemail.
    Phone {
        /// As people write it.
        to: String,
    },
    /// Nowhere: a polite word and the end.
    End,
}

/// What the only agent of a number has set for calls to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Personal {
    /// Who.
    pub name: String,
    /// Every call goes there.
    pub always: Option<String>,
    /// Calls go there while the agent talks.
    pub on_busy: Option<String>,
    /// Calls go there that are not taken in time.
    pub on_no_answer: Option<String>,
}

/// One stop of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    /// The number that is called.
    Number,
    /// A queue.
    Queue,
    /// Agents' screens.
    Agents,
    /// A phone.
    Phone,
    /// A message.
    Voicemail,
    /// The end.
    HangUp,
}

/// One stop of the picture, with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// What it is.
    pub kind: StopKind,
    /// Its words.
    pub label: String,
}

/// Where a call goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// In one sentence.
    pub sentence: String,
    /// As a picture, from left to right.
    pub steps: Vec<Stop>,
}

/// The way of a call to a number, as it is shown.
pub fn way(number: &str, first: &First, then: &Then, personal: Option<&Personal>) -> Way {
    let mut steps = vec![stop(StopKind::Number, number)];
    if let Some((personal, to)) = personal.and_then(|p| Some((p, p.always.as_ref()?))) {
        steps.push(stop(StopKind::Phone, to));
        steps.push(last(then));
        return Way {
            sentence: format!(
                "Calls go on to {to}, as {} has set; if nobody answers there, they {}.",
                personal.name,
                afterwards(then)
            ),
            steps,
        };
    }
    let (mut sentence, waits) = match first {
        First::Queue {
            name,
            agents,
            seconds,
        } => {
            steps.push(stop(StopKind::Queue, name));
            (
                format!("Calls wait in {name} for {}", people(*agents)),
                Some(*seconds),
            )
        }
        First::Agents { names, seconds } => {
            let names = listed(names);
            steps.push(stop(StopKind::Agents, &names));
            (format!("Calls ring {names}"), Some(*seconds))
        }
        First::Phone { to } => {
            steps.push(stop(StopKind::Phone, to));
            (format!("Calls go on to {to}"), None)
        }
        First::Voicemail => {
            steps.push(last(&Then::Voicemail));
            return Way {
                sentence: "Callers are asked to leave a message.".to_owned(),
                steps,
            };
        }
    };
    if let Some(busy) = personal.and_then(|p| p.on_busy.as_ref()) {
        sentence = format!("{sentence}, or go on to {busy} while the line is busy");
    }
    let unanswered = personal.and_then(|p| p.on_no_answer.as_ref());
    if let Some(to) = unanswered {
        steps.push(stop(StopKind::Phone, to));
    } else if let Then::Phone { to } = then {
        steps.push(stop(StopKind::Phone, to));
    }
    steps.push(last(then));
    let when = match waits {
        Some(seconds) => format!("after {}", lasting(seconds)),
        None => "if nobody answers there".to_owned(),
    };
    let next = match unanswered {
        Some(to) => format!("go on to {to}"),
        None => afterwards(then),
    };
    Way {
        sentence: format!("{sentence}; {when}, they {next}."),
        steps,
    }
}

fn stop(kind: StopKind, label: &str) -> Stop {
    Stop {
        kind,
        label: label.to_owned(),
    }
}

fn last(then: &Then) -> Stop {
    match then {
        Then::Voicemail | Then::Phone { .. } => stop(StopKind::Voicemail, "Voicemail"),
        Then::End => stop(StopKind::HangUp, "Goodbye"),
    }
}

fn afterwards(then: &Then) -> String {
    match then {
        Then::Voicemail => "go to voicemail".to_owned(),
        Then::Phone { to } => format!("go on to {to}, then to voicemail"),
        Then::End => "end with a polite word".to_owned(),
    }
}

fn people(agents: usize) -> String {
    match agents {
        0 => "agents, of whom it has none yet".to_owned(),
        1 => "its one agent".to_owned(),
        many => format!("one of its {many} agents"),
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
    }
}

fn lasting(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (1, 0) => "a minute".to_owned(),
        (minutes, 0) if minutes > 0 => format!("{minutes} minutes"),
        _ => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "020 7946 0000";

    fn kinds(way: &Way) -> Vec<StopKind> {
        way.steps.iter().map(|step| step.kind).collect()
    }

    fn ana() -> First {
        First::Agents {
            names: vec!["Ana".to_owned()],
            seconds: 60,
        }
    }

    #[test]
    fn a_queue_tells_its_agents_and_how_long_it_waits() {
        let queue = First::Queue {
            name: "Support".to_owned(),
            agents: 3,
            seconds: 300,
        };
        let told = way(NUMBER, &queue, &Then::Voicemail, None);
        assert_eq!(
            told.sentence,
            "Calls wait in Support for one of its 3 agents; after 5 minutes, they go to voicemail."
        );
        assert_eq!(
            kinds(&told),
            [StopKind::Number, StopKind::Queue, StopKind::Voicemail]
        );
        let on = Then::Phone {
            to: "020 7946 0001".to_owned(),
        };
        let told = way(NUMBER, &queue, &on, None);
        assert!(
            told.sentence
                .ends_with("they go on to 020 7946 0001, then to voicemail."),
            "{}",
            told.sentence
        );
        assert_eq!(told.steps.len(), 4);
    }

    #[test]
    fn agents_are_named_as_far_as_a_sentence_can() {
        let names = ["Ana", "Ben", "Cem", "Dee"].map(str::to_owned).to_vec();
        let told = way(
            NUMBER,
            &First::Agents { names, seconds: 45 },
            &Then::End,
            None,
        );
        assert_eq!(
            told.sentence,
            "Calls ring Ana, Ben and 2 more; after 45 seconds, they end with a polite word."
        );
        assert_eq!(told.steps[2].kind, StopKind::HangUp);
    }

    #[test]
    fn a_phone_and_a_voicemail_are_told_plainly() {
        let phone = First::Phone {
            to: "+49 30 901820".to_owned(),
        };
        assert_eq!(
            way(NUMBER, &phone, &Then::Voicemail, None).sentence,
            "Calls go on to +49 30 901820; if nobody answers there, they go to voicemail."
        );
        let told = way(NUMBER, &First::Voicemail, &Then::Voicemail, None);
        assert_eq!(told.sentence, "Callers are asked to leave a message.");
        assert_eq!(kinds(&told), [StopKind::Number, StopKind::Voicemail]);
    }

    #[test]
    fn what_the_owner_has_set_comes_first() {
        let set = Personal {
            name: "Ana".to_owned(),
            on_busy: Some("A".to_owned()),
            on_no_answer: Some("B".to_owned()),
            always: None,
        };
        let told = way(NUMBER, &ana(), &Then::Voicemail, Some(&set));
        assert_eq!(
            told.sentence,
            "Calls ring Ana, or go on to A while the line is busy; after a minute, they go on to B."
        );
        let always = Personal {
            always: Some("C".to_owned()),
            ..set
        };
        let told = way(NUMBER, &ana(), &Then::End, Some(&always));
        assert_eq!(
            told.sentence,
            "Calls go on to C, as Ana has set; if nobody answers there, they end with a polite word."
        );
        assert_eq!(
            kinds(&told),
            [StopKind::Number, StopKind::Phone, StopKind::HangUp]
        );
    }
}
