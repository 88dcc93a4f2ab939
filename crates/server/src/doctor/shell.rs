//! The doctor at the operator's shell: with the server's own settings, beside a server that runs or instead of one that does not start.

use std::path::Path;

use offhook_core::id::OrgId;
use offhook_store::{Db, Reason, organizations};

use super::case::Case;
use super::house::DATABASE;
use super::report::{Check, Group, Item, Report, State};
use super::{Eyes, address, examine, settings, wiring};
use crate::app::App;
use crate::config::{Config, ConfigErrors};
use crate::keys;

const REPAIR: Item = Item {
    id: "carrier.repair",
    group: Group::Carrier,
    title: "Repair",
    seeds: &[],
};

/// An organization that was looked at.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Examined {
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What was found.
    pub report: Report,
}

/// What the doctor says to an operator.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Consultation {
    /// Nothing has failed.
    pub ok: bool,
    /// What keeps the server from being looked at further.
    pub trouble: Vec<Check>,
    /// Each organization.
    pub organizations: Vec<Examined>,
}

impl Consultation {
    fn trouble(trouble: Vec<Check>) -> Self {
        Self {
            ok: false,
            trouble,
            organizations: Vec::new(),
        }
    }
}

/// The settings are such that no server starts with them.
pub fn unusable(errors: &ConfigErrors) -> Consultation {
    Consultation::trouble(settings::broken(errors))
}

/// Looks at one organization, or at all; repairs first, where that is wanted.
pub async fn consult(config: Config, slug: Option<&str>, repairs: bool) -> Consultation {
    match opened(config).await {
        Ok(app) => {
            let consultation = all(&app, slug, repairs).await;
            app.db.close().await;
            consultation
        }
        Err(trouble) => Consultation::trouble(vec![trouble]),
    }
}

/// The database is not made or changed here: a doctor looks first.
async fn opened(config: Config) -> Result<App, Check> {
    let file = Path::new(&config.database);
    if !config.database.contains("://") && !file.exists() {
        return Err(DATABASE.failed(
            format!("There is no database at {}.", file.display()),
            "Start the server once with the same settings: it makes the database and prints the link that sets it up.",
        ));
    }
    let keys = keys::ring(
        &config.encryption_key,
        config.encryption_key_previous.as_ref(),
    )
    .map_err(|error| {
        DATABASE.failed(
            error.to_string(),
            "Set ENCRYPTION_KEY as the server has it.",
        )
    })?;
    let db = Db::open(&config.database).await.map_err(|error| {
        DATABASE.failed(
            format!("It cannot be opened: {error}."),
            "Check DATABASE_URL, and that the database server runs and can be reached from here.",
        )
    })?;
    Ok(App::new(config, db, keys))
}

async fn all(app: &App, slug: Option<&str>, repairs: bool) -> Consultation {
    let orgs = match chosen(app, slug).await {
        Ok(orgs) => orgs,
        Err(trouble) => return Consultation::trouble(vec![trouble]),
    };
    let mut consultation = Consultation {
        ok: true,
        ..Consultation::default()
    };
    for (org, slug, name) in orgs {
        if repairs && let Some(refused) = repaired(app, &org).await {
            consultation.ok = false;
            consultation.trouble.push(refused);
        }
        match examine(app, &org, Eyes::Operator).await {
            Ok(report) => {
                consultation.ok &= report.ok;
                consultation
                    .organizations
                    .push(Examined { slug, name, report });
            }
            Err(error) => {
                consultation.ok = false;
                consultation.trouble.push(unreadable(&error));
            }
        }
    }
    consultation
}

/// Repairs; answers why not. With a wrong address at hand the numbers would be led astray, so that is looked at first.
async fn repaired(app: &App, org: &OrgId) -> Option<Check> {
    let case = match Case::of(app, org, Eyes::Operator).await {
        Ok(case) => case,
        Err(error) => return Some(unreadable(&error)),
    };
    let address = address::leads_here(&case).await;
    if !matches!(address.state, State::Ok | State::Warning) {
        let finding = format!("Nothing was repaired. {}", address.finding);
        return Some(Check { finding, ..address });
    }
    let error = wiring::repair(app, org, None).await.err()?;
    Some(REPAIR.failed(
        format!("Not everything could be repaired: {error}."),
        "See the findings below.",
    ))
}

async fn chosen(app: &App, slug: Option<&str>) -> Result<Vec<(OrgId, String, String)>, Check> {
    let found = app
        .db
        .system(Reason::Sweep)
        .read(async |conn| {
            let mut found = Vec::new();
            for id in organizations::ids(conn).await? {
                let organization = organizations::get(conn, &id).await?;
                found.push((id, organization.slug, organization.name));
            }
            Ok::<_, offhook_store::Error>(found)
        })
        .await
        .map_err(|error| unreadable(&error))?;
    if found.is_empty() {
        return Err(DATABASE.failed(
            "The installation has no organization yet.",
            "Open the link that the server printed at its first start, or make another with `offhook admin setup-link`.",
        ));
    }
    let all = found.len();
    let fits = |(_, known, _): &(OrgId, String, String)| slug.is_none_or(|slug| slug == known);
    let chosen: Vec<_> = found.into_iter().filter(fits).collect();
    if chosen.is_empty() {
        return Err(DATABASE.failed(
            format!(
                "None of the {all} organizations here has the short name {}.",
                slug.unwrap_or_default()
            ),
            "Give the short name that stands in Settings.",
        ));
    }
    Ok(chosen)
}

fn unreadable(error: &offhook_store::Error) -> Check {
    DATABASE.failed(
        format!("Its tables cannot be read: {error}."),
        "Check that the database answers; if it does, bring its tables up to date with `offhook migrate`.",
    )
}
