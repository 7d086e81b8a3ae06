//! What every value that matches must hold, so that most values need not be looked at.

use crate::byte_set::ByteSet;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Conditions that are necessary for a match, never sufficient. What is told of values holds of their bytes as the
/// operator gets them, after transformations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Literals {
    /// Texts of which one must be in the value, in small letters and to be looked for in any case. None where there is
    /// no such text.
    pub any_of: Option<Vec<Vec<u8>>>,
    /// The shortest value that can match.
    pub minimum_length: usize,
    /// Sets of bytes from each of which the value must hold one.
    pub bytes: Vec<ByteSet>,
}

impl Literals {
    /// The value must hold this text.
    pub(super) fn of_text(text: &[u8]) -> Self {
        Self::of_texts(&[text])
    }

    /// The value must hold one of these texts.
    pub(super) fn of_texts(texts: &[&[u8]]) -> Self {
        let minimum_length = texts.iter().map(|text| text.len()).min().unwrap_or(0);
        let any_of = (minimum_length > 0).then(|| texts.iter().map(|text| text.to_ascii_lowercase()).collect());
        Self { any_of, minimum_length, bytes: Vec::new() }
    }

    /// The value must hold one of these bytes.
    pub(super) fn of_bytes(bytes: ByteSet) -> Self {
        Self { any_of: None, minimum_length: 1, bytes: vec![bytes] }
    }

    /// What a regular expression demands.
    pub(super) fn of_pattern(hir: &Hir) -> Self {
        let found = demand(hir, 0);
        Self {
            any_of: found.best().map(|texts| texts.to_vec()),
            minimum_length: hir.properties().minimum_len().unwrap_or(0),
            bytes: found.bytes,
        }
    }

    /// Whether a value may match.
    pub fn allow(&self, value: &[u8]) -> bool {
        if value.len() < self.minimum_length {
            return false;
        }
        let present = ByteSet::present_in(value);
        if !self.bytes.iter().all(|bytes| bytes.intersects(present)) {
            return false;
        }
        let Some(texts) = &self.any_of else { return true };
        let folded = value.to_ascii_lowercase();
        texts.iter().any(|text| memchr::memmem::find(&folded, text).is_some())
    }
}

/// What one part of an expression demands.
#[derive(Clone, Debug, Default)]
struct Demand {
    /// All texts that the part can be, in small letters.
    exact: Option<Vec<Vec<u8>>>,
    /// Texts of which one is within the part.
    within: Option<Vec<Vec<u8>>>,
    /// Sets of bytes of each of which one is within the part.
    bytes: Vec<ByteSet>,
}

impl Demand {
    const fn nothing() -> Self {
        Self { exact: None, within: None, bytes: Vec::new() }
    }

    fn exactly(texts: Vec<Vec<u8>>) -> Self {
        Self { exact: Some(texts), within: None, bytes: Vec::new() }
    }

    /// The better of what the part is and what is within it.
    fn best(&self) -> Option<&[Vec<u8>]> {
        better(self.exact.as_deref().filter(|texts| worth(texts) > 0), self.within.as_deref())
    }
}

/// Demands of an expression. Deep ones demand nothing: the parser bounds the depth too, this bounds the stack.
fn demand(hir: &Hir, depth: usize) -> Demand {
    if depth > DEPTH {
        return Demand::nothing();
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Demand::exactly(vec![Vec::new()]),
        HirKind::Literal(literal) => {
            let text = literal.0.to_ascii_lowercase();
            let bytes = text.iter().take(SETS).map(|&byte| either_case(byte)).collect();
            Demand { exact: Some(vec![text]), within: None, bytes }
        }
        HirKind::Class(class) => of_class(class),
        HirKind::Repetition(repetition) => {
            if repetition.min == 0 {
                return Demand::nothing();
            }
            let inner = demand(&repetition.sub, depth + 1);
            let is_once = repetition.min == 1 && repetition.max == Some(1);
            let within = inner.best().map(<[_]>::to_vec);
            Demand { exact: inner.exact.filter(|_| is_once), within, bytes: inner.bytes }
        }
        HirKind::Capture(capture) => demand(&capture.sub, depth + 1),
        HirKind::Concat(parts) => of_sequence(parts.iter().map(|part| demand(part, depth + 1))),
        HirKind::Alternation(branches) => of_choice(branches.iter().map(|branch| demand(branch, depth + 1))),
    }
}

/// A class is a choice of bytes; letters of both cases are one.
fn of_class(class: &Class) -> Demand {
    let mut set = ByteSet::EMPTY;
    match class {
        Class::Bytes(class) => {
            for range in class.ranges() {
                set = set.union(ByteSet::range(range.start(), range.end()));
            }
        }
        Class::Unicode(class) => {
            for range in class.ranges() {
                let (Ok(first), Ok(last)) = (u8::try_from(range.start()), u8::try_from(range.end())) else {
                    return Demand::nothing();
                };
                if last > 0x7f {
                    return Demand::nothing();
                }
                set = set.union(ByteSet::range(first, last));
            }
        }
    }
    let mut texts: Vec<Vec<u8>> =
        (0..=255).filter(|&byte| set.contains(byte)).map(|byte: u8| vec![byte.to_ascii_lowercase()]).collect();
    texts.sort();
    texts.dedup();
    Demand { exact: (texts.len() <= CLASS).then_some(texts), within: None, bytes: vec![set] }
}

/// One after the other: texts grow while they stay few, and begin anew behind what is not a text.
fn of_sequence(parts: impl Iterator<Item = Demand>) -> Demand {
    let mut whole = Some(vec![Vec::new()]);
    let mut run = vec![Vec::new()];
    let mut within: Option<Vec<Vec<u8>>> = None;
    let mut bytes: Vec<ByteSet> = Vec::new();
    for part in parts {
        bytes.extend(part.bytes.iter().copied());
        if let Some(joined) = part.exact.as_deref().and_then(|texts| joined(&run, texts)) {
            run = joined;
            whole = whole.map(|_| run.clone());
            continue;
        }
        whole = None;
        within = choose(within, std::mem::take(&mut run));
        if let Some(texts) = part.within {
            within = choose(within, texts);
        }
        // A run that grew too long is cut: this part begins the next one.
        run = part.exact.filter(|texts| texts.len() <= TEXTS).unwrap_or_else(|| vec![Vec::new()]);
    }
    within = choose(within, run);
    bytes.sort_by_key(|set| set.count());
    bytes.dedup();
    bytes.truncate(SETS);
    Demand { exact: whole, within, bytes }
}

/// Either of several: all must demand something, and then one of those demands holds.
fn of_choice(branches: impl Iterator<Item = Demand>) -> Demand {
    let mut exact = Some(Vec::new());
    let mut within = Some(Vec::new());
    let mut bytes = Some(ByteSet::EMPTY);
    for branch in branches {
        within = within.zip(branch.best().map(<[_]>::to_vec)).and_then(|(within, more)| united(within, more, WORDS));
        exact = exact.zip(branch.exact).and_then(|(exact, more)| united(exact, more, TEXTS));
        let rarest = branch.bytes.iter().min_by_key(|set| set.count());
        bytes = bytes.zip(rarest).map(|(bytes, more)| bytes.union(*more));
    }
    Demand { exact, within, bytes: bytes.into_iter().collect() }
}

/// Every text of the first followed by every text of the second, where those are few and short.
fn joined(first: &[Vec<u8>], second: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    if first.len().saturating_mul(second.len()) > TEXTS {
        return None;
    }
    let mut texts = Vec::new();
    for start in first {
        for end in second {
            if start.len() + end.len() > LENGTH {
                return None;
            }
            texts.push([start.as_slice(), end].concat());
        }
    }
    texts.sort();
    texts.dedup();
    Some(texts)
}

fn united(mut texts: Vec<Vec<u8>>, more: Vec<Vec<u8>>, most: usize) -> Option<Vec<Vec<u8>>> {
    texts.extend(more);
    texts.sort();
    texts.dedup();
    (texts.len() <= most).then_some(texts)
}

fn choose(known: Option<Vec<Vec<u8>>>, texts: Vec<Vec<u8>>) -> Option<Vec<Vec<u8>>> {
    if worth(&texts) == 0 {
        return known;
    }
    match known {
        Some(known) if worth(&known) >= worth(&texts) => Some(known),
        _ => Some(texts),
    }
}

fn better<'a>(a: Option<&'a [Vec<u8>]>, b: Option<&'a [Vec<u8>]>) -> Option<&'a [Vec<u8>]> {
    match (a, b) {
        (Some(a), Some(b)) if worth(b) > worth(a) => Some(b),
        (Some(a), _) => Some(a),
        (None, b) => b,
    }
}

/// How rare texts are in ordinary values: long ones, and few. Nothing for an empty text, which every value holds.
fn worth(texts: &[Vec<u8>]) -> usize {
    let shortest = texts.iter().map(Vec::len).min().unwrap_or(0);
    if shortest == 0 {
        return 0;
    }
    (shortest.min(8) * 64).saturating_sub(texts.len().min(63))
}

const fn either_case(byte: u8) -> ByteSet {
    ByteSet::EMPTY.with(byte.to_ascii_lowercase()).with(byte.to_ascii_uppercase())
}

/// How deep expressions are read.
const DEPTH: usize = 200;
/// How many bytes a class may have to be read as texts.
const CLASS: usize = 4;
/// How many texts a run may become.
const TEXTS: usize = 64;
/// How many texts all branches together may demand: lists of a thousand words are common in rules.
const WORDS: usize = 2048;
/// How long a text may grow.
const LENGTH: usize = 64;
/// How many sets of bytes are kept: the rarest ones tell most.
const SETS: usize = 4;
