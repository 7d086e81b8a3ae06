//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Nginx};

/// Suites with forward secrecy and authenticated encryption.
pub(super) const MODERN_SUITES: &[Fix] = &[
    (
        Apache,
        "SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
    ),
    (
        Nginx,
        "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;",
    ),
];

/// Origins that are named one by one.
pub(super) const NAMED_ORIGINS: &[Fix] = &[
    (Apache, r#"Header always set Access-Control-Allow-Origin "https://app.example.org""#),
    (Nginx, "add_header Access-Control-Allow-Origin https://app.example.org always;"),
];
