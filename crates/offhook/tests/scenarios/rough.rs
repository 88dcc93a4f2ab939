//! The main job on a bad day: what happens at the carrier now and then happens all the time, the same way for the same seed.

use offhook_sandbox::engine::faults::Plan;
use serde_json::{Value, json};

use crate::stage::{CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    the_main_job_passes_on_a_rough_day,
}

/// The day of this seed; answers are slow, but not so slow that the story takes long.
fn rough_day(stage: &Stage, seed: u64) {
    let change = json!({ "rest": { "slowness": 40 } });
    let plan = Plan::of("rough").expect("a profile");
    let plan = plan.with(change.as_object().expect("an object"));
    stage
        .sandbox
        .set_faults(plan.expect("switches"), Some(seed));
}

async fn the_main_job_passes_on_a_rough_day(engine: Engine) {
    for seed in [1, 2, 3] {
        a_rough_day(engine, seed).await;
    }
}

async fn a_rough_day(engine: Engine, seed: u64) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    rough_day(&stage, seed);
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    for _ in 0..30 {
        if !ana.offers(&stage).await.is_empty() {
            break;
        }
        stage.run(1).await;
    }
    let (call, _) = ana.takes(&stage).await;
    stage.run(60).await;
    let now = stage.newest_call().await;
    assert_eq!(
        (&now["status"], &now["phase"]),
        (&json!("in-progress"), &json!("connected")),
        "seed {seed}: {}",
        stage.tale().await
    );
    caller.hangs_up().await;
    // What was lost is made up for by looking: that takes its time.
    let after = ends(&stage).await;
    assert_eq!(after["id"], call.as_str());
    assert_eq!(
        (&after["status"], &after["outcome"]),
        (&json!("completed"), &json!("answered")),
        "seed {seed}: {}",
        stage.tale().await
    );
    assert_eq!(caller.truth(&leg).status, "completed");
    let mut presence = ana.presence(&stage).await;
    for _ in 0..30 {
        if presence == "available" {
            break;
        }
        stage.run(10).await;
        presence = ana.presence(&stage).await;
    }
    assert_eq!(presence, "available", "seed {seed}: {}", stage.tale().await);
    let wrong = stage
        .sandbox
        .engine(|engine, _| engine.faults().counts().clone());
    assert!(
        !wrong.is_empty(),
        "seed {seed}: something went wrong meanwhile"
    );
    stage.end().await;
}

async fn ends(stage: &Stage) -> Value {
    for _ in 0..30 {
        let call = stage.newest_call().await;
        if call["status"] == "completed" {
            return call;
        }
        stage.run(10).await;
    }
    stage.newest_call().await
}
