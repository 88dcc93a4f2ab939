//! People, credentials, contacts: what goes in comes out, once.

use chrono::Duration;
use offhook_core::id::{ApiKeyId, SessionId, UserId};
use offhook_store::contacts::ContactKind;
use offhook_store::credentials::{ApiKey, Link, LinkPurpose, Session};
use offhook_store::users::Role;
use offhook_store::{
    Db, Error, Page, Reason, contacts, credentials, leases, organizations, queues, users,
};
use uuid::Uuid;

use crate::support::{agent, at, contact, contract, known_contact, organization, queue};

contract! {
    async fn an_email_belongs_to_one_person_in_any_case_of_letters(db: Db) {
        let org = organization(&db, "ours").await;
        let ada = agent(&db, &org, "Ada").await;
        let member = db.system(Reason::Users).read(async |c| users::member(c, &org, &ada).await).await.unwrap().unwrap();
        assert_eq!((member.membership.role, member.membership.active), (Role::Agent, true));

        let shouted = member.user.email.to_uppercase();
        let found = db.system(Reason::Credentials).read(async |c| users::by_email(c, &shouted).await).await.unwrap();
        assert_eq!(found.as_ref(), Some(&member.user));

        let twin = users::User { id: UserId::new(Uuid::now_v7()), email: shouted, ..member.user };
        let refused = db.system(Reason::Users).write(async |c| users::insert(c, &twin).await).await.unwrap_err();
        assert!(refused.is_conflict("users_email"), "{refused:?}");
    }

    async fn a_slug_belongs_to_one_organization(db: Db) {
        let org = organization(&db, "acme").await;
        let mut acme = db.system(Reason::SetUp).read(async |c| organizations::get(c, &org).await).await.unwrap();
        acme.settings.recording_notice = false;
        db.system(Reason::SetUp).write(async |c| organizations::update(c, &acme).await).await.unwrap();
        let again = db.system(Reason::SetUp).read(async |c| organizations::by_slug(c, "acme").await).await.unwrap();
        assert_eq!(again.as_ref(), Some(&acme));
        acme.id = offhook_core::id::OrgId::new(Uuid::now_v7());
        let refused = db.system(Reason::SetUp).write(async |c| organizations::insert(c, &acme).await).await.unwrap_err();
        assert!(refused.is_conflict("organizations_slug"), "{refused:?}");
    }

    async fn a_session_ends_by_time_and_by_word(db: Db) {
        let org = organization(&db, "ours").await;
        let user = agent(&db, &org, "Ada").await;
        let session = Session {
            id: SessionId::new(Uuid::now_v7()), org: org.clone(), user: user.clone(), user_agent: None,
            created_at: at(0), last_seen_at: at(0), expires_at: at(60),
        };
        let door = || db.system(Reason::Credentials);
        door().write(async |c| credentials::insert_session(c, &session, "hash").await).await.unwrap();
        assert_eq!(door().read(async |c| credentials::session(c, "hash", at(59)).await).await.unwrap(), Some(session.clone()));
        assert_eq!(door().read(async |c| credentials::session(c, "hash", at(60)).await).await.unwrap(), None);
        door().write(async |c| credentials::touch_session(c, &session.id, at(50), at(110)).await).await.unwrap();
        let longer = door().read(async |c| credentials::session(c, "hash", at(100)).await).await.unwrap().unwrap();
        assert_eq!((longer.last_seen_at, longer.expires_at), (at(50), at(110)));
        assert_eq!(door().write(async |c| credentials::end_sessions_of(c, &user, Some(&session.id)).await).await.unwrap(), 0);
        assert_eq!(door().write(async |c| credentials::end_sessions_of(c, &user, None).await).await.unwrap(), 1);
        assert_eq!(door().read(async |c| credentials::session(c, "hash", at(1)).await).await.unwrap(), None);
        door().write(async |c| credentials::insert_session(c, &session, "hash").await).await.unwrap();
        door().write(async |c| credentials::end_session(c, &session.id).await).await.unwrap();
        assert_eq!(door().read(async |c| credentials::session(c, "hash", at(1)).await).await.unwrap(), None);
        door().write(async |c| credentials::insert_session(c, &session, "hash").await).await.unwrap();
        assert_eq!(door().write(async |c| credentials::prune(c, at(61)).await).await.unwrap(), 1);
    }

    async fn a_one_time_link_works_once(db: Db) {
        let link = Link {
            purpose: LinkPurpose::Setup, org: None, user: None, created_by: None,
            created_at: at(0), expires_at: at(0) + Duration::hours(24),
        };
        let door = || db.system(Reason::SetUp);
        door().write(async |c| credentials::insert_link(c, &link, "first").await).await.unwrap();
        door().write(async |c| credentials::insert_link(c, &link, "second").await).await.unwrap();
        assert_eq!(door().read(async |c| credentials::link(c, "first", at(1)).await).await.unwrap(), None, "the newer link ends the older");
        let uses = use_three_times(&db).await;
        assert_eq!(uses.iter().filter(|used| **used).count(), 1);
    }

    async fn failures_are_counted_within_their_window_only(db: Db) {
        let door = || db.system(Reason::Credentials);
        let fail = async |now: i64| {
            door().write(async |c| credentials::count_failure(c, "subject", at(now), at(now - 60)).await).await.unwrap()
        };
        assert_eq!((fail(0).await, fail(10).await, fail(20).await), (1, 2, 3));
        door().write(async |c| credentials::lock_out(c, "subject", Some(at(100))).await).await.unwrap();
        assert_eq!(door().read(async |c| credentials::locked_until(c, "subject", at(50)).await).await.unwrap(), Some(at(100)));
        assert_eq!(door().read(async |c| credentials::locked_until(c, "subject", at(100)).await).await.unwrap(), None);
        assert_eq!(fail(200).await, 1);
        door().write(async |c| credentials::forget_failures(c, "subject").await).await.unwrap();
        assert_eq!(fail(201).await, 1);
    }

    async fn a_lease_has_one_holder_until_it_ends(db: Db) {
        let take = async |who: &str, now: i64| {
            db.system(Reason::Sweep).write(async |c| leases::take(c, "sweep", who, at(now), at(now + 10)).await).await.unwrap()
        };
        assert!(take("a", 0).await);
        assert!(!take("b", 5).await);
        assert!(take("a", 6).await, "the holder may keep it");
        assert!(!take("b", 15).await);
        assert!(take("b", 16).await);
        db.system(Reason::Sweep).write(async |c| leases::give_back(c, "sweep", "b").await).await.unwrap();
        assert!(take("a", 17).await);
    }

    async fn an_api_key_lets_in_until_it_is_revoked(db: Db) {
        let org = organization(&db, "ours").await;
        let user = agent(&db, &org, "Ada").await;
        let key = ApiKey {
            id: ApiKeyId::new(Uuid::now_v7()), hint: "ok_12".to_owned(), org: org.clone(), user, name: "CRM".to_owned(),
            created_at: at(0), last_used_at: None, revoked_at: None,
        };
        let door = || db.system(Reason::Credentials);
        door().write(async |c| credentials::insert_api_key(c, &key, "hash").await).await.unwrap();
        door().write(async |c| credentials::touch_api_key(c, &key.id, at(5)).await).await.unwrap();
        let touched = ApiKey { last_used_at: Some(at(5)), ..key.clone() };
        assert_eq!(door().read(async |c| credentials::api_key(c, "hash").await).await.unwrap(), Some(touched));
        let theirs = organization(&db, "theirs").await;
        let refused = door().write(async |c| credentials::revoke_api_key(c, &theirs, &key.id, at(6)).await).await;
        assert!(matches!(refused, Err(Error::NotFound)));
        door().write(async |c| credentials::revoke_api_key(c, &org, &key.id, at(7)).await).await.unwrap();
        assert_eq!(door().read(async |c| credentials::api_key(c, "hash").await).await.unwrap(), None);
        let listed = door().read(async |c| credentials::api_keys(c, &org).await).await.unwrap();
        assert_eq!(listed[0].revoked_at, Some(at(7)));
    }

    async fn a_member_is_renamed_gets_a_password_and_loses_the_place(db: Db) {
        let org = organization(&db, "ours").await;
        let ada = agent(&db, &org, "Ada").await;
        let door = || db.system(Reason::Users);
        door().write(async |c| users::rename(c, &ada, "Ada King", "Ada@King.example", at(1)).await).await.unwrap();
        door().write(async |c| users::set_password(c, &ada, "argon2id", at(2)).await).await.unwrap();
        let user = door().read(async |c| users::get(c, &ada).await).await.unwrap();
        assert_eq!((user.name.as_str(), user.email.as_str(), user.password_hash.as_deref()), ("Ada King", "ada@king.example", Some("argon2id")));
        let mut member = door().read(async |c| users::memberships_of(c, &ada).await).await.unwrap().remove(0);
        member.membership.active = false;
        member.membership.role = Role::Supervisor;
        door().write(async |c| users::save_membership(c, &member.membership).await).await.unwrap();
        assert!(door().read(async |c| users::memberships_of(c, &ada).await).await.unwrap().is_empty());
        let listed = door().read(async |c| users::members(c, &org).await).await.unwrap();
        assert_eq!(listed, [member]);
    }

    async fn a_contact_is_found_by_each_phone_and_by_parts_of_its_words(db: Db) {
        let org = organization(&db, "ours").await;
        let mut ada = contact("Ada Byron", "+15550100001");
        ada.phones.push(contacts::Phone { e164: "+442079460000".to_owned(), label: None });
        ada.company = Some("Analytical Engines".to_owned());
        db.write(&org, async |tx| contacts::save(tx, &ada).await).await.unwrap();
        known_contact(&db, &org, "Grace Hopper", "+15550100002").await;

        for phone in ["+15550100001", "+442079460000"] {
            let found = db.read(&org, async |tx| contacts::by_phone(tx, phone).await).await.unwrap().unwrap();
            assert_eq!((found.id, found.name), (ada.id.clone(), "Ada Byron".to_owned()));
        }
        for q in ["byron", "ANALYT", "(555) 010-0001", "020 7946 0000", "ada engines", "ada.byron@"] {
            let listed = db.read(&org, async |tx| contacts::list(tx, Some(q), None, contacts::Order::Newest, &Page::default()).await).await.unwrap();
            assert_eq!(listed.items, [ada.clone()], "{q}");
        }
        ada.phones.truncate(1);
        db.write(&org, async |tx| contacts::save(tx, &ada).await).await.unwrap();
        assert_eq!(db.read(&org, async |tx| contacts::by_phone(tx, "+442079460000").await).await.unwrap(), None);
        db.write(&org, async |tx| contacts::remove(tx, &ada.id, at(9)).await).await.unwrap();
        assert_eq!(db.read(&org, async |tx| contacts::by_phone(tx, "+15550100001").await).await.unwrap(), None);
    }

    async fn pages_of_contacts_miss_and_repeat_nothing(db: Db) {
        let org = organization(&db, "ours").await;
        for i in 0..7 {
            let mut contact = contact(&format!("Contact {i}"), &format!("+155501001{i:02}"));
            contact.created_at = at(i / 2); // several share a moment
            contact.kind = if i == 6 { ContactKind::Lead } else { ContactKind::Customer };
            db.write(&org, async |tx| contacts::save(tx, &contact).await).await.unwrap();
        }
        let mut names = Vec::new();
        let mut page = Page { limit: 3, cursor: None };
        loop {
            let listed = db.read(&org, async |tx| contacts::list(tx, None, Some(ContactKind::Customer), contacts::Order::Newest, &page).await).await.unwrap();
            names.extend(listed.items.into_iter().map(|c| c.name));
            let Some(next) = listed.next else { break };
            page.cursor = Some(next);
        }
        names.sort();
        assert_eq!(names, (0..6).map(|i| format!("Contact {i}")).collect::<Vec<_>>());
        let nonsense = Page { limit: 3, cursor: Some("nonsense".to_owned()) };
        let refused = db.read(&org, async |tx| contacts::list(tx, None, None, contacts::Order::Newest, &nonsense).await).await.unwrap_err();
        assert!(refused.is_conflict("cursor"));
    }

    async fn an_address_book_is_read_by_name_page_by_page(db: Db) {
        let org = organization(&db, "ours").await;
        for (i, name) in ["walt", "Ada", "Zoë", "Ada", "bob", "Carla", "ada Byron"].into_iter().enumerate() {
            let mut contact = contact(name, &format!("+155501002{i:02}"));
            contact.created_at = at(i64::try_from(i).unwrap());
            db.write(&org, async |tx| contacts::save(tx, &contact).await).await.unwrap();
        }
        let (mut names, mut page) = (Vec::new(), Page { limit: 2, cursor: None });
        loop {
            let listed = db.read(&org, async |tx| contacts::list(tx, None, None, contacts::Order::Name, &page).await).await.unwrap();
            assert!(listed.items.len() <= 2);
            names.extend(listed.items.into_iter().map(|c| c.name.to_lowercase()));
            let Some(next) = listed.next else { break };
            page.cursor = Some(next);
        }
        let mut ada = names.drain(..3).collect::<Vec<_>>();
        ada.sort();
        assert_eq!(ada, ["ada", "ada", "ada byron"]);
        assert_eq!(names, ["bob", "carla", "walt", "zoë"]);
        let newest = db.read(&org, async |tx| contacts::list(tx, None, None, contacts::Order::Newest, &Page { limit: 1, cursor: None }).await).await.unwrap();
        page.cursor = newest.next;
        let refused = db.read(&org, async |tx| contacts::list(tx, None, None, contacts::Order::Name, &page).await).await.unwrap_err();
        assert!(refused.is_conflict("cursor"), "a cursor belongs to its order");
    }

    async fn a_queue_knows_its_agents(db: Db) {
        let org = organization(&db, "ours").await;
        let (support, sales) = (queue(&db, &org, "support_queue").await, queue(&db, &org, "sales_queue").await);
        let (ada, bob) = (agent(&db, &org, "Ada").await, agent(&db, &org, "Bob").await);
        db.write(&org, async |tx| queues::set_queues_of(tx, &ada, &[support.clone(), sales.clone()]).await).await.unwrap();
        db.write(&org, async |tx| queues::set_queues_of(tx, &ada, std::slice::from_ref(&support)).await).await.unwrap();
        db.write(&org, async |tx| queues::add_member(tx, &support, &bob).await).await.unwrap();
        let members = db.read(&org, async |tx| queues::members(tx, &support).await).await.unwrap();
        assert_eq!(members, [ada.clone(), bob]);
        assert_eq!(db.read(&org, async |tx| queues::queues_of(tx, &ada).await).await.unwrap(), std::slice::from_ref(&support));
        db.write(&org, async |tx| queues::remove_member(tx, &support, &ada).await).await.unwrap();
        assert_eq!(db.read(&org, async |tx| queues::all_members(tx).await).await.unwrap().len(), 1);

        let mut found = db.read(&org, async |tx| queues::by_name(tx, "support_queue").await).await.unwrap().unwrap();
        assert_eq!(found, db.read(&org, async |tx| queues::get(tx, &support).await).await.unwrap());
        "sales_queue".clone_into(&mut found.name);
        let refused = db.write(&org, async |tx| queues::save(tx, &found).await).await.unwrap_err();
        assert!(refused.is_conflict("queues_name"), "{refused:?}");
        assert_eq!(db.read(&org, async |tx| queues::list(tx).await).await.unwrap().len(), 2);
    }
}

async fn use_three_times(db: &Db) -> [bool; 3] {
    let try_it = async || {
        let used = db
            .system(Reason::SetUp)
            .write(async |c| credentials::use_link(c, "second", at(1)).await)
            .await;
        used.unwrap().is_some()
    };
    let (a, b, c) = tokio::join!(try_it(), try_it(), try_it());
    [a, b, c]
}
