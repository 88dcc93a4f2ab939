//! The server itself: database, storage, encryption key, work that got stuck, webhooks that nobody decided.

use chrono::TimeDelta;
use offhook_store::{Reason, checkups};

use super::case::{Case, Eyes, PATIENCE, counted, within};
use super::report::{Check, Group, Item};
use crate::keys;

const fn item(id: &'static str, title: &'static str, seeds: &'static [&'static str]) -> Item {
    Item {
        id,
        group: Group::Server,
        title,
        seeds,
    }
}

pub(super) const DATABASE: Item =
    item("server.database", "Database", &["000", "001", "003", "004"]);
const STORAGE: Item = item(
    "server.storage",
    "Storage for recordings",
    &["000", "001", "004"],
);
const KEY: Item = item("server.encryption_key", "Encryption key", &["001"]);
const WORK: Item = item("server.work", "Work in the background", &["004"]);
const INBOX: Item = item("server.inbox", "Callbacks are taken up", &["001", "004"]);
const SPOOL: Item = item(
    "server.spool",
    "Callbacks written down while the database was away",
    &["001"],
);

/// After so long, work that waits is stuck.
const LATE: TimeDelta = TimeDelta::minutes(1);
/// What ended badly longer ago is nobody's concern any more.
const RECENT: TimeDelta = TimeDelta::days(1);

/// What whoever cannot see into the server can do.
const TELL: &str = "Tell whoever runs this server; `offhook doctor` there says more.";

pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    let (storage, key, work, inbox, spool) = tokio::join!(
        within(PATIENCE, STORAGE, storage(case)),
        within(PATIENCE, KEY, key(case)),
        within(PATIENCE, WORK, work(case)),
        within(PATIENCE, INBOX, inbox(case)),
        within(PATIENCE, SPOOL, spool(case)),
    );
    vec![database(case), storage, key, work, inbox, spool]
}

/// It was read a moment ago, or there would be no case.
fn database(case: &Case<'_>) -> Check {
    match case.eyes {
        Eyes::Operator => DATABASE.ok(format!("It answers ({}).", case.app.db.engine())),
        Eyes::Admin => DATABASE.ok("It answers, and this organization's rows can be read."),
    }
}

async fn storage(case: &Case<'_>) -> Check {
    let tried = case
        .app
        .storage(async |storage| storage.trial().await)
        .await;
    match (tried, case.eyes) {
        (Ok(()), _) => STORAGE.ok("A file could be written, read and removed."),
        (Err(error), Eyes::Operator) => STORAGE.failed(
            format!(
                "{}: {error}.",
                case.app.config.data_dir.join("recordings").display()
            ),
            "Check that the folder exists, belongs to the server's user, and that the disk is not full.",
        ),
        (Err(_), Eyes::Admin) => STORAGE.failed("Recordings cannot be kept.", TELL),
    }
}

async fn key(case: &Case<'_>) -> Check {
    if case.row.is_some() && case.account.is_none() {
        return KEY.failed(
            "The carrier account's secrets are sealed with another key than the server has.",
            "Start the server with the ENCRYPTION_KEY of before; or enter auth token and API key again in Settings.",
        );
    }
    if case.eyes == Eyes::Admin {
        return KEY.ok("The stored secrets open.");
    }
    match keys::check(&case.app.db, &case.app.keys).await {
        Ok(sealing) if sealing.earlier > 0 => KEY.warning(
            format!(
                "{} still sealed with ENCRYPTION_KEY_PREVIOUS.",
                counted(sealing.earlier as u64, "secret is", "secrets are")
            ),
            "Run `offhook admin reseal` once every node has the new key.",
        ),
        Ok(sealing) => KEY.ok(format!(
            "It opens all {}.",
            counted(sealing.present as u64, "stored secret", "stored secrets")
        )),
        Err(error) => KEY.failed(error.to_string(), "Start with the key that sealed them."),
    }
}

async fn work(case: &Case<'_>) -> Check {
    let (late, since) = (case.now - LATE, case.now - RECENT);
    let org = case.org.clone();
    let counted_work = case
        .app
        .db
        .system(Reason::Sweep)
        .read(async |conn| checkups::work(conn, &org, late, since).await)
        .await;
    let Ok(found) = counted_work else {
        return WORK.skipped("The database could not be asked.");
    };
    if found.late > 0 {
        return WORK.failed(
            format!(
                "{} for more than a minute to be done.",
                counted(found.late, "thing has waited", "things have waited")
            ),
            "Check that a server is running; if one is, restart it and look into its log.",
        );
    }
    if found.failed + found.unknown > 0 {
        return WORK.warning(
            format!(
                "In the last day {} did not succeed, and of {} nobody knows.",
                counted(found.failed, "thing", "things"),
                found.unknown
            ),
            "Calls look after themselves; for recordings see the calls' pages. The server's log names each.",
        );
    }
    WORK.ok("Nothing waits, and nothing failed in the last day.")
}

async fn inbox(case: &Case<'_>) -> Check {
    let before = case.now - LATE;
    let left = case
        .app
        .db
        .read(&case.org, async |tx| checkups::undecided(tx, before).await)
        .await;
    match left {
        Ok(0) => INBOX.ok("All that Twilio told was taken up."),
        Ok(left) => INBOX.failed(
            format!(
                "{} written down more than a minute ago and not taken up.",
                counted(left, "callback was", "callbacks were")
            ),
            "Check that a server is running; if one is, look into its log for the reason.",
        ),
        Err(_) => INBOX.skipped("The database could not be asked."),
    }
}

async fn spool(case: &Case<'_>) -> Check {
    let left = case.app.spool.left().await;
    match (left.unreadable, left.waiting) {
        (0, 0) => SPOOL.ok("Nothing is left there."),
        (0, waiting) => SPOOL.warning(
            format!(
                "{} for the database to be back.",
                counted(waiting, "file waits", "files wait")
            ),
            "It drains by itself within seconds of the database being back; if it does not, look into the server's log.",
        ),
        (unreadable, _) => SPOOL.failed(
            format!(
                "{} sealed with another ENCRYPTION_KEY.",
                counted(unreadable, "file is", "files are")
            ),
            match case.eyes {
                Eyes::Operator => "Rename them to end in .spool and start once with the key of before.",
                Eyes::Admin => TELL,
            },
        ),
    }
}
