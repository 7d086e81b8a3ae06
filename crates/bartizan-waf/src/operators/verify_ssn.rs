//! `@verifySSN`: what the pattern finds is a social security number of the United States.

use super::numbers::{Numbered, digits};
use super::{Entry, pattern::Pattern};

pub(super) const OPERATOR: Entry = Entry {
    name: "verifySSN",
    aliases: &[],
    compile: |argument, _| Ok(Box::new(Numbered { pattern: Pattern::new(argument)?, is_valid })),
    evaluate: None,
};

fn is_valid(text: &[u8]) -> bool {
    let Ok(number) = <[u8; 9]>::try_from(digits(text)) else { return false };
    let is_repeated = number.is_sorted_by(|a, b| a == b);
    let is_counted = number.is_sorted_by(|a, b| a + 1 == *b);
    let part = |digits: &[u8]| digits.iter().fold(0_u32, |number, &digit| number * 10 + u32::from(digit));
    let (area, group, serial) = (part(&number[..3]), part(&number[3..5]), part(&number[5..]));
    !is_repeated && !is_counted && !matches!(area, 0 | 666 | 740..) && group != 0 && serial != 0
}
