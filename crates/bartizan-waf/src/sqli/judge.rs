//! The verdict on a value.

use super::fold::{Folded, fold};
use super::table;
use super::token::Kind;
use super::tokens::{Dialect, Reading};
use std::fmt;

/// The kinds of the tokens that made a value an attack.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    kinds: [u8; 5],
    length: usize,
}

impl Fingerprint {
    fn of(folded: &Folded) -> Self {
        let mut kinds = [0; 5];
        // What cannot be read one way only is an attack by itself.
        if folded.tokens.iter().any(|token| token.is(Kind::Evil)) {
            kinds[0] = Kind::Evil as u8;
            return Self { kinds, length: 1 };
        }
        for (kind, token) in kinds.iter_mut().zip(&folded.tokens) {
            *kind = token.kind as u8;
        }
        Self { kinds, length: folded.tokens.len().min(5) }
    }

    /// Returns the letters.
    pub fn as_bytes(&self) -> &[u8] {
        self.kinds.get(..self.length).unwrap_or_default()
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.as_bytes()))
    }
}

/// Returns the fingerprint of a value that is an attack.
pub fn detect(value: &[u8]) -> Option<Fingerprint> {
    if is_word(value) {
        return None;
    }
    let as_it_stands = read(value, None);
    if as_it_stands.is_some() {
        return as_it_stands;
    }
    if memchr::memchr(b'\'', value).is_some() {
        let in_single_quotes = read(value, Some(b'\''));
        if in_single_quotes.is_some() {
            return in_single_quotes;
        }
    }
    memchr::memchr(b'"', value)?;
    judge(value, Reading { quote: Some(b'"'), dialect: Dialect::Mysql }).0
}

/// A value of letters, digits and underscores has at most one word, behind numbers. No such sequence is an attack.
fn is_word(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// Reads a value by the standard, and as MySQL does where that makes a difference.
fn read(value: &[u8], quote: Option<u8>) -> Option<Fingerprint> {
    let (found, is_ambiguous) = judge(value, Reading { quote, dialect: Dialect::Ansi });
    if found.is_some() || !is_ambiguous {
        return found;
    }
    judge(value, Reading { quote, dialect: Dialect::Mysql }).0
}

fn judge(value: &[u8], reading: Reading) -> (Option<Fingerprint>, bool) {
    let folded = fold(value, reading);
    let fingerprint = Fingerprint::of(&folded);
    let is_attack = table::is_attack(fingerprint.as_bytes()) && !is_harmless(value, &folded, fingerprint);
    (is_attack.then_some(fingerprint), folded.is_ambiguous)
}

/// Short sequences that ordinary text has, too.
fn is_harmless(value: &[u8], folded: &Folded, fingerprint: Fingerprint) -> bool {
    let kinds = fingerprint.as_bytes();
    // SQL Server leaves statements with this word out of its log.
    if kinds.len() > 1 && kinds.last() == Some(&b'c') && memchr::memmem::find(value, b"sp_password").is_some() {
        return false;
    }
    match (kinds, folded.tokens.as_slice()) {
        // A word behind a number; with more that was folded away it is an attack.
        ([_, b'U'], _) => folded.read == 2,
        ([_, _], [first, second]) => {
            let is_comment = second.is(Kind::Comment);
            let mark = second.first();
            match first.kind {
                _ if mark == Some(b'#') => true,
                Kind::Bareword if is_comment && mark != Some(b'/') => true,
                Kind::Number if is_comment => {
                    mark != Some(b'/') && folded.read <= 2 && !ends_number(value, first.text().len())
                }
                // Two dashes amid text.
                _ => second.text().len() > 2 && mark == Some(b'-'),
            }
        }
        (b"sos" | b"s&s", [first, _, third]) => {
            // `…foo' + 'bar…`: both strings are open to the statement around.
            !(first.opened.is_none() && third.closed.is_none() && first.closed == third.opened)
        }
        (b"s&n" | b"n&1" | b"1&1" | b"1&v" | b"1&s", _) => folded.read == 3,
        ([_, b'k', _], [_, second, _]) => {
            let is_into = second.text().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"INTO"));
            second.text().len() < 5 || !is_into
        }
        _ => false,
    }
}

/// Whether a number of this length at the start is followed by white space or a comment: `1234-ABC--` is an identifier.
fn ends_number(value: &[u8], length: usize) -> bool {
    let rest = value.get(length..).unwrap_or_default();
    matches!(rest, [] | [0..=32 | 128.., ..] | [b'/', b'*', ..] | [b'-', b'-', ..])
}

#[cfg(test)]
mod tests {
    use super::detect;

    #[test]
    fn attacks_have_fingerprints() {
        for (value, fingerprint) in [
            ("1' OR '1'='1", Some("s&sos")),
            ("1 UNION SELECT a FROM b", Some("1UEnk")),
            ("admin'--", Some("sc")),
            ("1; DROP TABLE users", Some("1;Tnn")),
            ("x' AND sleep(5)#", Some("s&f(1")),
            ("1/*!50000union*/", Some("X")),
            ("O'Brien", None),
            ("Rock 'n' Roll", None),
            ("1union", None),
            ("0b12union", None),
            ("select", None),
            ("12345", None),
            ("", None),
            ("To be, or not to be", None),
        ] {
            let found = detect(value.as_bytes()).map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned());
            assert_eq!(found.as_deref(), fingerprint, "{value}");
        }
    }
}
