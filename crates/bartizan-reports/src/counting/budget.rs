//! How many new groups a client may still begin: against floods of forged reports, each of them unique.
//!
//! A table of fixed size; clients that share a place share its budget, which is small harm.

use crate::sketch::Client;

/// What clients have spent in this hour.
#[derive(Debug)]
pub(super) struct Budget {
    hour: i64,
    spent: Vec<u16>,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { hour: 0, spent: vec![0; PLACES] }
    }

    /// Spends one, if there is one left.
    pub(super) fn take(&mut self, client: Client, most: u16, millis: i64) -> bool {
        let hour = millis.div_euclid(crate::store::HOUR);
        if self.hour != hour {
            self.hour = hour;
            self.spent.fill(0);
        }
        // The low bits choose a register of a sketch; these are others.
        let place = (client.0 >> 32) as usize % PLACES;
        let Some(spent) = self.spent.get_mut(place) else { return false };
        let may = *spent < most;
        *spent += u16::from(may);
        may
    }
}

const PLACES: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_spends_its_own_and_gets_more_in_the_next_hour() {
        let mut budget = Budget::new();
        let (one, other) = (Client(1 << 32), Client(2 << 32));
        for (client, millis, expected) in
            [(one, 0, true), (one, 1, true), (one, 2, false), (other, 3, true), (one, crate::store::HOUR, true)]
        {
            assert_eq!(budget.take(client, 2, millis), expected, "{client:?} at {millis}");
        }
    }
}
