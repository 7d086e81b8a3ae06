//! The order in which `Intl.Collator("en")` sorts sources of a policy.
//!
//! Exact for ASCII in lower case, which is all that policies hold in practice; other letters come after, by number.

use std::cmp::Ordering;

/// Compares as the root collation does: punctuation before digits before letters, control characters nowhere.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    a.chars().filter_map(weight).cmp(b.chars().filter_map(weight))
}

fn weight(c: char) -> Option<u32> {
    if matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}') {
        return None;
    }
    let place = u8::try_from(c).ok().and_then(|byte| PLACES.get(usize::from(byte)).copied());
    Some(place.map_or_else(|| u32::from(c) + 256, u32::from))
}

/// The place of each ASCII character in the order; capitals, which policies lose before they are sorted, come last.
const PLACES: [u8; 128] = {
    let mut places = [127; 128];
    let mut at = 0;
    while at < ORDER.len() {
        places[ORDER[at] as usize] = at as u8;
        at += 1;
    }
    places
};

/// The ASCII characters in the order of the Default Unicode Collation Element Table as CLDR tailors it.
const ORDER: &[u8] = b"\t\n\x0b\x0c\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_comes_first() {
        let mut sources = ["https://a.example/", "https://a-b.example", "data:", "*", "'self'", "https:", "0.example"];
        sources.sort_by(|a, b| compare(a, b));
        assert_eq!(
            sources,
            ["'self'", "*", "0.example", "data:", "https:", "https://a-b.example", "https://a.example/"]
        );
    }
}
