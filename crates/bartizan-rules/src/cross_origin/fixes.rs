//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};

/// Origins that are named one by one.
pub(super) const NAMED_ORIGINS: &[Fix] = &[
    (
        Apache,
        "SetEnvIf Origin \"^https://partner\\.example$\" CORS=$0\nHeader always set Access-Control-Allow-Origin \"%{CORS}e\" env=CORS\nHeader always append Vary \"Origin\"",
    ),
    (Bartizan, "# Name the origins in the app: Bartizan does not guess who may read it."),
    (
        Caddy,
        "@partner header Origin https://partner.example\nheader @partner Access-Control-Allow-Origin https://partner.example\nheader +Vary Origin",
    ),
    (Django, r#"CORS_ALLOWED_ORIGINS = ["https://partner.example"]"#),
    (Express, r#"app.use(cors({ origin: ["https://partner.example"], credentials: true }))"#),
    (
        Haproxy,
        r#"http-response set-header Access-Control-Allow-Origin "https://partner.example" if { capture.req.hdr(0) -m str https://partner.example }"#,
    ),
    (
        Nginx,
        "map $http_origin $cors {\n    \"https://partner.example\" $http_origin;\n}\nadd_header Access-Control-Allow-Origin $cors always;\nadd_header Vary Origin always;",
    ),
];
