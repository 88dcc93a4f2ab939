//! An application in a process of its own, two organizations in it, and a client that says what it does.

mod client;
pub(crate) mod cut;
mod place;
pub(crate) mod world;

pub(crate) use client::{Answer, Client};
pub(crate) use place::Place;
pub(crate) use world::{Person, World};

use std::time::Duration;

use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use offhook_server::clock::Clock;
use offhook_server::config::Config;
use offhook_server::{App, router};
use offhook_store::seal::{Keyring, Secret};

/// Each story becomes two tests: `on_sqlite` and `on_postgres`.
macro_rules! stories {
    ($($(#[$doc:meta])* async fn $name:ident($t:ident: &TestApp) $body:block)+) => {$(
        mod $name {
            #[expect(clippy::allow_attributes, reason = "a story need not use everything of its file")]
            #[allow(unused_imports, reason = "a story need not use everything of its file")]
            use super::*;

            async fn story($t: &$crate::support::TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let t = $crate::support::TestApp::on_sqlite().await;
                story(&t).await;
                t.end().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let Some(t) = $crate::support::TestApp::on_postgres().await else { return };
                story(&t).await;
                t.end().await;
            }
        }
    )+};
}
pub(crate) use stories;

pub(crate) const PUBLIC_URL: &str = "https://calls.example.com";
pub(crate) const KEY: &str = "a key that only these tests seal with, long enough";

/// The application under test.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) router: Router,
    /// The organization that stories are about.
    pub(crate) ours: World,
    /// Another one, which must never be reached.
    pub(crate) theirs: World,
    place: Place,
}

/// When every story begins.
pub(crate) fn morning() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().expect("a moment")
}

impl TestApp {
    pub(crate) async fn on_sqlite() -> Self {
        Self::at(Place::sqlite().await).await
    }

    pub(crate) async fn on_postgres() -> Option<Self> {
        Some(Self::at(Place::postgres().await?).await)
    }

    pub(crate) async fn at(place: Place) -> Self {
        Self::under(place, PUBLIC_URL).await
    }

    /// Reached by the world under this address.
    pub(crate) async fn under(place: Place, public_url: &str) -> Self {
        let keys = Keyring::new(KEY).expect("the key is long enough");
        let clock = Clock::manual(morning());
        let config = Config {
            public_url: public_url.parse().expect("an address"),
            ..config(&place, clock)
        };
        let app = App::new(config, place.db.clone(), keys);
        let ours = World::make(&app, "ours", "+14155550100").await;
        let theirs = World::make(&app, "theirs", "+14155550200").await;
        Self {
            router: router(&app),
            app,
            ours,
            theirs,
            place,
        }
    }

    /// Another node on the same database; its time stands still as ours does.
    pub(crate) async fn second_node(&self) -> App {
        let keys = Keyring::new(KEY).expect("the key is long enough");
        let clock = Clock::manual(morning());
        let db = offhook_store::Db::open_with(&self.place.url, 4)
            .await
            .expect("the database opens");
        App::new(config(&self.place, clock), db, keys)
    }

    /// A client with a person's session.
    pub(crate) fn by(&self, person: &Person) -> Client {
        Client::new(self.router.clone()).bearer(&person.token)
    }

    /// A client without any credential.
    pub(crate) fn nobody(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// Saves the carrier account, which nobody can try here: the carrier's address is one where nobody listens.
    pub(crate) async fn saves_carrier(&self, person: &Person, body: serde_json::Value) -> Answer {
        let client = self.by(person);
        self.while_time_passes(client.put("/carrier?unverified=true", body))
            .await
    }

    /// Waits for something that itself waits for the clock, such as the answer of a job that nobody does.
    pub(crate) async fn while_time_passes<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(Duration::from_millis(50)) => self.app.clock.advance(TimeDelta::seconds(1)),
            }
        }
    }

    pub(crate) async fn end(self) {
        self.app.stop.cancel();
        self.app.tasks.close();
        // A job that is under way may wait for time to go on.
        self.while_time_passes(self.app.tasks.wait()).await;
        self.place.clear_away().await;
    }
}

/// The settings of a server at this place.
pub(crate) fn config(place: &Place, clock: Clock) -> Config {
    Config {
        database: place.url.clone(),
        encryption_key: Secret::new(KEY),
        encryption_key_previous: None,
        public_url: PUBLIC_URL.parse().expect("an address"),
        bind: "127.0.0.1:0".parse().expect("an address"),
        data_dir: place.dir.path().to_owned(),
        trust_proxy: false,
        carrier: None,
        signaling_url: None,
        demo: None,
        given: Vec::new(),
        clock,
    }
}
