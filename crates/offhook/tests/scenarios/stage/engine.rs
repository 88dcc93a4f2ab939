//! The two engines, and the macros by which every story runs on each.

/// What a story's rows lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Each story becomes two tests, `on_sqlite` and, where `OFFHOOK_TEST_POSTGRES` names a server, `on_postgres`.
/// A story that stands in no such list is dead code, which the compiler tells.
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$story($crate::stage::Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if $crate::stage::has_postgres() {
                    super::$story($crate::stage::Engine::Postgres).await;
                }
            }
        }
    )+};
}
pub(crate) use on_both_engines;

/// The same for stories of what only PostgreSQL has: several nodes, locks, a line that can be cut.
macro_rules! on_postgres {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if $crate::stage::has_postgres() {
                    super::$story($crate::stage::Engine::Postgres).await;
                }
            }
        }
    )+};
}
pub(crate) use on_postgres;
