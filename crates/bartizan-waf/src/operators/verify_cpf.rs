//! `@verifyCPF`: what the pattern finds is the tax number of a person in Brazil.

use super::numbers::{Numbered, digits};
use super::{Entry, pattern::Pattern};

pub(super) const OPERATOR: Entry = Entry {
    name: "verifyCPF",
    aliases: &[],
    compile: |argument, _| Ok(Box::new(Numbered { pattern: Pattern::new(argument)?, is_valid })),
    evaluate: None,
};

fn is_valid(text: &[u8]) -> bool {
    let digits = digits(text);
    let Some(number) = digits.first_chunk::<11>() else { return false };
    let is_repeated = number.iter().all(|digit| digit == &number[0]);
    let is_counted = number.iter().enumerate().all(|(place, &digit)| usize::from(digit) == place % 10);
    !is_repeated && !is_counted && check(&number[..9]) == number[9] && check(&number[..10]) == number[10]
}

/// The digit that closes the ones before it: weights fall to two, modulo eleven.
fn check(digits: &[u8]) -> u8 {
    let sum: usize = digits.iter().rev().zip(2..).map(|(&digit, weight)| usize::from(digit) * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest as u8,
    }
}
