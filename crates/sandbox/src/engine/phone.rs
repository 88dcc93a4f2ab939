//! Simulated phones: what a number does that no account answers by webhook.

/// Bundled personas.
const PERSONAS: u32 = 8;

/// What a phone does by itself.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Behaviour {
    /// Rings, answers, speaks its lines, stays.
    Answers {
        /// Seconds of ringing before it answers.
        ring: f64,
        /// What it says, in order.
        lines: Vec<Line>,
        /// Seconds from the answer until it hangs up; `None` stays until the other side does.
        stays: Option<f64>,
    },
    /// Is busy.
    Busy,
    /// Rings until the caller gives up.
    NoAnswer,
    /// Cannot be reached.
    Unreachable,
    /// Rings 2 s, answers, and sends back what it hears.
    Echo,
    /// Rings 1 s, answers, and sounds a tone, pulsed where `off` is not 0.
    Tone {
        /// Its pitch.
        hertz: f32,
        /// Milliseconds on.
        on: u32,
        /// Milliseconds off.
        off: u32,
    },
    /// An answering machine: rings, answers, speaks its greeting, beeps perhaps, and takes what is said.
    Machine {
        /// Seconds of ringing before it answers.
        ring: f64,
        /// Its greeting.
        lines: Vec<Line>,
        /// A beep follows the greeting.
        beep: bool,
        /// Seconds from the answer until it hangs up; `None` stays until the other side does.
        stays: Option<f64>,
    },
    /// Rings 2 s, answers, and whistles as fax machines do.
    Fax,
    /// A person at the console: rings until the control API answers, and says what it is told.
    Human,
}

/// One thing that a phone says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Line {
    /// A text, spoken.
    Text(String),
    /// A clip bundled with the sandbox.
    Bundled(String),
    /// Keys.
    Digits(String),
    /// Milliseconds of silence.
    Pause(u32),
    /// A tone, pulsed where `off` is not 0.
    Tone {
        /// Its pitch.
        hertz: u16,
        /// Milliseconds on.
        on: u32,
        /// Milliseconds off.
        off: u32,
        /// Milliseconds in all.
        lasts: u32,
    },
}

impl Eq for Behaviour {}

impl Behaviour {
    /// A persona of this number (1 to 8) that answers after `ring` seconds, speaks, and stays.
    pub fn persona(persona: u32, ring: f64, stays: Option<f64>) -> Self {
        Self::Answers {
            ring,
            lines: vec![Line::Bundled(format!("persona-{persona}"))],
            stays,
        }
    }

    /// What a phone does that was not told otherwise: the same number is always the same person.
    pub fn usual(number: &str) -> Self {
        let sum = number.bytes().fold(0_u32, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        Self::persona(sum % PERSONAS + 1, 2.0, None)
    }
}
