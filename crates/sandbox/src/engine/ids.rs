//! SIDs and tokens that look like Twilio's, from a seeded source so that a run can be repeated.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::seam::Sid;

/// The source of all names that the engine makes up.
#[derive(Debug)]
pub struct Ids(StdRng);

impl Ids {
    /// A source that gives the same names for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A SID: two letters and 32 hexadecimal digits.
    pub fn sid(&mut self, prefix: &str) -> Sid {
        format!("{prefix}{:032x}", self.0.random::<u128>())
    }

    /// A secret of 32 letters and digits, as an auth token or an API key's secret.
    pub fn secret(&mut self) -> String {
        format!("{:032x}", self.0.random::<u128>())
    }

    /// Six digits.
    pub fn code(&mut self) -> String {
        format!("{:06}", self.0.random_range(0..1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn the_same_seed_gives_the_same_sids_of_twilios_shape() {
        let (mut one, mut two) = (Ids::seeded(7), Ids::seeded(7));
        let sid = one.sid("CA");
        assert_eq!(sid, two.sid("CA"));
        assert_eq!(sid.len(), 34);
        assert_ne!(sid, one.sid("CA"));
    }
}
