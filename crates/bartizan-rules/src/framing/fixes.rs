//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};

/// Frames of the same origin alone.
pub(super) const FRAMED_BY_SELF: &[Fix] = &[
    (Apache, r#"Header always set X-Frame-Options "SAMEORIGIN""#),
    (Bartizan, "[[site]]\nprofile = \"balanced\""),
    (Caddy, r#"header X-Frame-Options "SAMEORIGIN""#),
    (Django, r#"X_FRAME_OPTIONS = "SAMEORIGIN""#),
    (Express, r#"app.use(helmet.frameguard({ action: "sameorigin" }))"#),
    (Haproxy, r#"http-response set-header X-Frame-Options "SAMEORIGIN""#),
    (Nginx, r#"add_header X-Frame-Options "SAMEORIGIN" always;"#),
];
