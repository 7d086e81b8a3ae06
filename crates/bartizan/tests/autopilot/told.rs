//! What an operator is told: which policies hold together, and what happened, without asking.

use std::sync::atomic::Ordering;

use bartizan_testkit::{RecordingUpstream, Reply, wait_until};
use serde_json::Value;

use crate::site::{start, start_with};

#[test]
fn the_policies_of_app_and_wall_are_explained_together() {
    let site = start_with("Content-Security-Policy: script-src 'self' 'nonce-a1'; img-src *\r\n", "", "");
    site.fly("enforced");
    let explained = wait_until("a page to be counted", || {
        site.page(1, "/");
        let (is_fine, text) = site.run_command("explain", &["--policies", "app.example", "--format", "json"]);
        let found: Value = serde_json::from_str(&text).ok()?;
        Some(found["policies"][0].clone()).filter(|found| is_fine && found["enforced"] == true)
    });
    let row = |what: &str| {
        let rows = explained["together"].as_array().unwrap();
        rows.iter().find(|row| row["what"] == what).unwrap_or_else(|| panic!("{what}: {explained}")).clone()
    };
    assert_eq!(row("scripts in the page")["allowed"], "with the app's nonce (restricted by the app and the wall)");
    let blocked = row("scripts in the page")["blocked"].to_string();
    assert!(blocked.contains("the wall would allow what comes with the wall's nonce: the app blocks it"), "{blocked}");
    let blocked = row("pictures")["blocked"].to_string();
    assert!(
        blocked.contains("the app would allow what comes from *: the wall lets only a part of it pass"),
        "{blocked}"
    );
    assert_eq!(row("text that becomes code")["allowed"], "nothing (restricted by the app and the wall)");
    let (is_fine, human) = site.run_command("explain", &["--policies", "app.example"]);
    assert!(is_fine && human.contains("scripts that are loaded"), "{human}");
    assert!(!site.run_command("explain", &["--policies", "other.example"]).0);
}

#[test]
fn what_happens_is_told_to_whoever_is_told_of_alerts() {
    let told = RecordingUpstream::start(|_| Reply::ok(""));
    let reports = format!("[[reports.alerts.webhook]]\nurl = \"{}\"\n", told.url());
    let site = start_with("", &reports, "");
    let kinds = || {
        let bodies = told.requests().into_iter().map(|request| serde_json::from_slice::<Value>(&request.body).unwrap());
        let alerts = bodies.flat_map(|body| body["alerts"].as_array().cloned().unwrap_or_default());
        alerts.filter_map(|alert| alert["kind"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let wait = |kind: &str| wait_until(kind, || kinds().iter().any(|found| found == kind).then_some(()));
    site.fly("enforced");
    wait("autopilot-new-candidate");
    assert!(!kinds().iter().any(|kind| kind == "autopilot-step-back"), "{:?}", kinds());

    site.app.store(1, Ordering::Relaxed);
    for client in 1..=2 {
        site.page(client, "/");
    }
    wait("autopilot-unknown-code");
    for client in 1..=2 {
        site.report(client, "script-src-elem", "inline");
    }
    wait("autopilot-step-back");
    assert!(site.run(&["hold", "app.example"]).0);
    wait("autopilot-held");
}

#[test]
fn what_scripts_write_into_the_page_ends_trust_in_what_they_load() {
    let site = start("mode = \"learn\"");
    let status = site.fly("report-only");
    assert!(status["policy"].as_str().unwrap().contains("'strict-dynamic'"), "{status}");
    let status = wait_until("the candidate to grow", || {
        for client in 1..=2 {
            // Only who was served a page in this step has something to report.
            site.page(client, "/");
            site.report(client, "script-src-elem", "https://app.example/static/late.js");
            site.report(client, "script-src-elem", "https://evil.example/x.js");
        }
        Some(site.status()).filter(|status| !status["policy"].as_str().unwrap().contains("'strict-dynamic'"))
    });
    let policy = status["policy"].as_str().unwrap();
    assert!(policy.contains("'report-sample' 'self'") && policy.contains(" https://cdn.example;"), "{policy}");
    // Reports alone add no origin that no page has scripts from.
    assert!(!policy.contains("evil.example"), "{policy}");
}
