//! A house whose lines a story can watch and cut, and which may have a second node.

use offhook_sandbox::clock::Clock as SandboxClock;

use super::{Agent, Engine, Line, Node, Place, Port, Stage, begin, house};

/// What a house is connected by; the line to a PostgreSQL is the place's.
pub(crate) struct Lines {
    /// From the carrier and the browsers to the server.
    pub(crate) door: Line,
    /// From the server to the carrier's REST face.
    pub(crate) carrier: Line,
}

impl Lines {
    pub(crate) fn go_on(&self) {
        self.door.goes_on();
        self.carrier.goes_on();
    }
}

impl Stage {
    /// As [`Stage::with`], with lines in between.
    pub(crate) async fn on_lines<const N: usize>(
        engine: Engine,
        names: [&str; N],
    ) -> (Self, [Agent; N]) {
        let (place, port) = (Place::on_a_line(engine).await, Port::hold());
        let (time, door) = (begin(), Line::to(&port.host()).await);
        let sandbox = house::sandbox(SandboxClock::Virtual(time.clone()), &door.url()).await;
        let host = sandbox.url().rsplit('/').next().unwrap_or_default();
        let carrier = Line::to(host).await;
        let lines = Lines { door, carrier };
        let stage = Self::set(time, sandbox, place, port, Some(lines)).await;
        let agents = stage.staff(names).await;
        (stage, agents)
    }

    pub(crate) fn lines(&self) -> &Lines {
        self.lines.as_ref().expect("a house on lines")
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// A second node on the same rows and files, which nobody is led to yet.
    pub(crate) async fn second_node(&self) -> (Node, Port) {
        let port = Port::hold();
        (self.node(&port).await, port)
    }

    /// The first node dies, and whoever knocks is led to the second.
    pub(crate) async fn first_node_dies(&mut self, second: (Node, Port)) {
        let (node, port) = second;
        self.kill().await;
        self.lines().door.leads_to(&port.host());
        self.lines().go_on();
        self.server = Some(node);
        self.port = port;
    }
}
