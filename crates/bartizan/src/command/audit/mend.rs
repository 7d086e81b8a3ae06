//! `--fix` and `--diff`: changes are made in memory, judged again, shown, and only then written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use bartizan_audit::discover::Audited;
use bartizan_audit::edit::{self, Daring};
use bartizan_audit::{Settings, Source};
use bartizan_rules::Finding;

use super::judged::{Judged, Keep};
use super::root::Root;
use crate::output::findings::Standing;
use crate::output::visible::visible;
use crate::output::{CODE, DIM};

/// The files that are to be different.
#[derive(Debug, Default)]
pub(super) struct Changes {
    files: BTreeMap<Arc<str>, Change>,
}

#[derive(Debug)]
struct Change {
    before: Arc<str>,
    after: String,
}

/// A tree, judged.
pub(super) struct Seen {
    pub(super) audited: Audited<()>,
    pub(super) judged: Vec<Judged>,
}

/// Changes the tree until nothing more can be mended, and returns what is then found.
pub(super) fn mend(root: &mut Root, settings: &Settings, keep: Keep, daring: Daring, changes: &mut Changes) -> Seen {
    let mut seen = Seen::of(root, settings, keep);
    let mut barred: BTreeSet<&'static str> = BTreeSet::new();
    for _ in 0..PASSES {
        let sources: BTreeMap<_, _> = seen.audited.sources.iter().cloned().collect();
        let exact: BTreeSet<_> = sources.keys().filter(|path| is_exact(path)).collect();
        let before = Asked::of(seen.found().map(|(finding, _)| finding), &sources);
        let is_open = |(finding, standing): &&(Finding, Standing)| {
            *standing == Standing::Open
                && !barred.contains(finding.rule.id())
                && finding.edits.iter().all(|edit| exact.contains(&edit.at.path))
        };
        let changed = edit::apply(seen.found().filter(is_open).map(|(finding, _)| finding), &sources, daring);
        if changed.texts.is_empty() {
            break;
        }
        for (path, text) in changed.texts {
            let Some(before) = sources.get(&path) else { continue };
            root.tree.change(&path, text.clone().into_bytes());
            let change = changes
                .files
                .entry(path)
                .or_insert_with(|| Change { before: Arc::clone(before), after: String::new() });
            change.after = text;
        }
        let next = Seen::of(root, settings, keep);
        let sources = next.audited.sources.iter().cloned().collect();
        let after = Asked::of(next.found().map(|(finding, _)| finding), &sources);
        // What asks for the same change as before is not mended by trying again.
        let is_stuck = |rule: &&'static str| after.by_rule.get(rule) == before.by_rule.get(rule);
        barred.extend(changed.rules.into_iter().filter(is_stuck));
        seen = next;
    }
    seen
}

impl Seen {
    fn of(root: &Root, settings: &Settings, keep: Keep) -> Self {
        let mut judged = Vec::new();
        let audited = root.judge(settings, None, keep, |one| {
            judged.push(std::mem::take(one));
            ControlFlow::Continue(())
        });
        Self { audited, judged }
    }

    fn found(&self) -> impl Iterator<Item = &(Finding, Standing)> {
        self.judged.iter().flat_map(|judged| &judged.found)
    }
}

/// What the findings of each rule ask for: which text is to become which.
#[derive(Debug, Default)]
struct Asked {
    by_rule: BTreeMap<&'static str, Vec<Asking>>,
}

/// A file, a text of it, and what is to stand there instead.
type Asking = (Arc<str>, String, String);

impl Asked {
    fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>, sources: &BTreeMap<Arc<str>, Arc<str>>) -> Self {
        let mut asked = Self::default();
        for finding in findings {
            let changes = asked.by_rule.entry(finding.rule.id()).or_default();
            for edit in &finding.edits {
                let old = sources.get(&edit.at.path).and_then(|text| text.get(edit.at.span.clone()));
                let path = Arc::clone(&edit.at.path);
                changes.push((path, old.unwrap_or_default().to_owned(), edit.replacement.clone()));
            }
        }
        asked.by_rule.values_mut().for_each(|changes| changes.sort_unstable());
        asked
    }
}

/// More rounds than changes can wait for each other.
const PASSES: usize = 12;

/// Whether a file holds nothing but the text that was read from it.
fn is_exact(path: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| Source::new(path, bytes).is_exact())
}

impl Changes {
    /// Shows each file as a unified difference.
    pub(super) fn show(&self) -> anyhow::Result<()> {
        let mut out = anstream::stdout();
        for (path, change) in &self.files {
            let path = visible(path);
            writeln!(out, "{DIM}--- {path}{DIM:#}\n{DIM}+++ {path}{DIM:#}")?;
            for line in difference(&change.before, &change.after) {
                let line = visible(&line);
                if line.starts_with(['+', '-']) {
                    writeln!(out, "{CODE}{line}{CODE:#}")?;
                } else {
                    writeln!(out, "{line}")?;
                }
            }
        }
        Ok(())
    }

    /// Writes each file at once, or not at all.
    pub(super) fn write(&self) -> anyhow::Result<()> {
        for (path, change) in &self.files {
            write(Path::new(&**path), change)?;
        }
        Ok(())
    }
}

fn write(path: &Path, change: &Change) -> anyhow::Result<()> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let source = Source::new(path.display().to_string(), bytes);
    if !source.is_exact() || source.text() != &change.before {
        bail!("{} changed while it was judged, and was not written", path.display());
    }
    let mark = if source.has_mark() { "\u{feff}" } else { "" };
    // A link is followed, so that it stays one.
    let real = path.canonicalize().with_context(|| format!("cannot find {}", path.display()))?;
    let folder = real.parent().unwrap_or(Path::new("/"));
    let name = real.file_name().and_then(|name| name.to_str()).unwrap_or("file");
    let new = folder.join(format!(".{name}.bartizan"));
    let written = (|| {
        fs::write(&new, format!("{mark}{}", change.after))?;
        fs::set_permissions(&new, fs::metadata(&real)?.permissions())?;
        fs::rename(&new, &real)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// The lines that differ, with three around them.
fn difference(before: &str, after: &str) -> Vec<String> {
    let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let pairs = common(&old, &new);
    let mut lines: Vec<(char, &str)> = Vec::new();
    let (mut at, mut to) = (0, 0);
    for (o, n) in pairs.into_iter().chain([(old.len(), new.len())]) {
        lines.extend(old.get(at..o).unwrap_or_default().iter().map(|line| ('-', *line)));
        lines.extend(new.get(to..n).unwrap_or_default().iter().map(|line| ('+', *line)));
        lines.extend(old.get(o).map(|line| (' ', *line)));
        (at, to) = (o + 1, n + 1);
    }
    let is_near = |number: usize| {
        let around = lines.get(number.saturating_sub(3)..(number + 4).min(lines.len())).unwrap_or_default();
        around.iter().any(|(sign, _)| *sign != ' ')
    };
    let mut shown = Vec::new();
    let mut was_near = false;
    for (number, (sign, line)) in lines.iter().enumerate() {
        let near = is_near(number);
        if near && !was_near {
            shown.push(format!(
                "@@ line {} @@",
                lines.iter().take(number + 1).filter(|(sign, _)| *sign != '+').count().max(1)
            ));
        }
        if near {
            shown.push(format!("{sign}{line}"));
        }
        was_near = near;
    }
    shown
}

/// Lines that both have, in order: the same at the start and at the end, and what can be found ahead in between.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut o, mut n) = (0, 0);
    while let (Some(left), Some(right)) = (old.get(o), new.get(n)) {
        if left == right {
            pairs.push((o, n));
            (o, n) = (o + 1, n + 1);
            continue;
        }
        let ahead = |lines: &[&str], from: usize, wanted: &str| {
            lines.iter().skip(from).take(AHEAD).position(|line| *line == wanted)
        };
        match (ahead(new, n, left), ahead(old, o, right)) {
            (Some(skip), Some(other)) if other < skip => o += other,
            (Some(skip), _) => n += skip,
            (None, Some(skip)) => o += skip,
            (None, None) => (o, n) = (o + 1, n + 1),
        }
    }
    pairs
}

/// A change adds few lines in one place.
const AHEAD: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_show_what_goes_and_comes() {
        for (before, after, expected) in [
            ("a\nb\nc\n", "a\nx\nc\n", vec!["@@ line 1 @@", " a", "-b", "+x", " c"]),
            ("a\nb\n", "a\nn\nb\n", vec!["@@ line 1 @@", " a", "+n", " b"]),
            ("a\nb\n", "b\n", vec!["@@ line 1 @@", "-a", " b"]),
            ("a\n", "a\n", vec![]),
        ] {
            assert_eq!(difference(before, after), expected);
        }
    }
}
