//! A set of bytes: what a value holds, what an operator needs, what a transformation changes.

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    /// No byte.
    pub const EMPTY: Self = Self([0; 4]);
    /// Every byte.
    pub const ALL: Self = Self([u64::MAX; 4]);

    /// Returns the set of these bytes.
    pub const fn of(bytes: &[u8]) -> Self {
        let mut set = Self::EMPTY;
        let mut at = 0;
        while at < bytes.len() {
            set = set.with(bytes[at]);
            at += 1;
        }
        set
    }

    /// Returns the set from the first to the last byte, both included.
    pub const fn range(first: u8, last: u8) -> Self {
        let mut set = Self::EMPTY;
        let mut byte = first as u16;
        while byte <= last as u16 {
            set = set.with(byte as u8);
            byte += 1;
        }
        set
    }

    /// Returns the set with one byte more.
    pub const fn with(mut self, byte: u8) -> Self {
        self.0[(byte >> 6) as usize] |= 1 << (byte & 63);
        self
    }

    /// Returns the bytes of either set.
    pub const fn union(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]])
    }

    /// Returns the bytes that are not in the set.
    pub const fn complement(self) -> Self {
        let a = self.0;
        Self([!a[0], !a[1], !a[2], !a[3]])
    }

    /// Whether the byte is in the set.
    pub const fn contains(self, byte: u8) -> bool {
        self.0[(byte >> 6) as usize] & (1 << (byte & 63)) != 0
    }

    /// Whether the sets share a byte.
    pub const fn intersects(self, other: Self) -> bool {
        let (a, b) = (self.0, other.0);
        (a[0] & b[0]) | (a[1] & b[1]) | (a[2] & b[2]) | (a[3] & b[3]) != 0
    }

    /// How many bytes are in the set.
    pub const fn count(self) -> u32 {
        let a = self.0;
        a[0].count_ones() + a[1].count_ones() + a[2].count_ones() + a[3].count_ones()
    }

    /// Returns the bytes that the value holds.
    pub fn present_in(value: &[u8]) -> Self {
        let mut seen = [false; 256];
        for &byte in value {
            seen[byte as usize] = true;
        }
        let mut words = [0_u64; 4];
        for (word, seen) in words.iter_mut().zip(seen.chunks_exact(64)) {
            for (place, seen) in (0_u32..).step_by(8).zip(seen.as_chunks::<8>().0) {
                // The product gathers the lowest bits of eight bytes in the highest byte.
                let bits = u64::from_le_bytes(seen.map(u8::from)).wrapping_mul(0x0102_0408_1020_4080) >> 56;
                *word |= bits << place;
            }
        }
        Self(words)
    }

    /// Calls with each byte of the set, in order.
    pub(crate) fn each(self, mut call: impl FnMut(u8)) {
        for (start, mut word) in [0_u8, 64, 128, 192].into_iter().zip(self.0) {
            while word != 0 {
                // Below 64, so the sum is below 256.
                call(start + word.trailing_zeros() as u8);
                word &= word - 1;
            }
        }
    }

    /// Returns the place of the first byte of the value that is in the set.
    pub fn find_in(self, value: &[u8]) -> Option<usize> {
        value.iter().position(|&byte| self.contains(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::ByteSet;

    #[test]
    fn a_set_holds_what_it_was_made_of() {
        for (set, byte, holds) in [
            (ByteSet::of(b"az"), b'a', true),
            (ByteSet::of(b"az"), b'b', false),
            (ByteSet::range(b'a', b'c'), b'c', true),
            (ByteSet::range(b'a', b'c'), b'd', false),
            (ByteSet::range(0, 255), 255, true),
            (ByteSet::of(b"a").complement(), b'a', false),
            (ByteSet::of(b"a").complement(), b'b', true),
            (ByteSet::present_in(b"\x00\xff?"), 0, true),
            (ByteSet::present_in(b"\x00\xff?"), 255, true),
            (ByteSet::present_in(b"\x00\xff?"), b'!', false),
        ] {
            assert_eq!(set.contains(byte), holds, "{set:?} {byte}");
        }
        assert_eq!(ByteSet::ALL.count(), 256);
        assert!(ByteSet::of(b"ab").intersects(ByteSet::of(b"bc")));
        assert!(!ByteSet::of(b"ab").intersects(ByteSet::of(b"cd")));
    }
}
