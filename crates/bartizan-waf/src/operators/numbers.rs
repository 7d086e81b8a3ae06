//! How operators read numbers, and numbers that have a check digit.

use super::pattern::Pattern;
use super::{Capture, Captures, Literals, Operator};

/// The number that a text begins with, after white space, with a sign; zero for any other text, the nearest for one that
/// does not fit.
pub(super) fn number(text: &[u8]) -> i64 {
    let text = text.trim_ascii_start();
    let (digits, sign) = match text {
        [b'-', digits @ ..] => (digits, -1),
        [b'+', digits @ ..] => (digits, 1),
        _ => (text, 1),
    };
    digits
        .iter()
        .take_while(|digit| digit.is_ascii_digit())
        .fold(0_i64, |number, digit| number.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0')))
}

/// A pattern that finds candidates, and what makes one of them valid.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) pattern: Pattern,
    pub(super) is_valid: fn(&[u8]) -> bool,
}

impl Operator for Numbered {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool {
        let mut start = 0;
        for _ in 0..CANDIDATES {
            let Some(found) = self.pattern.find_at(value, start) else { return false };
            let text = value.get(found.clone()).unwrap_or_default();
            if text.len() <= LENGTH && (self.is_valid)(text) {
                Captures::set(captures, || Capture::Span(found));
                return true;
            }
            start = found.start + 1;
        }
        false
    }

    fn literals(&self) -> Option<Literals> {
        self.pattern.literals()
    }
}

/// The digits of a text as numbers.
pub(super) fn digits(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0').collect()
}

/// How many places of a value are tried: each may be as long as the value.
const CANDIDATES: usize = 1024;
/// How long a number may be with all that stands between its digits.
const LENGTH: usize = 1024;
