//! `AccountSid` or E.164 number to organization: how a webhook finds its organization before its signature is checked.

use offhook_core::id::OrgId;

use crate::error::{Error, Result};
use crate::row;
use crate::tx::{Conn, Tx, sql};

/// The organization of an `AccountSid` or an E.164 number.
pub async fn find(conn: &mut Conn, key: &str) -> Result<Option<OrgId>> {
    sql!(
        conn,
        fetch_optional::<(String,)>,
        "SELECT org_id FROM directory WHERE key = $1",
        key
    )?
    .map(|(org,)| row::id("directory", org))
    .transpose()
}

/// Everything, for the cache in memory.
pub async fn all(conn: &mut Conn) -> Result<Vec<(String, OrgId)>> {
    sql!(
        conn,
        fetch_all::<(String, String)>,
        "SELECT key, org_id FROM directory"
    )?
    .into_iter()
    .map(|(key, org)| Ok((key, row::id("directory", org)?)))
    .collect()
}

/// Claims a key for this organization; `taken` names the conflict when another organization has it.
pub(crate) async fn claim(tx: &mut Tx, key: &str, taken: &str) -> Result<()> {
    let org = tx.org();
    let rows = sql!(tx, execute, "
        INSERT INTO directory (key, org_id) VALUES ($1, $2)
        ON CONFLICT (key) DO UPDATE SET org_id = excluded.org_id WHERE directory.org_id = excluded.org_id",
        key, &*org)?;
    if rows == 0 {
        Err(Error::conflict(taken))
    } else {
        Ok(())
    }
}

/// Gives a key back.
pub(crate) async fn release(tx: &mut Tx, key: &str) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM directory WHERE key = $1 AND org_id = $2",
        key,
        &*org
    )?;
    Ok(())
}
