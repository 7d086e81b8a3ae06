//! For people at a terminal: grades large, what costs most first, each fault with its cure ready to paste.

mod file;
mod letters;
mod place;

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use bartizan_rules::{Platform, Provenance, Severity};

pub(super) use self::place::by_rule;
use super::report::{Grade, Report, Reported};
use crate::output::visible::visible;
use crate::output::{BOLD, DIM, HEADING, wrap};

/// Writes the reports, with colours; whoever prints them takes the colours out where nobody wants them.
pub(super) fn render(reports: &[Report], platform: Option<Platform>, width: usize) -> String {
    let mut text = String::new();
    for report in reports {
        one(&mut text, report, platform, width);
    }
    text
}

fn one(text: &mut String, report: &Report, platform: Option<Platform>, width: usize) {
    let _ = writeln!(text, "{BOLD}{}{BOLD:#}\n", visible(&report.subject));
    grades(text, &report.grades, width);
    let open = report.open();
    let is_in_file = |reported: &&&Reported| matches!(reported.finding.at, Provenance::File(_));
    for reported in open.iter().filter(is_in_file) {
        file::write(text, reported, report, platform, width);
    }
    let elsewhere: Vec<_> = open.iter().filter(|reported| !is_in_file(reported)).copied().collect();
    place::write(text, &elsewhere, report, platform, width);
    dealt_with(text, report, width);
    for note in &report.notes {
        paragraph(text, "note", AnsiColor::Cyan.on_default().bold(), note, width);
    }
    let _ = writeln!(text, "{BOLD}{}{BOLD:#}", summary(report));
    if !open.is_empty() {
        let _ = writeln!(text, "{DIM}`bartizan explain ID` has more of each, `--platform` other fixes{DIM:#}");
    }
    text.push('\n');
}

/// Writes all letters large and side by side, then what each is made of.
fn grades(text: &mut String, grades: &[Grade], width: usize) {
    let large: Vec<_> =
        grades.iter().map(|grade| (letters::large(&grade.letter), letter_style(&grade.letter))).collect();
    for row in 0..letters::HEIGHT {
        let mut line = String::new();
        let mut room = 0;
        for (letter, style) in &large {
            let Some(shape) = letter.get(row) else { continue };
            let _ = write!(line, "{:room$}  {style}{shape}{style:#}", "");
            let widest = letter.iter().map(|row| row.chars().count()).max().unwrap_or_default();
            room = 2 + widest - shape.chars().count();
        }
        if !line.is_empty() {
            let _ = writeln!(text, "{line}");
        }
    }
    if !grades.is_empty() {
        text.push('\n');
    }
    grades.iter().for_each(|one| grade(text, one, width));
}

fn grade(text: &mut String, grade: &Grade, width: usize) {
    let style = letter_style(&grade.letter);
    let _ = write!(text, "  {style}{:<2}{style:#}", visible(&grade.letter));
    let _ = writeln!(text, "  {}  {DIM}{}{DIM:#}", visible(&grade.detail), visible(&grade.authority));
    let mut items: Vec<_> = grade.items.iter().filter(|item| item.points != 0).collect();
    items.sort_by_key(|item| item.points);
    for item in items {
        let style = if item.points < 0 { AnsiColor::Red } else { AnsiColor::Green }.on_default();
        let _ = write!(text, "  {style}{:>+4}{style:#}  ", item.points);
        let line = format!("{}: {}", visible(&item.name), visible(&item.result));
        let lines = wrap(&line, width.saturating_sub(8));
        let _ = writeln!(text, "{}", lines.join("\n        "));
    }
    for cap in &grade.caps {
        let style = letter_style(&cap.letter);
        let lines = wrap(&visible(&cap.why), width.saturating_sub(8));
        let _ = writeln!(text, "  {style}{:>4}{style:#}  {}", visible(&cap.letter), lines.join("\n        "));
    }
    text.push('\n');
}

fn letter_style(letter: &str) -> Style {
    match letter.chars().next() {
        Some('A') => AnsiColor::Green,
        Some('B' | 'C') => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    }
    .on_default()
    .bold()
}

/// What is there and needs nobody now: known, suppressed, mended.
fn dealt_with(text: &mut String, report: &Report, width: usize) {
    for (reported, suppression) in report.suppressed() {
        let line = format!("{} at {}: {}", reported.finding.rule.id(), reported.finding.at, suppression.reason);
        paragraph(text, "suppressed", DIM, &line, width);
    }
    let known = report.known();
    if !known.is_empty() {
        paragraph(text, "known", DIM, &format!("{}, as in the baseline", count(&known)), width);
    }
    for known in &report.mended {
        let line = format!("{} at {}", known.id, known.place);
        paragraph(text, "mended", AnsiColor::Green.on_default().bold(), &line, width);
    }
}

fn paragraph(text: &mut String, word: &str, style: Style, line: &str, width: usize) {
    let lines = wrap(&visible(line), width.saturating_sub(12));
    let _ = writeln!(text, "{style}{word:<10}{style:#}  {}", lines.join("\n            "));
}

/// Returns what there is to do, in a line.
pub(super) fn summary(report: &Report) -> String {
    if report.is_unreached { "not reached, and so not judged".to_owned() } else { count(&report.open()) }
}

/// Returns how many findings there are of each severity.
pub(super) fn count(found: &[&Reported]) -> String {
    if found.is_empty() {
        return "no findings".to_owned();
    }
    let severities = [Severity::High, Severity::Medium, Severity::Low, Severity::Info];
    let counts = severities.into_iter().filter_map(|severity| {
        let count = found.iter().filter(|reported| reported.finding.severity == severity).count();
        (count > 0).then(|| format!("{count} {severity}"))
    });
    let plural = if found.len() == 1 { "" } else { "s" };
    format!("{} finding{plural}: {}", found.len(), counts.collect::<Vec<_>>().join(", "))
}

const fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => HEADING,
        Severity::Low => AnsiColor::Blue.on_default().bold(),
        Severity::Info => DIM,
    }
}
