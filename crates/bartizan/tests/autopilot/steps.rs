//! Steps: an app is learnt, protected and changed; the operator holds, forces and undoes.

use std::process::Command;
use std::sync::atomic::Ordering;

use bartizan_testkit::wait_until;
use serde_json::Value;

use crate::site::{ENFORCED, REPORTED, blessed, header, start};

#[test]
fn an_app_is_learnt_and_protected_and_its_change_as_well() {
    let site = start("");
    let page = site.page(1, "/");
    assert!(!header(&page, ENFORCED).contains("nonce-"), "{page:?}");
    assert_eq!(blessed(&page, REPORTED), 4);
    assert!(header(&page, "cache-control").starts_with("private"));

    let status = site.fly("report-only");
    assert!(!header(&site.page(1, "/"), ENFORCED).contains("nonce-"));
    let policy = status["policy"].as_str().unwrap();
    assert!(policy.contains("img-src 'self' https://img.example;"), "{policy}");
    assert!(policy.contains("'unsafe-hashes'") && !policy.contains("unsafe-inline"), "{policy}");

    site.fly("enforced");
    let page = site.page(1, "/");
    let policy = header(&page, ENFORCED);
    assert!(policy.contains("script-src 'nonce-") && policy.contains("'strict-dynamic'"), "{policy}");
    assert_eq!((header(&page, REPORTED), blessed(&page, ENFORCED)), (String::new(), 4));
    let injected = site.page(1, "/injected");
    assert!(injected.text().contains("<script>steal()</script>"), "{}", injected.text());

    // A report of one client, and a flood of one that was served nothing, are no reason.
    site.report(1, "script-src-elem", "inline");
    for _ in 0..10 {
        site.report(99, "script-src-elem", "inline");
    }
    let status = wait_until("the flood to be counted", || Some(site.status()).filter(|now| now["strangers"] == 10));
    assert_eq!(status["stage"], "enforced");

    // The app brings a new script, and two clients meet it.
    site.app.store(1, Ordering::Relaxed);
    for client in 1..=2 {
        assert!(site.page(client, "/").text().contains("<script>deployed(1)</script>"));
    }
    site.report(2, "script-src-elem", "inline");
    wait_until("the step back", || Some(site.status()).filter(|now| now["stage"] == "learning"));
    assert!(!header(&site.page(1, "/"), ENFORCED).contains("nonce-"));
    let status = site.fly("enforced");
    assert_eq!(blessed(&site.page(1, "/"), ENFORCED), 5);
    let log = status["log"].as_array().unwrap();
    assert!(
        log.iter().any(|step| step["to"] == "learning"
            && step["reason"].as_str().unwrap().contains("clients report new violations")),
        "{log:?}"
    );

    // What was planted for one client is still not known.
    assert!(site.page(1, "/injected").text().contains("<script>steal()</script>"));
}

#[test]
fn the_operator_holds_forces_and_undoes() {
    let mut site = start("mode = \"learn\"");
    assert!(site.run(&["hold", "app.example"]).0);
    assert!(site.status()["held"].as_bool().unwrap());
    for client in 1..=3 {
        site.page(client, "/");
    }
    wait_until("pages to be counted", || Some(site.status()).filter(|now| now["pages"] == 3));
    for expected in ["report-only", "enforced for 5%", "enforced for 25%", "enforced for 50%", "enforced"] {
        let (is_fine, text) = site.run(&["advance", "app.example"]);
        assert!(is_fine && text.contains(expected), "{text}");
    }
    assert!(!site.run(&["advance", "app.example"]).0, "there is no further step");
    assert!(header(&site.page(1, "/"), ENFORCED).contains("'nonce-"));
    assert!(!site.run(&["advance", "other.example"]).0);
    let (_, text) = site.run(&["revert", "app.example"]);
    assert!(text.contains("enforced for 50%"), "{text}");
    let (_, human) = site.run(&["status"]);
    assert!(human.contains("by the operator"), "{human}");

    // What was said and learnt survives a crash.
    let before = site.status();
    site.program.signal("KILL");
    site.program.wait_for_exit();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["serve".as_ref(), "--config".as_ref(), site.program.config_file().as_os_str()]);
    let mut again = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let after = wait_until("the program to answer again", || {
        let (is_fine, text) = site.run(&["status", "--format", "json"]);
        is_fine.then(|| serde_json::from_str::<Value>(&text).unwrap()["sites"][0].clone())
    });
    again.kill().unwrap();
    again.wait().unwrap();
    for key in ["stage", "step", "held", "known", "policy"] {
        assert_eq!(after[key], before[key], "{key}");
    }
}
