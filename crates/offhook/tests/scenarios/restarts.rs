//! What was acknowledged survives: waiting callers, timers, and the webhooks of calls that began before.

use crate::stage::{CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    t_restart_keeps_pending_calls_on_the_screen,
    t_restart_during_queue_the_longest_wait_is_kept,
    t_queue_max_wait_leads_to_voicemail_after_five_minutes,
    t_webhook_after_restart_finds_its_call,
    t_reconcile_a_call_that_ended_while_nobody_listened_is_ended_by_comparing_with_the_carrier,
    t_reaper_a_call_that_stopped_ringing_while_nobody_listened_is_ended_by_itself,
    t_db_down_the_caller_is_asked_to_wait_a_moment_and_is_queued_when_the_database_is_back,
    t_db_down_callbacks_are_taken_and_not_lost,
}

async fn t_restart_keeps_pending_calls_on_the_screen(engine: Engine) {
    let (mut stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    let offers = ana.offers(&stage).await;
    stage.restart().await;
    assert_eq!(ana.offers(&stage).await, offers);
    stage.open_tab(&ana).await;
    ana.takes(&stage).await;
    stage.run(5).await;
    assert_eq!(stage.newest_call().await["status"], "in-progress");
    stage.end().await;
}

async fn t_restart_during_queue_the_longest_wait_is_kept(engine: Engine) {
    let mut stage = Stage::empty(engine).await;
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    stage.run(100).await;
    stage.kill().await;
    stage.start().await;
    stage.run(215).await;
    let call = stage.newest_call().await;
    assert_eq!(call["phase"], "waiting", "{call}");
    let heard = format!("{:?}", caller.truth(&leg).events);
    assert!(
        heard.contains("(beep)"),
        "the caller was led to voicemail: {heard}"
    );
    caller.hangs_up().await;
    stage.run(5).await;
    let call = stage.newest_call().await;
    assert_eq!(call["status"], "no-answer", "{call}");
    stage.end().await;
}

async fn t_queue_max_wait_leads_to_voicemail_after_five_minutes(engine: Engine) {
    let stage = Stage::empty(engine).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(290).await;
    assert!(
        stage.webhooks("/webhooks/twilio/next").is_empty(),
        "not yet"
    );
    stage.run(30).await;
    assert!(
        stage
            .webhooks("/webhooks/twilio/next")
            .iter()
            .any(|record| record.body.contains("<Record"))
    );
    caller.hangs_up().await;
    stage.run(5).await;
    let call = stage.newest_call().await;
    assert_eq!(call["status"], "no-answer", "{call}");
    stage.end().await;
}

async fn t_webhook_after_restart_finds_its_call(engine: Engine) {
    let (mut stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    ana.takes(&stage).await;
    stage.run(10).await;
    stage.restart().await;
    stage.open_tab(&ana).await;
    caller.hangs_up().await;
    stage.run(5).await;
    stage.call_is("completed", Some("answered")).await;
    assert_ne!(ana.presence(&stage).await, "busy");
    stage.end().await;
}

async fn t_reconcile_a_call_that_ended_while_nobody_listened_is_ended_by_comparing_with_the_carrier(
    engine: Engine,
) {
    let (mut stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    let (_, device) = ana.takes(&stage).await;
    stage.run(70).await;
    stage.kill().await;
    caller.hangs_up().await;
    ana.drops(&stage, &device).await;
    stage.run(40).await;
    stage.start().await;
    stage.open_tab(&ana).await;
    stage.run(120).await;
    stage.call_is("completed", Some("answered")).await;
    assert_eq!(ana.presence(&stage).await, "available");
    stage.end().await;
}

async fn t_reaper_a_call_that_stopped_ringing_while_nobody_listened_is_ended_by_itself(
    engine: Engine,
) {
    let (mut stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let customer = stage.callee(CUSTOMER).await;
    ana.calls(&stage, CUSTOMER).await;
    stage.run(5).await;
    stage.kill().await;
    customer.hangs_up().await;
    stage.run(40).await;
    stage.start().await;
    stage.open_tab(&ana).await;
    stage.run(130).await;
    let call = stage.newest_call().await;
    assert!(call["ended_at"].is_string(), "{}", stage.tale().await);
    assert_ne!(ana.presence(&stage).await, "busy");
    stage.end().await;
}

async fn t_db_down_the_caller_is_asked_to_wait_a_moment_and_is_queued_when_the_database_is_back(
    engine: Engine,
) {
    let (mut stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(3).await;
    caller.hangs_up().await;
    stage.run(3).await;
    stage.take_the_database_away().await;
    caller.dials(MAIN).await;
    stage.run(8).await;
    let asked = stage.webhooks("/webhooks/twilio/voice");
    let last = asked.last().expect("the voice door was asked");
    assert_eq!(last.status, Some(200), "{last:?}");
    assert!(
        last.body.contains("<Redirect"),
        "one moment, please: {}",
        last.body
    );
    stage.restart().await;
    stage.open_tab(&ana).await;
    stage.run(20).await;
    let call = stage.newest_call().await;
    assert_eq!(call["phase"], "offered", "{}", stage.tale().await);
    stage.end().await;
}

async fn t_db_down_callbacks_are_taken_and_not_lost(engine: Engine) {
    let (mut stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    ana.takes(&stage).await;
    stage.run(10).await;
    stage.take_the_database_away().await;
    caller.hangs_up().await;
    stage.settle().await;
    let ended = stage.webhooks("/webhooks/twilio/status");
    assert_eq!(
        ended
            .last()
            .and_then(|record| record.status)
            .map(|status| status / 100),
        Some(2),
        "{ended:?}"
    );
    stage.restart().await;
    stage.open_tab(&ana).await;
    stage.run(10).await;
    stage.call_is("completed", Some("answered")).await;
    stage.end().await;
}
