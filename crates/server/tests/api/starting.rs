//! A server that starts: its tables first, then its answers; and no step where the tables are ahead of it.

use std::net::SocketAddr;
use std::path::Path;

use offhook_server::clock::Clock;
use offhook_server::config::Config;
use offhook_server::serve;
use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::support::{Place, config, morning};

/// What an older version had: its first migrations, and no more.
async fn older(engine: &str) -> Migrator {
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../store/migrations/{engine}"));
    let mut all = Migrator::new(source).await.unwrap();
    assert!(all.migrations.len() > 3);
    all.migrations.to_mut().truncate(3);
    all
}

/// Brings a database as far as an older version did.
async fn make_old(place: &Place) {
    if place.url.starts_with("postgres") {
        let mut conn = PgConnection::connect(&place.url).await.unwrap();
        older("postgres").await.run(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    } else {
        let address = format!("sqlite:{}", place.url);
        let mut conn = SqliteConnection::connect(&address).await.unwrap();
        older("sqlite").await.run(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
}

/// A later version was here before.
const FROM_THE_FUTURE: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
    SELECT 9999, 'later', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";

async fn make_new(place: &Place) {
    if place.url.starts_with("postgres") {
        let mut conn = PgConnection::connect(&place.url).await.unwrap();
        sqlx::raw_sql(FROM_THE_FUTURE)
            .execute(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
    } else {
        let address = format!("sqlite:{}", place.url);
        let mut conn = SqliteConnection::connect(&address).await.unwrap();
        sqlx::raw_sql(FROM_THE_FUTURE)
            .execute(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
    }
}

/// On a port that is known before the server starts.
fn settings(place: &Place) -> (Config, SocketAddr) {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let bind = socket.local_addr().unwrap();
    let config = Config {
        bind,
        ..config(place, Clock::manual(morning()))
    };
    (config, bind)
}

/// The first thing it ever answers needs every table.
async fn answers_from_the_first(place: &Place) {
    let running = serve(settings(place).0).await.unwrap();
    assert!(running.setup_link().await.unwrap().is_some(), "a first run");
    running.app.db.ping().await.unwrap();
    let org = offhook_core::id::OrgId::new(uuid::Uuid::now_v7());
    let jobs = running
        .app
        .db
        .read(&org, async |tx| {
            offhook_store::calls::counts_by_agent(tx, morning()).await
        })
        .await;
    assert_eq!(jobs.unwrap(), [], "the newest tables are there");
    running.stop().await;
}

async fn is_refused(place: &Place) {
    let (config, address) = settings(place);
    let words = match serve(config).await {
        Ok(_) => panic!("an older program must not write into newer tables"),
        Err(error) => error.to_string(),
    };
    assert!(
        words.contains("newer Offhook") && words.contains("9999") && words.contains("backup"),
        "{words}"
    );
    assert!(
        tokio::net::TcpStream::connect(address).await.is_err(),
        "nobody answers there"
    );
}

async fn story(empty: Place, old: Place) {
    answers_from_the_first(&empty).await;
    make_old(&old).await;
    answers_from_the_first(&old).await;
    make_new(&old).await;
    is_refused(&old).await;
    empty.clear_away().await;
    old.clear_away().await;
}

/// E4.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_migrations_before_code_on_sqlite() {
    story(Place::bare_sqlite().await, Place::bare_sqlite().await).await;
}

/// E4.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_migrations_before_code_on_postgres() {
    let (Some(empty), Some(old)) = (Place::bare_postgres().await, Place::bare_postgres().await)
    else {
        return;
    };
    story(empty, old).await;
}
