//! `@validateUtf8Encoding`: the value is not UTF-8 (RFC 3629).

use super::{Captures, Entry, Literals, Operator};
use crate::byte_set::ByteSet;

pub(super) const OPERATOR: Entry =
    Entry { name: "validateUtf8Encoding", aliases: &[], compile: |_, _| Ok(Box::new(Encoding)), evaluate: None };

/// UTF-8.
#[derive(Debug)]
struct Encoding;

impl Operator for Encoding {
    fn matches(&self, value: &[u8], _: Option<&mut Captures>) -> bool {
        std::str::from_utf8(value).is_err()
    }

    fn literals(&self) -> Option<Literals> {
        Some(Literals::of_bytes(ByteSet::range(0x80, 0xff)))
    }
}
