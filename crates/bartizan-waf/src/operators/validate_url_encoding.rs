//! `@validateUrlEncoding`: the value has a percent sign without two digits behind it.

use super::{Captures, Entry, Literals, Operator};
use crate::byte_set::ByteSet;

pub(super) const OPERATOR: Entry =
    Entry { name: "validateUrlEncoding", aliases: &[], compile: |_, _| Ok(Box::new(Encoding)), evaluate: None };

/// Percent-encoding (RFC 3986, 2.1).
#[derive(Debug)]
struct Encoding;

impl Operator for Encoding {
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> bool {
        let is_digit = |place: usize| value.get(place).is_some_and(u8::is_ascii_hexdigit);
        memchr::memchr_iter(b'%', value).any(|place| !is_digit(place + 1) || !is_digit(place + 2))
    }

    fn literals(&self) -> Option<Literals> {
        Some(Literals::of_bytes(ByteSet::of(b"%")))
    }
}
