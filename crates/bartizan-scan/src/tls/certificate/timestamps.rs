//! Signed certificate timestamps, counted (RFC 6962, 3.3).

use crate::wire::Reader;

/// Returns how many a list holds; as many as can be read of a broken one.
pub(super) fn count(list: &[u8]) -> usize {
    let Some(bytes) = Reader::new(list).vector(2) else { return 0 };
    let mut list = Reader::new(bytes);
    let mut count = 0;
    while list.vector(2).is_some_and(|timestamp| !timestamp.is_empty()) {
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_counted() {
        for (list, found) in [(&[0, 6, 0, 1, 7, 0, 1, 8][..], 2), (&[0, 0], 0), (&[0, 9, 0, 1], 0), (&[], 0)] {
            assert_eq!(count(list), found, "{list:?}");
        }
    }
}
