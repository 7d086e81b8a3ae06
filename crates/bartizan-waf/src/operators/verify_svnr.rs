//! `@verifySVNR`: what the pattern finds is a social security number of Austria.

use super::numbers::{Numbered, digits};
use super::{Entry, pattern::Pattern};

pub(super) const OPERATOR: Entry = Entry {
    name: "verifySVNR",
    aliases: &[],
    compile: |argument, _| Ok(Box::new(Numbered { pattern: Pattern::new(argument)?, is_valid })),
    evaluate: None,
};

fn is_valid(text: &[u8]) -> bool {
    let digits = digits(text);
    let Some(number) = digits.first_chunk::<10>() else { return false };
    if number.iter().all(|digit| digit == &number[0])
        || number.iter().enumerate().all(|(place, &digit)| usize::from(digit) == place)
    {
        return false;
    }
    // The fourth digit is the check: weights 3, 7, 9 before it and 5, 8, 4, 2, 1, 6 behind.
    let weights = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6];
    let sum: usize = number.iter().zip(weights).map(|(&digit, weight)| usize::from(digit) * weight).sum();
    sum % 11 % 10 == usize::from(number[3])
}
