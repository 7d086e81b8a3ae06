//! Any text may arrive in a header: no parser panics on it, and each reads back what it wrote.

use bartizan_headers::fuzzing::TARGETS;
use proptest::prelude::*;

/// Words that the grammars care about, so that chance reaches the depths of each parser.
const WORDS: &str = "max-age includeSubDomains preload self 'self' 'none' 'unsafe-inline' 'nonce-abc' 'strict-dynamic' \
    default-src script-src script-src-elem img-src object-src child-src worker-src sandbox report-to report-uri \
    https: https:// data: a.example *.a.example 127.0.0.1 [::1] :80 ?1 \"max_age\": -1 1e3 0 9 Path=/ Domain= Secure \
    SameSite=None Max-Age= Expires= __Host- for= by= proto= _x unknown camera private no-store text/html charset \
    same-origin DENY SAMEORIGIN nosniff null";

/// Signs that separate, quote or spoil.
const SIGNS: &[&str] = &[
    "=", ";", ",", " ", "\t", "\n", "(", ")", "{", "}", "[", "]", ":", "/", "@", "*", ".", "\"", "\\", "'", "\r", "\0",
    "\u{e9}",
];

fn piece() -> impl Strategy<Value = String> {
    let words: Vec<_> = WORDS.split_ascii_whitespace().collect();
    prop_oneof![
        5 => prop::sample::select(words).prop_map(str::to_owned),
        5 => prop::sample::select(SIGNS).prop_map(str::to_owned),
        1 => "\\PC{0,3}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_all_is_read_back(pieces in prop::collection::vec(piece(), 0..24)) {
        let text = pieces.concat();
        for target in TARGETS {
            (target.run)(text.as_bytes());
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_no_trouble(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        for target in TARGETS {
            (target.run)(&bytes);
        }
    }
}
