//! `@within`: the value is in the argument.

use super::arguments::free;
use super::{Captures, Entry};

pub(super) const OPERATOR: Entry =
    Entry { name: "within", aliases: &[], compile: |argument, _| free(argument, &OPERATOR), evaluate: Some(evaluate) };

fn evaluate(argument: &[u8], value: &[u8], _: Option<&mut Captures>) -> bool {
    memchr::memmem::find(argument, value).is_some()
}
