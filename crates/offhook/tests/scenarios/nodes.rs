//! Several nodes on one PostgreSQL, and a PostgreSQL that is away for a while.

use serde_json::json;

use crate::stage::{CUSTOMER, Dies, Engine, MAIN, Stage, Tab, Way, on_postgres};

on_postgres! {
    what_one_node_is_told_the_pages_of_the_other_hear,
    a_node_that_dies_in_mid_call_leaves_its_work_to_the_other,
    an_accept_that_dies_with_its_node_is_carried_out_by_the_other,
    t_db_down_half_a_minute_without_the_database_loses_nothing,
}

async fn what_one_node_is_told_the_pages_of_the_other_hear(engine: Engine) {
    let (stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let (node, port) = stage.second_node().await;
    let mut page = Tab::open(&port.url(), &ana, None).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    page.hears_of("incoming_call").await;
    caller.hangs_up().await;
    page.hears_of("offer_closed").await;
    node.stop().await;
    stage.end().await;
}

async fn a_node_that_dies_in_mid_call_leaves_its_work_to_the_other(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let second = stage.second_node().await;
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    stage.run(8).await;
    let (call, _) = ana.takes(&stage).await;
    stage.run(20).await;
    stage.first_node_dies(second).await;
    stage.open_tab(&ana).await;
    stage.run(30).await;
    assert_eq!(caller.truth(&leg).status, "in-progress", "they talk on");
    ana.does(&stage, &call, "hold").await;
    assert_eq!(stage.newest_call().await["phase"], "on_hold");
    ana.does(&stage, &call, "resume").await;
    caller.hangs_up().await;
    stage.run(20).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (
            &over["status"],
            &over["outcome"],
            &over["recordings"][0]["status"]
        ),
        (&json!("completed"), &json!("answered"), &json!("ready")),
        "{}",
        stage.tale().await
    );
    stage.end().await;
}

async fn an_accept_that_dies_with_its_node_is_carried_out_by_the_other(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let second = stage.second_node().await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    let sent = stage
        .lines()
        .carrier
        .dies_at(Way::There, "/Members/", Dies::Before);
    let call = ana.claims(&stage).await;
    sent.await;
    stage.first_node_dies(second).await;
    stage.open_tab(&ana).await;
    ana.connects(&stage, &call).await;
    stage.run(25).await;
    let talking = stage.newest_call().await;
    assert_eq!(
        (&talking["id"], &talking["phase"], &talking["agent"]["id"]),
        (&json!(call), &json!("connected"), &json!(ana.id)),
        "{}",
        stage.tale().await
    );
    caller.hangs_up().await;
    stage.run(5).await;
    assert_eq!(
        stage.newest_call().await["outcome"],
        "answered",
        "{}",
        stage.tale().await
    );
    stage.end().await;
}

/// D14: a caller hangs up and another one calls while the database is away; it comes back, and nobody starts anything anew.
async fn t_db_down_half_a_minute_without_the_database_loses_nothing(engine: Engine) {
    let (stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let first = stage.phone(CUSTOMER);
    first.dials(MAIN).await;
    stage.run(8).await;
    let (call, _) = ana.takes(&stage).await;
    stage.run(10).await;
    let rows = stage.place().line().clone();
    rows.cut();
    first.hangs_up().await;
    let second = stage.phone("+14155550143");
    let leg = second.dials(MAIN).await;
    stage.run(30).await;
    assert_eq!(second.truth(&leg).status, "in-progress", "one moment");
    for record in stage.webhooks("/webhooks/twilio/") {
        assert_eq!(
            record.status.map(|status| status / 100),
            Some(2),
            "{record:?}"
        );
    }
    rows.leads_to(&stage.place().server());
    stage.run(20).await;
    let over = ana.gets(&stage, &format!("/calls/{call}")).await;
    assert_eq!(
        (&over["status"], &over["outcome"]),
        (&json!("completed"), &json!("answered")),
        "{over}"
    );
    let talked = over["talk_seconds"].as_i64().expect("seconds");
    assert!(
        (9..=11).contains(&talked),
        "until the caller hung up, not until we learned it: {over}"
    );
    assert_eq!(
        stage.newest_call().await["phase"],
        "offered",
        "{}",
        stage.tale().await
    );
    ana.takes(&stage).await;
    stage.run(5).await;
    assert_eq!(stage.newest_call().await["status"], "in-progress");
    stage.end().await;
}
