//! JUnit's XML: a suite for each report, a case for each finding, a failure where it is open.

use std::fmt::Write as _;

use super::report::{Report, Standing};
use crate::output::visible::visible_lines;

/// Writes the reports.
pub(super) fn render(reports: &[Report]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let cases: usize = reports.iter().map(cases).sum();
    let failures: usize = reports.iter().map(|report| report.open().len()).sum();
    let _ = writeln!(text, "<testsuites name=\"bartizan\" tests=\"{cases}\" failures=\"{failures}\">");
    for report in reports {
        one(&mut text, report);
    }
    text.push_str("</testsuites>\n");
    text
}

/// A suite without cases looks like a suite that did not run.
fn cases(report: &Report) -> usize {
    report.found.len().max(1)
}

fn one(text: &mut String, report: &Report) {
    let (tests, failures) = (cases(report), report.open().len());
    let skipped = report.found.len() - failures;
    let name = escape(&report.subject);
    let _ = writeln!(
        text,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    );
    if report.found.is_empty() {
        let _ = writeln!(text, "    <testcase classname=\"bartizan\" name=\"no findings\"/>");
    }
    for reported in &report.found {
        let finding = &reported.finding;
        let (class, id) = (finding.rule.topic.as_str(), finding.rule.id());
        let place = finding.at.to_string();
        let name = escape(&format!("{id} at {place}"));
        let _ = writeln!(text, "    <testcase classname=\"bartizan.{class}\" name=\"{name}\">");
        let _ = match &reported.standing {
            Standing::Open => writeln!(
                text,
                "      <failure type=\"{}\" message=\"{}\">{}</failure>",
                finding.severity,
                escape(finding.rule.about.title),
                escape(&format!("{place}: {}\n{}", finding.message, finding.rule.about.why)),
            ),
            Standing::Known => writeln!(text, "      <skipped message=\"known from the baseline\"/>"),
            Standing::Suppressed(suppression) => {
                writeln!(text, "      <skipped message=\"{}\"/>", escape(&suppression.reason))
            }
        };
        text.push_str("    </testcase>\n");
    }
    if !report.notes.is_empty() {
        let _ = writeln!(text, "    <system-out>{}</system-out>", escape(&report.notes.join("\n")));
    }
    text.push_str("  </testsuite>\n");
}

/// Text for XML 1.0, which cannot hold most control characters even when they are escaped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible_lines(text).chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            plain => out.push(plain),
        }
    }
    out
}
