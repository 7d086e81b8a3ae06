//! The edits of a finding as lines that go and lines that come.

use std::fmt::Write as _;

use bartizan_rules::Edit;

use super::region::{window, within};
use super::report::Report;

/// Returns the changed lines of the first file that is edited, as a unified difference shows them.
pub(super) fn difference(edits: &[Edit], report: &Report) -> Option<String> {
    let path = &edits.first()?.at.path;
    let source = report.sources.get(path)?;
    let mut edits: Vec<_> = edits.iter().filter(|edit| edit.at.path == *path).collect();
    edits.sort_by_key(|edit| edit.at.span.start);
    let start = edits.first()?.at.span.start;
    let end = edits.iter().map(|edit| edit.at.span.end).max()?;
    let window = window(source, &within(source, &(start..end)), 0);
    let (mut changed, mut reached) = (String::new(), window.start);
    for edit in edits {
        let span = within(source, &edit.at.span);
        // Two changes of the same bytes are one too many to show.
        let Some(between) = source.get(reached..span.start) else { continue };
        changed.push_str(between);
        changed.push_str(&edit.replacement);
        reached = span.end;
    }
    changed.push_str(source.get(reached..window.start + window.text.len()).unwrap_or_default());
    let mut text = String::new();
    let gone = window.text.lines().map(|line| ('-', line));
    for (sign, line) in gone.chain(changed.lines().map(|line| ('+', line))) {
        let _ = writeln!(text, "{sign} {line}");
    }
    Some(text)
}
