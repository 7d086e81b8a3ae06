//! What is known of words and of sequences of tokens.

use super::token::Kind;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// The kind of a word, in any case.
pub(super) fn kind(word: &[u8]) -> Option<Kind> {
    let mut folded = [0_u8; LONGEST];
    let folded = folded.get_mut(..word.len())?;
    folded.copy_from_slice(word);
    folded.make_ascii_uppercase();
    WORDS.get(&*folded).copied()
}

/// Whether the kinds are those of an attack.
pub(super) fn is_attack(kinds: &[u8]) -> bool {
    kinds.len() <= 5 && ATTACKS.contains(&packed(kinds))
}

/// Up to eight kinds in one number. The table knows them in capitals.
fn packed(kinds: &[u8]) -> u64 {
    kinds.iter().fold(0, |number, kind| (number << 8) | u64::from(kind.to_ascii_uppercase()))
}

static WORDS: LazyLock<HashMap<&'static [u8], Kind, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
    let mut words = HashMap::default();
    for line in lines(include_str!("words.txt")) {
        let mut parts = line.split('\t');
        let Some(kind) = parts.next().and_then(|kind| Kind::of_letter(kind.as_bytes())) else { continue };
        words.extend(parts.map(|word| (word.as_bytes(), kind)));
    }
    words
});

static ATTACKS: LazyLock<HashSet<u64, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
    lines(include_str!("fingerprints.txt"))
        .flat_map(str::split_whitespace)
        .map(|kinds| packed(kinds.as_bytes()))
        .collect()
});

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.starts_with('#') || line.starts_with("#\t"))
}

/// FNV-1a: keys are short and the tables fixed, so that nobody can choose keys that collide.
#[derive(Default)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The longest text of a token: longer ones are no known words.
const LONGEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::{ATTACKS, Kind, WORDS, is_attack, kind};

    #[test]
    fn the_tables_are_read_whole() {
        assert_eq!(WORDS.len(), 985);
        assert_eq!(ATTACKS.len(), 8367);
        assert!(WORDS.keys().all(|word| word.len() <= super::LONGEST));
    }

    #[test]
    fn words_are_found_in_any_case() {
        assert_eq!(kind(b"uNion"), Some(Kind::Union));
        assert_eq!(kind(b"||"), Some(Kind::LogicOperator));
        assert_eq!(kind(b"unions"), None);
        assert!(is_attack(b"s&1c"));
        assert!(!is_attack(b"n"));
    }
}
