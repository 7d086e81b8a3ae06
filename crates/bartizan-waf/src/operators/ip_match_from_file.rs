//! `@ipMatchFromFile`: the value is an address in one of the networks of a file, a line each.

use super::{Entry, Files, Operator, OperatorError, ip_match};

pub(super) const OPERATOR: Entry = Entry { name: "ipMatchFromFile", aliases: &["ipMatchF"], compile, evaluate: None };

fn compile(argument: &str, files: &dyn Files) -> Result<Box<dyn Operator>, OperatorError> {
    let content = files
        .read(argument.trim())
        .map_err(|source| OperatorError::Read { name: argument.trim().to_owned(), source })?;
    let text = String::from_utf8_lossy(&content);
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    Ok(Box::new(ip_match::networks(lines)?))
}
