//! Numbers and vectors, big end first, as TLS (RFC 8446, 3.3 and 3.4) and DNS (RFC 1035, 2.3.2) write them.

/// Foreign bytes, read from the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Begins at the front.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether nothing is left.
    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Returns what is left.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Takes so many bytes, or none if there are fewer.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// Takes a number of one byte.
    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.number(1)?.try_into().ok()
    }

    /// Takes a number of two bytes.
    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.number(2)?.try_into().ok()
    }

    /// Takes a number of up to four bytes.
    pub(crate) fn number(&mut self, width: usize) -> Option<u32> {
        let bytes = self.take(width)?;
        Some(bytes.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
    }

    /// Takes a vector whose length comes first, in so many bytes.
    pub(crate) fn vector(&mut self, width: usize) -> Option<&'a [u8]> {
        let length = self.number(width)?;
        self.take(usize::try_from(length).ok()?)
    }
}

/// Writes a number of so many bytes.
pub(crate) fn put(out: &mut Vec<u8>, width: usize, number: usize) {
    let bytes = number.to_be_bytes();
    out.extend_from_slice(bytes.get(bytes.len().saturating_sub(width)..).unwrap_or_default());
}

/// Writes a vector with its length before it, in so many bytes.
pub(crate) fn put_vector(out: &mut Vec<u8>, width: usize, bytes: &[u8]) {
    put(out, width, bytes.len());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_end_where_they_say_or_not_at_all() {
        for (bytes, width, vector) in [
            (&[0, 2, 7, 8, 9][..], 2, Some(&[7, 8][..])),
            (&[2, 7, 8], 1, Some(&[7, 8])),
            (&[0], 1, Some(&[])),
            (&[3, 7, 8], 1, None), // shorter than it says
            (&[0], 2, None),       // no room for the length
        ] {
            assert_eq!(Reader::new(bytes).vector(width), vector, "{bytes:?}");
        }
        let mut written = Vec::new();
        put_vector(&mut written, 3, &[1, 2]);
        assert_eq!(written, [0, 0, 2, 1, 2]);
    }
}
