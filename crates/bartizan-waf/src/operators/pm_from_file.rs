//! `@pmFromFile`: one of the lines of a file is in the value, in any case.

use super::pm::Words;
use super::{Entry, Files, Operator, OperatorError};

pub(super) const OPERATOR: Entry = Entry { name: "pmFromFile", aliases: &["pmf"], compile, evaluate: None };

fn compile(argument: &str, files: &dyn Files) -> Result<Box<dyn Operator>, OperatorError> {
    let mut words = Vec::new();
    for name in argument.split_whitespace() {
        let content = files.read(name).map_err(|source| OperatorError::Read { name: name.to_owned(), source })?;
        let lines = content.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        words.extend(lines.filter(|line| !is_comment(line)).map(<[u8]>::to_vec));
    }
    Ok(Box::new(Words::new(words)?))
}

/// Whether the line is empty or a note.
fn is_comment(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start(), [] | [b'#', ..])
}
