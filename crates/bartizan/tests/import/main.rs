//! Configurations of other programs, imported and served: the same answers as the program itself gives.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]

mod apache;
mod ask;
mod caddy;
mod differences;
mod django;
mod nginx;
mod place;

use self::ask::Ask;
use self::place::{Kind, Place};

/// A configuration and what is asked of it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// With `{tls}`, `{plain}`, `{app}`, `{pem}` and `{dir}` where a test must choose itself.
    pub(crate) text: &'static str,
    pub(crate) asks: &'static [Ask],
    /// The names of the differences that this case is there to show.
    pub(crate) differs: &'static [&'static str],
}

/// Runs the cases of a program; every difference has a name, and every name is needed.
fn check(kind: Kind, cases: &[Case]) {
    let Some(program) = kind.program() else { return };
    let mut wrong = Vec::new();
    for case in cases {
        let place = Place::new();
        let theirs = place.theirs(kind, &program, case.text);
        let ours = place.ours(kind, case.text);
        let mut met: Vec<&str> = Vec::new();
        for ask in case.asks {
            let (expected, found) = (ask.of(&theirs), ask.of(&ours.program));
            for difference in ask::compare(&expected, &found) {
                match differences::name(kind, &difference).filter(|name| case.differs.contains(name)) {
                    Some(name) => met.push(name),
                    None => wrong.push(format!("{}: {ask:?}: {difference:?}\n{}", case.name, ours.text)),
                }
            }
        }
        let unmet = case.differs.iter().filter(|name| !met.contains(name));
        wrong.extend(unmet.map(|name| format!("{}: does not show the difference {name}", case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nginx_configurations_answer_as_nginx_does() {
    check(Kind::Nginx, nginx::CASES);
}

#[test]
fn apache_configurations_answer_as_apache_does() {
    check(Kind::Apache, apache::CASES);
}

#[test]
fn caddyfiles_answer_as_caddy_does() {
    check(Kind::Caddy, caddy::CASES);
}

#[test]
fn settings_answer_as_django_does() {
    check(Kind::Django, django::CASES);
}

/// What cannot be carried over is told with its place, and what guarded a path closes it.
#[test]
fn what_is_lost_is_told() {
    for (kind, text, said) in [
        (
            Kind::Nginx,
            "server {\n  listen 80;\n  server_name a.example;\n  gzip on;\n  location / { proxy_pass http://127.0.0.1:1; }\n}\n",
            ":4: gzip on",
        ),
        (
            Kind::Nginx,
            "server {\n  listen 80;\n  location / { proxy_pass http://127.0.0.1:1; }\n  location /a { auth_basic x; }\n}\n",
            ":4: auth_basic x",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nServerName a.example\nProxyPass / http://127.0.0.1:1/\nAlias /s /srv\n</VirtualHost>\n",
            ":4: alias /s /srv",
        ),
        (Kind::Caddy, "http://a.example {\n\treverse_proxy 127.0.0.1:1\n\tencode gzip\n}\n", ":3: encode gzip"),
        (Kind::Django, "ALLOWED_HOSTS = ['a.example']\nUSE_X_FORWARDED_HOST = True\n", ":2: USE_X_FORWARDED_HOST"),
    ] {
        let place = Place::new();
        let (toml, hints) = place.imported(kind, text);
        assert!(hints.contains(said), "{said}: {hints}");
        let is_comment = |line: &str| line.starts_with("# ") && line.contains(said);
        assert!(toml.lines().any(is_comment), "{said}: {toml}");
        place.is_taken(&toml);
    }
}

/// What guarded a path or a site is never opened by an import.
#[test]
fn what_was_guarded_is_closed() {
    for (kind, text, path) in [
        (
            Kind::Nginx,
            "server { listen 80; location / { proxy_pass http://127.0.0.1:1; } location /a { auth_basic x; } }",
            "/a",
        ),
        (
            Kind::Nginx,
            "server { listen 80; location / { proxy_pass http://127.0.0.1:1; location /a { allow 10.0.0.1; deny all; } } }",
            "/a",
        ),
        (
            Kind::Nginx,
            "http { auth_basic x; server { listen 80; location / { proxy_pass http://127.0.0.1:1; } } }",
            "/",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\n<Location /a>\nRequire ip 10\n</Location>\n</VirtualHost>\n",
            "/a",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\n<Proxy *>\nRequire local\n</Proxy>\n</VirtualHost>\n",
            "/",
        ),
        (
            Kind::Caddy,
            "http://a.example {\n\tbasic_auth /a/* {\n\t\tbob x\n\t}\n\treverse_proxy 127.0.0.1:1\n}\n",
            "/a/",
        ),
        (
            Kind::Caddy,
            "http://a.example {\n\t@out not remote_ip 10.0.0.0/8\n\trespond @out 403\n\treverse_proxy 127.0.0.1:1\n}\n",
            "/",
        ),
        (
            Kind::Caddy,
            "http://a.example {\n\thandle_path /a/* {\n\t\tbasic_auth {\n\t\t\tbob x\n\t\t}\n\t\treverse_proxy 127.0.0.1:2\n\t}\n\treverse_proxy 127.0.0.1:1\n}\n",
            "/a/",
        ),
    ] {
        let place = Place::new();
        let (toml, _) = place.imported(kind, text);
        let wanted = format!("[[site.route]]\npath = \"{path}\"\ndeny = true\n");
        assert!(toml.contains(&wanted), "{text}: {toml}");
        place.is_taken(&toml);
    }
}

/// No configuration ends the command otherwise than with a file or with a reason.
#[test]
fn what_is_no_configuration_is_told() {
    for (kind, text) in [
        (Kind::Nginx, "\u{0}{{{"),
        (Kind::Nginx, "server { listen 80; return 301 https://$host$request_uri; }"),
        (Kind::Apache, "# nothing\n"),
        (Kind::Caddy, "}\n{\n"),
        (Kind::Django, "raise ValueError()\n"),
        (Kind::Krakend, "{"),
    ] {
        let place = Place::new();
        let output = place.import(kind, text);
        assert_eq!(output.status.code(), Some(1), "{text:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{text:?}");
    }
}
