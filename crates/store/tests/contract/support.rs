//! A database of its own for each case, on either engine, and a few rows to begin with.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Duration, Utc};
use offhook_core::Time;
use offhook_core::id::{CarrierId, ContactId, NumberId, OrgId, QueueId, UserId};
use offhook_store::contacts::{Contact, ContactKind, Phone};
use offhook_store::numbers::{Destination, Number, Route};
use offhook_store::organizations::{Organization, Settings};
use offhook_store::queues::Queue;
use offhook_store::users::{Membership, Role, User};
use offhook_store::{Db, Reason, contacts, numbers, organizations, queues, users};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// Each case becomes two tests, `on_sqlite` and `on_postgres`; `url` is the address by which the database can be opened again.
macro_rules! contract {
    ($($(#[$doc:meta])* async fn $name:ident($db:ident: Db $(, $url:ident: &str)?) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn case($db: offhook_store::Db $(, $url: &str)?) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let place = $crate::support::OnSqlite::new().await;
                case(place.db.clone() $(, { let $url = place.url.as_str(); $url })?).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let Some(place) = $crate::support::OnPostgres::new().await else { return };
                case(place.db.clone() $(, { let $url = place.url.as_str(); $url })?).await;
                place.clear_away().await;
            }
        }
    )+};
}
pub(crate) use contract;

pub(crate) struct OnSqlite {
    pub(crate) db: Db,
    pub(crate) url: String,
    /// Removed with everything in it when the case is over.
    _dir: tempfile::TempDir,
}

impl OnSqlite {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let url = dir.path().join("offhook.db").display().to_string();
        let db = Db::open(&url).await.unwrap();
        db.migrate().await.unwrap();
        Self { db, url, _dir: dir }
    }
}

pub(crate) struct OnPostgres {
    pub(crate) db: Db,
    /// The address of a superuser in the case's own database.
    pub(crate) superuser: String,
    /// The address of the application's role.
    pub(crate) url: String,
    server: String,
    name: String,
}

/// The role that owns the databases of the cases; as in production it is neither superuser nor BYPASSRLS.
const ROLE: &str = "offhook_contract";
/// One process at a time makes the template.
const TEMPLATE_LOCK: i64 = 7_211_306;

#[expect(
    clippy::disallowed_methods,
    reason = "the test's own switch, not a setting of the product"
)]
fn server() -> Option<String> {
    std::env::var("OFFHOOK_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty())
}

impl OnPostgres {
    pub(crate) async fn new() -> Option<Self> {
        let server = server()?;
        let template = template(&server).await;
        let name = format!("case_{}", Uuid::now_v7().simple());
        let mut admin = PgConnection::connect(&server)
            .await
            .expect("OFFHOOK_TEST_POSTGRES must be reachable");
        run(
            &mut admin,
            format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE}"),
        )
        .await;
        let url = address(&server, ROLE, &name);
        let db = Db::open_with(&url, 8).await.unwrap();
        let superuser = with_database(&server, &name);
        Some(Self {
            db,
            superuser,
            url,
            server,
            name,
        })
    }

    pub(crate) async fn clear_away(self) {
        self.db.close().await;
        let mut admin = PgConnection::connect(&self.server).await.unwrap();
        run(
            &mut admin,
            format!("DROP DATABASE {} WITH (FORCE)", self.name),
        )
        .await;
    }
}

/// A migrated database to copy, made once per server and set of migrations.
async fn template(server: &str) -> String {
    let name = format!("template_{:016x}", fingerprint());
    let mut admin = PgConnection::connect(server)
        .await
        .expect("OFFHOOK_TEST_POSTGRES must be reachable");
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut admin)
        .await
        .unwrap();
    let exists: (bool,) =
        sqlx::query_as("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut admin)
            .await
            .unwrap();
    if !exists.0 {
        let role: (bool,) =
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
                .bind(ROLE)
                .fetch_one(&mut admin)
                .await
                .unwrap();
        if !role.0 {
            run(
                &mut admin,
                format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}' NOSUPERUSER NOBYPASSRLS"),
            )
            .await;
        }
        let draft = format!("draft_{}", Uuid::now_v7().simple());
        run(&mut admin, format!("CREATE DATABASE {draft} OWNER {ROLE}")).await;
        let db = Db::open_with(&address(server, ROLE, &draft), 2)
            .await
            .unwrap();
        db.migrate().await.unwrap();
        db.close().await;
        run(
            &mut admin,
            format!("ALTER DATABASE {draft} RENAME TO {name}"),
        )
        .await;
    }
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut admin)
        .await
        .unwrap();
    name
}

async fn run(admin: &mut PgConnection, text: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(text))
        .execute(admin)
        .await
        .unwrap();
}

fn fingerprint() -> u64 {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}

/// The server's address with another role (whose password is its name) and database.
fn address(server: &str, role: &str, database: &str) -> String {
    let (_, host) = server.rsplit_once('@').expect("the address names a user");
    let host = host.split('/').next().unwrap_or(host);
    format!("postgres://{role}:{role}@{host}/{database}")
}

fn with_database(server: &str, database: &str) -> String {
    let (before, _) = server
        .rsplit_once('/')
        .expect("the address names a database");
    format!("{before}/{database}")
}

/// The cases' own clock: a fixed morning, in whole microseconds.
pub(crate) fn at(seconds: i64) -> Time {
    DateTime::<Utc>::from_timestamp(1_790_000_000, 0).unwrap() + Duration::seconds(seconds)
}

/// An organization with nothing in it.
pub(crate) async fn organization(db: &Db, slug: &str) -> OrgId {
    let id = OrgId::new(Uuid::now_v7());
    let org = Organization {
        id: id.clone(),
        slug: slug.to_owned(),
        name: slug.to_uppercase(),
        country: "US".to_owned(),
        currency: "USD".to_owned(),
        settings: Settings::default(),
        created_at: at(0),
        updated_at: at(0),
    };
    db.system(Reason::SetUp)
        .write(async |conn| organizations::insert(conn, &org).await)
        .await
        .unwrap();
    id
}

/// An active member with the role of an agent.
pub(crate) async fn agent(db: &Db, org: &OrgId, name: &str) -> UserId {
    let id = UserId::new(Uuid::now_v7());
    let user = User {
        id: id.clone(),
        email: format!("{}@{}.example", name.to_lowercase(), id.body()),
        name: name.to_owned(),
        password_hash: None,
        created_at: at(0),
        updated_at: at(0),
    };
    let membership = Membership {
        org: org.clone(),
        user: id.clone(),
        role: Role::Agent,
        active: true,
        own_phone: None,
        caller_number: None,
        created_at: at(0),
        updated_at: at(0),
    };
    let outcome: Result<(), offhook_store::Error> = db
        .system(Reason::Users)
        .write(async |conn| {
            users::insert(conn, &user).await?;
            users::save_membership(conn, &membership).await
        })
        .await;
    outcome.unwrap();
    id
}

/// A queue of the usual settings.
pub(crate) async fn queue(db: &Db, org: &OrgId, name: &str) -> QueueId {
    let queue = Queue {
        id: QueueId::new(Uuid::now_v7()),
        name: name.to_owned(),
        label: name.to_owned(),
        ring: offhook_core::call::Ring::All,
        offer_seconds: 30,
        max_wait_seconds: 300,
        overflow: offhook_core::call::Overflow::Voicemail,
        greeting: None,
        created_at: at(0),
        updated_at: at(0),
    };
    db.write(org, async |tx| queues::save(tx, &queue).await)
        .await
        .unwrap();
    queue.id
}

/// A number that leads to voicemail.
pub(crate) fn number(e164: &str) -> Number {
    Number {
        id: NumberId::new(Uuid::now_v7()),
        e164: e164.to_owned(),
        label: None,
        carrier: CarrierId::new(Uuid::now_v7()),
        sid: None,
        agent: None,
        route: Route {
            to: Destination::Voicemail,
            overflow: None,
            greeting: None,
            chosen: true,
        },
        emergency_address: false,
        record: None,
        fallback_url: None,
        facts: numbers::Facts::default(),
        created_at: at(0),
        updated_at: at(0),
    }
}

/// Stores a number.
pub(crate) async fn owned_number(db: &Db, org: &OrgId, e164: &str) -> NumberId {
    let number = number(e164);
    db.write(org, async |tx| numbers::insert(tx, &number).await)
        .await
        .unwrap();
    number.id
}

/// A contact with one phone.
pub(crate) fn contact(name: &str, e164: &str) -> Contact {
    Contact {
        id: ContactId::new(Uuid::now_v7()),
        kind: ContactKind::Customer,
        name: name.to_owned(),
        company: None,
        note: None,
        phones: vec![Phone {
            e164: e164.to_owned(),
            label: Some("mobile".to_owned()),
        }],
        emails: vec![format!(
            "{}@example.com",
            name.to_lowercase().replace(' ', ".")
        )],
        created_at: at(0),
        updated_at: at(0),
    }
}

/// Stores a contact.
pub(crate) async fn known_contact(db: &Db, org: &OrgId, name: &str, e164: &str) -> ContactId {
    let contact = contact(name, e164);
    db.write(org, async |tx| contacts::save(tx, &contact).await)
        .await
        .unwrap();
    contact.id
}
