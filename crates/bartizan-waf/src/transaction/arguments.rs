//! Arguments: of the query, of bodies, and both together.

use std::borrow::Cow;

use super::{Item, Transaction};
use crate::variable::Variable;
use crate::verdict::{Action, Reason};

/// Where an argument comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The body.
    Body,
    /// The query.
    Query,
}

impl Transaction {
    pub(super) fn query(&mut self, query: &[u8]) {
        let is_valid = self.urlencoded(query, Origin::Query);
        if !is_valid {
            self.set(Variable::UrlencodedError, b"1");
        }
    }

    /// Reads pairs; says whether every percent sign began an escape.
    pub(super) fn urlencoded(&mut self, text: &[u8], origin: Origin) -> bool {
        let separator = self.rules.settings().argument_separator;
        let mut is_valid = true;
        for pair in text.split(|&byte| byte == separator) {
            if pair.is_empty() {
                continue;
            }
            let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &b""[..]),
            };
            let (name, is_name_valid) = decoded(name, Plus::Space);
            let (value, is_value_valid) = decoded(value, Plus::Space);
            is_valid &= is_name_valid && is_value_valid;
            if !self.argument(origin, &name, &value) {
                break;
            }
        }
        is_valid
    }

    /// Adds an argument. False where there are too many: the transaction is judged as one that costs too much.
    pub(super) fn argument(&mut self, origin: Origin, name: &[u8], value: &[u8]) -> bool {
        let (values, names) = match origin {
            Origin::Body => (Variable::ArgsPost, Variable::ArgsPostNames),
            Origin::Query => (Variable::ArgsGet, Variable::ArgsGetNames),
        };
        let limits = self.rules.settings();
        if self.items(values).len() >= limits.arguments {
            self.is_exhausted = true;
            if limits.limits.exhausted == crate::settings::Exhausted::Refuse {
                self.refuse(Action::Deny, 403, Reason::Exhausted);
            }
            return false;
        }
        let (key, value) = (self.values.intern(name), self.values.intern(value));
        self.add(values, key, value);
        self.add(names, key, key);
        true
    }

    /// Fills `ARGS`, `ARGS_NAMES` and their size from what the query and the body brought.
    pub(super) fn combine_arguments(&mut self) {
        let mut size = 0;
        for (both, parts) in [
            (Variable::Args, [Variable::ArgsGet, Variable::ArgsPost]),
            (Variable::ArgsNames, [Variable::ArgsGetNames, Variable::ArgsPostNames]),
        ] {
            let mut items = std::mem::take(&mut self.items[both as usize]);
            items.clear();
            items.extend(parts.iter().flat_map(|&part| self.items(part)));
            if both == Variable::Args {
                let length = |item: &Item| self.values.length(item.key) + self.values.length(item.value);
                size = items.iter().map(length).sum::<usize>();
            }
            self.items[both as usize] = items;
        }
        self.set(Variable::ArgsCombinedSize, size.to_string().as_bytes());
    }
}

/// What a plus sign means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plus {
    Itself,
    Space,
}

/// Decodes a path: a plus sign is one there.
pub(super) fn decoded_path(path: &[u8]) -> Cow<'_, [u8]> {
    decoded(path, Plus::Itself).0
}

/// Decodes escapes; those that are none stay as they are.
fn decoded(text: &[u8], plus: Plus) -> (Cow<'_, [u8]>, bool) {
    let is_special = |byte: &u8| *byte == b'%' || *byte == b'+' && plus == Plus::Space;
    let Some(first) = text.iter().position(is_special) else { return (Cow::Borrowed(text), true) };
    let (mut out, mut is_valid) = (text[..first].to_vec(), true);
    let mut rest = &text[first..];
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' if plus == Plus::Space => out.push(b' '),
            b'%' => match after {
                [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    out.push(digit(*high) << 4 | digit(*low));
                    rest = &after[2..];
                }
                _ => {
                    is_valid = false;
                    out.push(byte);
                }
            },
            _ => out.push(byte),
        }
    }
    (Cow::Owned(out), is_valid)
}

const fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        _ => byte.to_ascii_uppercase().wrapping_sub(b'A').wrapping_add(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        for (text, expected, is_valid) in
            [("abc", "abc", true), ("a+b%20c", "a b c", true), ("%41%zz%4", "A%zz%4", false), ("%2B", "+", true)]
        {
            let (decoded, found) = decoded(text.as_bytes(), Plus::Space);
            assert_eq!((&*decoded, found), (expected.as_bytes(), is_valid), "{text}");
        }
        assert_eq!(&*decoded_path(b"/a+b%2F"), b"/a+b/");
    }
}
