//! A front end of another system whose device dials by itself: the `connect` with a number is the start of the call, with every
//! check of one that begins at our own page, and its agent's leg dials the customer.

use offhook_core::call::{Call, Event};
use offhook_core::id::{CallId, OrgId, UserId};
use offhook_store::{Error, Tx, calls, presence};
use uuid::Uuid;

use super::start::{self, How, NewCall};
use super::story::{self, Source, Telling, Told};
use crate::app::App;
use crate::error::ApiError;

/// A device that dials.
pub(crate) struct Dialling {
    /// Whose.
    pub(crate) agent: UserId,
    /// Its leg, by which a repeat is known.
    pub(crate) sid: String,
    /// Its name at the carrier.
    pub(crate) address: String,
    /// Whom, and from which number.
    pub(crate) wanted: NewCall,
}

/// What came of it.
pub(crate) enum Dialled {
    /// The call.
    Call(Box<Told>),
    /// Why there is none, in words for the agent.
    Refused(String),
}

/// Checks, writes the call down and lets the agent's leg dial, all or nothing. The same leg again is the same call.
pub(crate) async fn dial(
    app: &App,
    org: &OrgId,
    who: &Dialling,
    telling: &Telling<'_>,
) -> Result<Dialled, Error> {
    let id = CallId::new(Uuid::now_v7());
    let mut begun = app
        .write(org, async |tx| begin(app, tx, &id, who, telling).await)
        .await;
    if matches!(
        &begun,
        Err(ApiError::Conflict {
            code: "conflict",
            ..
        })
    ) {
        // The same question at the same moment: the other one began the call.
        begun = app
            .write(org, async |tx| begin(app, tx, &id, who, telling).await)
            .await;
    }
    match begun {
        Ok(told) => {
            told.stir(app, org);
            Ok(Dialled::Call(Box::new(told)))
        }
        Err(ApiError::Unavailable) => Err(Error::Unavailable("a device could not dial".to_owned())),
        Err(ApiError::Invalid { code, detail, .. } | ApiError::TooMany { code, detail, .. }) => {
            tracing::info!(code, "a device may not dial");
            Ok(Dialled::Refused(detail))
        }
        Err(error) => {
            tracing::info!(%error, "a device may not dial");
            Ok(Dialled::Refused(error.to_string()))
        }
    }
}

async fn begin(
    app: &App,
    tx: &mut Tx,
    id: &CallId,
    who: &Dialling,
    telling: &Telling<'_>,
) -> Result<Told, ApiError> {
    presence::take_turn(tx, &who.agent).await?;
    let known = calls::by_request_key(tx, &who.sid).await?;
    let known = known.map(|stored| stored.call.id);
    let id = known.as_ref().unwrap_or(id);
    if known.is_none() {
        let now = app.clock.now();
        let placing = start::check(tx, &who.agent, id, &who.wanted, How::ByDevice, now).await?;
        let placed = Telling::of(Vec::new(), Source::Agent(who.agent.clone()));
        story::begin(app, tx, Call::place(now, placing), Some(&who.sid), &placed).await?;
    }
    let there = Telling {
        events: vec![Event::AgentCalls {
            agent: who.agent.clone(),
            sid: who.sid.clone(),
            label: None,
            address: who.address.clone(),
        }],
        ..telling.clone()
    };
    Ok(story::tell_in(app, tx, id, &there).await?)
}
