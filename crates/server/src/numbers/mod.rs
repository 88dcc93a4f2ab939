//! Numbers as the carrier sells and keeps them: found, bought with their papers, taken over, named, given back.

mod buy;
mod caller_ids;
mod found;
mod import;
mod papers;
mod prices;
mod purchase;
mod release;
mod search;
mod set_up;
mod settle;

pub(crate) use buy::buy;
pub(crate) use caller_ids::{forget, is_verified, verified, verify};
pub(crate) use import::{Importable, Refusal, import, importable};
pub(crate) use papers::Papers;
pub use prices::Prices;
pub(crate) use prices::{Price, Sold, sold};
pub(crate) use purchase::{Bought, Purchase, purchase, route_of};
pub(crate) use release::{give_back, release};
pub(crate) use search::{Found, Offered, Wanted, search};
pub(crate) use set_up::set_up;
pub(crate) use settle::settle;

use std::pin::pin;
use std::time::Duration;

use offhook_core::Time;
use offhook_core::id::{CarrierId, JobId, NumberId, OrderId, OrgId, UserId};
use offhook_store::jobs::{self, Class, Job, JobState, NewJob};
use offhook_store::numbers::{self, Destination, Number, Route};
use offhook_store::{Error, Reason, Tx, queues};
use offhook_twilio::errors::explain;
use offhook_twilio::rest::{Listed, Page, Request};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::auth::Identity;
use crate::carrier::{self, Account, SendError};
use crate::error::ApiError;

/// How long a request waits for a job whose result it answers,
const PATIENCE: Duration = Duration::from_secs(10);
/// and how often it looks when no job of this node has ended.
const LOOK: Duration = Duration::from_secs(1);
/// More pages than this are not read: an account with more numbers than that is searched, not listed.
const PAGES: usize = 40;
/// How long a number's owner is rung where nobody chose a route, seconds.
const OWNER_RINGS: u32 = 60;

/// What there is to do about numbers at the carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "task")]
pub(crate) enum Task {
    /// Buys one; paid, and never repeated once the request may have left.
    Buy {
        /// The purchase.
        order: OrderId,
    },
    /// Finds out what became of a purchase.
    Settle {
        /// The purchase.
        order: OrderId,
        /// The job that buys.
        job: JobId,
    },
    /// Sets one up at the carrier as it is here: its name and its webhooks.
    SetUp {
        /// Which.
        number: NumberId,
    },
    /// Gives one back.
    Release {
        /// Which.
        number: NumberId,
    },
}

impl Task {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Buy { .. } => "buy_number",
            Self::Settle { .. } => "settle_order",
            Self::SetUp { .. } => "set_up_number",
            Self::Release { .. } => "release_number",
        }
    }

    /// The job of this task. Changes of one number follow each other.
    pub(crate) fn job(self, run_at: Time) -> NewJob {
        let serial = match &self {
            Self::SetUp { number } | Self::Release { number } => Some(format!("number:{number}")),
            Self::Buy { .. } | Self::Settle { .. } => None,
        };
        NewJob {
            class: Class::Background,
            kind: self.kind().to_owned(),
            call: None,
            serial,
            repeatable: !matches!(self, Self::Buy { .. }),
            run_at,
            payload: serde_json::to_value(crate::jobs::Work::Number { task: self })
                .expect("a task is plain data"),
            dedupe_key: None,
        }
    }
}

/// Waits for a job until it has ended, or for so long that whoever asked should be told that it goes on.
async fn outcome(app: &App, id: &JobId) -> Result<Job, ApiError> {
    let until = app.clock.now() + PATIENCE;
    loop {
        let mut ended = pin!(app.jobs.ended());
        ended.as_mut().enable();
        let job = app
            .db
            .system(Reason::Jobs)
            .read(async |conn| jobs::get(conn, id).await)
            .await?;
        let goes_on = matches!(job.state, JobState::Available | JobState::Running);
        if !goes_on || app.clock.now() >= until {
            return Ok(job);
        }
        tokio::select! {
            () = ended => (),
            () = app.clock.sleep(LOOK) => (),
        }
    }
}

/// The account with which numbers are found and bought.
pub(crate) async fn account_in_use(app: &App, org: &OrgId) -> Result<Account, ApiError> {
    let found = carrier::of_org(&app.db, &app.keys, org).await?;
    found.ok_or_else(|| {
        ApiError::conflict("no_carrier", "connect a carrier account first, in Settings")
    })
}

/// The account that holds a number.
async fn account_of(app: &App, org: &OrgId, id: &CarrierId) -> Result<Option<Account>, Error> {
    carrier::of_id(&app.db, &app.keys, org, id).await
}

/// All pages of a list.
async fn all<T: Listed>(
    app: &App,
    account: &Account,
    first: Request<Page<T>>,
) -> Result<Vec<T>, SendError> {
    let (mut items, mut next) = (Vec::new(), Some(first));
    for _ in 0..PAGES {
        let Some(request) = next else { break };
        let page = app.carrier.send(account, &request).await?;
        next = page.next();
        items.extend(page.items);
    }
    Ok(items)
}

/// What a refused or lost request means to the person who asked.
pub(crate) fn said(error: &SendError) -> ApiError {
    let carrier_code = error.code().map(i64::from);
    match (error, error.code().and_then(explain)) {
        (SendError::Refused(_), Some(known)) => ApiError::Carrier {
            code: "carrier_refused",
            detail: format!("{} {}", known.meaning, known.cure),
            carrier_code,
        },
        (SendError::Refused(refusal), None) => ApiError::Carrier {
            code: "carrier_refused",
            detail: refusal.message.clone(),
            carrier_code,
        },
        (SendError::NotSent(_) | SendError::Unknown(_), _) => ApiError::Carrier {
            code: "carrier_unreachable",
            detail: error.to_string(),
            carrier_code,
        },
    }
}

/// What a call to a number does that nobody chose a route for: it rings the agent to whom it was given, which is a choice, or
/// goes into the first queue, which is a guess.
pub(crate) async fn first_route(tx: &mut Tx, owner: Option<&UserId>) -> Result<Route, Error> {
    let to = match owner {
        Some(owner) => Destination::RingAgents {
            agents: vec![owner.clone()],
            seconds: OWNER_RINGS,
        },
        None => match queues::list(tx).await?.into_iter().next() {
            Some(queue) => Destination::Queue { queue: queue.id },
            None => Destination::Voicemail,
        },
    };
    Ok(Route {
        to,
        overflow: None,
        greeting: None,
        chosen: owner.is_some(),
    })
}

/// Gives a number to an agent as that agent's own, or takes it back. An agent has one such number: another one is free again.
/// Its calls follow the owner, unless somebody chose another route.
pub(crate) async fn assign(
    tx: &mut Tx,
    id: &NumberId,
    agent: Option<&UserId>,
    now: Time,
) -> Result<Number, Error> {
    if let Some(agent) = agent {
        let theirs = numbers::list(tx).await?.into_iter();
        for number in theirs.filter(|n| n.agent.as_ref() == Some(agent) && n.id != *id) {
            own(tx, number, None, now).await?;
        }
    }
    let number = numbers::get(tx, id).await?;
    own(tx, number, agent, now).await
}

async fn own(
    tx: &mut Tx,
    mut number: Number,
    agent: Option<&UserId>,
    now: Time,
) -> Result<Number, Error> {
    let rings_owner = match &number.route.to {
        Destination::RingAgents { agents, .. } => agents.iter().eq(&number.agent),
        _ => false,
    };
    if !number.route.chosen || rings_owner {
        number.route = Route {
            overflow: number.route.overflow.clone(),
            greeting: number.route.greeting.clone(),
            ..first_route(tx, agent).await?
        };
    }
    number.agent = agent.cloned();
    number.updated_at = now;
    numbers::update(tx, &number).await?;
    Ok(number)
}

/// Who asks, as far as a story about numbers needs to know.
pub(crate) type Who = Identity;
