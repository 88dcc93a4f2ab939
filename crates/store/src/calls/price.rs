//! What the carrier takes: each leg has its price some seconds after its end, the call the sum.

use offhook_core::Time;
use offhook_core::id::CallId;

use super::TABLE;
use crate::error::{Error, Result};
use crate::row;
use crate::time::micros;
use crate::tx::{Tx, sql};

/// Prices have at most six decimals here; Twilio gives five.
const DECIMALS: usize = 6;

/// Stores a leg's price (the carrier writes it negative) and sums up its call. Answers the call.
pub async fn set_leg_price(tx: &mut Tx, sid: &str, price: &str, currency: &str) -> Result<CallId> {
    let org = tx.org();
    let price = decimal(price).ok_or_else(|| Error::conflict("price"))?;
    let (call,) = sql!(
        tx,
        fetch_optional::<(String,)>,
        "
        UPDATE legs SET price = $3 WHERE org_id = $1 AND sid = $2 RETURNING call_id",
        &*org,
        sid,
        text(price)
    )?
    .ok_or(Error::NotFound)?;
    let prices = sql!(
        tx,
        fetch_all::<(String,)>,
        "
        SELECT price FROM legs WHERE org_id = $1 AND call_id = $2 AND price IS NOT NULL",
        &*org,
        &call
    )?;
    let sum: i64 = prices.iter().filter_map(|(p,)| decimal(p)).sum();
    sql!(
        tx,
        execute,
        "UPDATE calls SET price = $3, price_currency = $4 WHERE org_id = $1 AND id = $2",
        &*org,
        &call,
        text(sum),
        currency.to_uppercase()
    )?;
    row::id(TABLE, call)
}

/// Legs that ended after `from` and before `to` and have no price yet.
pub async fn unpriced(tx: &mut Tx, from: Time, to: Time, most: u32) -> Result<Vec<String>> {
    let org = tx.org();
    let sids = sql!(tx, fetch_all::<(String,)>, "
        SELECT l.sid FROM calls c JOIN legs l ON l.org_id = c.org_id AND l.call_id = c.id
        WHERE c.org_id = $1 AND c.started_at > $2 AND l.ended_at > $2 AND l.ended_at < $3 AND l.sid IS NOT NULL AND l.price IS NULL
        ORDER BY l.ended_at LIMIT $4",
        &*org, micros(from), micros(to), i64::from(most))?;
    Ok(sids.into_iter().map(|(sid,)| sid).collect())
}

/// Millionths, without the sign.
fn decimal(price: &str) -> Option<i64> {
    let price = price.trim().trim_start_matches('-');
    let (whole, part) = price.split_once('.').unwrap_or((price, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 9
        || part.len() > DECIMALS
        || !digits(whole)
        || !digits(part)
    {
        return None;
    }
    format!("{whole}{part:0<DECIMALS$}").parse().ok()
}

fn text(millionths: i64) -> String {
    let all = format!("{millionths:07}");
    let (whole, part) = all.split_at(all.len() - DECIMALS);
    let part = part.trim_end_matches('0');
    format!("{whole}.{part:0<4}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_lose_the_carriers_sign_and_nothing_else() {
        for (given, kept) in [
            ("-0.01300", "0.0130"),
            ("0.0085", "0.0085"),
            ("-1", "1.0000"),
            ("-12.34567", "12.34567"),
        ] {
            assert_eq!(decimal(given).map(text).as_deref(), Some(kept), "{given}");
        }
        for nonsense in ["", "-", "1e3", "0.1234567", "null", "1.-2"] {
            assert_eq!(decimal(nonsense), None, "{nonsense}");
        }
    }
}
