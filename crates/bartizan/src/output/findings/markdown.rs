//! Markdown for a comment on a pull request: a table first, what to do folded below.

use std::borrow::Cow;
use std::fmt::Write as _;

use bartizan_rules::{Platform, Provenance};

use super::difference::difference;
use super::fix::fix;
use super::human;
use super::region::line_around;
use super::report::{Report, Reported};
use crate::output::visible::{visible, visible_lines};

/// Writes the reports.
pub(super) fn render(reports: &[Report], platform: Option<Platform>) -> String {
    let mut text = String::new();
    for report in reports {
        if !text.is_empty() {
            text.push('\n');
        }
        one(&mut text, report, platform);
    }
    text
}

fn one(text: &mut String, report: &Report, platform: Option<Platform>) {
    let open = report.open();
    let _ = writeln!(text, "## {}\n\n{}\n", prose(&report.subject), human::summary(report));
    for grade in &report.grades {
        let (letter, detail, authority) = (prose(&grade.letter), prose(&grade.detail), prose(&grade.authority));
        let _ = writeln!(text, "**{letter}** {detail} ({authority})\n");
        let costs: Vec<_> = grade.items.iter().filter(|item| item.points < 0).collect();
        for item in &costs {
            let _ = writeln!(text, "- {} {}: {}", item.points, prose(&item.name), prose(&item.result));
        }
        for cap in &grade.caps {
            let _ = writeln!(text, "- at best {}: {}", prose(&cap.letter), prose(&cap.why));
        }
        text.push_str(if costs.is_empty() && grade.caps.is_empty() { "" } else { "\n" });
    }
    if !open.is_empty() {
        text.push_str("| severity | what | where | seen |\n|---|---|---|---|\n");
    }
    for reported in &open {
        let finding = &reported.finding;
        let (title, id) = (prose(finding.rule.about.title), finding.rule.id());
        let place = prose(&finding.at.to_string()).into_owned();
        let _ = writeln!(text, "| {} | {title} `{id}` | {place} | {} |", finding.severity, prose(&finding.message));
    }
    text.push_str(if open.is_empty() { "" } else { "\n" });
    for (_, places) in human::by_rule(&open) {
        details(text, &places, report, platform);
    }
    for known in &report.mended {
        let _ = writeln!(text, "- mended: `{}` at {}", code(&known.id), prose(&known.place));
    }
    let known = report.known();
    if !known.is_empty() {
        let _ = writeln!(text, "- known from the baseline: {}", human::count(&known));
    }
    for (reported, suppression) in report.suppressed() {
        let place = reported.finding.at.to_string();
        let (place, reason) = (prose(&place), prose(&suppression.reason));
        let _ = writeln!(text, "- suppressed: `{}` at {place}: {reason}", reported.finding.rule.id());
    }
    for note in &report.notes {
        let _ = writeln!(text, "- note: {}", prose(note));
    }
}

fn details(text: &mut String, places: &[&Reported], report: &Report, platform: Option<Platform>) {
    let Some(first) = places.first() else { return };
    let about = &first.finding.rule.about;
    let _ = writeln!(text, "<details><summary>{}: {}</summary>\n\n{}\n", about.id, prose(about.title), about.why);
    for reported in places {
        let finding = &reported.finding;
        if let Some(changes) = difference(&finding.edits, report) {
            fence(text, "diff", changes.trim_end());
        } else if let Provenance::File(place) = &finding.at
            && let Some(source) = report.sources.get(&place.path)
        {
            fence(text, "", line_around(source, &place.span).trim());
        }
    }
    if let Some(fix) = fix(&first.finding, report, platform) {
        let name = fix.platform.map_or("Here", Platform::name);
        let _ = writeln!(text, "{name}:\n");
        fence(text, "", fix.text);
    }
    for reference in about.references {
        let _ = writeln!(text, "- [{reference}]({})", reference.url());
    }
    text.push_str("\n</details>\n\n");
}

/// A fence longer than any run of backticks in what it holds.
fn fence(text: &mut String, language: &str, inside: &str) {
    let longest = inside.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let ticks = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(text, "{ticks}{language}\n{}\n{ticks}\n", visible_lines(inside));
}

/// Foreign text that is shown as it is: no markup, no links, no mention of anybody, no end of a table's cell.
fn prose(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(character);
            }
            plain => out.push(plain),
        }
    }
    Cow::Owned(out)
}

fn code(text: &str) -> String {
    visible(text).replace('`', "'")
}
