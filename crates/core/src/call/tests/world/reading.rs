//! What the carrier says when it is asked, and callbacks that never come.

use super::*;

impl World {
    /// What the carrier answers when it is asked about this call: its legs, and who is in the room.
    pub(in super::super) fn reading(&self) -> (Vec<LegReport>, Vec<InRoom>) {
        let asked = self.call.legs.iter().filter(|leg| leg.is_live());
        let sids = asked.filter_map(|leg| leg.sid.clone());
        let reports = sids.map(|sid| {
            let Event::Leg(report) = leg(&sid, self.status_of(&sid), None, None) else {
                unreachable!("it makes nothing else")
            };
            report
        });
        let here = |sid: &str, label: &str, connected| InRoom {
            sid: sid.to_owned(),
            label: Some(label.to_owned()),
            conference_sid: format!("CF{}", self.rooms),
            connected,
        };
        let mut room = Vec::new();
        match &self.place {
            Place::Room(label) => room.push(here(CUSTOMER, label, true)),
            Place::Ringing => room.push(here(CUSTOMER, &self.customer_label, false)),
            _ => {}
        }
        for agent in self.agents.iter().filter(|agent| agent.alive) {
            room.extend(agent.room.iter().map(|label| here(&agent.sid, label, true)));
        }
        (reports.collect(), room)
    }

    fn status_of(&self, sid: &str) -> LegStatus {
        let alive = self.agents.iter().any(|leg| leg.sid == sid && leg.alive);
        match self.place {
            Place::Gone | Place::Nowhere if sid == CUSTOMER => LegStatus::Completed,
            Place::Ringing if sid == CUSTOMER => LegStatus::Ringing,
            _ if sid == CUSTOMER || alive => LegStatus::InProgress,
            _ => LegStatus::Completed,
        }
    }

    /// The callbacks that are on their way never arrive; what a request of ours was answered does.
    pub(in super::super) fn lose_callbacks(&mut self) {
        self.pool
            .retain(|event| matches!(event, Event::Placed { .. }));
        while !self.pool.is_empty() {
            self.deliver(0);
            self.pool
                .retain(|event| matches!(event, Event::Placed { .. }));
        }
    }

    /// The reconciler compares, and time goes on with whatever callbacks come now.
    pub(in super::super) fn compare(&mut self) {
        let (legs, room) = self.reading();
        let room = Some(room);
        self.tell(Event::Reconciled { legs, room });
        self.settle();
    }
}
