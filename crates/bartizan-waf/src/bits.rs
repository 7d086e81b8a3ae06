//! A set of small numbers: rules or operators.

/// A set of numbers below a bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// Returns an empty set of numbers below `bound`.
    pub fn new(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// Adds a number; one that is not below the bound is left out.
    pub fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Whether the number is in the set.
    pub fn contains(&self, number: usize) -> bool {
        is_in(&self.0, number)
    }

    /// Adds the numbers of another set.
    pub fn union(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Whether the sets share a number.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(word, other)| word & other != 0)
    }

    /// Empties the set.
    pub fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// Returns the words, lowest numbers first.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// Returns the words to change.
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }
}

/// Whether a number is in a set that is given as words.
#[inline]
pub fn is_in(words: &[u64], number: usize) -> bool {
    words.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_the_bound_are_kept() {
        let mut bits = Bits::new(100);
        bits.insert(3);
        bits.insert(99);
        bits.insert(1_000);
        assert!(bits.contains(3) && bits.contains(99));
        assert!(!bits.contains(4) && !bits.contains(1_000));
        bits.clear();
        assert!(bits.is_empty());
    }
}
