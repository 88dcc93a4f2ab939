//! What presence is derived from: the agent's choice, signs of life, live legs, calls that wait for the agent's leg, wrap-up.

use std::collections::BTreeMap;

use offhook_core::Time;
use offhook_core::id::{CallId, UserId};
use serde::{Deserialize, Serialize};

use crate::dynamic::{Statement, run};
use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment, moment_opt};
use crate::tx::{Tx, sql};

const TABLE: &str = "availability";

/// What an agent can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// Takes calls.
    Available,
    /// Does not.
    Away,
}

/// A sign of life from one open tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beat {
    /// Whose.
    pub user: UserId,
    /// Which tab.
    pub client: String,
    /// This tab owns the device and it is registered.
    pub device_ready: bool,
}

/// Everything that presence is derived from, for one active member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentFacts {
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// Takes calls on this phone.
    pub own_phone: Option<String>,
    /// The choice; away until the first one.
    pub chosen: Chosen,
    /// Why away.
    pub reason: Option<String>,
    /// When it was chosen.
    pub chosen_at: Option<Time>,
    /// The last poll of an old front end.
    pub polled_at: Option<Time>,
    /// When a front end that knows of calls only by its device was given a token for it.
    pub device_at: Option<Time>,
    /// The last sign of life of any tab.
    pub seen_at: Option<Time>,
    /// The last sign of life of a tab whose device was ready.
    pub ready_at: Option<Time>,
    /// A call in which a leg of the agent is live.
    pub live_call: Option<CallId>,
    /// A call that waits for the agent's leg: an accepted offer, or the agent's own dialling.
    pub awaited_call: Option<CallId>,
    /// In wrap-up until then.
    pub wrap_up_until: Option<Time>,
    /// When the agent's last call ended: who has been idle longest.
    pub last_call_ended_at: Option<Time>,
    /// The presence that the app was told last.
    pub shown: Option<String>,
    /// Since when.
    pub shown_since: Option<Time>,
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    user_id: String,
    name: String,
    own_phone: Option<String>,
    chosen: Option<String>,
    reason: Option<String>,
    chosen_at: Option<i64>,
    polled_at: Option<i64>,
    device_at: Option<i64>,
    seen_at: Option<i64>,
    ready_at: Option<i64>,
    live_call: Option<String>,
    awaited_call: Option<String>,
    wrap_up_until: Option<i64>,
    last_call_ended_at: Option<i64>,
    shown: Option<String>,
    shown_since: Option<i64>,
}

impl TryFrom<FactsRow> for AgentFacts {
    type Error = Error;
    fn try_from(r: FactsRow) -> Result<Self> {
        Ok(Self {
            user: row::id(TABLE, r.user_id)?,
            name: r.name,
            own_phone: r.own_phone,
            chosen: row::from_word_opt(TABLE, r.chosen)?.unwrap_or(Chosen::Away),
            reason: r.reason,
            chosen_at: moment_opt(TABLE, r.chosen_at.filter(|at| *at != 0))?,
            polled_at: moment_opt(TABLE, r.polled_at)?,
            device_at: moment_opt(TABLE, r.device_at)?,
            seen_at: moment_opt(TABLE, r.seen_at)?,
            ready_at: moment_opt(TABLE, r.ready_at)?,
            live_call: row::id_opt(TABLE, r.live_call)?,
            awaited_call: row::id_opt(TABLE, r.awaited_call)?,
            wrap_up_until: moment_opt(TABLE, r.wrap_up_until)?,
            last_call_ended_at: moment_opt(TABLE, r.last_call_ended_at)?,
            shown: r.shown.filter(|s| !s.is_empty()),
            shown_since: moment_opt(TABLE, r.shown_since.filter(|since| *since != 0))?,
        })
    }
}

/// The facts of every active member, or of one, by name.
pub async fn facts(tx: &mut Tx, user: Option<&UserId>, now: Time) -> Result<Vec<AgentFacts>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add("
        SELECT m.user_id, u.name, m.own_phone, a.chosen, a.reason, a.chosen_at, a.polled_at, a.device_at, a.shown, a.shown_since,
            b.seen_at, b.ready_at,
            (SELECT l.call_id FROM legs l WHERE l.org_id = m.org_id AND l.agent_id = m.user_id AND l.live LIMIT 1) AS live_call,
            (SELECT c.id FROM calls c
                WHERE c.org_id = m.org_id AND c.agent_id = m.user_id AND c.live AND c.awaited LIMIT 1) AS awaited_call,
            (SELECT MAX(c.wrap_up_until) FROM calls c
                WHERE c.org_id = m.org_id AND c.agent_id = m.user_id AND c.wrap_up_until > ?) AS wrap_up_until,
            (SELECT c.ended_at FROM calls c
                WHERE c.org_id = m.org_id AND c.agent_id = m.user_id AND c.ended_at IS NOT NULL
                ORDER BY c.started_at DESC, c.id DESC LIMIT 1) AS last_call_ended_at
        FROM memberships m
        JOIN users u ON u.id = m.user_id
        LEFT JOIN availability a ON a.org_id = m.org_id AND a.user_id = m.user_id
        LEFT JOIN (SELECT user_id, MAX(at) AS seen_at, MAX(CASE WHEN device_ready THEN at END) AS ready_at
                   FROM beats WHERE org_id = ? GROUP BY user_id) b ON b.user_id = m.user_id
        WHERE m.org_id = ? AND m.active",
        [micros(now).into(), (&*org).into(), (&*org).into()]);
    s.when(" AND m.user_id = ?", user.map(UserId::as_str))
        .add(" ORDER BY u.name, u.id", []);
    run!(tx, fetch_all::<FactsRow>, s)?
        .into_iter()
        .map(AgentFacts::try_from)
        .collect()
}

/// Stores what an agent chose.
pub async fn choose(
    tx: &mut Tx,
    user: &UserId,
    chosen: Chosen,
    reason: Option<&str>,
    now: Time,
) -> Result<()> {
    let org = tx.org();
    sql!(tx, execute, "
        INSERT INTO availability (org_id, user_id, chosen, reason, chosen_at, shown, shown_since, turn)
        VALUES ($1, $2, $3, $4, $5, '', 0, 0)
        ON CONFLICT (org_id, user_id) DO UPDATE SET chosen = excluded.chosen, reason = excluded.reason, chosen_at = excluded.chosen_at",
        &*org, user.as_str(), row::word(&chosen), reason, micros(now))?;
    Ok(())
}

/// Notes a sign of life of a front end that has no switch, in its own column; whoever never chose anything takes calls by it.
/// Answers when the last one was.
macro_rules! sign_of_life {
    ($tx:ident, $user:ident, $now:ident, $column:literal) => {{
        let org = $tx.org();
        let before = sql!(
            $tx,
            fetch_optional::<(Option<i64>,)>,
            concat!("SELECT ", $column, " FROM availability WHERE org_id = $1 AND user_id = $2"),
            &*org,
            $user.as_str()
        )?;
        sql!($tx, execute, concat!("
            INSERT INTO availability (org_id, user_id, chosen, chosen_at, ", $column, ", shown, shown_since, turn)
            VALUES ($1, $2, 'available', $3, $3, '', 0, 0)
            ON CONFLICT (org_id, user_id) DO UPDATE SET ", $column, " = excluded.", $column, ",
                chosen = CASE WHEN availability.chosen_at = 0 THEN excluded.chosen ELSE availability.chosen END"),
            &*org, $user.as_str(), micros($now))?;
        moment_opt(TABLE, before.and_then(|(at,)| at))
    }};
}

/// An old front end polled for this agent; answers when it had done so before. Such a front end has no switch: whoever never
/// chose anything takes calls by polling for them.
pub async fn polled(tx: &mut Tx, user: &UserId, now: Time) -> Result<Option<Time>> {
    sign_of_life!(tx, user, now, "polled_at")
}

/// A front end that knows of calls only by its device was given a token for it; answers when it had been before. Whoever never
/// chose anything takes calls by that, as by polling.
pub async fn device_given(tx: &mut Tx, user: &UserId, now: Time) -> Result<Option<Time>> {
    sign_of_life!(tx, user, now, "device_at")
}

/// Was any such front end given a token since then.
pub async fn any_device(tx: &mut Tx, since: Time) -> Result<bool> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<(i64,)>,
        "SELECT device_at FROM availability WHERE org_id = $1 AND device_at > $2 LIMIT 1",
        &*org,
        micros(since)
    )?;
    Ok(found.is_some())
}

/// The carrier knows of no such device any more. One that was given its token after `before` may be about to register.
pub async fn device_gone(tx: &mut Tx, user: &UserId, before: Time) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "UPDATE availability SET device_at = NULL WHERE org_id = $1 AND user_id = $2 AND device_at <= $3",
        &*org,
        user.as_str(),
        micros(before)
    )?;
    Ok(())
}

/// Notes what the app is told about an agent; `false` when it was told so before.
pub async fn show(tx: &mut Tx, user: &UserId, presence: &str, since: Time) -> Result<bool> {
    let org = tx.org();
    let rows = sql!(tx, execute, "
        INSERT INTO availability (org_id, user_id, chosen, chosen_at, shown, shown_since, turn)
        VALUES ($1, $2, 'away', 0, $3, $4, 0)
        ON CONFLICT (org_id, user_id) DO UPDATE SET shown = excluded.shown, shown_since = excluded.shown_since
        WHERE availability.shown <> excluded.shown",
        &*org, user.as_str(), presence, micros(since))?;
    Ok(rows == 1)
}

/// Takes this agent's turn until the transaction ends: two transactions that both decide about one agent follow each other.
pub async fn take_turn(tx: &mut Tx, user: &UserId) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "
        INSERT INTO availability (org_id, user_id, chosen, chosen_at, shown, shown_since, turn)
        VALUES ($1, $2, 'away', 0, '', 0, 1)
        ON CONFLICT (org_id, user_id) DO UPDATE SET turn = availability.turn + 1",
        &*org,
        user.as_str()
    )?;
    Ok(())
}

/// Writes the beats of all of a node's agents in one statement.
pub async fn beat(tx: &mut Tx, beats: &[Beat], now: Time) -> Result<()> {
    let org = tx.org();
    // A row may stand in such a statement once; the newest beat of a tab counts.
    let newest: BTreeMap<_, _> = beats.iter().map(|b| ((&b.user, &b.client), b)).collect();
    let beats: Vec<_> = newest.into_values().collect();
    // A statement has room for a limited number of values: 5 each.
    for some in beats.chunks(400) {
        let mut s = Statement::default();
        for (i, beat) in some.iter().enumerate() {
            let piece = if i == 0 {
                "INSERT INTO beats (org_id, user_id, client_id, device_ready, at) VALUES (?, ?, ?, ?, ?)"
            } else {
                ", (?, ?, ?, ?, ?)"
            };
            s.add(
                piece,
                [
                    (&*org).into(),
                    beat.user.as_str().into(),
                    beat.client.as_str().into(),
                    beat.device_ready.into(),
                    micros(now).into(),
                ],
            );
        }
        s.add(" ON CONFLICT (org_id, user_id, client_id) DO UPDATE SET device_ready = excluded.device_ready, at = excluded.at", []);
        run!(tx, execute, s)?;
    }
    Ok(())
}

/// A tab said good-bye.
pub async fn gone(tx: &mut Tx, user: &UserId, client: &str) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM beats WHERE org_id = $1 AND user_id = $2 AND client_id = $3",
        &*org,
        user.as_str(),
        client
    )?;
    Ok(())
}

/// Clears away the beats of tabs long gone.
pub async fn prune(tx: &mut Tx, before: Time) -> Result<u64> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM beats WHERE org_id = $1 AND at < $2",
        &*org,
        micros(before)
    )
}

/// When any beat was last stored: while none could be, no time counts against anybody.
pub async fn last_beat(tx: &mut Tx) -> Result<Option<Time>> {
    let org = tx.org();
    let (at,) = sql!(
        tx,
        fetch_one::<(Option<i64>,)>,
        "SELECT MAX(at) FROM beats WHERE org_id = $1",
        &*org
    )?;
    at.map(|at| moment(TABLE, at)).transpose()
}
