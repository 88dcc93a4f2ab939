//! Two agents, one call: exactly one gets it, decided before any sound, and everybody sees it.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;

use crate::stage::{CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    a_caller_is_greeted_queued_accepted_talks_and_hangs_up,
    t_accept_race_fifty_accepts_at_once_have_one_winner,
    t_room_single_source_both_legs_are_sent_to_the_one_stored_room,
    t_claim_after_offer_an_accept_while_the_greeting_plays_holds,
    t_claim_before_audio_a_device_without_the_claim_never_gets_in,
    t_claim_keyed_by_call_two_devices_of_two_agents_claim_one_call_not_two_legs,
    t_popup_cleared_on_all_pages_of_all_agents,
    t_multi_tab_an_accept_in_one_page_clears_the_other,
    t_two_simultaneous_calls_do_not_hide_each_other,
    t_decline_local_a_decline_touches_only_that_agents_offer,
}

async fn a_caller_is_greeted_queued_accepted_talks_and_hangs_up(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    stage.run(8).await;
    let (call, _) = ana.takes(&stage).await;
    stage.run(40).await;
    let now = stage.newest_call().await;
    assert_eq!(
        (&now["status"], &now["phase"]),
        (&json!("in-progress"), &json!("connected")),
        "{}",
        stage.tale().await
    );
    assert_eq!(ana.presence(&stage).await, "busy");
    caller.hangs_up().await;
    stage.run(2).await;
    let after = stage.newest_call().await;
    assert_eq!(after["id"], call.as_str());
    assert_eq!(
        (&after["status"], &after["outcome"]),
        (&json!("completed"), &json!("answered")),
        "{after}"
    );
    let talked = after["talk_seconds"].as_i64().expect("they talked");
    assert!((39..=41).contains(&talked), "{after}");
    assert_eq!(caller.truth(&leg).status, "completed");
    assert_eq!(ana.presence(&stage).await, "wrap_up");
    stage.run(31).await;
    assert_eq!(ana.presence(&stage).await, "available");
    stage.end().await;
}

async fn t_accept_race_fifty_accepts_at_once_have_one_winner(engine: Engine) {
    let stage = Stage::empty(engine).await;
    let mut agents = Vec::new();
    for n in 0..50 {
        agents.push(stage.hire(&format!("agent{n}")).await);
    }
    for agent in &agents {
        stage.open_tab(agent).await;
    }
    stage.run(3).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    let mut offers = Vec::new();
    for agent in &agents {
        offers.push(
            agent
                .offers(&stage)
                .await
                .first()
                .cloned()
                .expect("everybody is rung"),
        );
    }
    let stage_ref = &stage;
    let accept = agents.iter().zip(&offers).map(|(agent, offer)| async move {
        let path = format!("/offers/{offer}/accept");
        stage_ref
            .ask("POST", &path, &agent.token, Some(json!({})))
            .await
    });
    let answers = join_all(accept).await;
    let won: Vec<usize> = (0..50).filter(|&i| answers[i].0 == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    for (status, body) in answers.iter().filter(|(status, _)| *status != 200) {
        assert_eq!(
            (*status, &body["code"]),
            (409, &json!("already_claimed")),
            "{body}"
        );
    }
    let (winner, call) = (
        &agents[won[0]],
        answers[won[0]].1["call"]["id"]
            .as_str()
            .expect("the call")
            .to_owned(),
    );
    let path = format!("/offers/{}/accept", offers[won[0]]);
    let (status, body) = winner.posts(&stage, &path, json!({})).await;
    assert_eq!(
        (status, body["call"]["id"].as_str()),
        (200, Some(call.as_str())),
        "the winner may ask again"
    );
    winner.connects(&stage, &call).await;
    stage.run(3).await;
    let call = stage.newest_call().await;
    let legs = call["legs"].as_array().expect("legs");
    assert_eq!(
        legs.iter().filter(|leg| leg["role"] == "agent").count(),
        1,
        "one leg is bridged: {call}"
    );
    assert_eq!(call["agent"]["id"], winner.id.as_str());
    stage.end().await;
}

async fn t_room_single_source_both_legs_are_sent_to_the_one_stored_room(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(8).await;
    ana.takes(&stage).await;
    stage.run(3).await;
    let answers = stage.webhooks("/webhooks/twilio/");
    let rooms: Vec<String> = answers
        .iter()
        .filter_map(|record| {
            record
                .body
                .split("</Conference>")
                .next()
                .filter(|start| *start != record.body)
        })
        .map(|start| start.rsplit('>').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(rooms.len(), 2, "one for each leg: {rooms:?}");
    assert_eq!(rooms.iter().collect::<BTreeSet<_>>().len(), 1, "{rooms:?}");
    stage.end().await;
}

async fn t_claim_after_offer_an_accept_while_the_greeting_plays_holds(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.settle().await;
    ana.takes(&stage).await;
    stage.run(12).await;
    let call = stage.newest_call().await;
    assert_eq!(call["status"], "in-progress", "{call}");
    stage.end().await;
}

async fn t_claim_before_audio_a_device_without_the_claim_never_gets_in(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(8).await;
    let call = ana.accepts(&stage).await;
    let leg = ben.connects(&stage, &call).await;
    stage.run(6).await;
    let truth = stage.phone(CUSTOMER).truth(&leg);
    assert_eq!(truth.status, "completed", "sent away with a few words");
    assert!(
        !truth
            .events
            .iter()
            .any(|event| event.contains("conference")),
        "{truth:?}"
    );
    ana.connects(&stage, &call).await;
    stage.run(2).await;
    assert_eq!(stage.newest_call().await["agent"]["id"], ana.id.as_str());
    stage.end().await;
}

async fn t_claim_keyed_by_call_two_devices_of_two_agents_claim_one_call_not_two_legs(
    engine: Engine,
) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(8).await;
    let (anas, bens) = (ana.offers(&stage).await, ben.offers(&stage).await);
    assert_ne!(anas, bens, "each has an offer of their own");
    let first = ana
        .posts(&stage, &format!("/offers/{}/accept", anas[0]), json!({}))
        .await;
    let second = ben
        .posts(&stage, &format!("/offers/{}/accept", bens[0]), json!({}))
        .await;
    assert_eq!((first.0, second.0), (200, 409));
    assert_eq!(
        second.1["by"]["id"].as_str().or(second.1["by"].as_str()),
        Some(ana.id.as_str()),
        "{}",
        second.1
    );
    stage.end().await;
}

async fn t_popup_cleared_on_all_pages_of_all_agents(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    stage.open_tab(&ben).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(8).await;
    assert_eq!(
        stage.heard_of(&ben, "incoming_call").await.len(),
        2,
        "one on each of the two pages"
    );
    ana.accepts(&stage).await;
    let closed = stage.heard_of(&ben, "offer_closed").await;
    assert_eq!(closed.len(), 2, "{closed:?}");
    assert!(ben.offers(&stage).await.is_empty());
    stage.end().await;
}

async fn t_multi_tab_an_accept_in_one_page_clears_the_other(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage.open_tab(&ana).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(8).await;
    stage.heard(&ana).await;
    ana.accepts(&stage).await;
    assert_eq!(stage.heard_of(&ana, "offer_closed").await.len(), 2);
    stage.end().await;
}

async fn t_two_simultaneous_calls_do_not_hide_each_other(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(2).await;
    stage.phone("+14155550143").dials(MAIN).await;
    stage.run(8).await;
    assert_eq!(ben.offers(&stage).await.len(), 2);
    let (first, _) = ana.takes(&stage).await;
    stage.run(2).await;
    assert_eq!(
        ben.offers(&stage).await.len(),
        1,
        "the other caller is still on the screen"
    );
    let (second, _) = ben.takes(&stage).await;
    assert_ne!(first, second);
    stage.run(2).await;
    let live = stage.owner_gets("/calls").await;
    let live: Vec<_> = live["items"]
        .as_array()
        .expect("calls")
        .iter()
        .map(|call| call["status"].clone())
        .collect();
    assert_eq!(live, [json!("in-progress"), json!("in-progress")]);
    stage.end().await;
}

async fn t_decline_local_a_decline_touches_only_that_agents_offer(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    stage.run(8).await;
    let offer = ana.offers(&stage).await.remove(0);
    let (status, body) = ana
        .posts(&stage, &format!("/offers/{offer}/decline"), json!({}))
        .await;
    assert!(status < 300, "{body}");
    assert!(ana.offers(&stage).await.is_empty());
    assert_eq!(ben.offers(&stage).await.len(), 1);
    assert_eq!(
        caller.truth(&leg).status,
        "in-progress",
        "the caller waits on"
    );
    ben.takes(&stage).await;
    stage.run(2).await;
    assert_eq!(stage.newest_call().await["status"], "in-progress");
    stage.end().await;
}
