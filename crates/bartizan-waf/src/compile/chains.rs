//! Lists of transformations: each list once, each transformation with a number.

use std::collections::HashMap;

use crate::byte_set::ByteSet;
use crate::seclang::Problem;
use crate::transformations::{self, Transformation};

/// A list of transformations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    /// Their numbers in the table of all transformations.
    pub(crate) steps: Vec<u8>,
    /// The same as a set: a value that none of them can change passes at a glance.
    pub(crate) mask: u64,
}

/// Every list of a set of rules.
#[derive(Debug)]
pub(crate) struct Chains {
    chains: Vec<Chain>,
    numbers: HashMap<Vec<u8>, usize>,
}

impl Default for Chains {
    /// The first list is empty.
    fn default() -> Self {
        Self { chains: vec![Chain::default()], numbers: HashMap::from([(Vec::new(), 0)]) }
    }
}

impl Chains {
    /// Returns the number of a list by names; `none` forgets what stands before.
    pub(crate) fn number<'a>(&mut self, names: impl Iterator<Item = &'a str>) -> Result<usize, Problem> {
        let mut steps = Vec::new();
        for name in names {
            if name.eq_ignore_ascii_case("none") {
                steps.clear();
                continue;
            }
            let found = transformations::find(name).ok_or_else(|| Problem::UnknownTransformation(name.to_owned()))?;
            let number = transformations::TRANSFORMATIONS.iter().position(|known| known.name == found.name);
            steps.push(number.and_then(|number| u8::try_from(number).ok()).unwrap_or_default());
            if steps.len() > MAX_STEPS {
                return Err(Problem::Limit { what: "transformations", limit: MAX_STEPS });
            }
        }
        if let Some(&number) = self.numbers.get(&steps) {
            return Ok(number);
        }
        let mask = steps.iter().fold(0, |mask, &step| mask | 1 << step);
        let number = self.chains.len();
        self.chains.push(Chain { steps: steps.clone(), mask });
        self.numbers.insert(steps, number);
        Ok(number)
    }

    pub(crate) fn finish(&mut self) -> Vec<Chain> {
        std::mem::take(&mut self.chains)
    }
}

/// Returns the transformation of a number.
pub(crate) fn transformation(number: u8) -> Option<&'static Transformation> {
    transformations::TRANSFORMATIONS.get(usize::from(number)).copied()
}

/// Returns the set of transformations that may change a value that holds these bytes.
pub(crate) fn changing(present: ByteSet) -> u64 {
    let mut mask = TOUCHES_ALL;
    present.each(|byte| mask |= TOUCHED[usize::from(byte)]);
    mask
}

/// For each byte the transformations that act on it.
static TOUCHED: [u64; 256] = {
    let mut touched = [0; 256];
    let mut number = 0;
    while number < transformations::TRANSFORMATIONS.len() {
        if let Some(set) = transformations::TRANSFORMATIONS[number].touches {
            let mut byte = 0;
            while byte < 256 {
                if set.contains(byte as u8) {
                    touched[byte] |= 1 << number;
                }
                byte += 1;
            }
        }
        number += 1;
    }
    touched
};

/// The transformations of which no byte tells.
const TOUCHES_ALL: u64 = {
    let mut mask = 0;
    let mut number = 0;
    while number < transformations::TRANSFORMATIONS.len() {
        if transformations::TRANSFORMATIONS[number].touches.is_none() {
            mask |= 1 << number;
        }
        number += 1;
    }
    mask
};

/// No rule needs more, and each costs a pass over the value.
const MAX_STEPS: usize = 32;

const _: () = assert!(transformations::TRANSFORMATIONS.len() <= 64, "a set of transformations is one word");
