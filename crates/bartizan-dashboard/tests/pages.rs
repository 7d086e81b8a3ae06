//! Every page over a store that hostile visitors filled: what it says, that nothing in it acts, that it can be read by
//! everybody.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

#[allow(dead_code, reason = "each test needs a part of it")]
mod house;

use bartizan_dashboard::{Dashboard, Settings, Sources};
use house::{HOSTILE, House, ask};

/// Every page, with what it asks for.
fn targets(house: &House) -> Vec<String> {
    let list = house.get("/violations?kind=any&noise=with").text;
    let groups = list.split("/violations/group?id=").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut targets: Vec<String> = groups.map(|id| format!("/violations/group?id={id}")).collect();
    assert_eq!(targets.len(), 7);
    let fixed = [
        "/",
        "/?range=30d&site=shop.example",
        "/violations",
        "/violations?noise=only",
        "/violations?kind=any&order=last&text=%3Cscript%3E",
        "/violations/forget?site=shop.example",
        "/scripts",
        "/scripts/origin?origin=https%3A%2F%2Fcdn.example",
        "/network",
        "/sites",
        "/sites/site?site=shop.example",
        "/firewall",
        "/firewall/request?number=abc",
        "/refusals",
        "/certificates",
        "/policy",
        "/policy?site=shop.example&do=suggest",
        "/policy?site=shop.example&csp=img-src%20*&do=replay",
        "/rules",
        "/rules?text=cookie",
        "/rules/rule?id=hsts-missing",
        "/rules/rule?id=unknown-host",
        "/settings",
    ];
    targets.extend(fixed.map(str::to_owned));
    targets
}

#[test]
fn pages_say_what_is_known() {
    let house = House::new(Settings::default());
    for target in ["/", "/violations", "/network", "/firewall", "/policy?site=shop.example&do=suggest", "/settings"] {
        let page = house.get(target);
        assert_eq!(page.status, 200, "{target}");
        let main = page.text.split("<h1>").nth(1).unwrap();
        let name: String = target.chars().take_while(|letter| *letter != '?').filter(|letter| *letter != '/').collect();
        insta::assert_snapshot!(if name.is_empty() { "overview".to_owned() } else { name }, main);
    }
}

#[test]
fn nothing_that_was_reported_acts() {
    let house = House::new(Settings::default());
    let queries =
        ["site", "kind", "what", "text", "policy", "csp", "origin", "number", "id", "rule", "topic", "page", "to"];
    let mut targets = targets(&house);
    let encoded: String = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    for path in ["/", "/violations", "/scripts", "/network", "/firewall", "/policy", "/rules", "/violations/forget"] {
        targets.push(format!("{path}?{}", queries.map(|name| format!("{name}={encoded}")).join("&")));
    }
    for target in targets {
        let page = house.get(&target);
        let body = &page.text;
        assert_eq!(body.matches("<script").count(), 1, "{target}");
        for acting in ["<img src=x", " onerror=", " onload=", "javascript:", "\u{202e}", "\0", "\u{1b}", "style=\""] {
            let escaped = body.replace("&gt;&lt;img src=x onerror=", "").replace("&lt;img src=x onerror=", "");
            assert!(!escaped.contains(acting), "{target}: {acting:?}");
        }
        assert!(body.len() < 400_000, "{target}: {}", body.len());
    }
}

#[test]
fn every_page_is_whole_and_can_be_read_by_everybody() {
    let house = House::new(Settings::default());
    for target in targets(&house) {
        let page = house.get(&target);
        let body = &page.text;
        assert_eq!(page.status, 200, "{target}");
        for part in [
            "<!doctype html>",
            "<html lang=\"en\">",
            "<title>",
            "<main id=\"main\"",
            "class=\"skip\" href=\"#main\"",
            "aria-current",
        ] {
            assert!(body.contains(part), "{target}: {part}");
        }
        assert_eq!(body.matches("<h1>").count(), 1, "{target}");
        assert!(body.contains("Nobody signs in here"), "{target}");
        for name in [
            "<a ", "<b>", "<details", "<div", "<form", "<li", "<main", "<p", "<section", "<span", "<table", "<td",
            "<th", "<tr", "<ul",
        ] {
            let end = format!("</{}>", name.trim_start_matches('<').trim_end_matches([' ', '>']));
            let begun = body.matches(&format!("{} ", name.trim_end_matches([' ', '>']))).count()
                + body.matches(&format!("{}>", name.trim_end_matches([' ', '>']))).count();
            assert_eq!(begun, body.matches(&end).count(), "{target}: {name}");
        }
        // Each table says what its columns and rows are; each field what it is for.
        for table in body.split("<table").skip(1) {
            let table = table.split("</table>").next().unwrap();
            assert!(table.contains("scope=\"col\"") && table.contains("<thead>"), "{target}");
        }
        for kind in ["<select", "<textarea", "<input type=\"search\""] {
            for (at, _) in body.match_indices(kind) {
                let before = &body[..at];
                assert!(
                    before.rfind("<label").unwrap_or(0) > before.rfind("</label>").unwrap_or(0),
                    "{target}: {kind}"
                );
            }
        }
        let mut ids: Vec<_> = body.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{target}: an id stands twice");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let house = House::new(Settings::default());
    let mut seen = std::collections::BTreeSet::new();
    for target in ["/", "/violations", "/scripts", "/sites", "/firewall", "/refusals", "/sites/site?site=shop.example"]
    {
        let body = house.get(target).text;
        for link in body.split(" href=\"/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let link = format!("/{}", link.replace("&amp;", "&"));
            if seen.insert(link.clone()) {
                assert_eq!(house.get(&link).status, 200, "{target} -> {link}");
            }
        }
    }
    assert!(seen.len() > 30, "{}", seen.len());
}

#[test]
fn what_is_not_there_is_said() {
    let house = House::new(Settings::default());
    for (target, status) in [
        ("/nothing", 404),
        ("/violations/group?id=00000000000000000000000000000000", 404),
        ("/violations/group?id=x", 404),
        ("/violations/group", 404),
        ("/scripts/origin?origin=https://nobody.example", 404),
        ("/sites/site?site=nobody.example", 404),
        ("/firewall/request?number=nobody", 404),
        ("/rules/rule?id=nobody", 404),
        ("/violations/forget", 400),
        ("/violations/forget?range=24h", 400),
        ("/violations/forget?kind=any", 400),
        ("/violations?page=100000", 200),
    ] {
        assert_eq!(house.get(target).status, status, "{target}");
    }
}

#[test]
fn without_reports_or_a_wall_pages_say_how_to_get_them() {
    let alone = Dashboard::new(Settings::default(), Sources::default());
    for (target, said) in [
        ("/", "collect = true"),
        ("/violations", "collect = true"),
        ("/policy", "collect = true"),
        ("/firewall", "bartizan serve"),
        ("/settings", "bartizan serve"),
        ("/sites", "There is no site yet"),
    ] {
        let page = ask(&alone, "GET", target, &[], "");
        assert_eq!(page.status, 200, "{target}");
        assert!(page.text.contains(said), "{target}: {}", page.text);
        // The menu has nothing that is not there.
        assert!(!page.text.contains("href=\"/firewall\""), "{target}");
    }
}

#[test]
fn every_answer_has_every_header() {
    let house = House::new(Settings::default());
    for target in ["/", "/dashboard.css", "/dashboard.js", "/dashboard.svg", "/nothing", "/api/groups", "/sign-in"] {
        let answer = house.get(target);
        for (name, part) in [
            ("content-security-policy", "default-src 'none'"),
            ("content-security-policy", "require-trusted-types-for 'script'; trusted-types 'none'"),
            ("content-security-policy", "frame-ancestors 'none'"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("content-type", "/"),
        ] {
            let value = answer.headers.get(name).map(|value| value.to_str().unwrap());
            assert!(value.is_some_and(|value| value.contains(part)), "{target}: {name}: {value:?}");
        }
    }
}
