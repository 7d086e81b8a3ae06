//! One page for a browser: nothing is loaded from elsewhere, nothing runs, dark or light as the reader has it.

use std::fmt::Write as _;

use bartizan_rules::{Platform, Provenance};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::difference::difference;
use super::fix::fix;
use super::human;
use super::region::{line_around, within};
use super::report::{Grade, Report, Reported};
use crate::output::visible::{visible, visible_lines};

/// Writes the reports.
pub(super) fn render(reports: &[Report], platform: Option<Platform>) -> String {
    // The page obeys the policy that it would ask of others: this style and nothing else.
    let digest = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let title: Vec<_> = reports.iter().map(|report| report.subject.as_str()).collect();
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Bartizan: {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escape(&title.join(", "))
    );
    for report in reports {
        one(&mut text, report, platform);
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}

fn one(text: &mut String, report: &Report, platform: Option<Platform>) {
    let open = report.open();
    let _ = writeln!(text, "<section>\n<h1>{}</h1>", escape(&report.subject));
    report.grades.iter().for_each(|one| grade(text, one));
    let _ = writeln!(text, "<p class=\"count\">{}</p>", human::summary(report));
    for (_, places) in human::by_rule(&open) {
        fault(text, &places, report, platform);
    }
    list(text, "Mended", report.mended.iter().map(|known| format!("{} at {}", known.id, known.place)));
    let known = report.known();
    list(text, "Known", known.iter().map(|known| format!("{} at {}", known.finding.rule.id(), known.finding.at)));
    let suppressed = report.suppressed();
    list(
        text,
        "Suppressed",
        suppressed.map(|(found, why)| format!("{} at {}: {}", found.finding.rule.id(), found.finding.at, why.reason)),
    );
    list(text, "Notes", report.notes.iter().cloned());
    text.push_str("</section>\n");
}

fn grade(text: &mut String, grade: &Grade) {
    let class = match grade.letter.chars().next() {
        Some('A') => "good",
        Some('B' | 'C') => "fair",
        _ => "poor",
    };
    let _ = writeln!(
        text,
        "<div class=\"grade {class}\"><b>{}</b><p>{}<br><small>{}</small></p></div>",
        escape(&grade.letter),
        escape(&grade.detail),
        escape(&grade.authority)
    );
    let mut items: Vec<_> = grade.items.iter().collect();
    items.sort_by_key(|item| item.points);
    if items.is_empty() && grade.caps.is_empty() {
        return;
    }
    text.push_str("<table>\n");
    for item in items {
        let points = if item.points == 0 { "0".to_owned() } else { format!("{:+}", item.points) };
        let (name, result) = (escape(&item.name), escape(&item.result));
        let _ = writeln!(text, "<tr><td>{points}</td><th scope=\"row\">{name}</th><td>{result}</td></tr>");
    }
    for cap in &grade.caps {
        let (letter, why) = (escape(&cap.letter), escape(&cap.why));
        let _ = writeln!(text, "<tr><td>{letter}</td><td colspan=\"2\">{why}</td></tr>");
    }
    text.push_str("</table>\n");
}

fn fault(text: &mut String, places: &[&Reported], report: &Report, platform: Option<Platform>) {
    let Some(first) = places.first() else { return };
    let about = &first.finding.rule.about;
    let severity = first.finding.severity;
    let _ = writeln!(
        text,
        "<article class=\"{severity}\">\n<h2><span>{severity}</span> {}</h2>\n<p><code>{}</code></p>\n<ul>",
        escape(about.title),
        about.id
    );
    for reported in places {
        let finding = &reported.finding;
        let _ = write!(text, "<li><b>{}</b> {}", escape(&finding.at.to_string()), escape(&finding.message));
        if let Provenance::File(place) = &finding.at
            && let Some(source) = report.sources.get(&place.path)
        {
            let _ = write!(text, "<pre>{}</pre>", marked(source, &place.span));
        }
        if let Some(changes) = difference(&finding.edits, report) {
            let _ = write!(text, "<pre>{}</pre>", escape_lines(changes.trim_end()));
        }
        text.push_str("</li>\n");
    }
    let _ = writeln!(text, "</ul>\n<p>{}</p>", escape(about.why));
    if let Some(fix) = fix(&first.finding, report, platform) {
        let name = fix.platform.map_or("Here", Platform::name);
        let _ = writeln!(text, "<h3>{name}</h3>\n<pre>{}</pre>", escape_lines(fix.text));
    }
    text.push_str("<p class=\"more\">");
    for reference in about.references {
        let _ = write!(text, "<a href=\"{}\">{}</a> ", escape(&reference.url()), escape(&reference.to_string()));
    }
    text.push_str("</p>\n</article>\n");
}

/// The line of a finding, what it is about marked.
fn marked(source: &str, span: &std::ops::Range<usize>) -> String {
    let line = line_around(source, span);
    let span = within(source, span);
    let start = source.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1);
    let from = span.start - start;
    let to = (span.end - start).min(line.len());
    let part = |range: std::ops::Range<usize>| escape(line.get(range).unwrap_or_default());
    format!("{}<mark>{}</mark>{}", part(0..from), part(from..to), part(to..line.len()))
}

fn list(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "<h3>{title}</h3>\n<ul>");
    for line in lines {
        let _ = writeln!(text, "<li>{}</li>", escape(&line));
    }
    text.push_str("</ul>\n");
}

fn escape(text: &str) -> String {
    markup(&visible(text))
}

fn escape_lines(text: &str) -> String {
    markup(&visible_lines(text))
}

fn markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

const STYLE: &str = include_str!("style.css");
