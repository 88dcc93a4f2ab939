//! Wrap-up ends early by its own agent's Save, and by nothing else that is written.

use serde_json::{Value, json};

use super::carrier::{Carrier, path_of, quiet, webhook};
use super::control::{CUSTOMER, agent_in_the_room, dials};
use crate::support::{TestApp, stories, world};

/// Whether our agent is in wrap-up.
async fn wraps_up(t: &TestApp) -> bool {
    let me = t.by(&t.ours.agent).get("/me").await.ok(200);
    me["presence"]["state"] == "wrap_up"
}

async fn phase(t: &TestApp, id: &str) -> Value {
    let call = t.by(&t.ours.agent).get(&format!("/calls/{id}")).await;
    call.ok(200)["phase"].clone()
}

stories! {
    async fn saving_ends_the_wrap_up_of_ones_own_call(t: &TestApp) {
        let id = world::wrapping_up(&t.app, &t.ours, &t.ours.agent).await;
        assert!(wraps_up(t).await);
        let saved = t.by(&t.ours.agent).patch(&format!("/calls/{id}"), json!({"note": "Done", "disposition": "Resolved"})).await.ok(200);
        assert_eq!((&saved["phase"], &saved["note"]), (&json!("ended"), &json!("Done")));
        assert!(!wraps_up(t).await);
    }

    async fn what_somebody_else_writes_ends_nobodys_wrap_up(t: &TestApp) {
        let id = world::wrapping_up(&t.app, &t.ours, &t.ours.agent).await;
        let saved = t.by(&t.ours.supervisor).patch(&format!("/calls/{id}"), json!({"note": "Well done", "disposition": "Sale"})).await.ok(200);
        assert_eq!((&saved["phase"], &saved["note"]), (&json!("wrap_up"), &json!("Well done")));
        assert!(wraps_up(t).await);
    }

    async fn writing_on_an_older_call_leaves_the_present_wrap_up_alone(t: &TestApp) {
        let older = world::past_call(&t.app, &t.ours, offhook_core::call::Outcome::Answered, Some(&t.ours.agent)).await.call;
        let present = world::wrapping_up(&t.app, &t.ours, &t.ours.agent).await;
        t.by(&t.ours.agent).patch(&format!("/calls/{older}"), json!({"note": "I forgot", "disposition": "Sale"})).await.ok(200);
        assert!(wraps_up(t).await);
        assert_eq!(phase(t, &present).await, "wrap_up");
        assert_eq!(phase(t, &older).await, "ended");
    }

    async fn what_is_kept_while_typing_ends_no_wrap_up_even_when_it_comes_after_the_end(t: &TestApp) {
        let id = world::wrapping_up(&t.app, &t.ours, &t.ours.agent).await;
        let path = format!("/calls/{id}");
        let kept = t.by(&t.ours.agent).patch(&path, json!({"note": "typed to the last", "draft": true})).await.ok(200);
        assert_eq!((&kept["phase"], &kept["note"]), (&json!("wrap_up"), &json!("typed to the last")));
        assert!(wraps_up(t).await);
        let lines = kept["events"].as_array().unwrap();
        assert!(lines.iter().all(|line| line["type"] != "annotated"), "no line for each pause of a typist");
    }

    async fn a_note_during_the_call_takes_nothing_from_the_wrap_up_after_it(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let id = agent_in_the_room(t).await;
        let path = format!("/calls/{id}");
        let ana = t.by(&t.ours.agent);
        for draft in [true, false] {
            ana.patch(&path, json!({"note": "wants a quote", "draft": draft})).await.ok(200);
        }
        let door = path_of(dials(&carrier)[0].field("StatusCallback"));
        let answered = [("CallSid", CUSTOMER), ("CallStatus", "in-progress"), ("SequenceNumber", "1")];
        webhook(t, &t.ours, &door, &answered).await;
        let over = ana.post(&format!("{path}/hangup"), json!({})).await.ok(200);
        assert_eq!(over["phase"], "wrap_up");
        quiet(t).await;
        assert_eq!(phase(t, &id).await, "wrap_up");
    }
}
