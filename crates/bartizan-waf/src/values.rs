//! The values of one transaction: each text once, with what is known of it, in memory that the next transaction uses
//! again.
//!
//! A value is a number. What a transformation makes of it is remembered, so that all lists of transformations that
//! begin alike share their first steps, and what the prefilter says of it as well.

use crate::bits::is_in;
use crate::byte_set::ByteSet;
use crate::compile::chains::{self, Chain};
use crate::prefilter::Prefilter;
use crate::transformations::Context;
use std::sync::Arc;

/// A text of this transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Value(u32);

impl Value {
    /// No text; it is always there.
    pub(crate) const EMPTY: Self = Self(0);
    /// The text `0`; it is always there.
    pub(crate) const ZERO: Self = Self(1);
}

/// Every text of a transaction.
#[derive(Debug)]
pub(crate) struct Values {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    /// Open addressing from the hash of a text to its number plus one.
    table: Vec<u32>,
    /// Rows of what transformations made: 0 for unknown, else the number plus one.
    derived: Vec<u32>,
    /// Rows of candidates, each followed by those that are known to match.
    candidates: Vec<u64>,
    /// Texts that rules set variables to, and their values.
    constants: Arc<[Box<[u8]>]>,
    constant_values: Vec<Value>,
    most_bytes: usize,
    most_values: usize,
    is_full: bool,
    /// Units of work that were done.
    pub(crate) work: u64,
}

#[derive(Debug)]
struct Entry {
    start: u32,
    length: u32,
    hash: u32,
    /// The row in `derived`, plus one.
    row: u32,
    /// The rows in `candidates` for each prefilter, plus one.
    rows: [u32; 3],
    /// For each prefilter the lanes in which no operator may match it.
    quiet: [u64; 3],
    /// The bytes it holds; only valid with `is_known`.
    present: ByteSet,
    /// The transformations that may change it.
    changes: u64,
    is_known: bool,
}

impl Values {
    pub(crate) fn new(most_bytes: usize, most_values: usize, constants: Arc<[Box<[u8]>]>) -> Self {
        let mut values = Self {
            bytes: Vec::new(),
            entries: Vec::new(),
            table: vec![0; FIRST_TABLE],
            derived: Vec::new(),
            candidates: Vec::new(),
            constants,
            constant_values: Vec::new(),
            most_bytes: most_bytes.min(u32::MAX as usize / 2),
            most_values: most_values.min(u32::MAX as usize / 64),
            is_full: false,
            work: 0,
        };
        values.forget();
        values
    }

    /// Begins the next transaction. What is known of the texts of earlier ones is kept while there is room, for
    /// clients repeat themselves: names of fields, programs, languages, cookies. It is a function of the text alone, so
    /// that nothing but time depends on it.
    pub(crate) fn reset(&mut self) {
        let has_room = self.bytes.len() <= KEPT_BYTES.min(self.most_bytes / 8)
            && self.entries.len() <= KEPT_VALUES.min(self.most_values / 8);
        if self.is_full || !has_room {
            self.forget();
        }
        self.work = 0;
    }

    /// Forgets everything. What a large transaction needed is given back.
    pub(crate) fn forget(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(KEPT_BYTES);
        self.entries.clear();
        self.entries.shrink_to(KEPT_VALUES);
        self.derived.clear();
        self.derived.shrink_to(KEPT_VALUES * STEPS);
        self.candidates.clear();
        self.candidates.shrink_to(KEPT_VALUES * STEPS);
        if self.table.len() > KEPT_VALUES * 2 {
            self.table = vec![0; FIRST_TABLE];
        } else {
            self.table.fill(0);
        }
        self.is_full = false;
        self.work = 0;
        self.intern(b"");
        self.intern(b"0");
        let constants = Arc::clone(&self.constants);
        self.constant_values.clear();
        for constant in &*constants {
            let value = self.intern(constant);
            self.constant_values.push(value);
        }
        self.work = 0;
    }

    /// Returns a text that rules set variables to.
    pub(crate) fn constant(&self, number: u32) -> Value {
        self.constant_values.get(number as usize).copied().unwrap_or(Value::EMPTY)
    }

    /// Whether a limit was reached: values are missing from then on.
    pub(crate) const fn is_full(&self) -> bool {
        self.is_full
    }

    /// Returns the number of a text.
    pub(crate) fn intern(&mut self, text: &[u8]) -> Value {
        let hash = hash(text);
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        // Texts can be chosen so that they meet in one place; after some steps they are kept without a place.
        for _ in 0..MOST_PROBES {
            match self.table[slot] {
                0 => break,
                number => {
                    let entry = &self.entries[number as usize - 1];
                    if entry.hash == hash && self.slice(entry) == text {
                        return Value(number - 1);
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
        if self.bytes.len() + text.len() > self.most_bytes || self.entries.len() >= self.most_values {
            self.is_full = true;
            return Value::EMPTY;
        }
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(text);
        self.work += text.len() as u64 / 8 + 10;
        let number = self.entries.len() as u32;
        self.entries.push(Entry {
            start,
            length: text.len() as u32,
            hash,
            row: 0,
            rows: [0; 3],
            quiet: [0; 3],
            present: ByteSet::EMPTY,
            changes: 0,
            is_known: false,
        });
        if self.table[slot] == 0 {
            self.table[slot] = number + 1;
        }
        if self.entries.len() * 2 > self.table.len() {
            self.grow();
        }
        Value(number)
    }

    fn grow(&mut self) {
        let length = self.table.len() * 4;
        let mut table = vec![0_u32; length];
        for (number, entry) in (1_u32..).zip(&self.entries) {
            let mut slot = entry.hash as usize & (length - 1);
            for _ in 0..MOST_PROBES {
                if table[slot] == 0 {
                    table[slot] = number;
                    break;
                }
                slot = (slot + 1) & (length - 1);
            }
        }
        self.table = table;
    }

    fn slice(&self, entry: &Entry) -> &[u8] {
        &self.bytes[entry.start as usize..(entry.start + entry.length) as usize]
    }

    /// Returns the text.
    pub(crate) fn bytes(&self, value: Value) -> &[u8] {
        self.slice(&self.entries[value.0 as usize])
    }

    /// Returns how long the text is.
    pub(crate) fn length(&self, value: Value) -> usize {
        self.entries[value.0 as usize].length as usize
    }

    fn know(&mut self, value: Value) {
        let entry = &self.entries[value.0 as usize];
        if entry.is_known {
            return;
        }
        let present = ByteSet::present_in(self.slice(entry));
        self.work += u64::from(entry.length);
        let entry = &mut self.entries[value.0 as usize];
        entry.present = present;
        entry.changes = chains::changing(present);
        entry.is_known = true;
    }

    /// Returns the text after a list of transformations.
    pub(crate) fn transformed(&mut self, value: Value, chain: &Chain, context: &Context<'_>) -> Value {
        if chain.mask == 0 {
            return value;
        }
        self.know(value);
        if self.entries[value.0 as usize].changes & chain.mask == 0 {
            return value;
        }
        chain.steps.iter().fold(value, |value, &step| self.step(value, step, context))
    }

    /// Returns the text after one transformation.
    pub(crate) fn step(&mut self, value: Value, step: u8, context: &Context<'_>) -> Value {
        self.know(value);
        let entry = &mut self.entries[value.0 as usize];
        if entry.changes & (1 << step) == 0 {
            return value;
        }
        if entry.row == 0 {
            entry.row = (self.derived.len() / STEPS) as u32 + 1;
            self.derived.resize(self.derived.len() + STEPS, 0);
        }
        let place = (entry.row as usize - 1) * STEPS + usize::from(step);
        if self.derived[place] != 0 {
            return Value(self.derived[place] - 1);
        }
        self.work += u64::from(entry.length) * TRANSFORM_WORK + 20;
        let entry = &self.entries[value.0 as usize];
        let changed = chains::transformation(step).and_then(|step| (step.apply)(self.slice(entry), context));
        let result = match changed {
            Some(text) => self.intern(&text),
            None => value,
        };
        self.derived[place] = result.0 + 1;
        result
    }

    /// Returns the operators that may match the text.
    pub(crate) fn candidates(&mut self, value: Value, prefilter: &Prefilter) -> &[u64] {
        let words = prefilter.words();
        let side = prefilter.side();
        let row = self.entries[value.0 as usize].rows[side];
        let row = if row == 0 { self.scan(value, prefilter) } else { row as usize - 1 };
        &self.candidates[row..row + words]
    }

    /// Whether it is known that no operator may match the text after the transformations of a lane.
    pub(crate) fn is_quiet(&self, value: Value, prefilter: &Prefilter, lane: u8) -> bool {
        lane < 64 && self.entries[value.0 as usize].quiet[prefilter.side()] & (1 << lane) != 0
    }

    /// The lanes in which it is known that no operator may match the text.
    pub(crate) fn quiet_lanes(&self, value: Value, prefilter: &Prefilter) -> u64 {
        self.entries[value.0 as usize].quiet[prefilter.side()]
    }

    /// Says that no operator may match the text after the transformations of a lane.
    pub(crate) fn quiet(&mut self, value: Value, prefilter: &Prefilter, lane: u8) {
        if lane < 64 {
            self.entries[value.0 as usize].quiet[prefilter.side()] |= 1 << lane;
        }
    }

    /// Whether an operator matches the text, where that is known.
    pub(crate) fn known(&self, value: Value, prefilter: &Prefilter, operator: usize) -> Option<bool> {
        let row = self.entries[value.0 as usize].rows[prefilter.side()].checked_sub(1)? as usize;
        let words = self.candidates.get(row..row + 2 * prefilter.words())?;
        let (candidates, matching) = words.split_at(prefilter.words());
        if !prefilter.knows(operator) {
            return None;
        }
        match (is_in(candidates, operator), is_in(matching, operator)) {
            (false, _) => Some(false),
            (true, true) => Some(true),
            (true, false) => None,
        }
    }

    /// Says whether an operator matches the text, where there is a row for it.
    pub(crate) fn learn(&mut self, value: Value, prefilter: &Prefilter, operator: usize, matches: bool) {
        let Some(row) = self.entries[value.0 as usize].rows[prefilter.side()].checked_sub(1) else { return };
        let half = if matches { prefilter.words() } else { 0 };
        if let Some(word) = self.candidates.get_mut(row as usize + half + operator / 64) {
            let bit = 1 << (operator % 64);
            if matches { *word |= bit } else { *word &= !bit }
        }
    }

    fn scan(&mut self, value: Value, prefilter: &Prefilter) -> usize {
        self.know(value);
        let row = self.candidates.len();
        self.candidates.resize(row + 2 * prefilter.words(), 0);
        let entry = &self.entries[value.0 as usize];
        let text = &self.bytes[entry.start as usize..(entry.start + entry.length) as usize];
        prefilter.scan(text, entry.present, &mut self.candidates[row..row + prefilter.words()]);
        self.work += u64::from(entry.length) * SCAN_WORK + 50;
        self.entries[value.0 as usize].rows[prefilter.side()] = row as u32 + 1;
        row
    }
}

/// Eight bytes at a time; it only has to tell apart what honest requests hold.
fn hash(text: &[u8]) -> u32 {
    let mix = |state: u64, word: u64| (state.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    let (words, rest) = text.as_chunks::<8>();
    let state = words.iter().fold(text.len() as u64, |state, word| mix(state, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0_u64, |last, &byte| (last << 8) | u64::from(byte));
    let state = mix(state, last);
    (state ^ (state >> 32)) as u32
}

/// One column for each transformation.
const STEPS: usize = crate::transformations::TRANSFORMATIONS.len();
/// Room for an ordinary request.
const FIRST_TABLE: usize = 2_048;
/// The texts of some dozens of ordinary requests; rows of what is known take about two hundred bytes for each.
const KEPT_VALUES: usize = 4_096;
const KEPT_BYTES: usize = 256 << 10;
const MOST_PROBES: usize = 32;
/// About a nanosecond each, measured.
const TRANSFORM_WORK: u64 = 4;
const SCAN_WORK: u64 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_value() {
        let mut values = Values::new(1 << 20, 1 << 16, Arc::default());
        let first = values.intern(b"abc");
        assert_eq!(values.intern(b"abc"), first);
        assert_ne!(values.intern(b"abd"), first);
        assert_eq!(values.intern(b""), Value::EMPTY);
        for number in 0..5_000_u32 {
            values.intern(number.to_string().as_bytes());
        }
        assert_eq!(values.intern(b"abc"), first);
        values.reset();
        assert_eq!(values.entries.len(), 2, "so many are not kept");
        let kept = values.intern(b"abc");
        values.reset();
        assert_eq!(values.intern(b"abc"), kept);
    }

    #[test]
    fn beyond_the_limit_nothing_is_kept() {
        let mut values = Values::new(4, 16, Arc::default());
        values.intern(b"abc");
        assert!(!values.is_full());
        assert_eq!(values.intern(b"de"), Value::EMPTY);
        assert!(values.is_full());
    }
}
