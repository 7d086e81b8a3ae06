//! Which operators may match a value, told in one pass over it.
//!
//! One automaton finds every text that some operator demands; the bytes that a value holds and its length rule out
//! more. What is left is verified by the operators themselves: the prefilter may only err by leaving too much.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::bits::Bits;
use crate::byte_set::ByteSet;
use crate::operators::{Literals, Operator};

/// The prefilter of the phases of requests, or of responses.
#[derive(Debug)]
pub(crate) struct Prefilter {
    side: Side,
    words: usize,
    /// The operators that it was built for.
    known: Bits,
    automaton: Option<AhoCorasick>,
    /// For each text, where the operators that demand it stand in `owners`.
    ranges: Vec<(u32, u32)>,
    owners: Vec<u16>,
    /// Operators that demand no text.
    without_text: Bits,
    /// For each byte a row for each demand: the operators that are content with the byte.
    gates: Vec<u64>,
    /// The same for no byte: operators without that demand.
    ungated: Vec<u64>,
    /// For each length up to the last row the operators that it suffices for.
    lengths: Vec<u64>,
}

/// Whose phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Phases 1 and 2.
    Request,
    /// Phases 3 to 5.
    Response,
    /// All phases, with the rules whose outcome is known.
    Whole,
}

impl Prefilter {
    /// Builds the prefilter of those operators that are used on this side.
    pub(crate) fn new(side: Side, operators: &[Box<dyn Operator>], used: &Bits) -> Self {
        let words = operators.len().div_ceil(64);
        let mut prefilter = Self {
            side,
            words,
            known: used.clone(),
            automaton: None,
            ranges: Vec::new(),
            owners: Vec::new(),
            without_text: Bits::new(operators.len()),
            gates: vec![0; 256 * GATES * words],
            ungated: vec![0; GATES * words],
            lengths: vec![0; (LENGTHS + 1) * words],
        };
        let mut texts: std::collections::BTreeMap<Vec<u8>, Vec<u16>> = std::collections::BTreeMap::new();
        for (number, operator) in operators.iter().enumerate() {
            if !used.contains(number) {
                continue;
            }
            let literals = operator.literals().unwrap_or_default();
            let mut sets = literals.bytes.clone();
            match demanded(&literals) {
                Demand::Texts(demanded) => {
                    for text in demanded {
                        texts.entry(text.clone()).or_default().push(number as u16);
                    }
                }
                Demand::Bytes(set) => {
                    sets.push(set);
                    prefilter.without_text.insert(number);
                }
                Demand::Nothing => prefilter.without_text.insert(number),
            }
            prefilter.demand_bytes(number, sets);
            for length in literals.minimum_length.min(LENGTHS)..=LENGTHS {
                set_bit(&mut prefilter.lengths[length * words..], number);
            }
        }
        for owners in texts.values() {
            let start = prefilter.owners.len() as u32;
            prefilter.owners.extend(owners);
            prefilter.ranges.push((start, prefilter.owners.len() as u32));
        }
        if !texts.is_empty() {
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                // The table of a full automaton is thirty times as large and outgrows the caches.
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(texts.keys());
            match automaton {
                Ok(automaton) => prefilter.automaton = Some(automaton),
                // More texts than an automaton can have: what demands one is asked about every value.
                Err(_) => texts.values().flatten().for_each(|&number| prefilter.without_text.insert(number.into())),
            }
        }
        prefilter
    }

    fn demand_bytes(&mut self, number: usize, mut sets: Vec<ByteSet>) {
        sets.sort_by_key(|set| frequency(*set));
        for gate in 0..GATES {
            match sets.get(gate) {
                Some(set) => {
                    for byte in (0..=u8::MAX).filter(|&byte| set.contains(byte)) {
                        set_bit(&mut self.gates[(usize::from(byte) * GATES + gate) * self.words..], number);
                    }
                }
                None => set_bit(&mut self.ungated[gate * self.words..], number),
            }
        }
    }

    pub(crate) const fn words(&self) -> usize {
        self.words
    }

    /// Whether it can tell of an operator.
    pub(crate) fn knows(&self, operator: usize) -> bool {
        self.known.contains(operator)
    }

    pub(crate) const fn side(&self) -> usize {
        self.side as usize
    }

    /// Sets the bits of the operators that may match; `found` is all zero before.
    pub(crate) fn scan(&self, text: &[u8], present: ByteSet, found: &mut [u64]) {
        found.copy_from_slice(self.without_text.words());
        if let Some(automaton) = &self.automaton {
            for hit in automaton.find_overlapping_iter(text) {
                let (start, end) = self.ranges[hit.pattern().as_usize()];
                for &owner in &self.owners[start as usize..end as usize] {
                    set_bit(found, usize::from(owner));
                }
            }
        }
        let mut allowed = [0_u64; MOST_WORDS * GATES];
        let allowed = &mut allowed[..self.ungated.len()];
        allowed.copy_from_slice(&self.ungated);
        present.each(|byte| {
            let row = &self.gates[usize::from(byte) * allowed.len()..][..allowed.len()];
            allowed.iter_mut().zip(row).for_each(|(word, row)| *word |= row);
        });
        for allowed in allowed.chunks_exact(self.words.max(1)) {
            found.iter_mut().zip(allowed).for_each(|(word, allowed)| *word &= allowed);
        }
        let row = &self.lengths[text.len().min(LENGTHS) * self.words..][..self.words];
        found.iter_mut().zip(row).for_each(|(word, row)| *word &= row);
    }
}

fn set_bit(words: &mut [u64], number: usize) {
    if let Some(word) = words.get_mut(number / 64) {
        *word |= 1 << (number % 64);
    }
}

/// What of an operator's texts is worth looking for.
enum Demand<'a> {
    Bytes(ByteSet),
    Nothing,
    Texts(&'a [Vec<u8>]),
}

/// A single byte is found in nearly every value: a set of bytes tells the same without a hit for each.
fn demanded(literals: &Literals) -> Demand<'_> {
    match &literals.any_of {
        Some(texts) if texts.iter().all(|text| text.len() > 1) => Demand::Texts(texts),
        Some(texts) if texts.iter().all(|text| !text.is_empty()) => {
            let set = texts.iter().fold(ByteSet::EMPTY, |set, text| {
                // The rarest byte of each text says most.
                let rarest =
                    text.iter().copied().min_by_key(|&byte| frequency(ByteSet::of(&[byte]))).unwrap_or_default();
                set.with(rarest.to_ascii_lowercase()).with(rarest.to_ascii_uppercase())
            });
            Demand::Bytes(set)
        }
        _ => Demand::Nothing,
    }
}

/// How common the bytes of a set are in ordinary values, roughly.
fn frequency(set: ByteSet) -> u32 {
    (0..=u8::MAX)
        .filter(|&byte| set.contains(byte))
        .map(|byte| match byte {
            b'a'..=b'z' => 40,
            b'0'..=b'9' => 30,
            b' ' | b'.' | b'-' | b'/' => 25,
            b'A'..=b'Z' | b'_' | b'=' | b',' | b';' | b':' => 15,
            b'(' | b')' | b'&' | b'+' | b'%' | b'*' => 8,
            _ => 1,
        })
        .sum()
}

/// How many sets of bytes of each operator are looked at: the third tells little that two have not.
const GATES: usize = 2;
/// Longer values are long enough for every operator.
const LENGTHS: usize = 48;
/// More operators than this have no room on the stack.
pub(crate) const MOST_WORDS: usize = 64;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::files::Beside;

    #[test]
    fn what_matches_is_a_candidate() {
        let files = BTreeMap::new();
        let beside = Beside { folder: std::path::Path::new(""), files: &files };
        let operators: Vec<_> = [("rx", r"(?i)union\s+select"), ("rx", r"^\d+$"), ("pm", "foo bar"), ("rx", r"['`]")]
            .iter()
            .map(|(name, argument)| crate::operators::compile(name, argument, &beside).unwrap())
            .collect();
        let mut used = Bits::new(operators.len());
        (0..operators.len()).for_each(|number| used.insert(number));
        let prefilter = Prefilter::new(Side::Request, &operators, &used);
        for (text, expected) in
            [("UNION  select", &[0][..]), ("un ion", &[]), ("17", &[1]), ("a'FOO", &[2, 3]), ("", &[])]
        {
            let mut found = vec![0];
            prefilter.scan(text.as_bytes(), ByteSet::present_in(text.as_bytes()), &mut found);
            let found: Vec<usize> = (0..4).filter(|number| found[0] & (1 << number) != 0).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
