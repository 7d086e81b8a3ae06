//! `@validateByteRange`: the value has a byte outside the ranges.

use super::{Capture, Captures, Entry, Literals, Operator, OperatorError};
use crate::byte_set::ByteSet;

pub(super) const OPERATOR: Entry = Entry { name: "validateByteRange", aliases: &[], compile, evaluate: None };

/// The bytes that a value may not have.
#[derive(Debug)]
struct Outside(ByteSet);

/// Reads ranges `32-126,9`. What is no range allows nothing, as in ModSecurity: the rule only becomes stricter.
fn compile(argument: &str, _: &dyn super::Files) -> Result<Box<dyn Operator>, OperatorError> {
    let mut allowed = ByteSet::EMPTY;
    for item in argument.split(',').map(str::trim) {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        if let (Ok(first), Ok(last)) = (first.trim().parse::<u8>(), last.trim().parse::<u8>())
            && first <= last
        {
            allowed = allowed.union(ByteSet::range(first, last));
        }
    }
    Ok(Box::new(Outside(allowed.complement())))
}

impl Operator for Outside {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool {
        let Some(place) = self.0.find_in(value) else { return false };
        Captures::set(captures, || Capture::Span(place..place + 1));
        true
    }

    fn literals(&self) -> Option<Literals> {
        Some(Literals::of_bytes(self.0))
    }
}
