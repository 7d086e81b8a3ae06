//! `@containsWord`: the argument is in the value, with no letter of ASCII beside it.

use super::arguments::held;
use super::{Captures, Entry};

pub(super) const OPERATOR: Entry = Entry {
    name: "containsWord",
    aliases: &[],
    compile: |argument, _| held(argument, &OPERATOR),
    evaluate: Some(evaluate),
};

fn evaluate(argument: &[u8], value: &[u8], _: Option<&mut Captures>) -> bool {
    if argument.is_empty() {
        return true;
    }
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let mut from = 0;
    while let Some(found) = value.get(from..).and_then(|rest| memchr::memmem::find(rest, argument)) {
        let start = from + found;
        let before = start.checked_sub(1).and_then(|place| value.get(place));
        if !is_letter(before) && !is_letter(value.get(start + argument.len())) {
            return true;
        }
        from = start + 1;
    }
    false
}
