//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};

/// The header, for two years.
pub(super) const HSTS: &[Fix] = &[
    (Apache, r#"Header always set Strict-Transport-Security "max-age=63072000""#),
    (Bartizan, "[[site]]\nprofile = \"balanced\""),
    (Caddy, r#"header Strict-Transport-Security "max-age=63072000""#),
    (Django, "SECURE_HSTS_SECONDS = 63072000"),
    (Express, "app.use(helmet.strictTransportSecurity({ maxAge: 63072000 }))"),
    (Haproxy, r#"http-response set-header Strict-Transport-Security "max-age=63072000""#),
    (Nginx, r#"add_header Strict-Transport-Security "max-age=63072000" always;"#),
];

/// The header on every answer.
pub(super) const HSTS_EVERYWHERE: &[Fix] = &[
    (Apache, r#"Header always set Strict-Transport-Security "max-age=63072000""#),
    (Bartizan, "[site.headers]\nhsts = \"max-age=63072000\""),
    (Caddy, r#"header Strict-Transport-Security "max-age=63072000""#),
    (Django, "SECURE_HSTS_SECONDS = 63072000"),
    (Express, "app.use(helmet.strictTransportSecurity({ maxAge: 63072000, includeSubDomains: true }))"),
    (Haproxy, r#"http-response set-header Strict-Transport-Security "max-age=63072000""#),
    (Nginx, r#"add_header Strict-Transport-Security "max-age=63072000" always;"#),
];

/// Plain HTTP leads to HTTPS, and to nothing else.
pub(super) const TO_HTTPS: &[Fix] = &[
    (Apache, "RewriteEngine On\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=308,L]"),
    (Bartizan, "[site.https]\nredirect = \"permanent\""),
    (Caddy, "# Caddy redirects by itself: write the name without http://"),
    (Django, "SECURE_SSL_REDIRECT = True"),
    (
        Express,
        "app.use((req, res, next) => req.secure ? next() : res.redirect(308, `https://${req.hostname}${req.originalUrl}`))",
    ),
    (Haproxy, "http-request redirect scheme https code 308 unless { ssl_fc }"),
    (Nginx, "return 308 https://$host$request_uri;"),
];

/// Addresses of plain HTTP that the browser upgrades.
pub(super) const UPGRADED_REQUESTS: &[Fix] = &[
    (Apache, r#"Header always set Content-Security-Policy "upgrade-insecure-requests""#),
    (Bartizan, "# Write addresses without scheme in the app; upgrade-insecure-requests in its policy helps meanwhile."),
    (Caddy, r#"header Content-Security-Policy "upgrade-insecure-requests""#),
    (Django, r#"SECURE_CSP = {"upgrade-insecure-requests": True}"#),
    (Express, "app.use(helmet.contentSecurityPolicy({ directives: { upgradeInsecureRequests: [] } }))"),
    (Haproxy, r#"http-response set-header Content-Security-Policy "upgrade-insecure-requests""#),
    (Nginx, r#"add_header Content-Security-Policy "upgrade-insecure-requests" always;"#),
];
