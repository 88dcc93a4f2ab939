//! Sounds from everywhere.

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::get,
};

use super::*;
use crate::media::{tones, wav};

fn say(text: &str) -> SoundRequest {
    SoundRequest::Say {
        text: text.into(),
        voice: String::new(),
        language: String::new(),
    }
}

async fn tagged(headers: HeaderMap) -> impl IntoResponse {
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| tag == "\"one\"")
    {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    (
        [
            (header::CONTENT_TYPE, "audio/x-wav"),
            (header::ETAG, "\"one\""),
        ],
        tone(),
    )
        .into_response()
}

fn tone() -> Vec<u8> {
    let pcm: Vec<i16> = (0..50)
        .flat_map(|n| tones::tone(n * 160, 600.0, 1, 0))
        .collect();
    wav::write(&[&pcm])
}

async fn server() -> String {
    let router = Router::new()
        .route("/tone.wav", get(tagged))
        .route(
            "/page",
            get(async || ([(header::CONTENT_TYPE, "text/html")], "<p>")),
        )
        .route(
            "/rubbish.wav",
            get(async || ([(header::CONTENT_TYPE, "audio/wav")], "not a sound")),
        )
        .route(
            "/huge.wav",
            get(async || ([(header::CONTENT_TYPE, "audio/wav")], vec![0_u8; 17 << 20])),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

#[tokio::test]
async fn files_are_played_and_asked_again_by_their_tag() {
    let (server, sounds) = (server().await, Sounds::without_speech());
    let request = SoundRequest::Url(format!("{server}/tone.wav#rc=2"));
    for _ in 0..2 {
        let ready = sounds.get(request.clone()).await;
        let clip = ready.clip.unwrap();
        assert_eq!(clip.pcm.len(), 8000);
        assert!(tones::strength(&clip.pcm, 600.0) > 7000.0);
    }
}

#[tokio::test]
async fn what_is_no_sound_is_refused_with_twilios_words() {
    let (server, sounds) = (server().await, Sounds::without_speech());
    for (path, code) in [
        ("/page", "12300"),
        ("/rubbish.wav", "12400"),
        ("/huge.wav", "11750"),
        ("/none", "11200"),
    ] {
        let ready = sounds
            .get(SoundRequest::Url(format!("{server}{path}")))
            .await;
        let reason = ready.clip.unwrap_err();
        assert!(reason.starts_with(code), "{path}: {reason}");
    }
    let nobody = sounds
        .get(SoundRequest::Url("http://127.0.0.1:1/x.wav".into()))
        .await;
    assert!(nobody.clip.unwrap_err().starts_with("11200"));
}

#[tokio::test]
async fn free_text_is_tones_where_no_speech_is_installed_and_bundled_text_is_speech() {
    let sounds = Sounds::without_speech();
    let tones = sounds.get(say("anything at all")).await.clip.unwrap();
    assert_eq!(tones.text, "anything at all");
    assert!(tones.pcm.len() < 16_000);
    let sorry = sounds
        .get(say(
            "We are sorry, an application error has occurred. Goodbye.",
        ))
        .await
        .clip
        .unwrap();
    assert!(sorry.pcm.len() > 16_000);
    let music = sounds
        .get(SoundRequest::Bundled("hold-music".into()))
        .await
        .clip
        .unwrap();
    assert!(music.text.is_empty());
    assert!(
        sounds
            .get(SoundRequest::Bundled("nothing".into()))
            .await
            .clip
            .is_err()
    );
    assert!(sounds.get(say(&"word ".repeat(1000))).await.clip.is_err());
}

#[tokio::test]
async fn speech_is_longer_for_a_longer_text_where_it_is_installed() {
    let sounds = Sounds::new();
    let short = sounds.get(say("Yes.")).await.clip.unwrap();
    let long = sounds
        .get(say(
            "Yes, please send it to the second address that I gave you; $(reboot)",
        ))
        .await
        .clip
        .unwrap();
    assert!(long.pcm.len() > 2 * short.pcm.len());
    assert_eq!(
        sounds.get(say("Yes.")).await.clip.unwrap(),
        short,
        "and is remembered"
    );
}
