//! What is asked of the world when a story is over.

use super::*;

impl World {
    /// Names of the effects for the carrier, in order, without those for pages.
    pub(in super::super) fn sent(&self) -> Vec<String> {
        let shown = |effect: &Effect| match effect {
            Effect::Live(_) | Effect::FindAgents | Effect::CheckRoom | Effect::CancelUnsent => None,
            Effect::Redirect { to, .. } => Some(format!("Redirect {to:?}")),
            other => Some(
                format!("{other:?}")
                    .split([' ', '{'])
                    .next()
                    .unwrap()
                    .to_owned(),
            ),
        };
        self.log.iter().filter_map(shown).collect()
    }

    /// Agents on whose screens it is.
    pub(in super::super) fn screens(&self) -> Vec<&str> {
        let open = self
            .call
            .offers
            .iter()
            .filter(|o| o.state == OfferState::Offered);
        open.map(|o| o.agent.body()).collect()
    }

    /// Customer and agent entered in one visit or into one conference, perhaps not at one time.
    pub(in super::super) fn crossed(&self) -> bool {
        let by_customer = self.entered.iter().filter(|entry| entry.customer);
        let mut pairs = by_customer.flat_map(|theirs| {
            let by_agents = self.entered.iter().filter(|entry| !entry.customer);
            by_agents.map(move |agents| (theirs, agents))
        });
        pairs.any(|(a, b)| a.visit == b.visit || a.conference == b.conference)
    }

    pub(in super::super) fn count(&self, which: fn(&Effect) -> bool) -> usize {
        self.log.iter().filter(|e| which(e)).count()
    }
}
