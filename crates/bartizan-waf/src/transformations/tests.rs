//! The table of transformations against a table of values, and each against its plain version.

use super::{Context, TRANSFORMATIONS, UnicodeMap, find, reference};
use proptest::prelude::*;

fn apply(name: &str, value: &[u8]) -> Vec<u8> {
    let transformation = find(name).unwrap_or_else(|| panic!("{name} is in the table"));
    (transformation.apply)(value, &Context::default()).unwrap_or_else(|| value.to_vec())
}

#[test]
fn each_does_what_its_name_says() {
    for &(name, value, expected) in CASES {
        let found = apply(name, value);
        assert_eq!(
            found,
            expected,
            "{name} of {:?}: {:?}",
            String::from_utf8_lossy(value),
            String::from_utf8_lossy(&found)
        );
    }
}

#[test]
fn each_has_cases() {
    for transformation in TRANSFORMATIONS {
        let cases = CASES.iter().filter(|(name, ..)| *name == transformation.name).count();
        assert!(cases >= 2, "{} has {cases} cases", transformation.name);
    }
}

#[test]
fn names_are_unique_sorted_and_found_in_any_case() {
    for pair in TRANSFORMATIONS.windows(2) {
        assert!(
            pair[0].name.to_ascii_lowercase() < pair[1].name.to_ascii_lowercase(),
            "{} {}",
            pair[0].name,
            pair[1].name
        );
    }
    assert_eq!(find("URLDECODEUNI").map(|found| found.name), Some("urlDecodeUni"));
    assert_eq!(find("normalisePath").map(|found| found.name), Some("normalizePath"));
    assert!(find("sanitise").is_none());
}

#[test]
fn the_map_of_code_points_goes_before_the_lower_byte() {
    let map = UnicodeMap::parse("20127 (US-ASCII)\n2032:27", 20127).unwrap_or_default();
    let with_map = Context { unicode_map: Some(&map) };
    let apply = |context| find("urlDecodeUni").and_then(|found| (found.apply)(b"%u2032%u0041", context));
    assert_eq!(apply(&with_map), Some(b"'A".to_vec()));
    assert_eq!(apply(&Context::default()), Some(b"2A".to_vec()));
}

/// Bytes that transformations act on, among others.
fn values() -> impl Strategy<Value = Vec<u8>> {
    let telling = prop::sample::select(b"%+u0f1a4xX\\/*-#<!>&;.[]= \t\n\0\xc3\xa9\xe2\x82\xf0\x9f'\"^,(".to_vec());
    prop::collection::vec(prop_oneof![4 => telling, 1 => any::<u8>()], 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_agrees_with_its_plain_version(value in values()) {
        for transformation in TRANSFORMATIONS {
            if let Some(expected) = reference::plain(transformation.name, &value) {
                prop_assert_eq!(apply(transformation.name, &value), expected, "{}", transformation.name);
            }
        }
    }

    #[test]
    fn what_is_changed_differs_and_holds_a_byte_that_is_touched(value in values()) {
        for transformation in TRANSFORMATIONS {
            let Some(changed) = (transformation.apply)(&value, &Context::default()) else { continue };
            prop_assert!(changed != value || matches!(transformation.name, "md5" | "sha1" | "hexDecode"), "{}", transformation.name);
            if let Some(touches) = transformation.touches {
                prop_assert!(touches.find_in(&value).is_some(), "{}", transformation.name);
            }
        }
    }
}

const CASES: &[(&str, &[u8], &[u8])] = &[
    ("base64Decode", b"aGVsbG8=", b"hello"),
    ("base64Decode", b"aGVs\r\nbG8=  ", b"hello"),
    ("base64Decode", b"aGVs bG8=", b"aGVs bG8="), // a space within a line
    ("base64Decode", b"aGVsb", b"aGVsb"),         // no whole quad
    ("base64Decode", b"aGVsbG8=\0tail", b"hello"),
    ("base64DecodeExt", b"a<GV>sbG8", b"hello"),
    ("base64DecodeExt", b"aGVsbG8=aGVs", b"hello\x1a\x19\x5b"),
    ("base64DecodeExt", b"a=", b""),
    ("base64DecodeExt", b"QUJD\\9", b""),
    ("base64DecodeExt", b"QUJD\\8", b"ABC"),
    ("base64DecodeExt", b"+/-_+/", b"\xfb\xff\xbf"),
    ("base64Encode", b"hello", b"aGVsbG8="),
    ("base64Encode", b"", b""),
    ("cmdLine", b"C^:\\W\"in\", ;/c (dir", b"c:win/c(dir"),
    ("cmdLine", b"ls", b"ls"),
    ("compressWhitespace", b"a \t b\n", b"a b "),
    ("compressWhitespace", b"a b", b"a b"),
    ("compressWhitespace", b"a\xa0\xa0b", b"a\xa0\xa0b"), // not white space in the C locale
    ("cssDecode", b"\\6a a\\76 \\61\\00ff41z", b"javaaz"),
    ("cssDecode", b"e\\78pr\\\nession\\", b"expression"),
    ("cssDecode", b"plain", b"plain"),
    ("escapeSeqDecode", b"\\n\\x41\\101\\q\\", b"\nAAq\\"),
    ("escapeSeqDecode", b"\\xzz\\X4a\\666", b"xzzJ\xb6"),
    ("hexDecode", b"414a5", b"AJ"),
    ("hexDecode", b"", b""),
    ("hexEncode", b"\x00\xffA", b"00ff41"),
    ("hexEncode", b"", b""),
    ("htmlEntityDecode", b"&lt;&GT&#x6a;&#0106&nbsp;&hellip;&#;&#x;&", b"<>jj\xa0&hellip;&#;&#x;&"),
    ("htmlEntityDecode", b"&#99999999999999999999;", b"\xff"),
    ("htmlEntityDecode", b"a&b", b"a&b"),
    ("htmlEntityDecode", b"&ampzz;&LThello &ap", b"&< &ap"),
    ("jsDecode", b"\\u0061\\uff41\\x62\\143\\477\\n\\/\\", b"aabc\x277\n/\\"),
    ("jsDecode", b"no escape", b"no escape"),
    ("length", b"four", b"4"),
    ("length", b"", b"0"),
    ("lowercase", b"MiX\xc4", b"mix\xc4"),
    ("lowercase", b"low", b"low"),
    ("md5", b"", b"\xd4\x1d\x8c\xd9\x8f\x00\xb2\x04\xe9\x80\x09\x98\xec\xf8\x42\x7e"),
    ("md5", b"a", b"\x0c\xc1\x75\xb9\xc0\xf1\xb6\xa8\x31\xc3\x99\xe2\x69\x77\x26\x61"),
    ("none", b"A%41", b"A%41"),
    ("none", b"", b""),
    ("normalizePath", b"/a/./b/../../../c//d/", b"/c/d/"),
    ("normalizePath", b"../../a/../b", b"../../b"),
    ("normalizePath", b"../a/../../b", b"b"), // above the start nothing is remembered
    ("normalizePath", b"/../", b"/"),
    ("normalizePath", b"a/b.", b"a/b."),
    ("normalizePathWin", b"\\a\\..\\b", b"/b"),
    ("normalizePathWin", b"\\\\\\a", b"/a"), // ModSecurity leaves the third backslash of a run
    ("normalizePathWin", b"a", b"a"),
    ("parityEven7bit", b"\x01\x03\x83", b"\x81\x03\x83"),
    ("parityEven7bit", b"", b""),
    ("parityOdd7bit", b"\x01\x03", b"\x01\x83"),
    ("parityOdd7bit", b"", b""),
    ("parityZero7bit", b"\xc1", b"A"),
    ("parityZero7bit", b"A", b"A"),
    ("phpArgsNames", b" a.b c", b"a_b_c"),
    ("phpArgsNames", b"a[b.c][ ]d", b"a[b.c][]"),
    ("phpArgsNames", b"a[b.c", b"a_b.c"),
    ("phpArgsNames", b"[a]", b""),
    ("removeComments", b"a/* b */c<!-- d -->e", b"ace"),
    ("removeComments", b"a -- b", b"a "),
    ("removeComments", b"a/*", b"a "),
    ("removeComments", b"a/**/", b"a\0"),
    ("removeCommentsChar", b"a/*b*/<!--c-->--#d", b"abcd"),
    ("removeCommentsChar", b"a-b", b"a-b"),
    ("removeDocumentCode", DOCUMENT, SHOWN),
    ("removeDocumentCode", b"`a`", b"`a`"), // no document
    ("removeDocuments", DOCUMENT, b""),
    ("removeDocuments", b"1\nor\n1", b"1\nor\n1"),
    ("removeNulls", b"\0a\0", b"a"),
    ("removeNulls", b"a", b"a"),
    ("removeWhitespace", b" a\tb\xc2\xa0", b"ab"),
    ("removeWhitespace", b"ab", b"ab"),
    ("replaceComments", b"a/*b*/c/*/d*/e", b"a c e"),
    ("replaceComments", b"a/*b", b"a "),
    ("replaceComments", b"a*/b", b"a*/b"),
    ("replaceNulls", b"a\0", b"a "),
    ("replaceNulls", b"a", b"a"),
    ("sha1", b"", b"\xda\x39\xa3\xee\x5e\x6b\x4b\x0d\x32\x55\xbf\xef\x95\x60\x18\x90\xaf\xd8\x07\x09"),
    ("sha1", b"abc", b"\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e\x25\x71\x78\x50\xc2\x6c\x9c\xd0\xd8\x9d"),
    ("sqlHexDecode", b"a 0x41426 0X4a", b"a AB6 J"),
    ("sqlHexDecode", b"0x4 0xg", b"0x4 0xg"),
    ("trim", b" \t a b \r\n", b"a b"),
    ("trim", b"a", b"a"),
    ("trimLeft", b" a ", b"a "),
    ("trimLeft", b"a ", b"a "),
    ("trimRight", b" a ", b" a"),
    ("trimRight", b" a", b" a"),
    ("uppercase", b"mIx", b"MIX"),
    ("uppercase", b"UP", b"UP"),
    ("urlDecode", b"%41+%4g%", b"A %4g%"),
    ("urlDecode", b"a", b"a"),
    ("urlDecodeUni", b"%u0041%uFF1c%U00e9%u12+%41", b"A<\xe9%u12 A"),
    ("urlDecodeUni", b"a", b"a"),
    ("urlEncode", b"a b*/\xff", b"a+b*%2f%ff"),
    ("urlEncode", b"a", b"a"),
    ("utf8toUnicode", "aé€😀".as_bytes(), b"a%u00e9%u20ac%u1f600"),
    ("utf8toUnicode", b"\xc0\xafa\xe2\x82", b"%u002f\xc0a\x82"),
    ("utf8toUnicode", b"\0a\0", b"a\0"),
    ("utf8toUnicode", b"a", b"a"),
];

/// A text with code in it, and what of it is not shown as code.
const DOCUMENT: &[u8] = b"Hello all of you here,\nplease write `a' or 1` in it,\n\n    <b onclick=x>\n\nand say what it does\n<script src=\"https://a/b\"></script><script>c</script>";
const SHOWN: &[u8] = b"Hello all of you here,\nplease write   in it,\n\n \n\nand say what it does\n <script>c</script>";
