//! Purchases of numbers and agents' calling settings: written down whole, one purchase of a number at a time, nobody else's.

use offhook_core::id::{CarrierId, OrderId, OrgId, UserId};
use offhook_store::agent_calling::{self, Calling};
use offhook_store::number_orders::{self, Order, OrderState, Wanted};
use offhook_store::numbers::{Destination, Facts, Route};
use offhook_store::{Db, Error, Reason, directory, numbers};
use uuid::Uuid;

use crate::support::{agent, at, contract, number, organization};

const LONDON: &str = "+442079460123";

fn order(key: Option<&str>) -> Order {
    Order {
        id: OrderId::new(Uuid::now_v7()),
        e164: LONDON.to_owned(),
        carrier: CarrierId::new(Uuid::now_v7()),
        wanted: Wanted {
            bundle_sid: Some("BU1".to_owned()),
            address_sid: None,
            label: Some("London".to_owned()),
            route: Route {
                to: Destination::Voicemail,
                overflow: None,
                greeting: None,
                chosen: false,
            },
            agent: None,
            facts: Facts {
                monthly: Some(("1.15".to_owned(), "USD".to_owned())),
                ..Facts::default()
            },
        },
        state: OrderState::Buying,
        reason: None,
        carrier_code: None,
        number: None,
        request_key: key.map(str::to_owned),
        created_at: at(1),
        updated_at: at(1),
    }
}

async fn insert(db: &Db, org: &OrgId, order: &Order) -> Result<(), Error> {
    db.write(org, async |tx| number_orders::insert(tx, order).await)
        .await
}

async fn owner(db: &Db) -> Option<OrgId> {
    db.system(Reason::Directory)
        .read(async |conn| directory::find(conn, LONDON).await)
        .await
        .unwrap()
}

contract! {
    async fn a_purchase_is_kept_whole_and_found_by_its_key(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        let mut order = order(Some("click"));
        insert(&db, &ours, &order).await.unwrap();
        order.state = OrderState::Unknown;
        order.updated_at = at(2);
        db.write(&ours, async |tx| number_orders::update(tx, &order).await).await.unwrap();
        let found = db.read(&ours, async |tx| number_orders::by_request_key(tx, "click").await).await.unwrap();
        assert_eq!(found.as_ref(), Some(&order));
        assert_eq!(db.read(&ours, async |tx| number_orders::open_of(tx, LONDON).await).await.unwrap(), Some(order.clone()));
        let foreign = db.read(&theirs, async |tx| number_orders::get(tx, &order.id).await).await;
        assert!(matches!(foreign, Err(Error::NotFound)));
        assert!(db.read(&theirs, async |tx| number_orders::list(tx).await).await.unwrap().is_empty());
    }

    async fn two_purchases_of_one_number_are_never_under_way_at_once(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        let mut first = order(None);
        insert(&db, &ours, &first).await.unwrap();
        let twice = insert(&db, &ours, &order(None)).await.unwrap_err();
        assert!(matches!(twice, Error::Conflict { .. }), "{twice:?}");
        let foreign = insert(&db, &theirs, &order(None)).await.unwrap_err();
        assert!(foreign.is_conflict("number_taken"), "{foreign:?}");
        first.state = OrderState::Failed;
        db.write(&ours, async |tx| number_orders::update(tx, &first).await).await.unwrap();
        assert_eq!(owner(&db).await, None, "a purchase that failed gives the number back");
        insert(&db, &theirs, &order(None)).await.unwrap();
        assert_eq!(owner(&db).await, Some(theirs));
    }

    async fn a_failed_purchase_of_a_number_that_is_ours_all_the_same_keeps_it(db: Db) {
        let ours = organization(&db, "ours").await;
        let mut failed = order(None);
        insert(&db, &ours, &failed).await.unwrap();
        let known = number(LONDON);
        db.write(&ours, async |tx| numbers::insert(tx, &known).await).await.unwrap();
        failed.state = OrderState::Failed;
        db.write(&ours, async |tx| number_orders::update(tx, &failed).await).await.unwrap();
        assert_eq!(owner(&db).await, Some(ours));
    }

    async fn an_agents_calling_settings_are_kept_and_are_the_organizations_own(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        let ana = agent(&db, &ours, "ana").await;
        let none = db.read(&ours, async |tx| agent_calling::find(tx, &ana).await).await.unwrap();
        assert_eq!(none, None);
        let mut calling = Calling { record: Some(false), voicemail: false, ..Calling::usual(&ana, at(1)) };
        db.write(&ours, async |tx| agent_calling::save(tx, &calling).await).await.unwrap();
        calling.forward_always = Some("+14155550177".to_owned());
        calling.caller_id = Some("+14155550178".to_owned());
        calling.record = None;
        db.write(&ours, async |tx| agent_calling::save(tx, &calling).await).await.unwrap();
        let kept = db.read(&ours, async |tx| agent_calling::list(tx).await).await.unwrap();
        assert_eq!(kept, [calling]);
        let foreign = db.read(&theirs, async |tx| agent_calling::find(tx, &ana).await).await.unwrap();
        assert_eq!(foreign, None);
        let stranger: UserId = UserId::new(Uuid::now_v7());
        assert_eq!(db.read(&ours, async |tx| agent_calling::find(tx, &stranger).await).await.unwrap(), None);
    }
}
