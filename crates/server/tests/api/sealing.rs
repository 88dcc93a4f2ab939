//! `ENCRYPTION_KEY` is changed: a wrong one is named before anything is done, the right way loses nothing.

use offhook_server::config::{Config, Secret, StoreArgs};
use offhook_server::{StartError, reseal, serve};

use crate::support::{KEY, TestApp, stories};

const NEW: &str = "the key of after, which is long enough as well";

/// A server on the same rows with these keys.
fn settings(t: &TestApp, key: &str, previous: Option<&str>) -> Config {
    Config {
        encryption_key: Secret::new(key),
        encryption_key_previous: previous.map(Secret::new),
        ..t.app.config.clone()
    }
}

fn store(t: &TestApp, key: &str, previous: Option<&str>) -> StoreArgs {
    StoreArgs {
        database_url: Some(t.app.config.database.clone()),
        encryption_key: Some(Secret::new(key)),
        encryption_key_previous: previous.map(Secret::new),
        data_dir: t.app.config.data_dir.clone(),
    }
}

async fn starts(t: &TestApp, key: &str, previous: Option<&str>) -> Result<(), StartError> {
    let running = serve(settings(t, key, previous)).await?;
    let app = &running.app;
    let account = offhook_server::carrier::of_org(&app.db, &app.keys, &t.ours.org).await;
    assert!(account.unwrap().is_some(), "the account opens");
    running.stop().await;
    Ok(())
}

stories! {
    async fn a_wrong_key_is_named_at_the_start_and_nothing_is_changed(t: &TestApp) {
        starts(t, KEY, None).await.unwrap();
        let refused = starts(t, NEW, None).await.unwrap_err();
        assert!(refused.is_configuration());
        let words = refused.to_string();
        assert!(words.contains("ENCRYPTION_KEY_PREVIOUS") && words.contains("nothing was changed"), "{words}");
        assert!(reseal(&store(t, NEW, None)).await.unwrap_err().is_configuration());
        assert!(reseal(&store(t, NEW, Some("neither this one nor that one fits"))).await.is_err());
        starts(t, KEY, None).await.unwrap();
    }

    async fn a_key_is_changed_in_three_steps_and_nothing_is_entered_again(t: &TestApp) {
        starts(t, NEW, Some(KEY)).await.unwrap();
        starts(t, KEY, None).await.unwrap();
        let sealed = reseal(&store(t, NEW, Some(KEY))).await.unwrap();
        assert!(sealed >= 2, "of both organizations: {sealed}");
        assert_eq!(reseal(&store(t, NEW, Some(KEY))).await.unwrap(), 0);
        starts(t, NEW, None).await.unwrap();
        assert!(starts(t, KEY, None).await.is_err(), "the old one opens nothing any more");
    }
}
