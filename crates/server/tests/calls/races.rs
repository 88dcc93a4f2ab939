//! What must not happen twice, however many ask at one moment: one agent in one call, and no more calls than the limit.

use serde_json::{Value, json};

use super::carrier::{Carrier, work};
use super::control::agent_in_the_room;
use crate::support::{Answer, Client, TestApp, stories, world};

const TO: &str = "+14155550142";

/// Sends several at one moment, each from a thread of its own.
async fn at_once(asked: Vec<(Client, String, Value)>) -> Vec<Answer> {
    let all: Vec<_> = asked
        .into_iter()
        .map(|(client, path, body)| tokio::spawn(async move { client.post(&path, body).await }))
        .collect();
    let mut answers = Vec::new();
    for one in all {
        answers.push(one.await.unwrap());
    }
    answers
}

/// The calls that were won; whoever lost was told why by this code.
fn won(answers: Vec<Answer>, code: &str) -> Vec<String> {
    let mut won = Vec::new();
    for answer in answers {
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        if answer.status.is_success() {
            let id = body["call"]["id"].as_str().or(body["id"].as_str());
            won.push(id.unwrap().to_owned());
        } else {
            assert_eq!(body["code"], code, "{body}");
        }
    }
    won
}

fn accept(t: &TestApp, offer: &str) -> (Client, String, Value) {
    let path = format!("/offers/{offer}/accept");
    (t.by(&t.ours.agent), path, json!({}))
}

stories! {
    async fn of_two_offers_accepted_at_once_one_agent_gets_exactly_one(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        for round in 0..4 {
            let mut asked = Vec::new();
            for _ in 0..3 {
                asked.push(accept(t, &world::offered_call(&t.app, &t.ours).await));
            }
            let won = won(at_once(asked).await, "agent_busy");
            assert_eq!(won.len(), 1, "round {round}");
            ana.post(&format!("/calls/{}/hangup", won[0]), json!({})).await.ok(200);
        }
    }

    async fn an_accept_and_a_dial_at_one_moment_are_one_call(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        for round in 0..4 {
            let offer = world::offered_call(&t.app, &t.ours).await;
            let dial = (ana.clone(), "/calls".to_owned(), json!({ "to": TO }));
            let won = won(at_once(vec![accept(t, &offer), dial]).await, "agent_busy");
            assert_eq!(won.len(), 1, "round {round}");
            ana.post(&format!("/calls/{}/hangup", won[0]), json!({})).await.ok(200);
        }
    }

    async fn an_agent_in_a_call_or_on_the_way_into_one_accepts_no_other(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        let (one, two) = (world::offered_call(&t.app, &t.ours).await, world::offered_call(&t.app, &t.ours).await);
        let ana = t.by(&t.ours.agent);
        let taken = ana.post(&format!("/offers/{one}/accept"), json!({})).await.ok(200);
        let refused = ana.post(&format!("/offers/{two}/accept"), json!({})).await.problem(409);
        assert_eq!(refused["code"], "agent_busy", "its leg is awaited");
        let again = ana.post(&format!("/offers/{one}/accept"), json!({})).await.ok(200);
        assert_eq!(again["call"]["id"], taken["call"]["id"], "the winner may ask again");
        let id = taken["call"]["id"].as_str().unwrap();
        ana.post(&format!("/calls/{id}/hangup"), json!({})).await.ok(200);
        agent_in_the_room(t).await;
        let refused = ana.post(&format!("/offers/{two}/accept"), json!({})).await.problem(409);
        assert_eq!(refused["code"], "agent_busy", "its leg is live");
    }

    async fn starts_at_one_moment_do_not_exceed_the_organizations_limit(t: &TestApp) {
        work(t);
        t.by(&t.ours.admin).patch("/organization", json!({"concurrent_limit": 2})).await.ok(200);
        for round in 0..3 {
            let asked = t.ours.roles().map(|(_, person)| (t.by(person), "/calls".to_owned(), json!({ "to": TO })));
            let won = won(at_once(asked.to_vec()).await, "too_many_calls");
            assert_eq!(won.len(), 2, "round {round}");
            for id in won {
                t.by(&t.ours.owner).post(&format!("/calls/{id}/hangup"), json!({})).await.ok(200);
            }
        }
    }
}
