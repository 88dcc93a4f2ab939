//! Where a story's rows and files lie: a folder, and on PostgreSQL a database of its own.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use clap::Parser;
use offhook_server::config::StoreArgs;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use super::{Engine, Line};

/// As in production, the role is neither superuser nor BYPASSRLS; its password is its name.
const ROLE: &str = "offhook_scenarios";
/// One process at a time makes the role and the template.
const LOCK: i64 = 7_211_308;

pub(crate) struct Place {
    dir: TempDir,
    database: Option<Database>,
}

struct Database {
    /// A superuser's address of the server.
    server: String,
    name: String,
    /// By which our server reaches it, where a story wants to cut it.
    line: Option<Line>,
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    store: StoreArgs,
}

impl Place {
    pub(crate) async fn on(engine: Engine) -> Self {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Database::make().await),
        };
        Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
            database,
        }
    }

    /// The same, with a line to the database that can be cut.
    pub(crate) async fn on_a_line(engine: Engine) -> Self {
        let mut place = Self::on(engine).await;
        if let Some(database) = &mut place.database {
            database.line = Some(Line::to(host(&database.server)).await);
        }
        place
    }

    /// The line to the database.
    pub(crate) fn line(&self) -> &Line {
        let line = self
            .database
            .as_ref()
            .and_then(|database| database.line.as_ref());
        line.expect("this place has a line to its database")
    }

    /// `host:port` of the database's server, where that line leads.
    pub(crate) fn server(&self) -> String {
        let database = self.database.as_ref().expect("only PostgreSQL has one");
        host(&database.server).to_owned()
    }

    /// Nobody else can read or change a table any more.
    pub(crate) async fn lock(&self, table: &str) -> Lock {
        let database = self.database.as_ref().expect("only PostgreSQL has locks");
        let (server, _) = database
            .server
            .rsplit_once('/')
            .expect("the address names a database");
        let mut admin = connect(&format!("{server}/{}", database.name)).await;
        let text = format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        run(&mut admin, text).await;
        Lock(admin)
    }

    /// The folder of what is not in the database.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The flags by which a server finds this place.
    pub(crate) fn flags(&self) -> Vec<String> {
        let mut flags = vec![format!("--data-dir={}", self.dir().display())];
        if let Some(Database { server, name, line }) = &self.database {
            let way = line.as_ref().map(Line::near_end);
            let host = way.as_deref().unwrap_or_else(|| host(server));
            flags.push(format!("--database-url={}", address(host, name)));
        }
        flags
    }

    pub(crate) async fn clear_away(self) {
        if let Some(Database { server, name, .. }) = self.database {
            let mut admin = connect(&server).await;
            run(&mut admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

/// A table that is locked.
pub(crate) struct Lock(PgConnection);

impl Lock {
    pub(crate) async fn release(mut self) {
        run(&mut self.0, "ROLLBACK".to_owned()).await;
    }
}

impl Database {
    async fn make() -> Self {
        let server = server().expect("stories on PostgreSQL run only where it is");
        let mut admin = connect(&server).await;
        let template = template(&mut admin, &server).await;
        let name = format!("scenario_{}", uuid::Uuid::now_v7().simple());
        let text = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE}");
        run(&mut admin, text).await;
        Self {
            server,
            name,
            line: None,
        }
    }
}

/// Whether there is a PostgreSQL to run on.
pub(crate) fn has_postgres() -> bool {
    server().is_some()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test's own switch, not a setting of the product"
)]
fn server() -> Option<String> {
    std::env::var("OFFHOOK_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty())
}

async fn connect(server: &str) -> PgConnection {
    PgConnection::connect(server)
        .await
        .expect("OFFHOOK_TEST_POSTGRES must be reachable")
}

/// A migrated database to copy, made once per server and set of migrations.
async fn template(admin: &mut PgConnection, server: &str) -> String {
    let name = format!("scenarios_{:016x}", fingerprint());
    run(admin, format!("SELECT pg_advisory_lock({LOCK})")).await;
    if !exists(admin, "pg_database", "datname", &name).await {
        if !exists(admin, "pg_roles", "rolname", ROLE).await {
            let text =
                format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}' NOSUPERUSER NOBYPASSRLS");
            run(admin, text).await;
        }
        let draft = format!("draft_{}", uuid::Uuid::now_v7().simple());
        run(admin, format!("CREATE DATABASE {draft} OWNER {ROLE}")).await;
        let database = format!("--database-url={}", address(host(server), &draft));
        let flags = Flags::try_parse_from(["offhook", &database]).expect("flags of the binary");
        offhook_server::migrate(&flags.store)
            .await
            .expect("the tables are made");
        run(admin, format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
    }
    run(admin, format!("SELECT pg_advisory_unlock({LOCK})")).await;
    name
}

async fn exists(admin: &mut PgConnection, table: &str, column: &str, name: &str) -> bool {
    let text = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} = $1)");
    let found: (bool,) = sqlx::query_as(sqlx::AssertSqlSafe(text))
        .bind(name)
        .fetch_one(admin)
        .await
        .expect("the catalogue answers");
    found.0
}

async fn run(admin: &mut PgConnection, text: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(text))
        .execute(admin)
        .await
        .expect("PostgreSQL does as it is told");
}

/// Changes with the migrations, so that an older template is not taken.
fn fingerprint() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/migrations/postgres");
    let files = std::fs::read_dir(folder).expect("the migrations");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).expect("a migration").hash(&mut hasher);
    }
    hasher.finish()
}

/// `host:port` of a server's address.
fn host(server: &str) -> &str {
    let (_, host) = server.rsplit_once('@').expect("the address names a user");
    host.split('/').next().unwrap_or(host)
}

/// Our role's address of a database.
fn address(host: &str, database: &str) -> String {
    format!("postgres://{ROLE}:{ROLE}@{host}/{database}")
}
