//! What safe changes make of a tree, whatever its format.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bartizan_audit::Tree;
use bartizan_audit::edit::{Daring, apply};
use bartizan_rules::{Finding, Findings, Safety};

/// What was judged: the findings, and the texts by name.
pub(crate) type Judged = (Findings, BTreeMap<Arc<str>, Arc<str>>);

/// What came of the safe changes.
pub(crate) struct Mended {
    /// Whether there were any.
    pub(crate) is_changed: bool,
    /// The rules that found nothing before.
    pub(crate) brought: BTreeSet<&'static str>,
    /// The rules that still ask for safe changes.
    pub(crate) left: Vec<&'static str>,
}

/// Makes all safe changes, and what they make room for.
pub(crate) fn mended(mut tree: Tree, judged: impl Fn(&Tree) -> Judged) -> Mended {
    let names =
        |findings: &Findings| -> BTreeSet<_> { findings.as_slice().iter().map(|finding| finding.rule.id()).collect() };
    let (mut findings, mut sources) = judged(&tree);
    let before = names(&findings);
    let mut texts = apply(findings.as_slice(), &sources, Daring::Safe).texts;
    let is_changed = !texts.is_empty();
    for _ in 0..PASSES {
        texts.into_iter().for_each(|(path, text)| tree.change(&path, text.into()));
        (findings, sources) = judged(&tree);
        texts = apply(findings.as_slice(), &sources, Daring::Safe).texts;
    }
    let is_safe = |finding: &&Finding| finding.edits.iter().all(|edit| edit.safety == Safety::Safe);
    let left = findings.as_slice().iter().filter(|finding| !finding.edits.is_empty()).filter(is_safe);
    Mended {
        is_changed,
        brought: names(&findings).difference(&before).copied().collect(),
        left: left.map(|finding| finding.rule.id()).collect(),
    }
}

/// What one change makes room for is mended by the next pass.
const PASSES: usize = 3;
