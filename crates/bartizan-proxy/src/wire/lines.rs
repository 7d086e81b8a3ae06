//! Cuts a growing head into lines, each looked at once however slowly it arrives.

use super::fault::Fault;

/// How far a head has been read. Positions count from its first byte.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lines {
    start: usize,
    scanned: usize,
}

impl Lines {
    /// Returns the next complete line without its end, or `None` when more bytes are needed.
    ///
    /// A line that ends beyond `limit`, or cannot end before it, is `too_large`: the same answer however it arrives.
    #[inline]
    pub(super) fn next<'a>(
        &mut self,
        head: &'a [u8],
        limit: usize,
        too_large: Fault,
    ) -> Result<Option<&'a [u8]>, Fault> {
        let found = memchr::memchr(b'\n', head.get(self.scanned..).unwrap_or_default());
        let end = found.map_or(head.len(), |offset| self.scanned + offset + 1);
        if end > limit {
            return Err(too_large);
        }
        self.scanned = end;
        if found.is_none() {
            return Ok(None);
        }
        let line = head.get(self.start..end - 1).unwrap_or_default();
        self.start = end;
        line.strip_suffix(b"\r").map(Some).ok_or(Fault::BareLf)
    }

    /// Returns how many bytes the lines returned so far have taken.
    pub(super) fn taken(&self) -> usize {
        self.start
    }
}
