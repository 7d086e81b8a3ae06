//! The table of operators against a table of values, and what they say a match must hold.

use super::{Captures, Files, OPERATORS, OperatorError, Pattern, compile, evaluate_dynamic, find};
use proptest::prelude::*;
use std::io;

/// Files that operators of the tests read.
struct Known;

impl Files for Known {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        match name {
            "words" => Ok(b"# words\nabc def\r\n\nGHI\n".to_vec()),
            "networks" => Ok(b"10.0.0.0/8 # ours\n2001:db8::/32\n".to_vec()),
            _ => Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    }
}

#[test]
fn each_does_what_its_name_says() {
    for &(name, argument, value, expected) in CASES {
        let operator = compile(name, argument, &Known).unwrap_or_else(|error| panic!("{name} {argument}: {error}"));
        let shown = String::from_utf8_lossy(value);
        assert_eq!(operator.matches(value, None), expected, "@{name} {argument} of {shown:?}");
        assert_eq!(
            operator.matches(value, Some(&mut Captures::default())),
            expected,
            "@{name} {argument} of {shown:?}"
        );
        if expected {
            assert!(
                operator.literals().is_none_or(|literals| literals.allow(value)),
                "@{name} {argument} of {shown:?}"
            );
        }
        if let Some(found) = evaluate_dynamic(name, argument.as_bytes(), value, None) {
            assert_eq!(found, expected, "@{name} {argument} of {shown:?}");
        }
    }
}

#[test]
fn each_has_a_yes_and_a_no() {
    for operator in OPERATORS {
        let answers: Vec<bool> = CASES.iter().filter(|(name, ..)| *name == operator.name).map(|case| case.3).collect();
        let is_constant = matches!(operator.name, "noMatch" | "unconditionalMatch");
        assert!(is_constant || answers.contains(&true), "{} has no yes", operator.name);
        assert!(is_constant || answers.contains(&false), "{} has no no", operator.name);
    }
}

#[test]
fn names_are_unique_sorted_and_found_in_any_case() {
    for pair in OPERATORS.windows(2) {
        assert!(
            pair[0].name.to_ascii_lowercase() < pair[1].name.to_ascii_lowercase(),
            "{} {}",
            pair[0].name,
            pair[1].name
        );
    }
    assert_eq!(find("PMF").map(|found| found.name), Some("pmFromFile"));
    assert!(matches!(compile("rbl", "", &Known), Err(OperatorError::Unknown { .. })));
    assert!(matches!(compile("pmf", "missing", &Known), Err(OperatorError::Read { .. })));
    assert!(matches!(compile("ipMatch", "10.0.0.0/33", &Known), Err(OperatorError::Network { .. })));
    assert!(matches!(compile("rx", "(", &Known), Err(OperatorError::Pattern(_))));
}

#[test]
fn matches_are_captured() {
    for &(name, argument, value, expected) in CAPTURES {
        let operator = compile(name, argument, &Known).unwrap_or_else(|error| panic!("{name} {argument}: {error}"));
        let mut captures = Captures::default();
        assert!(operator.matches(value, Some(&mut captures)), "@{name} {argument}");
        let found: Vec<&[u8]> = (0..captures.len()).filter_map(|index| captures.bytes(index, value)).collect();
        assert_eq!(found, expected, "@{name} {argument}");
    }
}

#[test]
fn patterns_tell_what_they_need() {
    for (pattern, any_of, minimum_length) in [
        ("(?i)union.*select", Some(vec!["select"]), 11),
        ("foo|barbaz", Some(vec!["barbaz", "foo"]), 3),
        ("a[bB]c\\d+", Some(vec!["abc"]), 4),
        ("x(?:foo)?y", Some(vec!["x"]), 2),
        ("(?:foo)?", None, 0),
        ("\\d{3}", None, 3),
        ("(?:a|b)(?:c|d)ef", Some(vec!["acef", "adef", "bcef", "bdef"]), 4),
    ] {
        let literals = Pattern::new(pattern).ok().and_then(|pattern| pattern.literals()).unwrap_or_default();
        let found = literals
            .any_of
            .map(|texts| texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect::<Vec<_>>());
        let expected = any_of.map(|texts| texts.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!((found, literals.minimum_length), (expected, minimum_length), "{pattern}");
    }
}

/// Patterns of few letters, nested, that often match values of few letters.
fn patterns() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[abAB]{1,3}",
        Just("[ab]".to_owned()),
        Just(".".to_owned()),
        Just("\\w".to_owned()),
        Just("^".to_owned())
    ];
    leaf.prop_recursive(5, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
            (inner.clone(), prop::sample::select(vec!["*", "+", "?", "{2}", "{1,2}"]))
                .prop_map(|(part, count)| format!("(?:{part}){count}")),
            inner.prop_map(|part| format!("(?i:{part})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_pattern_needs_is_in_every_match(pattern in patterns(), values in prop::collection::vec("[abABc\\n]{0,8}", 12)) {
        let Ok(pattern) = Pattern::new(&pattern) else { return Ok(()) };
        let literals = pattern.literals().unwrap_or_default();
        for value in values {
            if pattern.is_match(value.as_bytes()) {
                prop_assert!(literals.allow(value.as_bytes()), "{value:?} {literals:?}");
            }
        }
    }

    #[test]
    fn no_operator_loses_a_match(value in prop::collection::vec(prop::sample::select(b"%<='\"/*-#x1 a;\x80\xc3()union select".to_vec()), 0..24)) {
        for name in ["detectSQLi", "detectXSS", "validateUrlEncoding", "validateUtf8Encoding"] {
            let Ok(operator) = compile(name, "", &Known) else { continue };
            if operator.matches(&value, None) {
                prop_assert!(operator.literals().is_none_or(|literals| literals.allow(&value)), "{name}");
            }
        }
    }
}

const CASES: &[(&str, &str, &[u8], bool)] = &[
    ("beginsWith", "ab", b"abc", true),
    ("beginsWith", "ab", b"Abc", false),
    ("beginsWith", "", b"", true),
    ("contains", "b", b"abc", true),
    ("contains", "d", b"abc", false),
    ("containsWord", "is", b"this is", true),
    ("containsWord", "is", b"this", false),
    ("containsWord", "is", b"is1", true), // letters only
    ("containsWord", "", b"", true),
    ("detectSQLi", "", b"1' OR '1'='1", true),
    ("detectSQLi", "", b"O'Brien", false),
    ("detectXSS", "", b"<script>", true),
    ("detectXSS", "", b"<p>", false),
    ("endsWith", "bc", b"abc", true),
    ("endsWith", "ab", b"abc", false),
    ("eq", "5", b" 5x", true),
    ("eq", "0", b"x", true), // no number is zero
    ("eq", "-1", b"1", false),
    ("ge", "5", b"5", true),
    ("ge", "5", b"4", false),
    ("gt", "5", b"6", true),
    ("gt", "5", b"5", false),
    ("gt", "5", b"99999999999999999999999", true),
    ("ipMatch", "10.0.0.1, 192.168.0.0/16", b"192.168.4.4", true),
    ("ipMatch", "::1,2001:db8::/32", b"2001:DB8::1", true),
    ("ipMatch", "10.0.0.0/8", b"11.0.0.1", false),
    ("ipMatch", "10.0.0.0/8", b"ten", false),
    ("ipMatchFromFile", "networks", b"10.1.2.3", true),
    ("ipMatchFromFile", "networks", b"11.1.2.3", false),
    ("le", "5", b"5", true),
    ("le", "5", b"6", false),
    ("lt", "5", b"-6", true),
    ("lt", "5", b"5", false),
    ("noMatch", "", b"", false),
    ("pm", "select Union", b"a uNion b", true),
    ("pm", "a|3b|b", b"A;B", true),
    ("pm", "a|3b|b", b"a|3b|b", false),
    ("pmFromFile", "words", b"xABC DEFx", true),
    ("pmFromFile", "words", b"# words", false),
    ("rx", "^a.+c$", b"a\nc", true),
    ("rx", "^a$", b"ab", false),
    ("rxGlobal", "a+", b"baa", true),
    ("rxGlobal", "a+", b"b", false),
    ("streq", "a", b"a", true),
    ("streq", "a", b"A", false),
    ("strmatch", "b", b"abc", true),
    ("strmatch", "d", b"abc", false),
    ("unconditionalMatch", "", b"", true),
    ("validateByteRange", "32-126, 9", b"a\tb\n", true),
    ("validateByteRange", "32-126, 9", b"a\tb", false),
    ("validateByteRange", "9-x", b"\t", true), // no range allows nothing
    ("validateUrlEncoding", "", b"%4", true),
    ("validateUrlEncoding", "", b"%4a", false),
    ("validateUtf8Encoding", "", b"\xc0\xaf", true),
    ("validateUtf8Encoding", "", b"\xed\xa0\x80", true),
    ("validateUtf8Encoding", "", "é".as_bytes(), false),
    ("verifyCC", "\\d{16}", b"no. 4111111111111111", true),
    ("verifyCC", "\\d{16}", b"no. 4111111111111112", false),
    ("verifyCPF", "[0-9.-]{14}", b"529.982.247-25", true),
    ("verifyCPF", "[0-9.-]{14}", b"529.982.247-26", false),
    ("verifyCPF", "[0-9.-]{14}", b"111.111.111-11", false),
    ("verifySSN", "\\d{3}-?\\d{2}-?\\d{4}", b"574-57-8065", true),
    ("verifySSN", "\\d{3}-?\\d{2}-?\\d{4}", b"666-57-8065", false),
    ("verifySSN", "\\d{9}", b"123456789", false),
    ("verifySVNR", "\\d{4} ?\\d{6}", b"1237010180", true),
    ("verifySVNR", "\\d{4} ?\\d{6}", b"1238010180", false),
    ("within", "GET POST", b"POST", true),
    ("within", "GET POST", b"PUT", false),
    ("within", "GET", b"", true),
];

/// An operator, its argument, a value, and what is captured of it.
type Captured = (&'static str, &'static str, &'static [u8], &'static [&'static [u8]]);

const CAPTURES: &[Captured] = &[
    ("rx", "(a)(x)?(b)", b"-ab", &[b"ab", b"a", b"", b"b"]),
    ("rx", "(?<!x)(é)", "aé".as_bytes(), &["é".as_bytes(), "é".as_bytes()]),
    ("rxGlobal", "[a-z]*", b"aa0bb", &[b"aa", b"bb"]),
    ("rxGlobal", "(a)(b)?", b"aba", &[b"ab", b"a", b"b", b"a", b"a", b""]),
    ("pm", "foo bar", b"a BAR", &[b"BAR"]),
    ("detectSQLi", "", b"1' OR '1'='1", &[b"s&sos"]),
    ("validateByteRange", "97-122", b"ab1", &[b"1"]),
    ("verifyCC", "\\d{16}", b"- 4111111111111111", &[b"4111111111111111"]),
];
