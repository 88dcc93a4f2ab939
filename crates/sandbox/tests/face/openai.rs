//! Speech and chat in `OpenAI`'s dialect: the words are those that the sandbox itself spoke, and the answer says so.

use serde_json::{Value, json};

use crate::support::{AC, NUMBER, Rest, TOKEN};

const PHONE: &str = "+14155550130";

/// Records a call in which both sides speak; the recording's address.
async fn recorded(rest: &Rest) -> String {
    let lines =
        json!([{ "kind": "pause", "value": 500 }, { "kind": "bundled", "value": "persona-1" }]);
    let phone = format!("/sandbox/v1/phones/%2B{}/behaviour", &PHONE[1..]);
    rest.control(
        "PUT",
        &phone,
        json!({ "kind": "answers", "ring": 0.1, "lines": lines, "stays": 4.0 }),
    )
    .await;
    let form = [
        ("To", PHONE),
        ("From", NUMBER),
        ("Twiml", "<Response><Pause length=\"30\"/></Response>"),
        ("Record", "true"),
        ("RecordingChannels", "dual"),
        ("Trim", "do-not-trim"),
    ];
    rest.post("Calls.json", &form).await;
    rest.until("the recording", async || {
        rest.get("Recordings.json").await["recordings"][0]["status"] == "completed"
    })
    .await;
    let list = rest.get("Recordings.json").await;
    let sid = list["recordings"][0]["sid"].as_str().expect("a SID");
    format!("/2010-04-01/Accounts/{AC}/Recordings/{sid}")
}

async fn sound(rest: &Rest, path: &str) -> Vec<u8> {
    let url = format!("{}{path}", rest.sandbox.url());
    let client = reqwest::Client::new();
    let answer = client.get(url).basic_auth(AC, Some(TOKEN)).send().await;
    answer
        .expect("an answer")
        .bytes()
        .await
        .expect("bytes")
        .to_vec()
}

async fn transcribe(rest: &Rest, file: Vec<u8>, format: &str) -> (u16, String) {
    const BOUNDARY: &str = "a-line-between-the-fields";
    let field =
        |name: &str| format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
    let mut form = Vec::new();
    for (name, value) in [("model", "whisper-1"), ("response_format", format)] {
        let text = format!("{}\r\n\r\n{value}\r\n", field(name));
        form.extend_from_slice(text.as_bytes());
    }
    let head = format!("{}; filename=\"audio\"\r\n\r\n", field("file"));
    form.extend_from_slice(head.as_bytes());
    form.extend_from_slice(&file);
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let answer = reqwest::Client::new()
        .post(format!("{}/v1/audio/transcriptions", rest.sandbox.url()))
        .bearer_auth("any")
        .header("Content-Type", kind)
        .body(form)
        .send()
        .await
        .expect("an answer");
    (
        answer.status().as_u16(),
        answer.text().await.expect("a body"),
    )
}

#[tokio::test]
async fn a_recording_is_transcribed_by_what_was_truly_said_in_it() {
    let rest = Rest::start().await;
    let path = recorded(&rest).await;
    let mono = sound(&rest, &format!("{path}.wav?RequestedChannels=1")).await;
    let (status, body) = transcribe(&rest, mono.clone(), "verbose_json").await;
    assert_eq!(status, 200, "{body}");
    let told: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(told["sandbox"]["source"], "ground truth");
    assert!(path.ends_with(told["sandbox"]["recording_sid"].as_str().expect("a SID")));
    let first = &told["segments"][0];
    assert_eq!(
        (&first["speaker"], &told["sandbox"]["speakers"]["A"]),
        (&json!("A"), &json!(PHONE))
    );
    let start = first["start"].as_f64().expect("a second");
    assert!((0.3..1.5).contains(&start), "{told}");
    let text = told["text"].as_str().expect("a text").to_owned();
    assert!(text.len() > 20, "{text}");

    for other in [
        sound(&rest, &format!("{path}.wav?RequestedChannels=2")).await,
        sound(&rest, &format!("{path}.mp3")).await,
    ] {
        let (status, body) = transcribe(&rest, other, "text").await;
        assert_eq!((status, body.trim()), (200, text.as_str()));
    }
    let (_, srt) = transcribe(&rest, mono.clone(), "srt").await;
    assert!(
        srt.starts_with("1\n00:00:0") && srt.contains(" --> "),
        "{srt}"
    );
    let (status, body) = transcribe(&rest, mono, "yaml").await;
    assert_eq!(status, 400, "{body}");
    let strange: Vec<u8> = sound(&rest, "/sandbox/v1/personas/persona-2/audio").await;
    let (status, body) = transcribe(&rest, strange, "json").await;
    let refused: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(
        (status, &refused["error"]["code"]),
        (400, &json!("unknown_recording"))
    );
    rest.end().await;
}

#[tokio::test]
async fn chat_answers_in_the_shape_that_was_asked_for_with_the_words_of_the_question() {
    let rest = Rest::start().await;
    let url = format!("{}/v1/chat/completions", rest.sandbox.url());
    let ask = async |key: &str, body: Value| {
        let request = reqwest::Client::new().post(&url).json(&body);
        let request = if key.is_empty() {
            request
        } else {
            request.bearer_auth(key)
        };
        let answer = request.send().await.expect("an answer");
        (
            answer.status().as_u16(),
            answer.text().await.expect("a body"),
        )
    };
    let question = json!({
        "model": "any",
        "messages": [
            { "role": "system", "content": "Summarise." },
            { "role": "user", "content": "My bicycle is broken. Please call me back." },
        ],
        "response_format": { "type": "json_schema", "json_schema": { "name": "call", "schema": {
            "type": "object",
            "properties": {
                "summary": { "type": "string" },
                "sentiment": { "enum": ["positive", "neutral", "negative"] },
                "action_items": { "type": "array", "items": { "type": "string" } },
            },
        } } },
    });
    let (status, body) = ask("any", question.clone()).await;
    assert_eq!(status, 200, "{body}");
    let told: Value = serde_json::from_str(&body).expect("JSON");
    let content = told["choices"][0]["message"]["content"]
        .as_str()
        .expect("a text");
    let content: Value = serde_json::from_str(content).expect("JSON inside");
    assert_eq!(content["sentiment"], "negative");
    assert_eq!(content["action_items"], json!(["Please call me back."]));
    assert!(told["sandbox"]["about"].is_string());
    let mut streamed = question.clone();
    streamed["stream"] = json!(true);
    let (_, events) = ask("any", streamed).await;
    assert!(events.starts_with("data: {") && events.ends_with("data: [DONE]\n\n"));
    assert_eq!(ask("", question).await.0, 401);
    assert_eq!(ask("any", json!({ "model": "any" })).await.0, 400);
    rest.end().await;
}
