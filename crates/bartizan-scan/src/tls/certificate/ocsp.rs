//! The staple: an answer about the certificate that the server brought along (RFC 6960, 4.2).
//!
//! Its signature is not checked; a browser does that, and a forged staple harms only who staples it.

use bartizan_rules::facts::handshake::Staple;

use super::der::{ENUMERATED, INTEGER, OBJECT, OCTETS, SEQUENCE, TIME, element, inside, optional};
use super::timestamps;
use crate::wire::Reader;

/// What a staple says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    /// About the certificate.
    pub(super) says: Staple,
    /// How many timestamps it carries.
    pub(super) timestamps: usize,
}

/// Reads a staple about the certificate of a serial number, as of a moment in seconds since 1970.
pub(super) fn read(bytes: &[u8], serial: &[u8], now: i64) -> Read {
    parse(bytes, serial, now).unwrap_or(Read { says: Staple::Useless, timestamps: 0 })
}

fn parse(bytes: &[u8], serial: &[u8], now: i64) -> Option<Read> {
    let mut response = inside(&mut Reader::new(bytes), SEQUENCE)?;
    (inside(&mut response, ENUMERATED)?.rest() == [0]).then_some(())?;
    let mut bytes = inside(&mut inside(&mut response, 0xa0)?, SEQUENCE)?;
    inside(&mut bytes, OBJECT)?;
    let mut basic = inside(&mut inside(&mut bytes, OCTETS)?, SEQUENCE)?;
    let mut data = inside(&mut basic, SEQUENCE)?;
    optional(&mut data, 0xa0);
    element(&mut data)?; // who answers
    inside(&mut data, TIME)?; // when it was made
    let mut responses = inside(&mut data, SEQUENCE)?;
    while !responses.is_empty() {
        let mut single = inside(&mut responses, SEQUENCE)?;
        let mut id = inside(&mut single, SEQUENCE)?;
        element(&mut id)?;
        element(&mut id)?;
        element(&mut id)?;
        let is_about = inside(&mut id, INTEGER)?.rest() == serial;
        let (status, _) = element(&mut single)?;
        let from = moment(inside(&mut single, TIME)?.rest())?;
        let until = optional(&mut single, 0xa0).and_then(|bytes| moment(inside(&mut Reader::new(bytes), TIME)?.rest()));
        if !is_about {
            continue;
        }
        let is_current = from <= now + CLOCKS && until.is_none_or(|until| now <= until + CLOCKS);
        let says = match status {
            0x80 if is_current => Staple::Good,
            0xa1 if is_current => Staple::Revoked,
            _ => Staple::Useless,
        };
        let extensions = optional(&mut single, 0xa1).unwrap_or_default();
        return Some(Read { says, timestamps: timestamps_in(extensions).unwrap_or_default() });
    }
    None
}

fn timestamps_in(extensions: &[u8]) -> Option<usize> {
    let mut list = inside(&mut Reader::new(extensions), SEQUENCE)?;
    while !list.is_empty() {
        let mut extension = inside(&mut list, SEQUENCE)?;
        let is_list = inside(&mut extension, OBJECT)?.rest() == LIST;
        optional(&mut extension, 0x01);
        let value = inside(&mut extension, OCTETS)?.rest();
        if is_list {
            return Some(timestamps::count(inside(&mut Reader::new(value), OCTETS)?.rest()));
        }
    }
    None
}

/// Reads `YYYYMMDDhhmmssZ` as seconds since 1970.
fn moment(text: &[u8]) -> Option<i64> {
    let digits = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i8>().ok();
    let year = digits.get(..4)?.parse().ok()?;
    let date = jiff::civil::DateTime::new(
        year,
        number(4, 6)?,
        number(6, 8)?,
        number(8, 10)?,
        number(10, 12)?,
        number(12, 14)?,
        0,
    );
    let offset = jiff::tz::Offset::UTC;
    Some(offset.to_timestamp(date.ok()?).ok()?.as_second())
}

/// 1.3.6.1.4.1.11129.2.4.5: timestamps in an answer (RFC 6962, 3.3).
const LIST: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x05];

/// How far clocks may be apart, as browsers grant.
const CLOCKS: i64 = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read() {
        for (text, seconds) in [
            ("20260101000000Z", Some(1_767_225_600)),
            ("20260101000000", None),
            ("20261301000000Z", None),
            ("2026", None),
        ] {
            assert_eq!(moment(text.as_bytes()), seconds, "{text}");
        }
    }

    #[test]
    fn what_is_no_answer_is_useless() {
        for bytes in [&[][..], &[0x30, 0x03, 0x0a, 0x01, 0x06], &[0x30, 0x80], b"HTTP/1.1 404"] {
            assert_eq!(read(bytes, &[1], 0).says, Staple::Useless, "{bytes:?}");
        }
    }
}
