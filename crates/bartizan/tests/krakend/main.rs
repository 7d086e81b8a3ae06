//! KrakenD's configurations, imported and served: the same answers to the same requests.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]

mod exceptions;
mod replay;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

#[test]
fn imported_configurations_answer_as_krakend_does() {
    let Some(corpus) = corpus("krakend.jsonl") else {
        eprintln!("SKIPPED: the corpus krakend.jsonl is not there");
        return;
    };
    let mut differences = Vec::new();
    let mut used = Vec::new();
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        for difference in replay::replay(&case, &configuration(&case)) {
            match exceptions::reason(&case, &difference) {
                Some(reason) => used.push(reason),
                None => differences.push(format!("{id}: {difference:?}")),
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    for (name, _) in exceptions::REASONS {
        assert!(used.contains(name), "no case needs the exception {name:?}");
    }
}

/// Returns the file: a case is one of KrakenD's, or options of the middleware below it.
fn configuration(case: &Value) -> Value {
    if let Some(extra) = case.get("config") {
        return json!({ "version": 3, "extra_config": extra });
    }
    let mut block = Map::new();
    for (option, value) in case["options"].as_object().unwrap() {
        match OPTIONS.iter().find(|(name, _)| name == option) {
            Some((_, key)) => drop(block.insert((*key).to_owned(), value.clone())),
            None => eprintln!("{}: {option} has no key in KrakenD", case["id"]),
        }
    }
    json!({ "version": 3, "extra_config": { "security/http": block } })
}

const OPTIONS: &[(&str, &str)] = &[
    ("AllowedHosts", "allowed_hosts"),
    ("AllowedHostsAreRegex", "allowed_hosts_are_regex"),
    ("BrowserXssFilter", "browser_xss_filter"),
    ("ContentSecurityPolicy", "content_security_policy"),
    ("ContentTypeNosniff", "content_type_nosniff"),
    ("CustomFrameOptionsValue", "custom_frame_options_value"),
    ("ForceSTSHeader", "force_sts_header"),
    ("FrameDeny", "frame_deny"),
    ("HostsProxyHeaders", "host_proxy_headers"),
    ("IsDevelopment", "is_development"),
    ("ReferrerPolicy", "referrer_policy"),
    ("SSLHost", "ssl_host"),
    ("SSLProxyHeaders", "ssl_proxy_headers"),
    ("SSLRedirect", "ssl_redirect"),
    ("STSIncludeSubdomains", "sts_include_subdomains"),
    ("STSSeconds", "sts_seconds"),
];

fn corpus(name: &str) -> Option<String> {
    let shared = std::env::var_os("BARTIZAN_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    fs::read_to_string(shared.join("corpus").join(name)).ok()
}
