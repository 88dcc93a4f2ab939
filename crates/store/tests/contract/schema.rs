//! The two sets of migrations tell the same story, secrets lie sealed, look-ups use their indexes, an absent database is told apart.

use std::collections::BTreeMap;
use std::path::Path;

use offhook_core::id::CarrierId;
use offhook_store::carriers::{self, CarrierAccount, Standing};
use offhook_store::seal::{Keyring, Secret};
use offhook_store::{Db, Error, Reason, contacts, organizations};
use sqlx::{Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::support::{OnPostgres, OnSqlite, at, contract, organization};

type Columns = BTreeMap<String, Vec<(String, bool)>>;

#[test]
fn migrations_have_the_same_names_on_both_engines() {
    let names = |engine: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join(engine);
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|f| f.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn each_table_is_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        for pair in lines
            .windows(2)
            .filter(|pair| pair[1].starts_with("CREATE TABLE"))
        {
            assert!(pair[0].starts_with("-- "), "{} has no sentence", pair[1]);
        }
    }
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let Some(postgres) = OnPostgres::new().await else {
        return;
    };
    let sqlite = OnSqlite::new().await;
    assert_eq!(
        columns_of_sqlite(&sqlite.url).await,
        columns_of_postgres(&postgres.superuser).await
    );
    postgres.clear_away().await;
}

/// Table, column, may it be NULL.
async fn columns_of_sqlite(url: &str) -> Columns {
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    let rows: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT t.name, c.name, c.\"notnull\" = 0 AND c.pk = 0 FROM pragma_table_list t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '_sqlx%' ORDER BY t.name, c.cid",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    grouped(rows)
}

async fn columns_of_postgres(url: &str) -> Columns {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let rows: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' ORDER BY table_name, ordinal_position",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    grouped(rows)
}

fn grouped(rows: Vec<(String, String, bool)>) -> Columns {
    let mut tables = Columns::new();
    for (table, column, nullable) in rows {
        tables.entry(table).or_default().push((column, nullable));
    }
    tables
}

const TOKEN: &str = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";

async fn carrier(db: &Db) -> (offhook_core::id::OrgId, CarrierAccount, Keyring) {
    let org = organization(db, "ours").await;
    let ring = Keyring::new("a passphrase that is certainly long enough").unwrap();
    let id = CarrierId::new(Uuid::now_v7());
    let account = CarrierAccount {
        name: "Twilio".to_owned(),
        account_sid: "AC00000000000000000000000000000001".to_owned(),
        auth_token: ring
            .seal(
                carriers::auth_token_place(org.as_str(), &id),
                &Secret::new(TOKEN),
            )
            .unwrap(),
        api_key_sid: Some("SK1".to_owned()),
        api_key_secret: Some(
            ring.seal(
                carriers::api_key_secret_place(org.as_str(), &id),
                &Secret::new(TOKEN),
            )
            .unwrap(),
        ),
        twiml_app_sid: None,
        region: None,
        api_base_url: None,
        signaling_url: None,
        created_at: at(0),
        updated_at: at(0),
        standing: Standing {
            in_use: true,
            ..Standing::default()
        },
        id,
    };
    db.write(&org, async |tx| carriers::save(tx, &account).await)
        .await
        .unwrap();
    (org, account, ring)
}

contract! {
    /// G5, the store's half of T-secrets-at-rest.
    async fn a_carrier_account_opens_with_the_key_only(db: Db) {
        let (org, account, ring) = carrier(&db).await;
        let stored = db.read(&org, async |tx| carriers::find(tx, &account.id).await).await.unwrap().unwrap();
        assert_eq!(stored, account);
        let place = carriers::auth_token_place(org.as_str(), &stored.id);
        assert_eq!(ring.open(place, &stored.auth_token).unwrap().expose(), TOKEN);
        let moved = carriers::api_key_secret_place(org.as_str(), &stored.id);
        assert!(ring.open(moved, &stored.auth_token).is_err(), "a value moved to another column does not open");
        assert!(Keyring::new("another passphrase, long enough as well").unwrap().open(place, &stored.auth_token).is_err());

        let theirs = organization(&db, "theirs").await;
        let taken = CarrierAccount { id: CarrierId::new(Uuid::now_v7()), ..account.clone() };
        let refused = db.write(&theirs, async |tx| carriers::save(tx, &taken).await).await.unwrap_err();
        assert!(refused.is_conflict("account_taken"), "{refused:?}");

        let renamed = CarrierAccount { account_sid: "AC00000000000000000000000000000002".to_owned(), ..account };
        db.write(&org, async |tx| carriers::save(tx, &renamed).await).await.unwrap();
        db.write(&theirs, async |tx| carriers::save(tx, &taken).await).await.unwrap();
        let directory = db.system(Reason::Directory).read(async |c| offhook_store::directory::all(c).await).await.unwrap();
        assert_eq!(directory.len(), 2);
    }

    async fn an_organization_has_one_account_per_region_and_one_of_them_in_use(db: Db) {
        let (org, first, _) = carrier(&db).await;
        let abroad = |region: &str| CarrierAccount {
            id: CarrierId::new(Uuid::now_v7()),
            region: Some(region.to_owned()),
            created_at: at(1),
            ..first.clone()
        };
        let (ireland, again) = (abroad("ie1"), abroad("ie1"));
        db.write(&org, async |tx| carriers::save(tx, &ireland).await).await.unwrap();
        assert!(db.write(&org, async |tx| carriers::save(tx, &again).await).await.is_err(), "a second one in the same region");
        let all = async || db.read(&org, async |tx| carriers::list(tx).await).await.unwrap();
        let in_use: Vec<_> = all().await.into_iter().map(|a| (a.region_name().to_owned(), a.standing.in_use)).collect();
        assert_eq!(in_use, [("us1".to_owned(), true), ("ie1".to_owned(), false)]);

        let refused = db.write(&org, async |tx| carriers::remove(tx, &first.id).await).await.unwrap_err();
        assert!(refused.is_conflict("in_use"), "{refused:?}");
        db.write(&org, async |tx| carriers::put_to_use(tx, &ireland.id).await).await.unwrap();
        assert_eq!(all().await[0].id, ireland.id);
        db.write(&org, async |tx| carriers::remove(tx, &first.id).await).await.unwrap();
        let system = db.system(Reason::Directory);
        let known = system.read(async |c| offhook_store::directory::find(c, &first.account_sid).await);
        assert_eq!(known.await.unwrap(), Some(org.clone()), "the other region's account has the same AccountSid");
        let theirs = organization(&db, "theirs").await;
        let lost = db.write(&theirs, async |tx| carriers::put_to_use(tx, &ireland.id).await).await;
        assert!(lost.is_err(), "an account of another organization");
    }

    async fn how_an_account_stands_is_kept_apart_from_what_was_entered(db: Db) {
        let (org, account, ring) = carrier(&db).await;
        let seal = |place| ring.seal(place, &Secret::new("next")).unwrap();
        let standing = Standing {
            in_use: true,
            asked_region: Some("ie1".into()),
            wired_to: Some("https://calls.example.com".into()),
            refused_since: Some(at(2)),
            next_token: Some(seal(carriers::next_token_place(org.as_str(), &account.id))),
            old_token: Some((seal(carriers::old_token_place(org.as_str(), &account.id)), at(3))),
            rotation: Some(serde_json::json!({ "state": "stored" })),
        };
        db.write(&org, async |tx| carriers::set_standing(tx, &account.id, &standing).await).await.unwrap();
        db.write(&org, async |tx| carriers::save(tx, &account).await).await.unwrap();
        let stored = db.read(&org, async |tx| carriers::find(tx, &account.id).await).await.unwrap().unwrap();
        assert_eq!(stored.standing, standing);
        let fresh = seal(carriers::next_token_place(org.as_str(), &account.id));
        let before = standing.next_token.clone().unwrap();
        assert!(db.write(&org, async |tx| carriers::replace_sealed(tx, &account.id, &before, &fresh).await).await.unwrap());
        let stored = db.read(&org, async |tx| carriers::find(tx, &account.id).await).await.unwrap().unwrap();
        assert_eq!(stored.standing.next_token, Some(fresh));
        assert_eq!(stored.auth_token, account.auth_token);
        let name = db.system(Reason::Sweep).read(async |c| carriers::installation(c).await).await.unwrap();
        assert_eq!(name.len(), 8);
    }

    async fn the_database_answers_and_migrating_again_changes_nothing(db: Db) {
        db.ping().await.unwrap();
        db.migrate().await.unwrap();
        assert!(!db.system(Reason::SetUp).read(async |c| organizations::any(c).await).await.unwrap());
        let org = organization(&db, "ours").await;
        assert!(db.system(Reason::SetUp).read(async |c| organizations::any(c).await).await.unwrap());
        assert_eq!(db.system(Reason::Sweep).read(async |c| organizations::ids(c).await).await.unwrap(), [org]);
    }

    async fn what_fails_leaves_nothing_behind(db: Db) {
        let org = organization(&db, "ours").await;
        let failed: Result<(), Error> = db
            .write(&org, async |tx| {
                contacts::save(tx, &crate::support::contact("Ada Byron", "+15550100001")).await?;
                Err(Error::conflict("something"))
            })
            .await;
        assert!(failed.unwrap_err().is_conflict("something"));
        assert_eq!(db.read(&org, async |tx| contacts::by_phone(tx, "+15550100001").await).await.unwrap(), None);
    }
}

/// T-secrets-at-rest: not one byte of the secret in the files.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_secrets_at_rest_no_secret_lies_in_the_files() {
    let place = OnSqlite::new().await;
    carrier(&place.db).await;
    place.db.close().await;
    let folder = Path::new(&place.url).parent().unwrap();
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(TOKEN.len()).any(|w| w == TOKEN.as_bytes()));
        read += bytes.len();
    }
    assert!(read > 10_000, "the files were really read");
}

/// Many contacts of one organization, each with a phone, in SQL that both engines take.
const MANY_CONTACTS: &str = "
    INSERT INTO contacts (org_id, id, kind, name, search, created_at, updated_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    SELECT $1, 'con_' || i, 'lead', 'Contact ' || i, 'contact ' || i, i, i FROM n";
const MANY_PHONES: &str = "
    INSERT INTO contact_phones (org_id, contact_id, e164, position)
    SELECT org_id, id, '+1555' || CAST(1000000 + created_at AS TEXT), 0 FROM contacts WHERE org_id = $1";

/// H4, T-lookup: the caller's name is found by an index (how fast with a million contacts is the benchmarks' business).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_lookup_by_phone_uses_its_index_on_sqlite() {
    let place = OnSqlite::new().await;
    let org = organization(&place.db, "ours").await;
    let mut conn = SqliteConnection::connect(&place.url).await.unwrap();
    for sql in [MANY_CONTACTS, MANY_PHONES] {
        sqlx::query(sql)
            .bind(org.as_str())
            .execute(&mut conn)
            .await
            .unwrap();
    }
    // Right without statistics, as on the first day, and with them.
    for statistics in [false, true] {
        if statistics {
            sqlx::query("ANALYZE").execute(&mut conn).await.unwrap();
        }
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "EXPLAIN QUERY PLAN {}",
            contacts::BY_PHONE
        )))
        .bind(org.as_str())
        .bind("+15551000007")
        .fetch_all(&mut conn)
        .await
        .unwrap();
        let text = plan
            .into_iter()
            .map(|step| step.3)
            .collect::<Vec<_>>()
            .join("\n");
        assert!(
            text.contains("contact_phones_e164 (org_id=? AND e164=?)"),
            "{text}"
        );
        assert!(
            text.contains("SEARCH c USING INDEX sqlite_autoindex_contacts_1 (org_id=? AND id=?)"),
            "{text}"
        );
    }
    let found = place
        .db
        .read(&org, async |tx| {
            contacts::by_phone(tx, "+15551000007").await
        })
        .await
        .unwrap();
    assert_eq!(found.map(|c| c.name).as_deref(), Some("Contact 7"));
}

/// H4, T-lookup, on the other engine, as the application's role and under row level security.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_lookup_by_phone_uses_its_index_on_postgres() {
    let Some(place) = OnPostgres::new().await else {
        return;
    };
    let org = organization(&place.db, "ours").await;
    let mut conn = PgConnection::connect(&place.url).await.unwrap();
    sqlx::query("SELECT set_config('offhook.org_id', $1, false)")
        .bind(org.as_str())
        .execute(&mut conn)
        .await
        .unwrap();
    for sql in [MANY_CONTACTS, MANY_PHONES] {
        sqlx::query(sql)
            .bind(org.as_str())
            .execute(&mut conn)
            .await
            .unwrap();
    }
    sqlx::raw_sql("ANALYZE contacts; ANALYZE contact_phones")
        .execute(&mut conn)
        .await
        .unwrap();
    let plan: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "EXPLAIN {}",
        contacts::BY_PHONE
    )))
    .bind(org.as_str())
    .bind("+15551000007")
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let text = plan
        .into_iter()
        .map(|line| line.0)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        text.contains("contact_phones_e164") && !text.contains("Seq Scan"),
        "{text}"
    );
    let found = place
        .db
        .read(&org, async |tx| {
            contacts::by_phone(tx, "+15551000007").await
        })
        .await
        .unwrap();
    assert_eq!(found.map(|c| c.name).as_deref(), Some("Contact 7"));
    conn.close().await.unwrap();
    place.clear_away().await;
}

/// The spool must be able to tell "away" from "wrong".
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_told_apart() {
    let nobody = Db::open("postgres://offhook:offhook@127.0.0.1:1/offhook")
        .await
        .err()
        .expect("nobody listens there");
    assert!(nobody.is_unavailable(), "{nobody:?}");
    let Some(place) = OnPostgres::new().await else {
        return;
    };
    let org = organization(&place.db, "ours").await;
    let mut admin = PgConnection::connect(&place.superuser).await.unwrap();
    // Every connection is cut in the middle of its transaction, as when the server goes down.
    let cut = place
        .db
        .write(&org, async |tx| {
            contacts::by_phone(tx, "+15550100001").await?;
            sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> 'postgres' AND datname = current_database()")
                .execute(&mut PgConnection::connect(&place.superuser).await.unwrap())
                .await
                .unwrap();
            contacts::by_phone(tx, "+15550100001").await
        })
        .await;
    assert!(cut.as_ref().is_err_and(Error::is_unavailable), "{cut:?}");
    // And it is there again as soon as the server is.
    place.db.ping().await.unwrap();
    assert_eq!(
        place
            .db
            .read(&org, async |tx| contacts::by_phone(tx, "+15550100001")
                .await)
            .await
            .unwrap(),
        None
    );
    sqlx::query("SELECT 1").execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    place.clear_away().await;
}
