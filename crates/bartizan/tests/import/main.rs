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
        (
            Kind::Nginx,
            "http {\n server { listen 80; location / { proxy_pass http://127.0.0.1:1; } }\n}\nstream {\n}\n",
            ":4: stream",
        ),
        (
            Kind::Nginx,
            "server {\n listen 80;\n location / { root /srv; }\n location /api { proxy_pass http://127.0.0.1:1; }\n}\n",
            ":4: proxy_pass http://127.0.0.1:1: only this path",
        ),
        (
            Kind::Nginx,
            "server {\n listen 80;\n location / { proxy_pass http://127.0.0.1:1; }\n location ~ \\.php$ { deny all; }\n}\n",
            ":4: location ~ \\.php$: what this closes is open here",
        ),
        (
            Kind::Nginx,
            "upstream a {\n server 127.0.0.1:1 weight=2;\n}\nserver { listen 80; location / { proxy_pass http://a; } }\n",
            ":2: server 127.0.0.1:1 weight=2",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\nRedirect 301 /old /new\n</VirtualHost>\n",
            ":3: redirect 301 /old /new",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass /a http://127.0.0.1:1/a\nProxyPass /b http://127.0.0.1:1/c\n</VirtualHost>\n",
            ":3: proxypass /b http://127.0.0.1:1/c: the app gets the path",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\n<FilesMatch x$>\nRequire all denied\n</FilesMatch>\n\
             </VirtualHost>\n",
            ":3: filesmatch x$: what this closes is open here",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\n<Limit POST>\nRequire valid-user\n</Limit>\n</VirtualHost>\n",
            ":3: limit POST: what this closes is open here",
        ),
        (
            Kind::Nginx,
            "server {\n listen 80;\n if ($bad) { return 403; }\n location / { proxy_pass http://127.0.0.1:1; }\n}\n",
            ":3: if $bad: what this closes is open here",
        ),
        (
            Kind::Caddy,
            "http://a.example {\n\t@bad header User-Agent *bot*\n\trespond @bad 403\n\treverse_proxy 127.0.0.1:1\n}\n",
            ":3: respond @bad 403: what this closes is open here",
        ),
        (
            Kind::Caddy,
            "a.example {\n\treverse_proxy 127.0.0.1:1\n}\n",
            ":1: a.example: certificates are not fetched here",
        ),
        (Kind::Caddy, "http://a.example {\n\treverse_proxy 127.0.0.1:1\n\tencode gzip\n}\n", ":3: encode gzip"),
        (
            Kind::Krakend,
            "{\"version\": 3, \"extra_config\": {\n\"security/cors\": {}}}",
            ":2:1: security/cors: not carried over",
        ),
        (
            Kind::Krakend,
            "{\"version\": 3, \"endpoints\": [{\n\"extra_config\": {\"security/http\": {}}}]}",
            ":2:18: security/http: counts only at the root",
        ),
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
            Kind::Nginx,
            "server { listen 80; location / { proxy_pass http://127.0.0.1:1; } location ~ ^/(a|b) { deny all; } }",
            "/b",
        ),
        (
            Kind::Nginx,
            "server { listen 80; server_name a.example; return 404; location / { proxy_pass http://127.0.0.1:1; } }",
            "/",
        ),
        (
            Kind::Nginx,
            "server { listen 80; location / { try_files $uri @app; } location @app { auth_basic x; proxy_pass http://127.0.0.1:1; } }",
            "/",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\n<Location /a>\nRequire ip 10\n</Location>\n</VirtualHost>\n",
            "/a",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\n<LocationMatch \"^/(a|b)/\">\nRequire local\n\
             </LocationMatch>\n</VirtualHost>\n",
            "/b",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\n<Files x.php>\nRequire all denied\n</Files>\n\
             </VirtualHost>\n",
            "/x.php",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\n<Proxy *>\nRequire local\n</Proxy>\n</VirtualHost>\n",
            "/",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\nRewriteEngine on\nRewriteRule ^/a - [F]\n</VirtualHost>\n",
            "/a",
        ),
        (
            Kind::Apache,
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:1/\nRedirectMatch 404 ^/(a|b)$\n</VirtualHost>\n",
            "/b",
        ),
        (
            Kind::Caddy,
            "http://a.example {\n\t@out {\n\t\tpath /a/*\n\t\tnot remote_ip 10.0.0.0/8\n\t}\n\trespond @out 403\n\t\
             reverse_proxy 127.0.0.1:1\n}\n",
            "/a/",
        ),
        (
            Kind::Caddy,
            "http://a.example {\n\t@out not header Authorization *\n\tabort @out\n\treverse_proxy 127.0.0.1:1\n}\n",
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

/// A server that refuses names nobody has is no site, and what is no file goes to the app by a location with a name.
#[test]
fn the_app_is_found_as_the_server_finds_it() {
    let place = Place::new();
    let text = "server { listen 80 default_server; return 444; }\nserver { listen 80; server_name a.example; root /srv; \
                location / { try_files $uri @app; } location /live { proxy_pass http://127.0.0.1:2; } \
                location @app { proxy_pass http://127.0.0.1:1; } }";
    let (toml, hints) = place.imported(Kind::Nginx, text);
    assert_eq!(toml.matches("[[site]]").count(), 1, "{toml}");
    assert!(toml.contains("upstream = [\"http://127.0.0.1:1\"]"), "{toml}");
    assert!(hints.contains("proxy_pass http://127.0.0.1:2: all of a site goes to one app"), "{hints}");
    place.is_taken(&toml);
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
