//! Files that never change: pages name their digests, and never again that of one which changed.

use std::sync::atomic::Ordering;

use bartizan_testkit::wait_until;
use serde_json::Value;

use crate::site::{FILES, Site, start};

const NAMED: &str = "<script nonce=\"";

/// Whether a page names the digest of its script.
fn is_named(site: &Site) -> bool {
    let page = site.page(1, "/").text();
    assert!(page.contains(NAMED), "{page}");
    page.contains(" integrity=\"sha256-") && page.contains("src=\"/static/app.js\"")
}

fn ask_files(site: &Site, clients: u8) {
    for client in 1..=clients {
        assert!(FILES.contains(&site.page(client, "/static/app.js").text().as_str()));
    }
}

#[test]
fn a_file_is_named_once_enough_clients_were_served_it_and_never_after_it_changed() {
    let site = start("integrity = \"own-files\"");
    ask_files(&site, 1);
    assert!(!is_named(&site), "one client is not enough");
    ask_files(&site, 2);
    wait_until("the digest to be named", || is_named(&site).then_some(()));
    assert_eq!(site.status()["named_files"], 1);

    // It breaks its word: its length is another, so it is looked at again.
    site.app.store(1, Ordering::Relaxed);
    ask_files(&site, 1);
    wait_until("the digest to be dropped", || (!is_named(&site)).then_some(()));
    ask_files(&site, 3);
    let told = |status: &Value| (status["named_files"].clone(), status["changed_files"].clone());
    assert_eq!(told(&site.status()), (0.into(), 1.into()));
    assert!(!is_named(&site));
}

#[test]
fn nothing_is_named_unasked() {
    let site = start("");
    ask_files(&site, 3);
    wait_until("pages to be counted", || {
        assert!(!is_named(&site));
        (site.status()["pages"].as_u64() >= Some(3)).then_some(())
    });
    assert_eq!(site.status()["named_files"], 0);
}
