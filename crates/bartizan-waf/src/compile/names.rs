//! The names of `TX` that rules know: each has a number, so that no text is compared while rules run.

use std::collections::HashMap;

/// Names and their numbers.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    numbers: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
}

impl Default for Names {
    /// The first ten are what an operator captures.
    fn default() -> Self {
        let mut names = Self { numbers: HashMap::new(), names: Vec::new() };
        for digit in 0..CAPTURES {
            names.slot(&digit.to_string());
        }
        names
    }
}

impl Names {
    /// Returns the number of a name, in any case.
    pub(crate) fn slot(&mut self, name: &str) -> u32 {
        let name = name.trim().to_ascii_lowercase();
        if let Some(&number) = self.numbers.get(name.as_str()) {
            return number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.as_str().into());
        self.numbers.insert(name.into(), number);
        number
    }

    /// Returns the number of a name in lower case, if rules know it.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// Returns the name of a number.
    pub(crate) fn name(&self, slot: u32) -> &str {
        self.names.get(slot as usize).map(|name| &**name).unwrap_or_default()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }
}

/// `TX.0` to `TX.9`.
pub(crate) const CAPTURES: u32 = 10;
