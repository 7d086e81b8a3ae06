//! Every fact of the shared collection is recognised in a report that it is about, but for those that sites use, too.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::path::PathBuf;

use bartizan_reports::address::Queries;
use bartizan_reports::json::{Limits, read};
use bartizan_reports::noise;
use bartizan_reports::shape;
use serde_json::Value;

/// What is no mark of noise by itself, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("cdn.jsdelivr.net", "sites load scripts and fonts from it"),
    ("themes.googleusercontent.com", "sites load fonts from it"),
    ("getpocket.com", "sites have its button"),
    ("github.com", "sites load pictures and files from it"),
    ("rawgit.com", "sites loaded scripts from it"),
    ("script.hotjar.com", "sites load it themselves"),
    ("www.googletagmanager.com", "sites load it themselves"),
    ("\n\nbody {\n  background: #fff;\n  color: #0", "any style may begin so"),
    (
        "/*\n * Many CSS class names in this file ",
        "it stands in a style sheet of Chromium, which sites have taken over",
    ),
    ("/* See license.txt for terms of usage */", "any code may begin so"),
    ("@charset \"UTF-8\";[ng\\:cloak],[ng-cloak],", "AngularJS puts this into the pages of its own sites"),
    ("/*!\r\n * jQuery JavaScript Library v1.4.2", "sites have it inline"),
    ("/*!\n * jquery.base64.js 0.1 - https://gi", "sites have it inline"),
    ("call to eval() or related function block", "what old Firefox says of any eval"),
];

/// Returns texts that a fact is about.
fn texts(kind: &str, value: &str) -> Vec<String> {
    match kind {
        "scheme" => vec![value.to_owned(), format!("{value}://x/y"), format!("{value}:x")],
        "host" => match value.strip_prefix("*.") {
            Some(host) => vec![format!("https://{host}/x"), format!("https://a.{host}/x")],
            None => vec![format!("https://{value}/x"), format!("http://{value}")],
        },
        "port" => vec![format!("http://localhost:{value}/x"), format!("https://127.0.0.1:{value}/")],
        "contains" => vec![format!("before {value} after")],
        _ => vec![value.to_owned()],
    }
}

fn class(field: &str, text: &str) -> Option<noise::Class> {
    let mut body = serde_json::json!({
        "documentURL": "https://site.example/page", "effectiveDirective": "script-src", "blockedURL": "inline",
    });
    body[field] = text.into();
    let report = serde_json::json!({ "type": "csp-violation", "url": "https://site.example/page", "body": body });
    let report = report.to_string();
    let batch = shape::reports(read(report.as_bytes(), Limits::default()).unwrap(), 1, Queries::Keep).unwrap();
    noise::class(&batch.reports[0], &[])
}

#[test]
fn every_known_fact_is_recognised() {
    let shared = std::env::var_os("BARTIZAN_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("corpus/noise.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return bartizan_testkit::skip(&format!("there is no {}", path.display()));
    };
    let facts: Value = serde_json::from_str(&text).unwrap();
    let entries = facts["entries"].as_array().unwrap();
    let mut missed = Vec::new();
    for entry in entries {
        let [field, kind, value] = ["field", "kind", "value"].map(|name| entry[name].as_str().unwrap_or_default());
        let value = if value.is_empty() { entry["value"].to_string() } else { value.to_owned() };
        for field in field.split('|') {
            for text in texts(kind, &value) {
                let is_exception = EXCEPTIONS.iter().any(|(known, _)| *known == value);
                if class(field, &text).is_some() == is_exception {
                    missed.push(format!("{field} {kind} {value}: {text} ({})", entry["class"]));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{} missed of {} facts:\n{}", missed.len(), entries.len(), missed.join("\n"));
    println!("{} facts recognised, {} named exceptions", entries.len(), EXCEPTIONS.len());
}
