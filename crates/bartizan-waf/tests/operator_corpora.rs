//! Operators, transformations and detectors against the answers of ModSecurity and libinjection.

use bartizan_waf::operators::{Captures, Files, compile};
use bartizan_waf::transformations::{Context, find};
use bartizan_waf::{sqli, xss};
use base64::Engine as _;
use serde_json::Value;
use std::io;
use std::path::{Path, PathBuf};

/// Vectors that are not scored, each with its reason.
const EXCEPTIONS: &[(&str, &str)] =
    &[("operators/geoLookup", "needs a database of places, which the engine does not read: refused at load")];

fn corpus(name: &str) -> Option<String> {
    let shared = std::env::var_os("BARTIZAN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("corpus/crs").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("SKIPPED: {} is missing", path.display());
    }
    text
}

/// The file that vectors name is not among them: this one has what they say of it.
struct Vectors;

impl Files for Vectors {
    fn read(&self, _: &str) -> io::Result<Vec<u8>> {
        Ok(b"abc\ndef\nghi\nyyy zzz\n".to_vec())
    }
}

/// Reads the escapes `\xHH`, then `\uHHHH`, that the authors put into their vectors for bytes.
fn bytes(text: &str) -> Vec<u8> {
    let hexadecimal = regex::bytes::Regex::new(r"\\x([0-9A-Za-z]{2})").expect("a fixed pattern");
    let unicode = regex::bytes::Regex::new(r"\\u([0-9A-Za-z]{4})").expect("a fixed pattern");
    // As `sscanf` reads them: up to the first character that is no digit.
    let number = |found: &regex::bytes::Captures<'_>| {
        let digits: String = String::from_utf8_lossy(&found[1]).chars().take_while(char::is_ascii_hexdigit).collect();
        vec![u32::from_str_radix(&digits, 16).unwrap_or(0) as u8]
    };
    let text =
        hexadecimal.replace_all(text.as_bytes(), |found: &regex::bytes::Captures<'_>| number(found)).into_owned();
    unicode.replace_all(&text, |found: &regex::bytes::Captures<'_>| number(found)).into_owned()
}

#[test]
fn vectors_of_the_language_are_answered() {
    let Some(text) = corpus("language.jsonl") else { return };
    let mut wrong = Vec::new();
    let mut scored = 0;
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).expect("a line of the corpus");
        let field = |name: &str| vector[name].as_str().unwrap_or_default();
        if EXCEPTIONS.iter().any(|(name, _)| field("id").starts_with(name)) {
            continue;
        }
        scored += 1;
        let input = bytes(field("input"));
        if field("type") == "tfn" {
            let expected = bytes(field("output"));
            let Some(transformation) = find(field("name")) else {
                wrong.push(format!("{}: unknown", field("id")));
                continue;
            };
            let found = (transformation.apply)(&input, &Context::default()).unwrap_or_else(|| input.clone());
            if found != expected {
                wrong.push(format!(
                    "{}: {:?} became {:?}, not {:?}",
                    field("id"),
                    String::from_utf8_lossy(&input),
                    String::from_utf8_lossy(&found),
                    String::from_utf8_lossy(&expected)
                ));
            }
            continue;
        }
        let expected = vector["ret"] == 1;
        let groups: Option<Vec<Vec<u8>>> = vector["re_groups"]
            .as_array()
            .map(|groups| groups.iter().filter_map(Value::as_str).map(|group| group.as_bytes().to_vec()).collect());
        let mut captures = Captures::default();
        let operator = compile(field("name"), field("param"), &Vectors);
        // An argument that is refused at load matches nothing.
        let found = operator.as_ref().is_ok_and(|operator| operator.matches(&input, Some(&mut captures)));
        let captured: Vec<Vec<u8>> =
            (0..captures.len()).filter_map(|at| captures.bytes(at, &input)).map(<[u8]>::to_vec).collect();
        if found != expected || groups.is_some_and(|groups| groups != captured) {
            wrong.push(format!("{}: {found}, {captured:?}: {vector}", field("id")));
        }
        if let Ok(operator) = operator
            && found
            && operator.literals().is_some_and(|literals| !literals.allow(&input))
        {
            wrong.push(format!("{}: lost by its literals", field("id")));
        }
    }
    assert!(wrong.is_empty(), "{} of {scored} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn detectors_agree_with_libinjection() {
    let Some(text) = corpus("libinjection.jsonl") else { return };
    let operators: Vec<_> =
        ["detectSQLi", "detectXSS"].iter().filter_map(|name| compile(name, "", &Vectors).ok()).collect();
    let mut wrong = Vec::new();
    let mut scored = 0;
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).expect("a line of the corpus");
        let encoded = vector["input_b64"].as_str().unwrap_or_default();
        let input = base64::engine::general_purpose::STANDARD.decode(encoded).expect("base64 of the corpus");
        scored += 1;
        let fingerprint = sqli::detect(&input).map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned());
        if fingerprint.is_some() != (vector["sqli"] == true) || fingerprint.as_deref() != vector["fingerprint"].as_str()
        {
            wrong.push(format!(
                "sqli {fingerprint:?} not {}: {:?}",
                vector["fingerprint"],
                String::from_utf8_lossy(&input)
            ));
        }
        if xss::detect(&input) != (vector["xss"] == true) {
            wrong.push(format!("xss not {}: {:?}", vector["xss"], String::from_utf8_lossy(&input)));
        }
        for operator in &operators {
            if operator.matches(&input, None) && operator.literals().is_some_and(|literals| !literals.allow(&input)) {
                wrong.push(format!("{operator:?} is lost by its literals: {:?}", String::from_utf8_lossy(&input)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {scored} differ:\n{}", wrong.len(), wrong.join("\n"));
}
