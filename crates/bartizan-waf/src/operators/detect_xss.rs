//! `@detectXSS`: the value adds script to a page that it is put into.

use super::{Capture, Captures, Entry, Literals, Operator};
use crate::byte_set::ByteSet;
use crate::xss;

pub(super) const OPERATOR: Entry =
    Entry { name: "detectXSS", aliases: &[], compile: |_, _| Ok(Box::new(Xss)), evaluate: None };

#[derive(Debug)]
struct Xss;

impl Operator for Xss {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool {
        if !xss::detect(value) {
            return false;
        }
        Captures::set(captures, || Capture::Span(0..value.len()));
        true
    }

    fn literals(&self) -> Option<Literals> {
        // Tags, declarations and comments begin with the one; only attributes that have a value run script.
        Some(Literals::of_bytes(ByteSet::of(b"<=")))
    }
}
