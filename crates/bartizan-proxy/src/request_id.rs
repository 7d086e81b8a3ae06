//! The number of an exchange: short enough to read over the phone, unguessable enough to be shown.

use std::cell::Cell;
use std::fmt;

/// The number of one exchange: 80 random bits in Crockford's base 32, sixteen characters.
///
/// It tells nothing about other exchanges: a counter would tell strangers how many there are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId([u8; 16]);

impl RequestId {
    /// Makes a new one.
    ///
    /// The numbers come from a generator that each thread seeds once from the system: they need to be
    /// unlikely to collide, not secret.
    pub fn random() -> Self {
        let (high, low) = STATE.with(|state| {
            let (mut a, b) = state.get();
            // xoroshiro128+ (Blackman and Vigna, 2018), two steps.
            let mut out = [0; 2];
            let mut b = b;
            for word in &mut out {
                *word = a.wrapping_add(b);
                let mixed = a ^ b;
                a = a.rotate_left(24) ^ mixed ^ (mixed << 16);
                b = mixed.rotate_left(37);
            }
            state.set((a, b));
            (out[0], out[1])
        });
        let mut text = [0; 16];
        let mut bits = (u128::from(high) << 64) | u128::from(low);
        for letter in &mut text {
            *letter = ALPHABET[(bits & 31) as usize];
            bits >>= 5;
        }
        Self(text)
    }

    /// Returns the number as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

thread_local! {
    static STATE: Cell<(u64, u64)> = Cell::new(seed());
}

fn seed() -> (u64, u64) {
    // Without randomness the ids of two processes may collide, which costs a lookup, not safety.
    let word = || getrandom::u64().unwrap_or(u64::from(std::process::id()));
    (word() | 1, word())
}

/// Crockford's: no `i`, `l`, `o`, `u`, so that it can be read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_read_well() {
        let ids: std::collections::HashSet<_> = (0..10_000).map(|_| RequestId::random()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.as_str().len() == 16 && !id.as_str().contains(['i', 'l', 'o', 'u'])));
    }
}
