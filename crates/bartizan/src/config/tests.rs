//! Whole configurations: what is accepted, and what people read when something is not.

use std::path::Path;

use super::{Colour, Environment, Overrides, from_text, keys, schema, show};

fn environment(variables: &[(&str, &str)]) -> Environment {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Environment { variables, is_root: true }
}

fn check(text: &str) -> String {
    match from_text(text, "bartizan.toml", Path::new("/nowhere"), &environment(&[]), &Overrides::default()) {
        Ok(loaded) => loaded.warnings.render(Colour::Never, 120),
        Err(report) => report.render(Colour::Never, 120),
    }
}

const FIVE_LINES: &str = "[server]\nlisten = [\"0.0.0.0:443\"]\n[[site]]\nhosts = [\"app.example\"]\nupstream = [\"http://127.0.0.1:8000\"]\n";

#[test]
fn five_lines_are_enough() {
    assert_eq!(check(FIVE_LINES), "");
}

#[test]
fn one_list_of_listeners_leads_to_the_other_only_on_the_usual_ports() {
    for (written, listen, listen_http) in [
        ("", "0.0.0.0:443", "0.0.0.0:80"),
        ("listen = ['127.0.0.1:443']", "127.0.0.1:443", "127.0.0.1:80"),
        ("listen = ['127.0.0.1:8443']", "127.0.0.1:8443", ""),
        ("listen_http = ['[::1]:80']", "[::1]:443", "[::1]:80"),
        ("listen_http = ['[::1]:8080']", "", "[::1]:8080"),
        ("listen = ['127.0.0.1:443']\nlisten_http = []", "127.0.0.1:443", ""),
    ] {
        let text = FIVE_LINES.replace("listen = [\"0.0.0.0:443\"]", written);
        let nowhere = Path::new("/nowhere");
        let loaded = from_text(&text, "bartizan.toml", nowhere, &environment(&[]), &Overrides::default()).unwrap();
        let all = |addresses: &[std::net::SocketAddr]| {
            addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        let server = &loaded.config.server;
        assert_eq!((all(&server.listen), all(&server.listen_http)), (listen.into(), listen_http.into()), "{written}");
    }
}

#[test]
fn all_problems_are_shown_at_once() {
    insta::assert_snapshot!(check(
        r#"[server]
listen = ["0.0.0.0:443", "here"]
listen_htp = ["0.0.0.0:80"]
workers = 0
trusted_proxies = ["10.1.2.3/8"]

[server.limits]
header_timeout = 10
body = "64mb"
connections_per_client = "256"

[[site]]
hosts = ["app.example", "https://other.example", "*.*.example"]
upstream = "http://127.0.0.1:8000"
profile = "blanced"
unknown_host = "misdirect"
certificate = { chain = "app.pem" }

[site.headers]
hsts = "max-age=63072000; includeSubdomain"
frame_options = { mode = "sett", value = "DENY" }
referer_policy = "no-referrer"
csp = true

[[site.route]]
deny = true

[[sites]]
"#
    ));
}

#[test]
fn meaning_is_checked_too() {
    insta::assert_snapshot!(check(
        r#"[server]
listen = ["0.0.0.0:443"]
listen_http = ["127.0.0.1:443"]
proxy_protocol = "required"

[server.tls]
suites = ["TLS_AES_128_GCM_SHA256"]
client_certificates = { authorities = "ca.pem" }

[[site]]
hosts = ["app.example"]
upstream = ["http://127.0.0.1:8000/app"]
certificate = { chain = "app.pem", key = "app.key" }

[site.https]
redirect = "dangerous_plain_http"
canonical_host = "www.app.example"
ssl_proxy_headers = { X-Forwarded-Proto = "https" }

[site.headers]
hsts = "max-age=63072000; preload"
xss_protection = "1; mode=block"
dangerous_public_key_pins = "pin-sha256=\"a\"; max-age=1"
custom = { Connection = "close", X-Frame-Options = "DENY" }

[site.upstream_options]
tls = { certificate = "client.pem" }

[site.upstream_options.oauth2]
token_url = "http://login.example/token"
client_id = "wall"
client_secret_env = "WALL_SECRET"

[[site.uploads]]
path = "/media"
host = "files.example"

[site.security_txt]
contact = ["security@app.example"]

[[site]]
hosts = ["App.Example."]
upstream = []

[[site]]
upstream = ["unix:app.sock"]

[[site.route]]
path = "/api"
credentials = true

[[site.route]]
path = "/%61pi"
"#
    ));
}

#[test]
fn no_stranger_can_look_at_the_dashboard() {
    let user = "[[dashboard.user]]\nname = 'ada'\npassword = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA'\n";
    let token =
        "[[dashboard.token]]\nname = 'a'\nhash = 'sha256:n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'\nscopes = []\n";
    for (admin, dashboard, is_enabled, said) in [
        ("127.0.0.1:9180", "", Some(true), ""),
        ("[::1]:9180", "", Some(true), ""),
        ("0.0.0.0:9180", "", Some(false), ""), // metrics alone
        ("none", "", Some(false), ""),
        ("127.0.0.1:9180", "[dashboard]\nenabled = false", Some(false), ""),
        ("0.0.0.0:9180", "[dashboard]\nenabled = true", None, "anybody who reaches `server.admin`"),
        ("0.0.0.0:9180", "[dashboard]\nidle = '5m'", None, "anybody who reaches `server.admin`"),
        ("none", "[dashboard]\nenabled = true", None, "nowhere to be"),
        ("0.0.0.0:9180", user, Some(true), "in the clear"),
        ("0.0.0.0:9180", &format!("[dashboard]\norigins = ['https://a.example']\n{user}"), Some(true), ""),
        ("127.0.0.1:9180", "[dashboard]\norigins = ['https://a.example']", None, "through the proxy anybody"),
        ("127.0.0.1:9180", &format!("[dashboard]\norigins = ['http://a.example']\n{user}"), None, "must bring TLS"),
        ("127.0.0.1:9180", &format!("{user}{user}"), None, "two users have the name `ada`"),
        ("127.0.0.1:9180", token, None, "the token may ask nothing"),
        ("127.0.0.1:9180", "[[dashboard.user]]\nname = 'ada'\npassword = 'hunter2'", None, "hash-password"),
    ] {
        let text =
            format!("{}{dashboard}", FIVE_LINES.replace("[server]\n", &format!("[server]\nadmin = '{admin}'\n")));
        let loaded = from_text(&text, "f", Path::new("."), &environment(&[]), &Overrides::default());
        let (enabled, report) = match &loaded {
            Ok(loaded) => (Some(loaded.dashboard.enabled), &loaded.warnings),
            Err(report) => (None, &**report),
        };
        let report = report.render(Colour::Never, 120);
        assert_eq!((enabled, report.contains(said)), (is_enabled, true), "{admin} {dashboard}: {report}");
        assert_eq!(report.is_empty(), said.is_empty(), "{admin} {dashboard}: {report}");
    }
}

#[test]
fn what_is_not_toml_is_told_with_its_place() {
    insta::assert_snapshot!(check("[server\nlisten = [\"0.0.0.0:443\"]\n[[site]]\nhosts = [\"a.example\n"));
}

#[test]
fn an_empty_file_names_what_is_missing() {
    insta::assert_snapshot!(check(""));
}

#[test]
fn environment_and_command_line_replace_the_file() {
    let load = |text: &str, variables: &[(&str, &str)], overrides: &Overrides| {
        let environment = environment(variables);
        from_text(text, "bartizan.toml", Path::new("."), &environment, overrides).map(|loaded| {
            let site = loaded.config.sites.into_iter().next().unwrap();
            let hosts: Vec<_> = site.hosts.iter().map(ToString::to_string).collect();
            let trusted: Vec<_> = site.policy.csrf.trusted_origins.iter().map(ToString::to_string).collect();
            format!("{} | {}", hosts.join(" "), trusted.join(" "))
        })
    };
    let flags = |hosts: &[&str]| Overrides {
        upstreams: vec![super::raw::Word::read("http://127.0.0.1:1").unwrap()],
        hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(),
        ..Overrides::default()
    };
    let variables = [
        ("BARTIZAN_ALLOWED_HOSTS", "a.example, b.example:8443"),
        ("BARTIZAN_CSRF_TRUSTED_ORIGINS", "https://x.example https://y.example:8443"),
    ];
    let both = "a.example b.example:8443 | https://x.example https://y.example:8443";
    for (text, variables, overrides, expected) in [
        (FIVE_LINES, &[][..], Overrides::default(), Some("app.example | ")),
        (FIVE_LINES, &variables[..], Overrides::default(), Some(both)),
        ("", &variables[..], flags(&[]), Some(both)),
        ("", &[], flags(&["c.example"]), Some("c.example | ")),
        ("", &variables[..1], flags(&["c.example"]), Some("c.example | ")),
        ("", &variables[..], Overrides::default(), None), // where is the app?
        (FIVE_LINES, &[("BARTIZAN_ALLOWED_HOSTS", "https://a.example")], Overrides::default(), None),
        (FIVE_LINES, &[("BARTIZAN_CSRF_TRUSTED_ORIGINS", "a.example")], Overrides::default(), None),
        (FIVE_LINES, &[("BARTIZAN_ALLOWED_HOSTS", "")], Overrides::default(), Some("app.example | ")),
    ] {
        let loaded = load(text, variables, &overrides);
        assert_eq!(loaded.as_deref().ok(), expected, "{text} {variables:?}");
    }
}

#[test]
fn a_route_takes_over_key_by_key() {
    let text = r#"
[server.limits]
body = "1MiB"
[[site]]
hosts = ["a.example"]
upstream = ["http://127.0.0.1:8000"]
body = "2MiB"
[site.csrf]
trusted_origins = ["https://b.example"]
[site.headers]
frame_options = { mode = "set", value = "DENY" }
referrer_policy = "no-referrer"
[[site.route]]
path = "/up/"
body = "none"
csrf = { mode = "strict" }
headers = { frame_options = "SAMEORIGIN", referrer_policy = false }
[[site.route]]
path = "/deny"
deny = true
"#;
    let loaded = from_text(text, "f", Path::new("."), &environment(&[]), &Overrides::default()).unwrap();
    let site = &loaded.config.sites[0];
    let [up, deny] = &site.routes[..] else { panic!("two routes") };
    assert_eq!((site.policy.body, up.policy.body, deny.policy.body), (Some(2 << 20), None, Some(2 << 20)));
    assert_eq!(up.policy.csrf.trusted_origins, site.policy.csrf.trusted_origins);
    assert_ne!(up.policy.csrf.mode, site.policy.csrf.mode);
    let frame = up.policy.headers.frame_options.as_ref().unwrap();
    assert_eq!((frame.mode, frame.value.to_str().ok()), (bartizan_proxy::config::HeaderMode::Set, Some("SAMEORIGIN")));
    assert!(up.policy.headers.referrer_policy.is_none() && deny.policy.headers.referrer_policy.is_some());
    assert!(deny.policy.deny && !up.policy.deny && !site.policy.deny);
}

#[test]
fn what_is_shown_can_be_read_again_and_shows_the_same() {
    let overrides = Overrides { state_dir: Some("/state".into()), ..Overrides::default() };
    let load = |text: &str| from_text(text, "f", Path::new("."), &environment(&[]), &overrides).unwrap();
    let without_notes = |text: &str| -> String {
        text.lines().map(|line| line.split(" # ").next().unwrap_or_default().trim_end().to_owned() + "\n").collect()
    };
    let shown = show(&load(FIVE_LINES));
    insta::assert_snapshot!(shown.replace(&workers_line(&shown), "workers = (cores)"));
    assert_eq!(without_notes(&show(&load(&shown))), without_notes(&shown));
}

fn workers_line(shown: &str) -> String {
    shown
        .lines()
        .find(|line| line.starts_with("workers"))
        .unwrap_or_default()
        .split(" #")
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

#[test]
fn every_key_is_described() {
    for key in keys() {
        assert!(!key.description.is_empty(), "{} has no description", key.path);
    }
    insta::assert_snapshot!(keys().iter().map(|key| format!("{}\n", key.path)).collect::<String>());
    insta::assert_json_snapshot!(schema());
}
