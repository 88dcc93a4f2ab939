//! Speech by the program espeak-ng, where it is installed: no shell, the text on its standard input, a time-out.

use std::{
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use crate::media::wav;

const PATIENCE: Duration = Duration::from_secs(8);
const PROGRAM: &str = "espeak-ng";
/// Twilio's men, by the names of its voices.
const MEN: [&str; 12] = [
    "man", "matthew", "joey", "justin", "kevin", "stephen", "gregory", "brian", "russell",
    "patrick", "lennart", "andres",
];
/// Languages by Twilio's tag, and espeak-ng's name for them.
const LANGUAGES: [(&str, &str); 26] = [
    ("en-us", "en-us"),
    ("en-gb", "en-gb"),
    ("en", "en-us"),
    ("es-mx", "es-419"),
    ("es-us", "es-419"),
    ("es", "es"),
    ("fr", "fr-fr"),
    ("de", "de"),
    ("it", "it"),
    ("pt-br", "pt-br"),
    ("pt", "pt"),
    ("nl", "nl"),
    ("da", "da"),
    ("sv", "sv"),
    ("nb", "nb"),
    ("fi", "fi"),
    ("pl", "pl"),
    ("ru", "ru"),
    ("tr", "tr"),
    ("ja", "ja"),
    ("ko", "ko"),
    ("cmn", "cmn"),
    ("zh", "cmn"),
    ("hi", "hi"),
    ("ca", "ca"),
    ("el", "el"),
];

/// Whether the program is there is found out once.
#[derive(Debug, Default)]
pub(super) struct Speech {
    missing: AtomicBool,
}

impl Speech {
    /// As if it were not installed.
    pub(super) fn none() -> Self {
        Self {
            missing: AtomicBool::new(true),
        }
    }

    /// The text as sound; `None` where there is no speech.
    pub(super) async fn say(
        &self,
        text: &str,
        ssml: Option<&str>,
        voice: &str,
        language: &str,
    ) -> Option<Vec<i16>> {
        let silent = text.trim().is_empty() && ssml.is_none();
        if self.missing.load(Ordering::Relaxed) || silent {
            return None;
        }
        let voice = espeak_voice(voice, language);
        let marked = ssml.map(document);
        let text = marked.as_deref().unwrap_or(text);
        match timeout(PATIENCE, spoken(text, marked.is_some(), &voice)).await {
            Ok(Ok(pcm)) if !pcm.is_empty() => Some(pcm),
            Ok(Ok(_)) => None,
            Ok(Err(error)) => {
                if error.kind() == std::io::ErrorKind::NotFound {
                    self.missing.store(true, Ordering::Relaxed);
                    tracing::info!("espeak-ng is not installed: free text is sounded as tones");
                } else {
                    tracing::warn!(%error, "espeak-ng failed");
                }
                None
            }
            Err(_) => {
                tracing::warn!("espeak-ng took too long");
                None
            }
        }
    }
}

/// Marked speech as a document; words on both sides of a mark stay two words.
fn document(ssml: &str) -> String {
    let spaced = ssml.replace('<', " <").replace('>', "> ");
    format!("<speak>{spaced}</speak>")
}

async fn spoken(text: &str, marked: bool, voice: &str) -> std::io::Result<Vec<i16>> {
    let mut child = Command::new(PROGRAM)
        .args(["-v", voice, "-s", "160", "-b", "1", "--stdin", "--stdout"])
        .args(marked.then_some("-m"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
    let text = text.to_owned();
    let feed = async move {
        stdin.write_all(text.as_bytes()).await?;
        stdin.shutdown().await
    };
    let (written, output) = tokio::join!(feed, child.wait_with_output());
    let output = output?;
    written?;
    wav::read(&output.stdout).map_err(std::io::Error::other)
}

/// espeak-ng's voice for Twilio's voice and language.
fn espeak_voice(voice: &str, language: &str) -> String {
    let voice = voice.to_lowercase();
    // `Polly.Matthew-Neural`, `Google.es-ES-Standard-A`: the language may be in the name.
    let name = voice.rsplit('.').next().unwrap_or_default();
    let tag = if language.is_empty() {
        name.to_owned()
    } else {
        language.to_lowercase()
    };
    let known = LANGUAGES
        .iter()
        .find(|(twilio, _)| tag.starts_with(twilio) && !language_is_longer(&tag, twilio));
    let language = known.map_or("en-us", |(_, espeak)| espeak);
    let person = name.split('-').next().unwrap_or_default();
    let variant = if MEN.contains(&person) { "m3" } else { "f3" };
    format!("{language}+{variant}")
}

/// Whether the tag only begins with the same letters (`den` is not `de`).
fn language_is_longer(tag: &str, language: &str) -> bool {
    tag[language.len()..].starts_with(|next: char| next != '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twilios_voices_find_theirs() {
        for (voice, language, expected) in [
            ("", "", "en-us+f3"),
            ("man", "", "en-us+m3"),
            ("Polly.Matthew-Neural", "", "en-us+m3"),
            ("alice", "pt-BR", "pt-br+f3"),
            ("Google.es-ES-Standard-A", "", "es+f3"),
            ("woman", "xx; rm -rf /", "en-us+f3"),
            ("Polly.Denise", "", "en-us+f3"),
        ] {
            assert_eq!(
                espeak_voice(voice, language),
                expected,
                "{voice} {language}"
            );
        }
    }
}
