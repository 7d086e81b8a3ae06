//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};

/// A small policy, sent as a header.
pub(super) const POLICY_IN_HEADER: &[Fix] = &[
    (Apache, r#"Header always set Content-Security-Policy "default-src 'self'""#),
    (Bartizan, "[[site]]\nprofile = \"strict\""),
    (Caddy, r#"header Content-Security-Policy "default-src 'self'""#),
    (Django, r#"SECURE_CSP = {"default-src": [CSP.SELF]}"#),
    (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { defaultSrc: ["'self'"] } }))"#),
    (Haproxy, r#"http-response set-header Content-Security-Policy "default-src 'self'""#),
    (Nginx, r#"add_header Content-Security-Policy "default-src 'self'" always;"#),
];

/// Scripts that a nonce admits, and no host.
pub(super) const SCRIPTS_BY_NONCE: &[Fix] = &[
    (Apache, r#"Header always set Content-Security-Policy "script-src 'self'""#),
    (Bartizan, "[[site]]\nprofile = \"strict\""),
    (Caddy, r#"header Content-Security-Policy "script-src 'self'""#),
    (Django, r#"SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}"#),
    (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { scriptSrc: ["'self'"] } }))"#),
    (Haproxy, r#"http-response set-header Content-Security-Policy "script-src 'self'""#),
    (Nginx, r#"add_header Content-Security-Policy "script-src 'self'" always;"#),
];
