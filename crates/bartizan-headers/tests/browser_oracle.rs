//! What Chromium decided for policies and addresses, and what we decide.

use std::path::PathBuf;

use bartizan_headers::Field;
use bartizan_headers::csp::{DirectiveName, Load, PolicyList};
use serde_json::Value;
use url::Url;

#[test]
fn policies_match_as_in_chromium() {
    let shared = std::env::var_os("BARTIZAN_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(shared.join("corpus/oracle_chrome.json")) else {
        eprintln!("SKIPPED: {} is not there, so no answer of a browser was compared", shared.display());
        return;
    };
    let oracle: Value = serde_json::from_str(&text).unwrap();
    let page = Url::parse("https://site.test:18443/").unwrap();
    let mut differences = Vec::new();
    let cases = oracle["cases"].as_array().unwrap();
    for case in cases {
        let text = |key: &str| case[key].as_str().unwrap();
        let list = PolicyList::parse(&[text("policy")]).value.unwrap_or_default();
        let directive = DirectiveName::of_destination(text("kind")).unwrap();
        let url = Url::parse(text("url")).unwrap();
        // The server of the cases answers this path with a redirect.
        let target = url.path().eq("/redir").then(|| url.query_pairs().next().unwrap().1.into_owned());
        let target = target.map(|target| Url::parse(&target).unwrap());
        let (end, first) = target.as_ref().map_or((&url, None), |target| (target, Some(&url)));
        let is_blocked = list.blocks(Load { directive: &directive, url: end, redirected_from: first, page: &page });
        if Some(is_blocked) != case["blocked"].as_bool() {
            differences.push(format!("{}: {}: {is_blocked}", text("policy"), text("url")));
        }
    }
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    assert_eq!(differences, Vec::<String>::new());
}
