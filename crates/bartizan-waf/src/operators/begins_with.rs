//! `@beginsWith`: the value begins with the argument.

use super::arguments::held;
use super::{Captures, Entry};

pub(super) const OPERATOR: Entry = Entry {
    name: "beginsWith",
    aliases: &[],
    compile: |argument, _| held(argument, &OPERATOR),
    evaluate: Some(evaluate),
};

fn evaluate(argument: &[u8], value: &[u8], _: Option<&mut Captures>) -> bool {
    value.starts_with(argument)
}
