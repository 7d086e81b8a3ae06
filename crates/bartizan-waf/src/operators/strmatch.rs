//! `@strmatch`: the argument is in the value; an old name for a fast `@contains`.

use super::arguments::held;
use super::{Captures, Entry};

pub(super) const OPERATOR: Entry = Entry {
    name: "strmatch",
    aliases: &[],
    compile: |argument, _| held(argument, &OPERATOR),
    evaluate: Some(evaluate),
};

fn evaluate(argument: &[u8], value: &[u8], _: Option<&mut Captures>) -> bool {
    memchr::memmem::find(value, argument).is_some()
}
