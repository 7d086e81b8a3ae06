//! Operators that compare the value with their argument as text.

use super::{Captures, Entry, Evaluate, Literals, Operator, OperatorError};

/// An argument and the way it is compared.
#[derive(Debug)]
pub(super) struct Compared {
    argument: Vec<u8>,
    evaluate: Evaluate,
    literals: Option<Literals>,
}

/// Compiles a comparison of which a matching value holds the whole argument.
pub(super) fn held(argument: &str, entry: &Entry) -> Result<Box<dyn Operator>, OperatorError> {
    compared(argument, entry, Some(Literals::of_text(argument.as_bytes())))
}

/// Compiles a comparison that says nothing of what the value holds.
pub(super) fn free(argument: &str, entry: &Entry) -> Result<Box<dyn Operator>, OperatorError> {
    compared(argument, entry, None)
}

fn compared(argument: &str, entry: &Entry, literals: Option<Literals>) -> Result<Box<dyn Operator>, OperatorError> {
    let evaluate = entry.evaluate.ok_or_else(|| OperatorError::Unknown { name: entry.name.to_owned() })?;
    Ok(Box::new(Compared { argument: argument.as_bytes().to_vec(), evaluate, literals }))
}

impl Operator for Compared {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool {
        (self.evaluate)(&self.argument, value, captures)
    }

    fn literals(&self) -> Option<Literals> {
        self.literals.clone()
    }
}
