//! Goes round every few seconds: finds whose sign of life has lapsed, ends the legs of the vanished, and offers waiting calls to
//! whoever has become free; at once when somebody stirs.

use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::{Event, Free, Mode};
use offhook_core::id::{CallId, OrgId, UserId};
use offhook_core::presence::{CLIENT_LIVES, Presence};
use offhook_store::presence as store;
use offhook_store::{Error, Reason, Tx, calls, leases, queues};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{facts, of, refresh};
use crate::app::App;
use crate::calls::story::{self, Source, Telling};
use crate::live::Stir;
use crate::webhooks;

/// How often.
const EVERY: Duration = Duration::from_secs(5);
/// A round that comes so late was not able to hear anybody.
const DEAF: TimeDelta = TimeDelta::seconds(12);
/// Nobody waits for a client longer than that, whatever was away.
const LONGEST_PARDON: TimeDelta = TimeDelta::minutes(5);
/// Whoever does an organization's round keeps it for so long.
const LEASE: TimeDelta = TimeDelta::seconds(12);

/// Starts to look after presence on this node.
pub fn start(app: &App) {
    let node = app.clone();
    app.spawn(async move { rounds(&node).await });
    if let Some(stirs) = app.live.take_stirs() {
        let node = app.clone();
        app.spawn(async move { stirred(&node, stirs).await });
    }
}

/// Somebody's device was reported, or a choice was made.
async fn stirred(app: &App, mut stirs: UnboundedReceiver<Stir>) {
    while let Some(stir) = stirs.recv().await {
        if let Err(error) = look(app, &stir.org, &stir.user).await {
            tracing::debug!(%error, "an agent's presence could not be looked at; the next round does it");
        }
        drop(stir.working);
    }
}

async fn look(app: &App, org: &OrgId, user: &UserId) -> Result<(), Error> {
    let now = app.clock.now();
    let rows = app
        .db
        .read(org, async |tx| store::facts(tx, Some(user), now).await)
        .await?;
    if rows
        .iter()
        .all(|row| row.shown.as_deref() == Some(of(row, now).as_str()))
    {
        return Ok(());
    }
    let agents = [user.clone()];
    let freed = app
        .write(org, async |tx| refresh(tx, &agents, now).await)
        .await?;
    for agent in freed {
        offer_to(app, org, &agent).await?;
    }
    Ok(())
}

/// When signs of life could not be stored, so that nobody is blamed for it.
struct Hearing {
    last_round: Option<Time>,
    deaf_since: Time,
    pardon_until: Time,
}

impl Hearing {
    /// Notes a round; a late one means that nothing could be heard before it.
    fn round(&mut self, now: Time, last_beat: Option<Time>) {
        let before = self.last_round.or(last_beat);
        if before.is_some_and(|before| now - before > DEAF) || self.last_round.is_none() {
            self.deaf_since = before.unwrap_or(now);
            self.pardon_until = now + CLIENT_LIVES;
        }
        self.last_round = Some(now);
    }

    fn unheard(&self, now: Time) -> TimeDelta {
        if now < self.pardon_until {
            (now - self.deaf_since).min(LONGEST_PARDON)
        } else {
            TimeDelta::zero()
        }
    }
}

async fn rounds(app: &App) {
    let mut hearing = Hearing {
        last_round: None,
        deaf_since: Time::UNIX_EPOCH,
        pardon_until: Time::UNIX_EPOCH,
    };
    loop {
        let working = app.work.enter();
        if let Err(error) = round(app, &mut hearing).await {
            tracing::warn!(%error, "a round of presence was not finished");
        }
        drop(working);
        app.clock.sleep(EVERY).await;
    }
}

async fn round(app: &App, hearing: &mut Hearing) -> Result<(), Error> {
    let organizations = webhooks::organizations(app).await?;
    let now = app.clock.now();
    let mut last_beat = None;
    for org in &organizations {
        last_beat = last_beat.max(
            app.db
                .read(org, async |tx| store::last_beat(tx).await)
                .await?,
        );
    }
    hearing.round(now, last_beat);
    for org in organizations {
        let name = format!("presence:{org}");
        let system = app.db.system(Reason::Sweep);
        let ours = system
            .write(async |conn| leases::take(conn, &name, app.jobs.node(), now, now + LEASE).await)
            .await?;
        if ours {
            go_round(app, &org, hearing.unheard(now)).await?;
        }
    }
    Ok(())
}

/// One organization: its vanished agents, its changed ones, and its waiting callers.
async fn go_round(app: &App, org: &OrgId, unheard: TimeDelta) -> Result<(), Error> {
    let now = app.clock.now();
    let rows = app
        .db
        .read(org, async |tx| store::facts(tx, None, now).await)
        .await?;
    for row in &rows {
        let Some(call) = row
            .live_call
            .as_ref()
            .filter(|_| facts(row, unheard).has_vanished(now))
        else {
            continue;
        };
        let agent = row.user.clone();
        // A leg that no page of ours carries stays, whatever pages of ours have gone.
        if tell(app, org, call, Event::AgentGone { agent }).await? {
            tracing::info!(call.id = %call, "an agent's client gives no sign of life: its leg is ended");
        }
    }
    let lapsed = |row: &&store::AgentFacts| {
        let shown = of(row, now);
        // While nothing could be heard, nobody is told to be gone.
        let pardoned = !unheard.is_zero() && matches!(shown, Presence::Offline | Presence::Away);
        row.shown.as_deref() != Some(shown.as_str()) && !pardoned
    };
    let changed: Vec<UserId> = rows
        .iter()
        .filter(lapsed)
        .map(|row| row.user.clone())
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    let freed = app
        .write(org, async |tx| refresh(tx, &changed, now).await)
        .await?;
    for agent in freed {
        offer_to(app, org, &agent).await?;
    }
    Ok(())
}

/// The calls that wait where this agent works are told who is free now, first come first.
pub(crate) async fn offer_to(app: &App, org: &OrgId, agent: &UserId) -> Result<(), Error> {
    let waiting = app
        .db
        .read(org, async |tx| waiting_for(tx, agent).await)
        .await?;
    for call in waiting {
        match app.write(org, async |tx| offer(app, tx, &call).await).await {
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn offer(app: &App, tx: &mut Tx, call: &CallId) -> Result<(), Error> {
    let stored = calls::load(tx, call).await?;
    let Free { agents, devices } = super::available_for(tx, &stored.call, app.clock.now()).await?;
    if agents.is_empty() {
        return Ok(());
    }
    let telling = Telling::of(vec![Event::AgentsFree { agents, devices }], Source::System);
    story::tell_in(app, tx, call, &telling).await.map(|_| ())
}

async fn waiting_for(tx: &mut Tx, agent: &UserId) -> Result<Vec<CallId>, Error> {
    let theirs = queues::queues_of(tx, agent).await?;
    let mut found = Vec::new();
    for call in calls::waiting(tx, None).await? {
        let concerned = match &call.queue {
            Some(queue) => theirs.contains(&queue.id),
            None => match calls::load(tx, &call.id).await?.call.mode {
                Mode::RingAgents { agents, .. } => agents.contains(agent),
                _ => false,
            },
        };
        if concerned {
            found.push(call.id);
        }
    }
    Ok(found)
}

/// Tells a call something; answers whether that changed anything.
async fn tell(app: &App, org: &OrgId, call: &CallId, event: Event) -> Result<bool, Error> {
    match story::tell(app, org, call, &Telling::of(vec![event], Source::System)).await {
        Ok(told) => Ok(!told.concerned.is_empty()),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn time_in_which_nothing_could_be_heard_does_not_count() {
        let mut hearing = Hearing {
            last_round: None,
            deaf_since: at(0),
            pardon_until: at(0),
        };
        hearing.round(at(100), Some(at(60)));
        assert_eq!(
            hearing.unheard(at(100)),
            TimeDelta::seconds(40),
            "a restart after 40 s"
        );
        hearing.round(at(105), Some(at(104)));
        hearing.round(at(110), Some(at(109)));
        assert_eq!(
            hearing.unheard(at(126)),
            TimeDelta::zero(),
            "everybody had time to come back"
        );
        hearing.round(at(150), Some(at(109)));
        assert_eq!(
            hearing.unheard(at(151)),
            TimeDelta::seconds(41),
            "the database was away for 40 s"
        );
    }
}
