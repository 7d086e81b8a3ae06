//! Who is let in: tables of yes and no over names, roles, forms, tokens and tries.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

#[allow(dead_code, reason = "each test needs a part of it")]
mod house;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bartizan_dashboard::access::{PasswordHash, Role, Scope, Token, Turned, User, Want, new_token};
use bartizan_dashboard::{Dashboard, Settings};
use bartizan_reports::store::{Filter, Store as _};
use house::{Answer, House, NOON, ask};
use http::{HeaderMap, HeaderName};

const PASSWORD: &str = "correct horse battery";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const OURS: (&str, &str) = ("origin", "http://127.0.0.1:9180");

static HASH: LazyLock<PasswordHash> = LazyLock::new(|| PasswordHash::make(PASSWORD).unwrap());

fn settings() -> Settings {
    let user = |name: &str, role| User { name: name.to_owned(), password: HASH.clone(), role };
    Settings {
        users: vec![user("vera", Role::Viewer), user("otto", Role::Operator)],
        origins: vec!["https://lookout.example".parse().unwrap()],
        ..Settings::default()
    }
}

fn sign_in(dashboard: &Dashboard, name: &str, password: &str, lines: &[(&str, &str)]) -> Answer {
    let body = format!("name={name}&password={}", password.replace(' ', "+"));
    let lines: Vec<_> = [FORM].iter().chain(if lines.is_empty() { &[OURS] } else { lines }).copied().collect();
    ask(dashboard, "POST", "/sign-in", &lines, &body)
}

/// Returns the cookie of an answer as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    let line = answer.headers.get("set-cookie").map(|line| line.to_str().unwrap().to_owned()).unwrap_or_default();
    line.split(';').next().unwrap_or_default().to_owned()
}

#[test]
fn a_password_opens_the_door_and_nothing_else_does() {
    let house = House::new(settings());
    let before = house.get("/violations?site=a");
    let to = before.headers.get("location").unwrap().to_str().unwrap();
    assert_eq!((before.status, to), (303, "/sign-in?to=%2Fviolations%3Fsite%3Da"));
    assert_eq!(ask(&house.dashboard, "GET", "/live", &[("accept", "text/event-stream")], "").status, 401);
    for (name, password, status) in [
        ("vera", PASSWORD, 303),
        ("otto", PASSWORD, 303),
        ("vera", "correct horse batterz", 403),
        ("vera", "", 403),
        ("nobody", PASSWORD, 403),
        ("Vera", PASSWORD, 403),
        ("", "", 403),
    ] {
        let answer = sign_in(&house.dashboard, name, password, &[]);
        assert_eq!(answer.status, status, "{name} {password}");
        assert_eq!(answer.headers.contains_key("set-cookie"), status == 303, "{name} {password}");
        assert_eq!(answer.text.contains("do not go together"), status == 403);
    }
}

#[test]
fn the_cookie_is_as_strict_as_its_way_allows() {
    let house = House::new(settings());
    for (lines, expected) in [
        (vec![OURS], "; Path=/; HttpOnly; SameSite=Strict"),
        (
            vec![("host", "lookout.example"), ("origin", "https://lookout.example")],
            "; Path=/; HttpOnly; SameSite=Strict; Secure",
        ),
    ] {
        let answer = sign_in(&house.dashboard, "vera", PASSWORD, &lines);
        let line = answer.headers.get("set-cookie").unwrap().to_str().unwrap().to_owned();
        assert!(line.ends_with(expected), "{line}");
        assert_eq!(line.starts_with("__Host-"), line.contains("Secure"), "{line}");
        let cookie = cookie(&answer);
        let more: Vec<_> = lines.iter().copied().chain([("cookie", cookie.as_str())]).collect();
        assert_eq!(ask(&house.dashboard, "GET", "/", &more, "").status, 200);
        // A cookie of one way is none on the other.
        let other = if line.contains("Secure") { vec![] } else { vec![("host", "lookout.example")] };
        let more: Vec<_> = other.into_iter().chain([("cookie", cookie.as_str())]).collect();
        assert_eq!(ask(&house.dashboard, "GET", "/", &more, "").status, 303);
        // Signed out is signed out, also for who kept the cookie.
        let more: Vec<_> = lines.iter().copied().chain([FORM, ("cookie", cookie.as_str())]).collect();
        let out = ask(&house.dashboard, "POST", "/sign-out", &more, "");
        assert!(out.headers.get("set-cookie").unwrap().to_str().unwrap().contains("Max-Age=0"));
        assert_eq!(ask(&house.dashboard, "GET", "/", &more, "").status, 303);
    }
}

#[test]
fn each_role_may_what_it_may() {
    let house = House::new(settings());
    for (name, settings, client, forget) in [("vera", 403, false, 403), ("otto", 200, true, 303)] {
        let cookie = cookie(&sign_in(&house.dashboard, name, PASSWORD, &[]));
        let get = |target: &str| ask(&house.dashboard, "GET", target, &[("cookie", &cookie)], "");
        assert_eq!(get("/settings").status, settings, "{name}");
        for target in ["/firewall", "/firewall/request?number=abc"] {
            assert_eq!(get(target).text.contains("192.0.2.77"), client, "{name} {target}");
        }
        assert_eq!(get("/").text.contains("href=\"/settings\""), client, "{name}");
        assert!(!get("/").text.contains("Nobody signs in here"));
        let lines = [FORM, OURS, ("cookie", &cookie)];
        let done = ask(&house.dashboard, "POST", "/violations/forget", &lines, "site=shop.example&kind=csp-violation");
        assert_eq!(done.status, forget, "{name}");
        let look = ask(&house.dashboard, "POST", "/sites/site", &lines, "site=shop.example");
        assert_eq!(look.status, forget, "{name}");
        let page = get("/sites/site?site=shop.example");
        assert_eq!(page.text.contains("It is being looked at"), client, "{name}");
        assert!(page.text.contains("2 h ago"), "{name}: {}", page.text);
        let filter = Filter {
            site: Some("shop.example".to_owned()),
            kind: Some("csp-violation".to_owned()),
            ..Filter::default()
        };
        let left = house.store().totals(&filter).unwrap().groups;
        assert_eq!(left, if forget == 303 { 1 } else { 3 }, "noise stays: {name}");
    }
}

#[test]
fn forms_of_other_sites_do_nothing() {
    let house = House::new(settings());
    let cookie = cookie(&sign_in(&house.dashboard, "otto", PASSWORD, &[]));
    let cookie = ("cookie", cookie.as_str());
    let json = ("content-type", "application/json");
    for (lines, status) in [
        (vec![FORM, cookie], 403), // no browser posts a form without saying from where
        (vec![FORM, cookie, ("origin", "null")], 403),
        (vec![FORM, cookie, ("origin", "https://evil.example")], 403),
        (vec![FORM, cookie, ("origin", "http://127.0.0.1:9181")], 403),
        (vec![FORM, cookie, OURS, ("sec-fetch-site", "cross-site")], 403),
        (vec![FORM, cookie, OURS, ("sec-fetch-site", "same-site")], 403),
        (vec![json, cookie, OURS], 415),
        (vec![FORM, OURS], 401), // nobody
        (vec![FORM, cookie, OURS, ("sec-fetch-site", "same-origin")], 303),
    ] {
        let done = ask(&house.dashboard, "POST", "/violations/forget", &lines, "site=nobody.example");
        assert_eq!(done.status, status, "{lines:?}");
    }
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH"] {
        assert_eq!(ask(&house.dashboard, method, "/", &[OURS], "").status, 405, "{method}");
    }
    for target in ["/", "/violations", "/live", "/dashboard.css", "/api/groups"] {
        let answer = ask(&house.dashboard, "POST", target, &[FORM, OURS, cookie], "");
        assert!(matches!(answer.status, 404 | 405), "{target}: {}", answer.status);
    }
}

#[test]
fn names_that_were_made_to_lead_here_are_not_answered() {
    let open = House::new(Settings::default());
    let guarded = House::new(settings());
    for (host, peer, in_open, in_guarded) in [
        ("127.0.0.1:9180", "127.0.0.1:1", 200, 303),
        ("localhost:9180", "[::1]:1", 200, 303),
        ("rebound.example:9180", "127.0.0.1:1", 403, 403),
        ("lookout.example", "127.0.0.1:1", 403, 303),
        ("192.0.2.1:9180", "192.0.2.9:1", 403, 303), // without users nobody from elsewhere looks
        ("192.0.2.1:9180", "127.0.0.1:1", 403, 303), // a proxy on this machine speaks for others
        ("127.0.0.1:9180", "[::ffff:127.0.0.1]:1", 200, 303),
    ] {
        for (house, status) in [(&open, in_open), (&guarded, in_guarded)] {
            let answer = ask(&house.dashboard, "GET", "/", &[("host", host), ("peer", peer)], "");
            assert_eq!(answer.status, status, "{host} {peer}");
        }
    }
}

#[test]
fn without_users_nobody_comes_in_through_a_proxy() {
    let open = House::new(Settings { origins: settings().origins, ..Settings::default() });
    for (line, status) in [
        (None, 200),
        (Some(("x-forwarded-for", "198.51.100.1")), 403),
        (Some(("forwarded", "for=198.51.100.1")), 403),
        (Some(("via", "1.1 proxy")), 403),
        (Some(("host", "lookout.example")), 403),
    ] {
        let lines: Vec<_> = line.into_iter().collect();
        for target in ["/", "/settings", "/api/groups", "/live"] {
            // What is live has no end, and is not waited for.
            if target != "/live" || status == 403 {
                assert_eq!(ask(&open.dashboard, "GET", target, &lines, "").status, status, "{line:?} {target}");
            }
        }
    }
}

#[test]
fn tries_are_counted_before_the_password_is_looked_at() {
    let house = House::new(settings());
    let from = |client: &'static str| {
        vec![("host", "lookout.example"), ("origin", "https://lookout.example"), ("x-forwarded-for", client)]
    };
    let mut seen = Vec::new();
    for _ in 0..12 {
        seen.push(sign_in(&house.dashboard, "nobody", "wrong", &from("192.0.2.1")).status);
    }
    assert_eq!((&seen[..10], &seen[10..]), (&[403; 10][..], &[429, 429][..]));
    // The right password of another, from the same client: not now. From elsewhere: yes.
    assert_eq!(sign_in(&house.dashboard, "vera", PASSWORD, &from("192.0.2.1")).status, 429);
    assert_eq!(sign_in(&house.dashboard, "vera", PASSWORD, &from("192.0.2.2")).status, 303);
    // What a client says of itself counts only where a proxy of this machine says it last.
    assert_eq!(sign_in(&house.dashboard, "vera", PASSWORD, &from("192.0.2.3, 192.0.2.1")).status, 429);
}

#[test]
fn sessions_end_with_rest_and_with_their_user() {
    static NOW: AtomicI64 = AtomicI64::new(NOON);
    let settings = || Settings { idle: Duration::from_secs(60), ..settings() };
    let house = House::at(settings(), || NOW.load(Ordering::Relaxed));
    let cookie = cookie(&sign_in(&house.dashboard, "vera", PASSWORD, &[]));
    let get = |lines: &[(&str, &str)]| {
        let lines: Vec<_> = lines.iter().copied().chain([("cookie", cookie.as_str())]).collect();
        ask(&house.dashboard, "GET", "/", &lines, "").status
    };
    let pass = |seconds: i64| NOW.fetch_add(seconds * 1000, Ordering::Relaxed);
    assert_eq!(get(&[]), 200);
    pass(40);
    assert_eq!(get(&[]), 200);
    pass(40);
    // A page that renews itself keeps nobody signed in.
    assert_eq!(get(&[("x-bartizan-renew", "1")]), 200);
    pass(40);
    assert_eq!(get(&[]), 303);

    let house = House::new(settings());
    let cookie = self::cookie(&sign_in(&house.dashboard, "vera", PASSWORD, &[]));
    let status = |house: &House| ask(&house.dashboard, "GET", "/", &[("cookie", &cookie)], "").status;
    assert_eq!(status(&house), 200);
    let mut other = settings();
    other.users.retain(|user| user.name != "vera");
    house.dashboard.reload(other);
    assert_eq!(status(&house), 303);
}

#[test]
fn tokens_are_good_for_their_scopes_and_nothing_else() {
    let (token, hash) = new_token().unwrap();
    let tokens = vec![Token { name: "graphs".to_owned(), hash, scopes: vec![Scope::Reports] }];
    let house = House::new(Settings { tokens, ..settings() });
    let bearer = format!("Bearer {token}");
    for (target, line, status) in [
        ("/api/groups", Some(bearer.as_str()), 200),
        ("/api/sites", Some(&bearer), 200),
        ("/api/refused", Some(&bearer), 401),
        ("/api/groups", Some("Bearer bartizan_x"), 401),
        ("/api/groups", Some("Basic dmVyYTp4"), 401),
        ("/api/groups", None, 401),
        ("/", Some(&bearer), 303), // pages are for people
    ] {
        let lines: Vec<_> = line.iter().map(|line| ("authorization", *line)).collect();
        let answer = ask(&house.dashboard, "GET", target, &lines, "");
        assert_eq!(answer.status, status, "{target} {line:?}");
        if status == 200 {
            assert!(serde_json::from_str::<serde_json::Value>(&answer.text).unwrap().is_array());
        }
    }
    let open = House::new(Settings::default());
    assert_eq!(open.get("/api/refused").status, 200);
}

/// Asks for something beside the pages, as from this machine where nothing else is said.
fn admitted(dashboard: &Dashboard, lines: &[(&str, &str)], want: Want) -> Result<Role, Turned> {
    let mut headers = HeaderMap::new();
    let mut peer = "127.0.0.1:50000";
    for (name, value) in [("host", "127.0.0.1:9180")].iter().chain(lines) {
        match *name {
            "peer" => peer = value,
            _ => drop(headers.insert(HeaderName::try_from(*name).unwrap(), value.parse().unwrap())),
        }
    }
    dashboard.admit(&headers, peer.parse().unwrap(), want)
}

#[test]
fn what_stands_beside_the_pages_has_the_same_door() {
    use Role::{Operator, Viewer};
    use Turned::{Elsewhere, Unfit, Unknown};
    let tokens: Vec<_> =
        [Scope::Reports, Scope::Wall, Scope::Operate].map(|scope| (scope, new_token().unwrap())).into();
    let known = tokens.iter().map(|(scope, (_, hash))| Token {
        name: format!("{scope:?}"),
        hash: hash.clone(),
        scopes: vec![*scope],
    });
    let house = House::new(Settings { tokens: known.collect(), ..settings() });
    let bearer = |at: usize| ("authorization", format!("Bearer {}", tokens[at].1.0));
    let [reports, wall, operate] = [0, 1, 2].map(bearer);
    let cookies = ["vera", "otto"].map(|name| cookie(&sign_in(&house.dashboard, name, PASSWORD, &[])));
    let [vera, otto] = cookies.each_ref().map(|cookie| ("cookie", cookie.as_str()));
    let [reports, wall, operate] = [&reports, &wall, &operate].map(|(name, line)| (*name, line.as_str()));
    let far = ("peer", "192.0.2.9:1");
    for (lines, metrics, read, change) in [
        (vec![], Ok(Viewer), Err(Unknown), Err(Unknown)),
        (vec![far, ("host", "192.0.2.1:9180")], Err(Unknown), Err(Unknown), Err(Unknown)),
        (vec![("x-forwarded-for", "192.0.2.9")], Err(Unknown), Err(Unknown), Err(Unknown)),
        (vec![("host", "lookout.example")], Err(Unknown), Err(Unknown), Err(Unknown)),
        (vec![reports], Err(Unfit), Err(Unfit), Err(Unfit)),
        (vec![wall], Ok(Viewer), Ok(Viewer), Err(Unfit)),
        (vec![operate], Ok(Operator), Ok(Operator), Ok(Operator)),
        (vec![operate, far], Ok(Operator), Ok(Operator), Ok(Operator)),
        (vec![("authorization", "Bearer bartizan_x")], Err(Unknown), Err(Unknown), Err(Unknown)),
        (vec![("authorization", "Bearer")], Err(Unknown), Err(Unknown), Err(Unknown)),
        (vec![("authorization", "Bearer bartizan_x"), otto], Err(Unknown), Err(Unknown), Err(Unknown)),
        (vec![vera], Ok(Viewer), Ok(Viewer), Err(Unfit)),
        (vec![vera, OURS], Ok(Viewer), Ok(Viewer), Err(Unfit)),
        (vec![otto], Ok(Viewer), Ok(Operator), Err(Unfit)), // a page elsewhere may have sent this
        (vec![otto, ("origin", "https://evil.example")], Ok(Viewer), Ok(Operator), Err(Unfit)),
        (vec![otto, OURS], Ok(Viewer), Ok(Operator), Ok(Operator)),
    ] {
        for (want, expected) in [(Want::Metrics, metrics), (Want::Read, read), (Want::Change, change)] {
            assert_eq!(admitted(&house.dashboard, &lines, want), expected, "{want:?} {lines:?}");
        }
    }
    // Without users, this machine may everything, and elsewhere there are metrics alone.
    let open = House::new(Settings::default());
    for (lines, rest) in [
        (vec![], Ok(Operator)),
        (vec![far], Err(Elsewhere)),
        (vec![("x-forwarded-for", "192.0.2.9")], Err(Elsewhere)),
        (vec![("host", "rebound.example")], Err(Elsewhere)),
    ] {
        for (want, expected) in [(Want::Metrics, Ok(Operator)), (Want::Read, rest), (Want::Change, rest)] {
            assert_eq!(admitted(&open.dashboard, &lines, want), expected, "{want:?} {lines:?}");
        }
    }
}
