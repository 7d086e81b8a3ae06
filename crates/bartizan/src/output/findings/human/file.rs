//! A finding in a file: the line, a caret, and the change that mends it.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use bartizan_rules::{Edit, Place, Platform, Provenance, Safety, Severity};

use super::super::fix::fix;
use super::super::region::{Window, window, within};
use super::super::report::{Report, Reported};
use crate::output::visible::{visible, visible_lines};

/// Writes one finding.
pub(super) fn write(text: &mut String, reported: &Reported, report: &Report, platform: Option<Platform>, width: usize) {
    let finding = &reported.finding;
    let Provenance::File(place) = &finding.at else { return };
    let level = match finding.severity {
        Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::NOTE,
        Severity::Info => Level::INFO,
    };
    let level = level.with_name(finding.severity.as_str());
    let message = visible(&finding.message);
    let mut group = Group::with_title(level.primary_title(finding.rule.about.title).id(finding.rule.id()));
    let shown = report.sources.get(&place.path).map(|source| cut(source, place));
    if let Some((window, span)) = &shown {
        let annotation = AnnotationKind::Primary.span(first_line(window.text, span)).label(&*message);
        let lines_before = span_line(window, span);
        let snippet = Snippet::source(window.text).line_start(place.line.saturating_sub(lines_before).max(1));
        group = group.element(snippet.path(&*place.path).annotation(annotation));
    } else {
        group = group.element(Level::NOTE.message(format!("{place}: {message}")));
    }
    if !finding.equivalents.is_empty() {
        let names = visible(&finding.equivalents.join(", ")).into_owned();
        group = group.element(Level::NOTE.message(format!("also known as {names}")));
    }
    let mut groups = vec![group];
    let patches = patches(&finding.edits, report);
    if patches.is_empty() {
        let cure = fix(finding, report, platform);
        let cure = cure.map(|fix| match fix.platform {
            Some(platform) => format!("{platform}: {}", visible_lines(fix.text)),
            None => visible_lines(fix.text).into_owned(),
        });
        if let Some(cure) = cure {
            groups = groups.into_iter().map(|group| group.element(Level::HELP.message(cure.clone()))).collect();
        }
    }
    groups.extend(patches);
    let renderer = Renderer::styled().decor_style(DecorStyle::Unicode).term_width(width);
    text.push_str(&renderer.render(&groups));
    text.push_str("\n\n");
}

/// The line of the finding with a line on either side, and where in it the finding is.
fn cut<'a>(source: &'a str, place: &Place) -> (Window<'a>, std::ops::Range<usize>) {
    let span = within(source, &place.span);
    let window = window(source, &span, 1);
    (window, span.start - window.start..span.end - window.start)
}

fn span_line(window: &Window<'_>, span: &std::ops::Range<usize>) -> usize {
    window.text.get(..span.start).unwrap_or_default().matches('\n').count()
}

/// A caret under a whole block helps nobody.
fn first_line(text: &str, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let length = text.get(span.clone()).and_then(|inside| inside.find('\n')).unwrap_or(span.len());
    span.start..span.start + length
}

/// The changes as differences, a group for each file and kind.
fn patches<'a>(edits: &'a [Edit], report: &'a Report) -> Vec<Group<'a>> {
    let mut groups = Vec::new();
    let mut left: Vec<&Edit> = edits.iter().collect();
    left.sort_by_key(|edit| edit.at.span.start);
    while let Some(first) = left.first().copied() {
        let (same, others): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|edit| edit.at.path == first.at.path && edit.safety == first.safety);
        left = others;
        let Some(source) = report.sources.get(&first.at.path) else { continue };
        let end = same.iter().map(|edit| edit.at.span.end).max().unwrap_or_default();
        let window = window(source, &within(source, &(first.at.span.start..end)), 0);
        let mut snippet = Snippet::source(window.text).path(&*first.at.path);
        let before = source.get(..window.start).unwrap_or_default();
        snippet = snippet.line_start(before.matches('\n').count() + 1);
        let mut reached = 0;
        for edit in same {
            let span = within(source, &edit.at.span);
            // Two changes of the same bytes are one too many to show.
            if span.start < reached || span.start < window.start {
                continue;
            }
            reached = span.end;
            snippet = snippet.patch(Patch::new(span.start - window.start..span.end - window.start, &edit.replacement));
        }
        let title = match first.safety {
            Safety::Safe => "this mends it".to_owned(),
            Safety::Risky(reason) => format!("this mends it; look first: {reason}"),
        };
        groups.push(Group::with_title(Level::HELP.secondary_title(title)).element(snippet));
    }
    groups
}
