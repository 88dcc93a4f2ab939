//! A database of a story's own, on either engine.

use offhook_store::Db;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// As in production, the role is neither superuser nor BYPASSRLS.
const ROLE: &str = "offhook_api";
/// One process at a time makes the role and the template.
const LOCK: i64 = 7_211_307;

/// Where a story's rows and files lie.
pub(crate) struct Place {
    pub(crate) db: Db,
    /// The address by which the database can be opened again.
    pub(crate) url: String,
    pub(crate) dir: TempDir,
    postgres: Option<(String, String)>,
}

impl Place {
    pub(crate) async fn sqlite() -> Self {
        let place = Self::bare_sqlite().await;
        place.db.migrate().await.expect("the tables are made");
        place
    }

    /// Without any table.
    pub(crate) async fn bare_sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let url = dir.path().join("offhook.db").display().to_string();
        let db = Db::open(&url).await.expect("the database opens");
        Self {
            db,
            url,
            dir,
            postgres: None,
        }
    }

    pub(crate) async fn postgres() -> Option<Self> {
        Self::postgres_by(str::to_owned).await
    }

    /// A PostgreSQL database that is reached by way of another address.
    pub(crate) async fn postgres_by(way: impl Fn(&str) -> String) -> Option<Self> {
        let server = server()?;
        let name = format!("api_{}", uuid::Uuid::now_v7().simple());
        let mut admin = PgConnection::connect(&server)
            .await
            .expect("OFFHOOK_TEST_POSTGRES must be reachable");
        let template = template(&mut admin, &server).await;
        run(
            &mut admin,
            format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE}"),
        )
        .await;
        let url = way(&address(&server, &name));
        Some(Self::opened(url, server, name).await)
    }

    /// Without any table.
    pub(crate) async fn bare_postgres() -> Option<Self> {
        let server = server()?;
        let name = format!("bare_{}", uuid::Uuid::now_v7().simple());
        let mut admin = PgConnection::connect(&server)
            .await
            .expect("OFFHOOK_TEST_POSTGRES must be reachable");
        // Makes the role as well.
        template(&mut admin, &server).await;
        run(&mut admin, format!("CREATE DATABASE {name} OWNER {ROLE}")).await;
        Some(Self::opened(address(&server, &name), server, name).await)
    }

    async fn opened(url: String, server: String, name: String) -> Self {
        Self {
            db: Db::open_with(&url, 8).await.expect("the database opens"),
            url,
            dir: tempfile::tempdir().expect("a temporary folder"),
            postgres: Some((server, name)),
        }
    }

    pub(crate) async fn clear_away(self) {
        self.db.close().await;
        if let Some((server, name)) = self.postgres {
            let mut admin = PgConnection::connect(&server)
                .await
                .expect("the server is still there");
            run(&mut admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test's own switch, not a setting of the product"
)]
pub(super) fn server() -> Option<String> {
    std::env::var("OFFHOOK_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty())
}

/// A migrated database to copy, made once per server and run.
async fn template(admin: &mut PgConnection, server: &str) -> String {
    let name = format!("api_template_{:016x}", fingerprint());
    run(admin, format!("SELECT pg_advisory_lock({LOCK})")).await;
    if !exists(admin, "pg_database", "datname", &name).await {
        if !exists(admin, "pg_roles", "rolname", ROLE).await {
            run(
                admin,
                format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}' NOSUPERUSER NOBYPASSRLS"),
            )
            .await;
        }
        let draft = format!("draft_{}", uuid::Uuid::now_v7().simple());
        run(admin, format!("CREATE DATABASE {draft} OWNER {ROLE}")).await;
        let db = Db::open_with(&address(server, &draft), 2)
            .await
            .expect("the database opens");
        db.migrate().await.expect("the tables are made");
        db.close().await;
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
        .expect("the server does as it is told");
}

/// Changes with the migrations, so that an older template is not taken.
fn fingerprint() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the migrations")
        .map(|f| f.expect("a file").path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).expect("a migration").hash(&mut hasher);
    }
    hasher.finish()
}

/// The server's address with the application's role (whose password is its name) and another database.
fn address(server: &str, database: &str) -> String {
    let (_, host) = server.rsplit_once('@').expect("the address names a user");
    let host = host.split('/').next().unwrap_or(host);
    format!("postgres://{ROLE}:{ROLE}@{host}/{database}")
}
