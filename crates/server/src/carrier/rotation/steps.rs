//! The steps of a change of a token, each taken from what is written down, and written down before the next.

use chrono::TimeDelta;
use offhook_core::id::{CarrierId, OrgId};
use offhook_store::Error;
use offhook_store::carriers::{self, CarrierAccount, Standing};
use offhook_store::seal::{SealError, Sealed, Secret};
use offhook_twilio::rest::account as rest;
use serde_json::json;

use super::{Rotation, State, put};
use crate::app::App;
use crate::carrier::{Account, SendError, SetUpError, accounts, api_key, keep, verify};
use crate::jobs::Next;

/// So long webhooks that were signed with the token of before are accepted.
const OLD_TOKEN: TimeDelta = TimeDelta::minutes(10);
/// Requests that were begun with the token of before may end before it is switched off.
const BEFORE_PROMOTION: TimeDelta = TimeDelta::seconds(15);
/// How long after a step that did not go through it is tried again.
const AGAIN: TimeDelta = TimeDelta::seconds(10);
/// After so long it is given up.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// So long the new token may take until it is known everywhere at the carrier.
const SETTLES: TimeDelta = TimeDelta::minutes(2);

/// What a step came to.
enum Came {
    /// On to the next.
    On,
    /// Not yet.
    Later(TimeDelta, String),
    /// It is over, for better or worse.
    Over,
}

/// Goes on with a change of a token from wherever it stands.
pub(crate) async fn go_on(app: &App, org: &OrgId, id: &CarrierId) -> Result<Next, Error> {
    loop {
        let found = app
            .db
            .read(org, async |tx| carriers::find(tx, id).await)
            .await?;
        let Some(row) = found else {
            return Ok(Next::GiveUp("the account is gone".into()));
        };
        let rotation = Rotation::of(&row);
        let stage = Stage {
            app,
            org,
            account: Account::open(&app.keys, org, row.clone())?,
            row,
            rotation,
        };
        if !stage.rotation.is_open() {
            return Ok(Next::Done(json!({ "state": stage.rotation.state })));
        }
        match stage.step().await? {
            Came::On => {}
            Came::Over => return Ok(Next::Done(json!({}))),
            Came::Later(wait, why) => return Ok(Next::Again(app.clock.now() + wait, why)),
        }
    }
}

/// One step with all that it needs.
struct Stage<'a> {
    app: &'a App,
    org: &'a OrgId,
    row: CarrierAccount,
    account: Account,
    rotation: Rotation,
}

impl Stage<'_> {
    async fn step(&self) -> Result<Came, Error> {
        match self.rotation.state {
            State::Created => self.create().await,
            State::Stored => self.promote().await,
            State::Promoted => self.verify().await,
            State::Verified => self.test_key().await,
            State::None | State::Done | State::Failed => Ok(Came::Over),
        }
    }

    /// A second token is made and stored, in this order: one that was lost on its way is replaced by the next.
    async fn create(&self) -> Result<Came, Error> {
        let asked = self
            .app
            .carrier
            .send(&self.account, &rest::create_secondary_token())
            .await;
        let made = match asked {
            Ok(made) => Secret::new(made.secondary_auth_token),
            Err(SendError::Refused(refusal)) if refusal.status == 401 => {
                keep::refused(self.app, &self.account).await?;
                return self.fail("create", "Twilio does not take the stored auth token: it was changed in the console. Enter the new one first.").await;
            }
            Err(SendError::Refused(refusal)) if matches!(refusal.status, 400 | 409) => {
                // One of before is in the way; whoever made it is not using it, since a second one signs nothing.
                match self
                    .app
                    .carrier
                    .send(&self.account, &rest::delete_secondary_token())
                    .await
                {
                    Ok(_) => return self.later("a second token of before was taken back").await,
                    Err(_) => return self.fail("create", &refusal.to_string()).await,
                }
            }
            Err(SendError::Refused(refusal)) => {
                return self.fail("create", &refusal.to_string()).await;
            }
            Err(error) => return self.later(&error.to_string()).await,
        };
        let place = carriers::next_token_place(self.org.as_str(), &self.row.id);
        let sealed = self.app.keys.seal(place, &made).map_err(Error::from)?;
        let next = self.rotation.clone().came_to(
            State::Stored,
            &[
                ("create", "Twilio made a second auth token."),
                (
                    "store",
                    "It is sealed here; webhooks with either of the two are accepted.",
                ),
            ],
        );
        self.put(
            |row| {
                Ok((
                    row.auth_token.clone(),
                    Standing {
                        next_token: Some(sealed.clone()),
                        ..row.standing.clone()
                    },
                ))
            },
            &next,
        )
        .await?;
        // Requests that are on their way with the first token arrive before it is switched off.
        Ok(Came::Later(
            BEFORE_PROMOTION,
            "requests with the token of before end first".into(),
        ))
    }

    /// The second token becomes the one that signs; the first opens nothing from then on.
    async fn promote(&self) -> Result<Came, Error> {
        let asked = self
            .app
            .carrier
            .send(&self.account, &rest::promote_token())
            .await;
        let token = match asked {
            Ok(promoted) => Secret::new(promoted.auth_token),
            Err(SendError::Refused(_)) => match self.settle_promotion().await? {
                Ok(token) => token,
                Err(came) => return Ok(came),
            },
            Err(error) => return self.later(&error.to_string()).await,
        };
        let now = self.app.clock.now();
        let until = now + OLD_TOKEN;
        let next = Rotation {
            old_token_until: Some(until),
            ..self.rotation.clone().came_to(
                State::Promoted,
                &[("promote", "The new token signs from now on; the one of before is still accepted for ten minutes.")],
            )
        };
        let old = self.account.by_stored_token().auth_token;
        let (org, id) = (self.org.as_str(), &self.row.id);
        let seal = |place, secret: &Secret| {
            self.app
                .keys
                .seal(place, secret)
                .map_err(|error: SealError| Error::from(error))
        };
        let old = seal(carriers::old_token_place(org, id), &old)?;
        let token = seal(carriers::auth_token_place(org, id), &token)?;
        self.put(
            |row| {
                let standing = Standing {
                    next_token: None,
                    old_token: Some((old.clone(), until)),
                    refused_since: None,
                    ..row.standing.clone()
                };
                Ok((token.clone(), standing))
            },
            &next,
        )
        .await?;
        Ok(Came::On)
    }

    /// The promotion was refused: it was done before, and the answer was lost; or somebody took the second token back.
    async fn settle_promotion(&self) -> Result<Result<Secret, Came>, Error> {
        let fetch = rest::fetch(&self.account.account_sid);
        let with_next = self.app.carrier.send(&self.account, &fetch).await;
        let with_old = self
            .app
            .carrier
            .send(&self.account.by_stored_token(), &fetch)
            .await;
        let is_refused = |answer: &Result<rest::Account, SendError>| matches!(answer, Err(SendError::Refused(refusal)) if refusal.status == 401);
        Ok(match (with_next.is_ok(), is_refused(&with_next), with_old.is_ok(), is_refused(&with_old)) {
            (true, _, _, true) => Ok(self.account.auth_token.clone()),
            (true, _, true, _) => Err(self.later("Twilio did not promote the second token").await?),
            (_, true, true, _) => Err(self.fail_without_next("promote", "The second token was taken back at Twilio; the one of before is still in use.").await?),
            (_, true, _, true) => {
                keep::refused(self.app, &self.account).await?;
                Err(self.fail_without_next("promote", "Twilio takes neither token: it was changed in the console meanwhile. Enter the new one.").await?)
            }
            _ => Err(self.later("Twilio does not answer").await?),
        })
    }

    async fn verify(&self) -> Result<Came, Error> {
        let asked = self
            .app
            .carrier
            .send(&self.account, &rest::fetch(&self.account.account_sid))
            .await;
        match asked {
            Ok(_) => {
                let next = self.rotation.clone().came_to(
                    State::Verified,
                    &[("verify", "The new token opens the account.")],
                );
                self.note(&next).await?;
                Ok(Came::On)
            }
            Err(SendError::Refused(refusal)) if refusal.status == 401 && self.age() > SETTLES => {
                keep::refused(self.app, &self.account).await?;
                self.fail("verify", "Twilio does not take the new token. Copy the one from its console into Settings.").await
            }
            Err(error) => self.later(&error.to_string()).await,
        }
    }

    /// Some of the carrier's texts say that API keys survive, others that all die.
    async fn test_key(&self) -> Result<Came, Error> {
        let detail = match verify::key_opens(self.app, &self.account).await {
            Some(true) => "The API key still opens the account.",
            Some(false) => match self
                .made(api_key::replace(self.app, &self.account).await)
                .await?
            {
                Some(came) => return Ok(came),
                None => "The API key had ended with the old token; a new one was made.",
            },
            None => match self
                .made(api_key::ensure(self.app, &self.account).await)
                .await?
            {
                Some(came) => return Ok(came),
                None => "An API key was made.",
            },
        };
        self.note(
            &self
                .rotation
                .clone()
                .came_to(State::Done, &[("keys", detail)]),
        )
        .await?;
        tracing::info!(org.id = %self.org, "the auth token was changed");
        Ok(Came::Over)
    }

    async fn made(&self, made: Result<(String, bool), SetUpError>) -> Result<Option<Came>, Error> {
        match made {
            Ok(_) => Ok(None),
            Err(SetUpError::Store(error)) => Err(error),
            Err(SetUpError::Send(error)) => self.later(&error.to_string()).await.map(Some),
        }
    }

    fn age(&self) -> TimeDelta {
        self.rotation
            .started_at
            .map_or(TimeDelta::zero(), |at| self.app.clock.now() - at)
    }

    /// Tries the same step again, unless that goes on for too long.
    async fn later(&self, why: &str) -> Result<Came, Error> {
        if self.age() > LONGEST {
            return self.fail(self.present_step(), why).await;
        }
        let waiting = Rotation {
            reason: Some(why.to_owned()),
            ..self.rotation.clone()
        };
        self.note(&waiting).await?;
        Ok(Came::Later(AGAIN, why.to_owned()))
    }

    fn present_step(&self) -> &'static str {
        match self.rotation.state {
            State::Stored => "promote",
            State::Promoted => "verify",
            State::Verified => "keys",
            _ => "create",
        }
    }

    /// It ends here; a second token that may have been promoted stays good.
    async fn fail(&self, step: &str, why: &str) -> Result<Came, Error> {
        tracing::warn!(org.id = %self.org, step, why, "the change of the auth token failed");
        self.note(&self.rotation.clone().failed(step, why)).await?;
        Ok(Came::Over)
    }

    /// It ends here, and the second token is known to be worth nothing.
    async fn fail_without_next(&self, step: &str, why: &str) -> Result<Came, Error> {
        tracing::warn!(org.id = %self.org, step, why, "the change of the auth token failed");
        let failed = self.rotation.clone().failed(step, why);
        self.put(
            |row| {
                Ok((
                    row.auth_token.clone(),
                    Standing {
                        next_token: None,
                        ..row.standing.clone()
                    },
                ))
            },
            &failed,
        )
        .await?;
        Ok(Came::Over)
    }

    async fn note(&self, rotation: &Rotation) -> Result<(), Error> {
        self.put(
            |row| Ok((row.auth_token.clone(), row.standing.clone())),
            rotation,
        )
        .await
    }

    /// Writes a step down, unless the account was saved by hand meanwhile, and tells all nodes.
    async fn put(
        &self,
        to: impl Fn(&CarrierAccount) -> Result<(Sealed, Standing), Error> + Clone,
        rotation: &Rotation,
    ) -> Result<(), Error> {
        self.app
            .write(self.org, async |tx| {
                let Some(row) = carriers::find(tx, &self.row.id).await? else {
                    return Ok::<_, Error>(());
                };
                if Rotation::of(&row).started_at != self.rotation.started_at {
                    return Ok(());
                }
                let (auth_token, standing) = to(&row)?;
                let row = CarrierAccount { auth_token, ..row };
                carriers::save(tx, &row).await?;
                put(tx, &row, standing, rotation).await
            })
            .await?;
        accounts::changed(self.app, self.org).await;
        Ok(())
    }
}
