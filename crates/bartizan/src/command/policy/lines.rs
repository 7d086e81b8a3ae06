//! Questions on standard input, a line of JSON each, and an answer on standard output for each.

use std::io::{BufRead, BufWriter, Read as _, Write as _};

use serde_json::{Value, json};

use crate::command::reports::harmless;
use crate::exit_code::Outcome;

/// Answers each line; one that cannot be read is answered with an error, and the others are not lost over it.
pub(super) fn answer_each(answer: impl Fn(&[u8]) -> Result<Value, Value>) -> anyhow::Result<Outcome> {
    let mut input = std::io::stdin().lock();
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut line, mut outcome) = (Vec::new(), Outcome::Fine);
    loop {
        line.clear();
        let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answered = if read as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            // The rest of it would be taken for lines of its own.
            skip_line(&mut input)?;
            Err(error(&Value::Null, "the line is too long"))
        } else {
            answer(&line)
        };
        if answered.is_err() {
            outcome = Outcome::Problems;
        }
        writeln!(output, "{}", harmless(&answered.unwrap_or_else(|error| error)))?;
    }
    output.flush()?;
    Ok(outcome)
}

/// Returns the answer to a line that cannot be answered.
pub(super) fn error(id: &Value, text: &str) -> Value {
    json!({ "id": id, "error": text })
}

/// Returns the `id` of a line that is JSON, whatever else is wrong with it.
pub(super) fn id(line: &[u8]) -> Value {
    let line: Option<Value> = serde_json::from_slice(line).ok();
    line.and_then(|line| line.get("id").cloned()).unwrap_or_default()
}

fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (length, is_over) = (end.map_or(buffer.len(), |at| at + 1), end.is_some() || buffer.is_empty());
        input.consume(length);
        if is_over {
            return Ok(());
        }
    }
}

/// Longer than any header that a browser takes, a hundred times over.
const LONGEST_LINE: u64 = 32 * 1024 * 1024;
