//! `htmlEntityDecode`: numeric references (the lower byte) and the five names that rules need.

use super::characters::hexadecimal;
use super::{Context, Transformation};
use crate::byte_set::ByteSet;

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "htmlEntityDecode", aliases: &[], apply, touches: Some(ByteSet::of(b"&")) };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let first = memchr::memchr(b'&', value)?;
    let (kept, mut rest) = value.split_at(first);
    let mut out = Vec::with_capacity(value.len());
    out.extend_from_slice(kept);
    while let [byte, after @ ..] = rest {
        if let (b'&', Some((meaning, length))) = (*byte, reference(after)) {
            out.push(meaning);
            rest = after.get(length..).unwrap_or_default();
            rest = rest.strip_prefix(b";").unwrap_or(rest);
        } else {
            out.push(*byte);
            rest = after;
        }
    }
    (out != value).then_some(out)
}

/// The byte that a reference stands for, and its length after the ampersand and before the semicolon.
fn reference(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16).map(|(byte, length)| (byte, length + 2)),
        [b'#', digits @ ..] => number(digits, 10).map(|(byte, length)| (byte, length + 1)),
        _ => {
            let length = text.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let run = text.get(..length)?;
            // What a name begins with decides, and the whole run is taken for it.
            let is_start = |known: &[u8]| run.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known));
            NAMES.iter().find(|(known, _)| is_start(known)).map(|&(_, byte)| (byte, length))
        }
    }
}

/// The lower byte of a number and the length of its digits. What does not fit is the largest number.
fn number(digits: &[u8], radix: u8) -> Option<(u8, usize)> {
    let length = digits.iter().take_while(|&&digit| hexadecimal(digit).is_some_and(|digit| digit < radix)).count();
    let digits = digits.get(..length).filter(|digits| !digits.is_empty())?;
    let number = digits
        .iter()
        .filter_map(|&digit| hexadecimal(digit))
        .try_fold(0_i64, |number, digit| number.checked_mul(i64::from(radix))?.checked_add(i64::from(digit)));
    Some((number.unwrap_or(i64::MAX) as u8, length))
}

const NAMES: &[(&[u8], u8)] = &[(b"amp", b'&'), (b"gt", b'>'), (b"lt", b'<'), (b"nbsp", 0xa0), (b"quot", b'"')];
