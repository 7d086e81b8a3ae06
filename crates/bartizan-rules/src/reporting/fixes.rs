//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};

/// Where the file is served from.
pub(super) const SECURITY_TXT: &[Fix] = &[
    (Apache, "Alias /.well-known/security.txt /srv/security.txt"),
    (Bartizan, "[site.security_txt]\ncontact = [\"mailto:security@app.example\"]\nexpires = \"2027-12-31T00:00:00Z\""),
    (Caddy, "handle /.well-known/security.txt {\n    root * /srv\n    rewrite * /security.txt\n    file_server\n}"),
    (
        Django,
        r#"path(".well-known/security.txt", TemplateView.as_view(template_name="security.txt", content_type="text/plain"))"#,
    ),
    (Express, r#"app.use("/.well-known", express.static("well-known"))"#),
    (
        Haproxy,
        r#"http-request return status 200 content-type "text/plain; charset=utf-8" file /etc/haproxy/security.txt if { path /.well-known/security.txt }"#,
    ),
    (Nginx, "location = /.well-known/security.txt { alias /srv/security.txt; }"),
];
