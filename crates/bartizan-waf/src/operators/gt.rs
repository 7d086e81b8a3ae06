//! `@gt`: the number in the value is greater than the argument.

use super::arguments::free;
use super::numbers::number;
use super::{Captures, Entry};

pub(super) const OPERATOR: Entry =
    Entry { name: "gt", aliases: &[], compile: |argument, _| free(argument, &OPERATOR), evaluate: Some(evaluate) };

fn evaluate(argument: &[u8], value: &[u8], _: Option<&mut Captures>) -> bool {
    number(value) > number(argument)
}
