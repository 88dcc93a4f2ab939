//! Rooms that an agent's device stands in before a call exists, and what a front end calls the room of a call that does.

use offhook_core::Time;
use offhook_core::id::{CallId, UserId};

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, micros_opt, moment, moment_opt};
use crate::tx::{Tx, sql};

const TABLE: &str = "standing_rooms";

/// A room before its call, or the name of a call's room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRoom {
    /// The call that is, or will be, in it; the room is named by it.
    pub call: CallId,
    /// Whose device opened it.
    pub user: UserId,
    /// What the front end calls it.
    pub asked_as: String,
    /// The leg that opened it; `None` where the call was there first.
    pub sid: Option<String>,
    /// The conference and the count of the leg's join in it, once told.
    pub joined: Option<(String, u32)>,
    /// Since when.
    pub opened_at: Time,
    /// Since when it is the call's.
    pub called_at: Option<Time>,
    /// When its leg was gone.
    pub ended_at: Option<Time>,
}

#[derive(sqlx::FromRow)]
struct RoomRow {
    call_id: String,
    user_id: String,
    asked_as: String,
    sid: Option<String>,
    conference_sid: Option<String>,
    sequence: Option<i64>,
    opened_at: i64,
    called_at: Option<i64>,
    ended_at: Option<i64>,
}

impl TryFrom<RoomRow> for StandingRoom {
    type Error = Error;
    fn try_from(r: RoomRow) -> Result<Self> {
        let joined = match (r.conference_sid, r.sequence) {
            (Some(sid), Some(sequence)) => Some((sid, row::small(TABLE, sequence)?)),
            _ => None,
        };
        Ok(Self {
            call: row::id(TABLE, r.call_id)?,
            user: row::id(TABLE, r.user_id)?,
            asked_as: r.asked_as,
            sid: r.sid,
            joined,
            opened_at: moment(TABLE, r.opened_at)?,
            called_at: moment_opt(TABLE, r.called_at)?,
            ended_at: moment_opt(TABLE, r.ended_at)?,
        })
    }
}

/// Writes a room down.
pub async fn open(tx: &mut Tx, room: &StandingRoom) -> Result<()> {
    let org = tx.org();
    let (conference, sequence) = room.joined.clone().unzip();
    sql!(tx, execute, "
        INSERT INTO standing_rooms (org_id, call_id, user_id, asked_as, sid, conference_sid, sequence, opened_at, called_at, ended_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &*org, room.call.as_str(), room.user.as_str(), &room.asked_as, room.sid.as_deref(), conference.as_deref(),
        sequence.map(i64::from), micros(room.opened_at), micros_opt(room.called_at), micros_opt(room.ended_at))?;
    Ok(())
}

/// The agent's newest rooms since a moment whose leg is not gone, newest first.
pub async fn of_agent(tx: &mut Tx, user: &UserId, since: Time) -> Result<Vec<StandingRoom>> {
    let org = tx.org();
    sql!(tx, fetch_all::<RoomRow>, "
        SELECT call_id, user_id, asked_as, sid, conference_sid, sequence, opened_at, called_at, ended_at
        FROM standing_rooms WHERE org_id = $1 AND user_id = $2 AND opened_at > $3 AND ended_at IS NULL
        ORDER BY opened_at DESC, call_id DESC LIMIT 20",
        &*org, user.as_str(), micros(since))?
        .into_iter()
        .map(StandingRoom::try_from)
        .collect()
}

/// The leg that opened it has joined; `false` when there is no such room, or it was told before.
pub async fn joined(
    tx: &mut Tx,
    call: &CallId,
    conference_sid: &str,
    sequence: u32,
) -> Result<bool> {
    let org = tx.org();
    let rows = sql!(
        tx,
        execute,
        "
        UPDATE standing_rooms SET conference_sid = $3, sequence = $4
        WHERE org_id = $1 AND call_id = $2 AND conference_sid IS NULL",
        &*org,
        call.as_str(),
        conference_sid,
        i64::from(sequence)
    )?;
    Ok(rows == 1)
}

/// From now on it is the call's.
pub async fn called(tx: &mut Tx, call: &CallId, now: Time) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "UPDATE standing_rooms SET called_at = $3 WHERE org_id = $1 AND call_id = $2 AND called_at IS NULL",
        &*org,
        call.as_str(),
        micros(now)
    )?;
    Ok(())
}

/// The leg that opened a room is gone.
pub async fn ended(tx: &mut Tx, sid: &str, now: Time) -> Result<bool> {
    let org = tx.org();
    let rows = sql!(
        tx,
        execute,
        "UPDATE standing_rooms SET ended_at = $3 WHERE org_id = $1 AND sid = $2 AND ended_at IS NULL",
        &*org,
        sid,
        micros(now)
    )?;
    Ok(rows == 1)
}

/// Clears away rooms of long ago.
pub async fn prune(tx: &mut Tx, before: Time) -> Result<u64> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM standing_rooms WHERE org_id = $1 AND opened_at < $2",
        &*org,
        micros(before)
    )
}
