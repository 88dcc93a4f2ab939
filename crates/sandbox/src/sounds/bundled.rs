//! The sounds inside the program: callers' lines, a few announcements, hold music. Made by `assets/make.py`.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use serde::{Deserialize, Serialize};

use crate::{
    media::{frame::RATE, wav},
    seam::Clip,
};

macro_rules! files {
    ($($name:literal,)*) => {
        [$(($name, include_bytes!(concat!("../../assets/sounds/", $name, ".wav")).as_slice()),)*]
    };
}

const BOOK: &str = include_str!("../../assets/lines.json");
const FILES: [(&str, &[u8]); 28] = files![
    "application-error",
    "hold-music",
    "not-in-service",
    "persona-1-1",
    "persona-1-2",
    "persona-1-3",
    "persona-2-1",
    "persona-2-2",
    "persona-2-3",
    "persona-3-1",
    "persona-3-2",
    "persona-3-3",
    "persona-4-1",
    "persona-4-2",
    "persona-4-3",
    "persona-5-1",
    "persona-5-2",
    "persona-5-3",
    "persona-6-1",
    "persona-6-2",
    "persona-6-3",
    "persona-7-1",
    "persona-7-2",
    "persona-7-3",
    "persona-8-1",
    "persona-8-2",
    "persona-8-3",
    "voicemail",
];

/// `assets/lines.json`.
#[derive(Deserialize)]
struct Book {
    /// Between two lines of a persona.
    pause_ms: usize,
    personas: Vec<Persona>,
    lines: Vec<Line>,
}

/// A scripted caller, or who answers a simulated phone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Persona {
    /// Names the whole script as a bundled clip; line by line it is `NAME-1`, `NAME-2` …
    pub name: String,
    /// The person's name.
    pub who: String,
    /// What it says.
    pub lines: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    name: String,
    text: String,
}

/// All clips by name, decoded when the first one is wanted.
static CLIPS: LazyLock<HashMap<String, Clip>> = LazyLock::new(|| {
    let book = book();
    let files: HashMap<&str, &[u8]> = FILES.into_iter().collect();
    let pcm = |name: &str| wav::read(files[name]).expect("a test reads every bundled file");
    let mut clips = HashMap::new();
    for persona in &book.personas {
        let pause = vec![0; RATE as usize * book.pause_ms / 1000];
        let mut whole = Vec::new();
        for (n, text) in (1..).zip(&persona.lines) {
            let name = format!("{}-{n}", persona.name);
            let line = pcm(&name);
            whole.extend_from_slice(&line);
            whole.extend_from_slice(&pause);
            clips.insert(name, clip(line, text));
        }
        clips.insert(persona.name.clone(), clip(whole, &persona.lines.join(" ")));
    }
    for line in &book.lines {
        clips.insert(line.name.clone(), clip(pcm(&line.name), &line.text));
    }
    clips.insert("hold-music".to_owned(), clip(pcm("hold-music"), ""));
    clips
});

/// Clips by what is said in them.
static SPOKEN: LazyLock<HashMap<String, Clip>> = LazyLock::new(|| {
    let said = CLIPS.values().filter(|clip| !clip.text.is_empty());
    said.map(|clip| (plain(&clip.text), clip.clone())).collect()
});

fn book() -> Book {
    serde_json::from_str(BOOK).expect("a test reads the book")
}

fn clip(pcm: Vec<i16>, text: &str) -> Clip {
    Clip {
        pcm: Arc::from(pcm),
        text: text.to_owned(),
    }
}

/// A text without what is not heard: case, stops, spaces.
fn plain(text: &str) -> String {
    let letters = text
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace());
    let words: String = letters.flat_map(char::to_lowercase).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The clip of this name.
pub(super) fn clip_named(name: &str) -> Option<Clip> {
    CLIPS.get(name).cloned()
}

/// The clip in which exactly this is said.
pub(super) fn spoken(text: &str) -> Option<Clip> {
    SPOKEN.get(&plain(text)).cloned()
}

/// All personas.
pub(super) fn personas() -> Vec<Persona> {
    book().personas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_book_is_there_and_can_be_heard() {
        assert_eq!(
            CLIPS.len(),
            FILES.len() + book().personas.len(),
            "each file has its line"
        );
        for (name, clip) in CLIPS.iter() {
            assert!(clip.pcm.len() > RATE as usize, "{name} is too short");
            assert!(
                clip.pcm.iter().any(|sample| sample.abs() > 6000),
                "{name} is too quiet"
            );
        }
        for persona in personas() {
            let seconds = CLIPS[&persona.name].pcm.len() / RATE as usize;
            assert!(
                (10..=28).contains(&seconds),
                "{persona:?} speaks {seconds} s"
            );
        }
    }

    #[test]
    fn hold_music_begins_where_it_ends() {
        let pcm = &CLIPS["hold-music"].pcm;
        let step = i32::from(pcm[0]) - i32::from(pcm[pcm.len() - 1]);
        assert!(step.abs() < 2500, "a click of {step}");
        assert_eq!(pcm.len() / RATE as usize, 24);
    }

    #[test]
    fn a_bundled_text_is_found_however_it_is_written() {
        assert!(spoken("We are sorry. An application error has occurred, goodbye").is_some());
        assert!(spoken("Something else").is_none());
    }
}
