//! Ramps: each begins with watching, learns from pages, requests and reports, and goes up where nothing speaks against it.

use std::sync::atomic::Ordering;

use bartizan_testkit::wait_until;

use crate::site::{ENFORCED, Site, header, start};

/// Serves pages to as many clients as a ramp waits for, until a header says something.
fn until(site: &Site, name: &str, is_there: impl Fn(&str) -> bool) -> String {
    until_to(3, site, name, is_there)
}

/// Serves pages to one client, for which no ramp goes up.
fn until_still(site: &Site, name: &str, is_there: impl Fn(&str) -> bool) -> String {
    until_to(1, site, name, is_there)
}

fn until_to(clients: u8, site: &Site, name: &str, is_there: impl Fn(&str) -> bool) -> String {
    wait_until(name, || {
        let pages: Vec<_> = (1..=clients).map(|client| site.page(client, "/login")).collect();
        let value = header(pages.first().unwrap(), name);
        is_there(&value).then_some(value)
    })
}

#[test]
fn features_that_are_used_stay_and_others_go() {
    let site = start("ramps = [\"permissions_policy\"]\n");
    site.app.store(2, Ordering::Relaxed);
    let tried = until(&site, "permissions-policy-report-only", |value| value.contains("microphone=(self"));
    assert!(tried.contains("camera=()") && tried.contains("microphone=(self \"https://meet.example\")"), "{tried}");
    let report = |client, feature: &str| {
        let body = format!(
            "[{{\"type\":\"permissions-policy-violation\",\"age\":1,\"url\":\"https://app.example/\",\"user_agent\":\"x\",\
             \"body\":{{\"policyId\":\"{feature}\",\"disposition\":\"report\"}}}}]"
        );
        site.report_body(client, &body);
    };
    // One client's doing teaches nothing; two of them teach the site's own use.
    report(1, "usb");
    wait_until("the camera to be learnt", || {
        // Whoever reports was served a page on the rung that the ramp is on, and that may be another one by now.
        let pages: Vec<_> = (1..=2).map(|client| site.page(client, "/")).collect();
        (1..=2).for_each(|client| report(client, "camera"));
        let page = pages.first().unwrap();
        let said = ["permissions-policy-report-only", "permissions-policy"].map(|name| header(page, name));
        said.iter().any(|value| value.contains("camera=(self)")).then_some(())
    });
    let enforced = until(&site, "permissions-policy", |value| value.contains("camera=(self)"));
    assert!(
        enforced.contains("usb=()") && enforced.contains("microphone=(self \"https://meet.example\")"),
        "{enforced}"
    );
    // What is taken away and used comes back: only reported on at first, where its use is reported as well.
    let again = wait_until("the feature to come back", || {
        for client in 1..=2 {
            site.page(client, "/");
            report(client, "usb");
        }
        Some(header(&site.page(1, "/"), "permissions-policy-report-only")).filter(|value| value.contains("usb=(self)"))
    });
    assert!(again.contains("camera=(self)"), "{again}");
}

#[test]
fn files_that_others_load_are_not_closed_to_them() {
    let site = start("ramps = [\"resource_policy\"]\n");
    let load = |relation: &str, client| {
        let lines = format!(
            "Sec-Fetch-Site: {relation}\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n\
             Referer: https://img.example/page\r\n"
        );
        site.page_with(client, "/static/a.png", &lines)
    };
    for client in 1..=2 {
        assert_eq!(load("cross-site", client).status, 200);
    }
    let waits = wait_until("the loads to be counted", || {
        until(&site, "cross-origin-resource-policy", str::is_empty);
        Some(site.ramp("resource_policy")).filter(|ramp| ramp["next"].as_str().unwrap().contains("img.example"))
    });
    assert_eq!(waits["rung"], "watched");
    assert!(site.run(&["advance", "app.example", "--ramp", "resource_policy"]).0);
    until_still(&site, "cross-origin-resource-policy", |value| value == "same-site");
    until(&site, "cross-origin-resource-policy", |value| value == "same-origin");
    // The site's own pages load from there, so that one is no stranger.
    for client in 1..=2 {
        load("cross-site", client);
    }
    until_still(&site, "cross-origin-resource-policy", |value| value == "same-site");
}

#[test]
fn session_cookies_are_renamed_and_kept_apart_in_steps() {
    let site = start("ramps = [\"cookie_prefix\", \"same_site\"]\n");
    let first = header(&site.page(1, "/login"), "set-cookie");
    assert!(first.starts_with("sessionid=1;") && !first.contains("SameSite"), "{first}");
    let frame =
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\nCookie: sessionid=1\r\n";
    for client in 1..=2 {
        site.page_with(client, "/", frame);
    }
    let renamed = until(&site, "set-cookie", |value| value.starts_with("__Host-sessionid=1"));
    assert!(!renamed.contains("SameSite"), "{renamed}");
    assert!(site.ramp("same_site")["next"].as_str().unwrap().contains("`Lax` would hold back"));
    assert!(site.run(&["advance", "app.example", "--ramp", "same_site"]).0);
    until(&site, "set-cookie", |value| value.contains("SameSite=Lax"));
    // Something else sets the old name: back, and whoever has the new one stays signed in.
    for client in 1..=2 {
        site.page_with(client, "/", "Cookie: __Host-sessionid=1; sessionid=2\r\n");
    }
    until_still(&site, "set-cookie", |value| value.starts_with("sessionid=1;"));
    let back = header(&site.page_with(1, "/login", "Cookie: __Host-sessionid=1\r\n"), "set-cookie");
    assert!(back.contains("__Host-sessionid=; ") && back.contains("sessionid=1; "), "{back}");
}

#[test]
fn plain_addresses_are_upgraded_where_every_host_answers() {
    let site = start("ramps = [\"upgrade_insecure_requests\"]\n");
    let policy = until(&site, ENFORCED, |value| value.contains("upgrade-insecure-requests"));
    assert!(!policy.contains("'nonce-") || policy.contains("upgrade-insecure-requests"), "{policy}");
}

#[test]
fn a_policy_with_a_nonce_in_the_page_is_no_obstacle() {
    let site = start("");
    site.app.store(2, Ordering::Relaxed);
    site.fly("enforced");
    let page = site.page(1, "/");
    let policy = header(&page, ENFORCED);
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    let text = page.text();
    assert!(text.contains(&format!("<meta content=\"script-src 'nonce-{nonce}' 'nonce-fixed'\"")), "{text}");
    assert!(text.contains(&format!("<script nonce=\"{nonce}\" nonce=\"fixed\">start()")), "{text}");
}
