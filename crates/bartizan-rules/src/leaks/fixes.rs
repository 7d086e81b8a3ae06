//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};

/// A referrer without path for others.
pub(super) const REFERRER_POLICY: &[Fix] = &[
    (Apache, r#"Header always set Referrer-Policy "strict-origin-when-cross-origin""#),
    (Bartizan, "[[site]]\nprofile = \"balanced\""),
    (Caddy, r#"header Referrer-Policy "strict-origin-when-cross-origin""#),
    (Django, r#"SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin""#),
    (Express, r#"app.use(helmet.referrerPolicy({ policy: "strict-origin-when-cross-origin" }))"#),
    (Haproxy, r#"http-response set-header Referrer-Policy "strict-origin-when-cross-origin""#),
    (Nginx, r#"add_header Referrer-Policy "strict-origin-when-cross-origin" always;"#),
];
