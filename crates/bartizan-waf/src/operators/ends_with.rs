//! `@endsWith`: the value ends with the argument.

use super::arguments::held;
use super::{Captures, Entry};

pub(super) const OPERATOR: Entry = Entry {
    name: "endsWith",
    aliases: &[],
    compile: |argument, _| held(argument, &OPERATOR),
    evaluate: Some(evaluate),
};

fn evaluate(argument: &[u8], value: &[u8], _: Option<&mut Captures>) -> bool {
    value.ends_with(argument)
}
