//! A server in a runtime of its own, so that it can be killed as a process is.

use std::sync::Arc;
use std::time::Duration;

use offhook_sandbox::clock::{Companion, VirtualClock};
use offhook_server::clock::Clock;
use offhook_server::config::Config;
use offhook_server::{App, Running};
use tokio::runtime::{Builder, Handle, Runtime};

/// How long a killed server's threads may take to notice.
const DEATH: Duration = Duration::from_secs(20);

pub(crate) struct Node {
    pub(crate) app: App,
    running: Option<Running>,
    runtime: Option<Runtime>,
}

impl Node {
    pub(crate) async fn start(config: Config) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let running = within(runtime.handle(), || offhook_server::serve(config)).await;
        let running = running.expect("the server starts");
        Self {
            app: running.app.clone(),
            running: Some(running),
            runtime: Some(runtime),
        }
    }

    /// The link of the first run.
    pub(crate) async fn setup_link(&mut self) -> String {
        let running = self.running.take().expect("the server runs");
        let (running, link) = self
            .does(async || {
                let link = running.setup_link().await;
                (running, link)
            })
            .await;
        self.running = Some(running);
        link.expect("the database answers").expect("a first run")
    }

    /// The database cannot be reached any more.
    pub(crate) async fn loses_the_database(&self) {
        let db = self.app.db.clone();
        self.does(async move || db.close().await).await;
    }

    async fn does<T, F>(&self, work: impl FnOnce() -> F + Send + 'static) -> T
    where
        T: Send + 'static,
        F: Future<Output = T>,
    {
        let runtime = self.runtime.as_ref().expect("the server runs");
        within(runtime.handle(), work).await
    }

    /// It is told to end, and does.
    pub(crate) async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            self.does(|| running.stop()).await;
        }
        self.kill().await;
    }

    /// It ends wherever it is: nothing is said, nothing is tidied up.
    pub(crate) async fn kill(mut self) {
        let runtime = self.runtime.take().expect("the server runs");
        tokio::task::spawn_blocking(move || runtime.shutdown_timeout(DEATH))
            .await
            .expect("nobody panicked");
        // Virtual time waits no longer for the dead.
        self.app.stop.cancel();
    }

    /// The server moves with the sandbox's time, and time waits for the server.
    pub(crate) fn share(&self, time: &VirtualClock, clock: &Clock) {
        let (work, sleeper, hands) = (self.app.work.clone(), clock.clone(), clock.clone());
        let waking = clock.clone();
        let (stopped, ended) = (self.app.stop.clone(), self.app.stop.clone());
        time.join(Companion {
            idle: Arc::new(move || {
                stopped.is_cancelled() || (work.is_idle() && !waking.is_waking())
            }),
            next_wake: Arc::new(move || {
                (!ended.is_cancelled())
                    .then(|| sleeper.next_wake())
                    .flatten()
            }),
            advanced: Arc::new(move |now| hands.advance_to(now)),
        });
    }
}

/// Does something in another runtime, as that one's own process would.
async fn within<T, F>(runtime: &Handle, work: impl FnOnce() -> F + Send + 'static) -> T
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let runtime = runtime.clone();
    tokio::task::spawn_blocking(move || runtime.block_on(work()))
        .await
        .expect("nobody panicked")
}

impl Drop for Node {
    fn drop(&mut self) {
        // A story that failed; its runtime may not be waited for where futures run.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
