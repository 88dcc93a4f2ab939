//! `ENCRYPTION_KEY`: is it the one that the stored secrets are sealed with, and how it is changed.

use offhook_core::id::OrgId;
use offhook_store::carriers::{self, CarrierAccount};
use offhook_store::seal::{Keyring, SealError, Sealed};
use offhook_store::{Db, Error, Reason, organizations};

use crate::config::{Secret, StoreArgs};
use crate::serve::{StartError, open_at};

/// How the stored secrets stand to the keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sealing {
    /// Sealed with `ENCRYPTION_KEY`, or sealed anew with it just now.
    pub present: usize,
    /// Sealed with `ENCRYPTION_KEY_PREVIOUS`.
    pub earlier: usize,
    /// Sealed with a key that is not given.
    unknown: usize,
    /// Changed by somebody else than us.
    broken: usize,
}

/// The keys that were given.
pub(crate) fn ring(present: &Secret, earlier: Option<&Secret>) -> Result<Keyring, SealError> {
    let ring = Keyring::new(present.expose())?;
    match earlier {
        Some(earlier) => ring.with_earlier(earlier.expose()),
        None => Ok(ring),
    }
}

/// Looks at every stored secret before anything is done with one.
///
/// # Errors
/// When they are sealed with another key than those given.
pub(crate) async fn check(db: &Db, keys: &Keyring) -> Result<Sealing, StartError> {
    let found = look(db, keys, false).await?;
    let nothing_opens = found.broken > 0 && found.present + found.earlier == 0;
    if found.unknown > 0 || nothing_opens {
        return Err(StartError::WrongKey(found.unknown + found.broken));
    }
    Ok(found)
}

/// Seals with `ENCRYPTION_KEY` what `ENCRYPTION_KEY_PREVIOUS` sealed; answers how many secrets that were.
///
/// # Errors
/// When there is a secret that neither key opens; then nothing is changed.
pub async fn reseal(args: &StoreArgs) -> Result<usize, StartError> {
    let keys = ring(&args.key()?, args.encryption_key_previous.as_ref())?;
    let db = open_at(&args.data_dir, &args.database()).await?;
    let earlier = check(&db, &keys).await?.earlier;
    if earlier > 0 {
        look(&db, &keys, true).await?;
    }
    db.close().await;
    Ok(earlier)
}

async fn look(db: &Db, keys: &Keyring, anew: bool) -> Result<Sealing, Error> {
    let system = db.system(Reason::Sweep);
    let orgs = system
        .read(async |conn| organizations::ids(conn).await)
        .await?;
    let mut found = Sealing::default();
    for org in orgs {
        for account in db.read(&org, async |tx| carriers::list(tx).await).await? {
            look_at(db, keys, &org, &account, anew, &mut found).await?;
        }
    }
    Ok(found)
}

async fn look_at(
    db: &Db,
    keys: &Keyring,
    org: &OrgId,
    account: &CarrierAccount,
    anew: bool,
    found: &mut Sealing,
) -> Result<(), Error> {
    let id = &account.id;
    let token = carriers::auth_token_place(org.as_str(), id);
    let secret = carriers::api_key_secret_place(org.as_str(), id);
    let next = carriers::next_token_place(org.as_str(), id);
    let old = carriers::old_token_place(org.as_str(), id);
    let all: [(_, Option<&Sealed>); 4] = [
        (token, Some(&account.auth_token)),
        (secret, account.api_key_secret.as_ref()),
        (next, account.standing.next_token.as_ref()),
        (
            old,
            account
                .standing
                .old_token
                .as_ref()
                .map(|(sealed, _)| sealed),
        ),
    ];
    for (place, sealed) in all {
        let Some(sealed) = sealed else { continue };
        match keys.reseal(place, sealed) {
            Ok(None) => found.present += 1,
            Ok(Some(fresh)) => {
                found.earlier += 1;
                if anew {
                    db.write(org, async |tx| {
                        carriers::replace_sealed(tx, id, sealed, &fresh).await
                    })
                    .await?;
                }
            }
            Err(SealError::UnknownKey) => found.unknown += 1,
            Err(error) => {
                tracing::error!(%error, org.id = %org, "a stored secret does not open; enter it again in Settings");
                found.broken += 1;
            }
        }
    }
    Ok(())
}
