//! DER, as far as answers about certificates need it (X.690, 8.1).

use crate::wire::Reader;

/// Takes one element: its tag and its content. Lengths beyond 64 KiB are no answer to anything here.
pub(super) fn element<'a>(reader: &mut Reader<'a>) -> Option<(u8, &'a [u8])> {
    let tag = reader.u8()?;
    let length = match reader.u8()? {
        short @ 0..=0x7f => usize::from(short),
        0x81 => usize::from(reader.u8()?),
        0x82 => usize::from(reader.u16()?),
        _ => return None,
    };
    Some((tag, reader.take(length)?))
}

/// Takes an element of a kind and returns a reader of its content.
pub(super) fn inside<'a>(reader: &mut Reader<'a>, tag: u8) -> Option<Reader<'a>> {
    let (found, content) = element(reader)?;
    (found == tag).then(|| Reader::new(content))
}

/// Takes an element only if it is of a kind.
pub(super) fn optional<'a>(reader: &mut Reader<'a>, tag: u8) -> Option<&'a [u8]> {
    let mut ahead = *reader;
    let (found, content) = element(&mut ahead)?;
    (found == tag).then(|| {
        *reader = ahead;
        content
    })
}

/// A sequence.
pub(super) const SEQUENCE: u8 = 0x30;
/// A string of bytes.
pub(super) const OCTETS: u8 = 0x04;
/// A whole number.
pub(super) const INTEGER: u8 = 0x02;
/// The name of a thing.
pub(super) const OBJECT: u8 = 0x06;
/// One of a list.
pub(super) const ENUMERATED: u8 = 0x0a;
/// A moment.
pub(super) const TIME: u8 = 0x18;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_where_they_say() {
        for (bytes, found) in [
            (&[0x30, 2, 1, 2][..], Some((0x30, &[1, 2][..]))),
            (&[0x04, 0x81, 1, 9], Some((0x04, &[9]))),
            (&[0x30, 3, 1, 2], None),
            (&[0x30, 0x80, 0, 0], None), // without a length it is no DER
            (&[], None),
        ] {
            assert_eq!(element(&mut Reader::new(bytes)), found, "{bytes:?}");
        }
    }
}
