//! `@unconditionalMatch`: every value matches.

use super::arguments::free;
use super::{Captures, Entry};

pub(super) const OPERATOR: Entry = Entry {
    name: "unconditionalMatch",
    aliases: &[],
    compile: |argument, _| free(argument, &OPERATOR),
    evaluate: Some(evaluate),
};

const fn evaluate(_: &[u8], _: &[u8], _: Option<&mut Captures>) -> bool {
    true
}
