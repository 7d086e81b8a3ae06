//! How many distinct clients: an estimate in 64 bytes that cannot be asked who they were.
//!
//! HyperLogLog (Flajolet and others, 2007) with linear counting for small numbers, which are those that
//! decide whether something is rare.

/// An estimate of how many were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sketch([u8; REGISTERS]);

/// A client as it is counted: a hash under a key that only the store has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client(pub u64);

impl Default for Sketch {
    fn default() -> Self {
        Self([0; REGISTERS])
    }
}

impl Sketch {
    /// Counts a client; again changes nothing.
    pub fn add(&mut self, client: Client) {
        let register = (client.0 % REGISTERS as u64) as usize;
        let rest = client.0 / REGISTERS as u64;
        let rank = u8::try_from((rest.trailing_zeros() + 1).min(LONGEST_RUN)).unwrap_or(u8::MAX);
        if let Some(known) = self.0.get_mut(register) {
            *known = (*known).max(rank);
        }
    }

    /// Counts whom another counted.
    pub fn merge(&mut self, other: &Self) {
        for (known, more) in self.0.iter_mut().zip(other.0) {
            *known = (*known).max(more);
        }
    }

    /// Returns how many clients there were, within about a seventh of the truth; small numbers are exact or nearly.
    pub fn estimate(&self) -> u64 {
        let registers = REGISTERS as f64;
        let empty = self.0.iter().filter(|rank| **rank == 0).count();
        let harmonic: f64 = self.0.iter().map(|rank| f64::from(-i32::from(*rank)).exp2()).sum();
        let raw = 0.709 * registers * registers / harmonic;
        let estimate =
            if raw <= 2.5 * registers && empty > 0 { registers * (registers / empty as f64).ln() } else { raw };
        estimate.round() as u64
    }

    /// Returns the bytes to be stored.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Takes bytes that were stored; others count nobody.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        bytes.try_into().map_or_else(|_| Self::default(), Self)
    }
}

const REGISTERS: usize = 64;

/// A hash of 64 bits without the six that choose a register.
const LONGEST_RUN: u32 = 58;

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash, Hasher};

    use super::*;

    fn client(number: u64) -> Client {
        let mut hasher = DefaultHasher::new();
        number.hash(&mut hasher);
        Client(hasher.finish())
    }

    #[test]
    fn few_are_counted_nearly_exactly_and_many_roughly() {
        for (truth, slack) in [(0, 0), (1, 0), (2, 1), (5, 1), (20, 5), (1000, 300), (100_000, 30_000)] {
            let mut sketch = Sketch::default();
            (0..truth).for_each(|number| {
                sketch.add(client(number));
                sketch.add(client(number));
            });
            assert!(sketch.estimate().abs_diff(truth) <= slack, "{truth}: {}", sketch.estimate());
            assert_eq!(Sketch::from_bytes(sketch.as_bytes()), sketch);
        }
    }

    #[test]
    fn merging_counts_each_client_once() {
        let (mut one, mut other) = (Sketch::default(), Sketch::default());
        (0..10).for_each(|number| one.add(client(number)));
        (0..10).for_each(|number| other.add(client(number)));
        let before = one.estimate();
        one.merge(&other);
        assert_eq!(one.estimate(), before);
    }
}
