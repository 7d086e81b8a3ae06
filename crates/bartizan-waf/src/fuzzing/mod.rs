//! Entry points for fuzz targets and for the replay of their corpora.
//!
//! Each takes any bytes and must not panic. Where there is a plainer way to the same answer, both are compared.

mod transaction;

use std::collections::BTreeMap;
use std::path::Path;

use crate::archive;
use crate::body::{charset, decoding, json, multipart, xml};
use crate::operators::{Captures, Pattern};
use crate::ruleset::RuleSet;
use crate::transformations::{Context, TRANSFORMATIONS, reference};
use crate::{sqli, xss};

/// A parser to feed with any bytes.
#[derive(Debug)]
pub struct Target {
    /// The name of the fuzz target and of its corpus.
    pub name: &'static str,
    /// What to feed.
    pub run: fn(&[u8]),
}

/// Every parser.
pub const TARGETS: &[Target] = &[
    Target { name: "waf_archive", run: waf_archive },
    Target { name: "waf_bodies", run: waf_bodies },
    Target { name: "waf_detect", run: waf_detect },
    Target { name: "waf_multipart", run: waf_multipart },
    Target { name: "waf_patterns", run: waf_patterns },
    Target { name: "waf_rules", run: waf_rules },
    Target { name: "waf_transaction", run: waf_transaction },
    Target { name: "waf_transformations", run: waf_transformations },
];

/// Archives of rule sets: no name leads out of the folder that it is unpacked to.
pub fn waf_archive(bytes: &[u8]) {
    let entries = archive::read(bytes).unwrap_or_default();
    for entry in &entries {
        assert!(entry.path.components().all(|part| matches!(part, std::path::Component::Normal(_))));
    }
}

/// A request as lines, and the verdict over it, in one step and in many.
pub fn waf_transaction(bytes: &[u8]) {
    transaction::run(bytes);
}

/// Bodies of every form but multipart.
pub fn waf_bodies(bytes: &[u8]) {
    let mut told = 0;
    let result = json::read(bytes, json::Places::Array, 50, |name, _| {
        assert!(name.starts_with(b"json"));
        told += 1;
        told < 1000
    });
    // Whatever a strict reader takes is taken here, too.
    if serde_json::from_slice::<serde_json::Value>(bytes).is_ok() {
        let is_read = matches!(result, Ok(()) | Err(json::JsonError::Depth { .. } | json::JsonError::Stopped));
        assert!(is_read, "{result:?}");
    }
    let _ = xml::read(bytes, 50);
    for coding in ["gzip", "deflate", "br", "zstd"] {
        if let Ok(Some(decoded)) = decoding::decode(coding, bytes, LARGEST) {
            assert!(decoded.len() <= LARGEST);
        }
    }
    if let Ok(charset) = charset::of_content_type(bytes) {
        let _ = charset::to_utf8(bytes, charset);
    }
}

/// Attacks on databases and browsers.
pub fn waf_detect(bytes: &[u8]) {
    for name in ["detectSQLi", "detectXSS"] {
        let Ok(operator) = crate::operators::compile(name, "", &NoFiles) else { continue };
        if operator.matches(bytes, Some(&mut Captures::default())) {
            assert!(operator.literals().is_none_or(|literals| literals.allow(bytes)), "{name}");
        }
    }
    assert_eq!(sqli::detect(bytes).is_some(), sqli::detect(bytes).is_some());
    let _ = xss::detect(bytes);
}

/// Multipart bodies; the first line is the content type.
pub fn waf_multipart(bytes: &[u8]) {
    let (content_type, body) = match memchr::memchr(b'\n', bytes) {
        Some(end) => bytes.split_at(end),
        None => (b"multipart/form-data; boundary=B".as_slice(), bytes),
    };
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    let found = multipart::read(content_type, body, 100);
    assert!(found.parts.len() <= 100);
    for part in &found.parts {
        assert!(body.get(part.content.clone()).is_some());
        assert!(!part.name.is_empty());
    }
}

/// Patterns of rules; the first line is the pattern, the rest the value.
pub fn waf_patterns(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (pattern, value) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(pattern) = Pattern::new(pattern) else { return };
    if pattern.is_match(value.as_bytes()) {
        assert!(pattern.literals().is_none_or(|literals| literals.allow(value.as_bytes())));
    }
}

/// Rule files.
pub fn waf_rules(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = RuleSet::from_text(Path::new("fuzzed.conf"), &text, &BTreeMap::new());
}

/// Every transformation, against its plain version where it has one.
pub fn waf_transformations(bytes: &[u8]) {
    for transformation in TRANSFORMATIONS {
        let changed = (transformation.apply)(bytes, &Context::default());
        if changed.is_some() {
            assert!(
                transformation.touches.is_none_or(|touches| touches.find_in(bytes).is_some()),
                "{}",
                transformation.name
            );
        }
        if let Some(plain) = reference::plain(transformation.name, bytes) {
            assert_eq!(changed.as_deref().unwrap_or(bytes), plain, "{}", transformation.name);
        }
    }
}

/// No file at all.
struct NoFiles;

impl crate::operators::Files for NoFiles {
    fn read(&self, _: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

const LARGEST: usize = 1 << 16;
