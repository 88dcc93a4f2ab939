//! One organization never reaches another's rows: by the query on both engines, by row level security on PostgreSQL.

use offhook_store::{Db, Error, Reason, contacts, directory, leases, numbers};
use sqlx::{Connection, PgConnection};

use crate::support::{
    OnPostgres, at, contact, contract, known_contact, number, organization, owned_number,
};

contract! {
    /// E3, T-isolation-on.
    async fn t_isolation_on_another_organization_finds_nothing(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        let id = known_contact(&db, &ours, "Ada Byron", "+15550100001").await;
        let found = db.read(&theirs, async |tx| contacts::by_phone(tx, "+15550100001").await).await.unwrap();
        assert_eq!(found, None);
        let got = db.read(&theirs, async |tx| contacts::get(tx, &id).await).await;
        assert!(matches!(got, Err(Error::NotFound)));
        let removed = db.write(&theirs, async |tx| contacts::remove(tx, &id, at(1)).await).await;
        assert!(matches!(removed, Err(Error::NotFound)));
        let kept = db.read(&ours, async |tx| contacts::get(tx, &id).await).await.unwrap();
        assert_eq!(kept.phones[0].e164, "+15550100001");
    }

    /// G6, T-number-unique.
    async fn t_number_unique_over_all_organizations(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        let id = owned_number(&db, &ours, "+15550100100").await;

        let theirs_too = number("+15550100100");
        let refused = db.write(&theirs, async |tx| numbers::insert(tx, &theirs_too).await).await.unwrap_err();
        assert!(refused.is_conflict("number_taken"), "{refused:?}");
        let twice = number("+15550100100");
        let refused = db.write(&ours, async |tx| numbers::insert(tx, &twice).await).await.unwrap_err();
        assert!(refused.is_conflict("numbers_e164"), "{refused:?}");

        let owner = db.system(Reason::Directory).read(async |c| directory::find(c, "+15550100100").await).await.unwrap();
        assert_eq!(owner, Some(ours.clone()));

        db.write(&ours, async |tx| numbers::remove(tx, &id).await).await.unwrap();
        db.write(&theirs, async |tx| numbers::insert(tx, &theirs_too).await).await.unwrap();
        let owner = db.system(Reason::Directory).read(async |c| directory::find(c, "+15550100100").await).await.unwrap();
        assert_eq!(owner, Some(theirs));
    }

    async fn a_number_is_found_as_it_is_written_and_keeps_what_is_changed(db: Db) {
        let org = organization(&db, "ours").await;
        let mut number = number("+15550100300");
        db.write(&org, async |tx| numbers::insert(tx, &number).await).await.unwrap();
        number.route.greeting = Some("Welcome".to_owned());
        number.emergency_address = true;
        number.record = Some(false);
        number.fallback_url = Some("https://example.com/safe.xml".to_owned());
        number.facts.friendly_name = Some("Front desk".to_owned());
        db.write(&org, async |tx| numbers::update(tx, &number).await).await.unwrap();
        let found = db.read(&org, async |tx| numbers::by_e164(tx, "+15550100300").await).await.unwrap();
        assert_eq!(found.as_ref(), Some(&number));
        assert_eq!(db.read(&org, async |tx| numbers::list(tx).await).await.unwrap(), [number]);
    }

    async fn two_at_once_cannot_both_have_a_number(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        let (a, b) = (number("+15550100200"), number("+15550100200"));
        let (one, other) = tokio::join!(
            db.write(&ours, async |tx| numbers::insert(tx, &a).await),
            db.write(&theirs, async |tx| numbers::insert(tx, &b).await),
        );
        assert!(one.is_ok() ^ other.is_ok(), "{one:?} {other:?}");
    }

    async fn a_transaction_may_be_moved_to_another_task(db: Db) {
        let ours = organization(&db, "ours").await;
        let task = tokio::spawn(async move {
            let ada = contact("Ada Byron", "+15550100001");
            db.write(&ours, async |tx| contacts::save(tx, &ada).await).await.unwrap();
            db.system(Reason::Sweep).write(async |c| leases::take(c, "a", "b", at(0), at(9)).await).await.unwrap();
            let seen = db.read(&ours, async |tx| contacts::get(tx, &ada.id).await).await.unwrap();
            seen == ada
        });
        assert!(task.await.unwrap());
    }
}

/// G4, T-rls-as-app-role: what a forgotten filter would reach, as the very role that the server runs as, owner of the tables.
#[tokio::test]
async fn t_rls_as_app_role_no_filter_reaches_another_organization() {
    let Some(place) = OnPostgres::new().await else {
        return;
    };
    let (ours, theirs) = (
        organization(&place.db, "ours").await,
        organization(&place.db, "theirs").await,
    );
    known_contact(&place.db, &ours, "Ada Byron", "+15550100001").await;

    let mut app = PgConnection::connect(&place.url).await.unwrap();
    let unset = sqlx::query("SELECT * FROM contacts")
        .fetch_all(&mut app)
        .await;
    assert!(
        unset.is_err(),
        "without an organization a query is an error, not an empty answer"
    );

    let mut tx = app.begin().await.unwrap();
    sqlx::query("SELECT set_config('offhook.org_id', $1, true)")
        .bind(theirs.as_str())
        .execute(&mut *tx)
        .await
        .unwrap();
    let seen: (i64,) = sqlx::query_as("SELECT count(*) FROM contacts")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(seen.0, 0);
    let written = sqlx::query("INSERT INTO contact_emails (org_id, contact_id, email, position) VALUES ($1, 'con_x', 'x@y.z', 0)")
        .bind(ours.as_str())
        .execute(&mut *tx)
        .await;
    assert!(
        written
            .unwrap_err()
            .to_string()
            .contains("row-level security")
    );
    drop(tx);
    app.close().await.unwrap();
    place.clear_away().await;
}

/// Every table with an `org_id` is under row level security, but for those that DESIGN names.
#[tokio::test]
async fn every_table_of_an_organization_is_under_row_level_security() {
    const OUTSIDE: [&str; 7] = [
        "api_keys",
        "directory",
        "jobs",
        "links",
        "memberships",
        "sessions",
        "timers",
    ];
    let Some(place) = OnPostgres::new().await else {
        return;
    };
    let mut admin = PgConnection::connect(&place.superuser).await.unwrap();
    let open: Vec<(String,)> = sqlx::query_as(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
         WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(open.into_iter().map(|(t,)| t).collect::<Vec<_>>(), OUTSIDE);
    admin.close().await.unwrap();
    place.clear_away().await;
}

/// A superuser is refused with the two lines that cure it.
#[tokio::test]
async fn a_role_that_row_level_security_does_not_bind_is_refused() {
    let Some(place) = OnPostgres::new().await else {
        return;
    };
    let refused = Db::open(&place.superuser)
        .await
        .err()
        .expect("a superuser must be refused");
    let text = refused.to_string();
    assert!(matches!(refused, Error::Refused(_)), "{text}");
    assert!(
        text.contains("CREATE ROLE offhook LOGIN NOSUPERUSER NOBYPASSRLS"),
        "{text}"
    );
    assert!(text.contains("OWNER TO offhook;"), "{text}");
    place.clear_away().await;
}
