//! The changes of findings, made in texts: the smallest first, and none over another.
//!
//! Nothing is written here.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use bartizan_rules::{Edit, Finding, Safety};

/// Which changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Daring {
    /// Only what breaks no site that works.
    Safe,
    /// What can break a site, too.
    Risky,
}

/// What came of changes.
#[derive(Debug, Default)]
pub struct Changed {
    /// The texts that are different now, by the names of their files.
    pub texts: BTreeMap<Arc<str>, String>,
    /// The rules whose findings were mended.
    pub rules: Vec<&'static str>,
}

/// Makes the changes of findings that fit together; what does not fit waits for the next time.
///
/// All changes of a finding are made, or none.
pub fn apply<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
    sources: &BTreeMap<Arc<str>, Arc<str>>,
    daring: Daring,
) -> Changed {
    let mut wanted: Vec<&Finding> = findings.into_iter().filter(|finding| is_wanted(finding, daring)).collect();
    wanted.sort_by_key(|finding| finding.edits.iter().map(size).sum::<usize>());
    let mut chosen: BTreeMap<Arc<str>, Vec<(Range<usize>, String)>> = BTreeMap::new();
    let mut rules = Vec::new();
    for finding in wanted {
        let fit = finding.edits.iter().all(|edit| fits(edit, &chosen, sources));
        if fit && is_of_one_piece(finding) {
            for edit in &finding.edits {
                let all = chosen.entry(Arc::clone(&edit.at.path)).or_default();
                let change = (edit.at.span.clone(), edit.replacement.clone());
                // Two findings may ask for the same.
                if !all.contains(&change) {
                    all.push(change);
                }
            }
            rules.push(finding.rule.id());
        }
    }
    let texts = chosen.into_iter().filter_map(|(path, changes)| {
        let text = made(sources.get(&path)?, changes)?;
        Some((path, text))
    });
    Changed { texts: texts.collect(), rules }
}

fn is_wanted(finding: &Finding, daring: Daring) -> bool {
    let is_allowed = |edit: &Edit| daring == Daring::Risky || edit.safety == Safety::Safe;
    !finding.edits.is_empty() && finding.edits.iter().all(is_allowed)
}

fn size(edit: &Edit) -> usize {
    edit.at.span.len() + edit.replacement.len()
}

/// Whether a change touches nothing that another one does.
fn fits(
    edit: &Edit,
    chosen: &BTreeMap<Arc<str>, Vec<(Range<usize>, String)>>,
    sources: &BTreeMap<Arc<str>, Arc<str>>,
) -> bool {
    let span = &edit.at.span;
    let is_there = sources.get(&edit.at.path).is_some_and(|text| text.get(span.clone()).is_some());
    let others = chosen.get(&edit.at.path).map(Vec::as_slice).unwrap_or_default();
    let is_same = |(other, text): &(Range<usize>, String)| other == span && *text == edit.replacement;
    is_there && others.iter().all(|other| is_same(other) || !overlap(span, &other.0))
}

/// Whether the changes of a finding leave each other alone: those that do not would spoil the whole file.
fn is_of_one_piece(finding: &Finding) -> bool {
    finding.edits.iter().enumerate().all(|(index, edit)| {
        let mut others = finding.edits.iter().take(index);
        others.all(|other| {
            other.at.path != edit.at.path
                || (other.at.span == edit.at.span && other.replacement == edit.replacement)
                || !overlap(&edit.at.span, &other.at.span)
        })
    })
}

/// Whether two changes touch the same text; what is only put between touches what it is put into.
fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    match (one.is_empty(), other.is_empty()) {
        (true, true) => false,
        (true, false) => other.start < one.start && one.start < other.end,
        (false, true) => one.start < other.start && other.start < one.end,
        (false, false) => one.start < other.end && other.start < one.end,
    }
}

fn made(text: &str, mut changes: Vec<(Range<usize>, String)>) -> Option<String> {
    changes.sort_by_key(|(span, _)| (span.start, span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, replacement) in changes {
        out.push_str(text.get(at..span.start)?);
        out.push_str(&replacement);
        at = span.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use bartizan_rules::catalog::rules;
    use bartizan_rules::{Findings, Place, Provenance};

    use super::*;

    #[test]
    fn changes_that_overlap_wait() {
        let path: Arc<str> = Arc::from("a.conf");
        let text: Arc<str> = Arc::from("one two three");
        let sources = BTreeMap::from([(Arc::clone(&path), Arc::clone(&text))]);
        let place = |span| Place::of(&path, &text, span);
        let rule = rules().next().unwrap();
        let edit =
            |span, replacement: &str, safety| Edit { at: place(span), replacement: replacement.to_owned(), safety };
        let safe = Safety::Safe;
        for (edits, daring, expected) in [
            (vec![vec![edit(0..3, "1", safe)], vec![edit(4..7, "2", safe)]], Daring::Safe, Some("1 2 three")),
            (vec![vec![edit(0..7, "long", safe)], vec![edit(4..7, "2", safe)]], Daring::Safe, Some("one 2 three")),
            (vec![vec![edit(0..0, "a ", safe)], vec![edit(0..0, "b ", safe)]], Daring::Safe, Some("a b one two three")),
            (vec![vec![edit(0..0, "a ", safe)], vec![edit(0..0, "a ", safe)]], Daring::Safe, Some("a one two three")),
            (vec![vec![edit(0..3, "1", Safety::Risky("it"))]], Daring::Safe, None),
            (vec![vec![edit(0..3, "1", Safety::Risky("it"))]], Daring::Risky, Some("1 two three")),
            (vec![vec![edit(0..3, "1", safe), edit(4..7, "2", Safety::Risky("it"))]], Daring::Safe, None),
            // Changes of one finding that overlap are left out, and those of others are made.
            (
                vec![vec![edit(1..1, "x", safe), edit(0..3, "", safe)], vec![edit(4..7, "2", safe)]],
                Daring::Safe,
                Some("one 2 three"),
            ),
        ] {
            let mut findings = Findings::default();
            for edits in edits {
                let finding = findings.push(rule, &Provenance::File(place(0..1)), "x");
                for edit in edits {
                    finding.edit(edit);
                }
            }
            let changed = apply(findings.as_slice(), &sources, daring);
            assert_eq!(changed.texts.get(&path).map(String::as_str), expected);
        }
    }
}
