//! The classes of bytes that several transformations share.

use crate::byte_set::ByteSet;

/// White space of the C locale.
pub(super) const WHITESPACE: ByteSet = ByteSet::of(b" \t\n\x0b\x0c\r");

/// Whether the byte is white space of the C locale.
pub(super) const fn is_whitespace(byte: u8) -> bool {
    WHITESPACE.contains(byte)
}

/// The value of one hexadecimal digit.
pub(super) const fn hexadecimal(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The value of the two hexadecimal digits that the rest begins with.
pub(super) fn two_digits(rest: &[u8]) -> Option<u8> {
    let [high, low, ..] = rest else { return None };
    Some((hexadecimal(*high)? << 4) | hexadecimal(*low)?)
}

/// The byte meant by four hexadecimal digits: the lower one, and ASCII for its full-width form (U+FF01 to U+FF5E).
pub(super) fn four_digits(rest: &[u8]) -> Option<u8> {
    let high = two_digits(rest)?;
    let low = two_digits(rest.get(2..)?)?;
    Some(if high == 0xff { narrow(low) } else { low })
}

/// ASCII for the lower byte of a full-width character.
pub(super) const fn narrow(low: u8) -> u8 {
    match low {
        0x01..=0x5e => low + 0x20,
        _ => low,
    }
}

/// Up to three octal digits that the rest begins with: their value and their number.
pub(super) fn octal(rest: &[u8]) -> Option<(u16, usize)> {
    let digits = rest.iter().take(3).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
    let value = rest.iter().take(digits).fold(0, |value, digit| value * 8 + u16::from(digit - b'0'));
    (digits > 0).then_some((value, digits))
}

/// What a letter means after a backslash, in C and in JavaScript.
pub(super) const fn control(letter: u8) -> Option<u8> {
    match letter {
        b'a' => Some(0x07),
        b'b' => Some(0x08),
        b'f' => Some(0x0c),
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'v' => Some(0x0b),
        _ => None,
    }
}
