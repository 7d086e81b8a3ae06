//! `@rx`: the pattern is in the value.

use super::pattern::{Engine, Pattern};
use super::{Captures, Entry, Literals, Operator};

pub(super) const OPERATOR: Entry = Entry {
    name: "rx",
    aliases: &[],
    compile: |argument, _| Ok(Box::new(Rx(Pattern::new(argument)?))),
    evaluate: Some(evaluate),
};

#[derive(Debug)]
struct Rx(Pattern);

impl Operator for Rx {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool {
        judge(&self.0, value, captures)
    }

    fn literals(&self) -> Option<Literals> {
        self.0.literals()
    }

    fn engine(&self) -> Option<Engine> {
        Some(self.0.engine())
    }
}

fn judge(pattern: &Pattern, value: &[u8], captures: Option<&mut Captures>) -> bool {
    match captures {
        None => pattern.is_match(value),
        Some(captures) => pattern.is_match(value) && pattern.capture(value, captures),
    }
}

/// A pattern out of a request is compiled within narrow bounds; one that breaks them does not match.
fn evaluate(argument: &[u8], value: &[u8], captures: Option<&mut Captures>) -> bool {
    let text = String::from_utf8_lossy(argument);
    text.len() <= LENGTH && Pattern::within(&text, SIZE).is_ok_and(|pattern| judge(&pattern, value, captures))
}

/// The longest pattern that is compiled for one value.
const LENGTH: usize = 4096;
/// The largest automaton that is built for one value.
const SIZE: usize = 1 << 20;
