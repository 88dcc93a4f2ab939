//! Leases: what only one node may do at a time.

use offhook_core::Time;

use crate::error::Result;
use crate::time::micros;
use crate::tx::{Conn, sql};

/// Takes or keeps a lease; `false` while another node holds it.
pub async fn take(
    conn: &mut Conn,
    name: &str,
    holder: &str,
    now: Time,
    until: Time,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "
        INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.holder = excluded.holder OR leases.until <= $4",
        name,
        holder,
        micros(until),
        micros(now)
    )?;
    Ok(rows == 1)
}

/// Gives a lease back before its end.
pub async fn give_back(conn: &mut Conn, name: &str, holder: &str) -> Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM leases WHERE name = $1 AND holder = $2",
        name,
        holder
    )?;
    Ok(())
}
