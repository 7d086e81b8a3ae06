//! `@verifyCC`: what the pattern finds is the number of a payment card (ISO/IEC 7812-1, annex B).

use super::numbers::{Numbered, digits};
use super::{Entry, pattern::Pattern};

pub(super) const OPERATOR: Entry = Entry {
    name: "verifyCC",
    aliases: &[],
    compile: |argument, _| Ok(Box::new(Numbered { pattern: Pattern::new(argument)?, is_valid })),
    evaluate: None,
};

fn is_valid(text: &[u8]) -> bool {
    let digits = digits(text);
    let sum: usize = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, usize::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}
