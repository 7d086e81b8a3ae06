//! `@detectSQLi`: the value changes the meaning of an SQL statement that it is put into.

use super::{Capture, Captures, Entry, Literals, Operator};
use crate::byte_set::ByteSet;
use crate::sqli;

pub(super) const OPERATOR: Entry =
    Entry { name: "detectSQLi", aliases: &[], compile: |_, _| Ok(Box::new(Sqli)), evaluate: None };

#[derive(Debug)]
struct Sqli;

impl Operator for Sqli {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool {
        let Some(fingerprint) = sqli::detect(value) else { return false };
        Captures::set(captures, || Capture::Text(fingerprint.as_bytes().to_vec()));
        true
    }

    fn literals(&self) -> Option<Literals> {
        // A value of letters, digits and underscores is one token, and no single word or number is an attack.
        let word =
            ByteSet::range(b'a', b'z').union(ByteSet::range(b'A', b'Z')).union(ByteSet::range(b'0', b'9')).with(b'_');
        Some(Literals::of_bytes(word.complement()))
    }
}
