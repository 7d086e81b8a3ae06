//! `@contains`: the argument is in the value.

use super::arguments::held;
use super::{Captures, Entry};

pub(super) const OPERATOR: Entry = Entry {
    name: "contains",
    aliases: &[],
    compile: |argument, _| held(argument, &OPERATOR),
    evaluate: Some(evaluate),
};

fn evaluate(argument: &[u8], value: &[u8], _: Option<&mut Captures>) -> bool {
    memchr::memmem::find(value, argument).is_some()
}
