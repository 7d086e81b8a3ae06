//! What was written is read again: a line that would stop the start becomes a comment, and is told.

use std::path::Path;

use super::written::Written;
use crate::config::{Environment, Gravity, Overrides, Problem, from_text};

/// Returns a configuration that `config check` takes, as far as that can be had by leaving lines out.
pub(super) fn checked(mut written: Written) -> Written {
    for _ in 0..PASSES {
        let text = written.body().to_owned();
        let read = from_text(&text, "imported", Path::new("."), &Environment::default(), &Overrides::default());
        let Err(report) = read else { break };
        let mut lines: Vec<(usize, String)> = Vec::new();
        for problem in report.problems.iter().filter(|problem| problem.gravity == Gravity::Error) {
            let Some(line) = line(problem, &text) else { continue };
            if !lines.iter().any(|(known, _)| *known == line) {
                lines.push((line, format!("{}: {}", problem.message, problem.label)));
            }
        }
        if lines.is_empty() {
            break;
        }
        for (line, why) in lines {
            let shown = text.lines().nth(line).unwrap_or_default().to_owned();
            written.set_aside(line);
            written.note(format!("set aside below: {shown}: {why}"));
        }
    }
    written
}

/// A line can be left out only if it is a key: a table's name has others below it.
fn line(problem: &Problem, text: &str) -> Option<usize> {
    let start = problem.span.as_ref()?.start;
    let line = text.get(..start)?.matches('\n').count();
    let shown = text.lines().nth(line)?;
    (shown.contains('=') && !shown.starts_with(['[', '#'])).then_some(line)
}

/// One line left out can show another that does not fit; more than this is no configuration of ours.
const PASSES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_would_stop_the_start_are_set_aside() {
        let mut written = Written::default();
        written.table("[server]").raw("listen", "[\"127.0.0.1:8443\"]");
        written.table("[[site]]").raw("hosts", "[\"a.example\"]").raw("upstream", "[\"http://127.0.0.1:1\"]");
        written.raw("certificate", "{ chain = \"/nowhere/a.pem\", key = \"/nowhere/a.key\" }");
        written.table("[site.headers]").raw("frame_options", "\"ALLOW-FROM https://a.example\"").raw("csp", "false");
        let written = checked(written);
        let text = written.text();
        assert!(text.contains("\n# certificate = "), "{text}");
        assert!(text.contains("\n# frame_options = "), "{text}");
        assert!(text.contains("\ncsp = false"), "{text}");
        assert_eq!(written.notes().len(), 2, "{text}");
        let read = from_text(&text, "x", Path::new("."), &Environment::default(), &Overrides::default());
        assert!(read.is_ok(), "{text}");
    }
}
