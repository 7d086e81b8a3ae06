//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Caddy, Haproxy, Nginx};

/// Suites with forward secrecy and authenticated encryption.
pub(super) const MODERN_SUITES: &[Fix] = &[
    (
        Apache,
        "SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
    ),
    (Caddy, "tls {\n    protocols tls1.2 tls1.3\n}"),
    (
        Haproxy,
        "ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
    ),
    (
        Nginx,
        "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;",
    ),
];

/// The two versions that are sound.
pub(super) const MODERN_VERSIONS: &[Fix] = &[
    (Apache, "SSLProtocol -all +TLSv1.2 +TLSv1.3"),
    (Caddy, "tls {\n    protocols tls1.2 tls1.3\n}"),
    (Haproxy, "ssl-default-bind-options ssl-min-ver TLSv1.2"),
    (Nginx, "ssl_protocols TLSv1.2 TLSv1.3;"),
];

/// A group of 2,048 bits whose safety is known.
pub(super) const WELL_KNOWN_GROUP: &[Fix] = &[
    (Apache, "SSLOpenSSLConfCmd DHParameters /etc/ssl/ffdhe2048.pem"),
    (Haproxy, "tune.ssl.default-dh-param 2048"),
    (Nginx, "ssl_dhparam /etc/ssl/ffdhe2048.pem;"),
];

/// A certificate that renews itself.
pub(super) const RENEWED_CERTIFICATE: &[Fix] = &[
    (Apache, "MDomain app.example\nMDCertificateAgreement accepted"),
    (Caddy, "app.example {\n    reverse_proxy localhost:8080\n}"),
    (Haproxy, "bind :443 ssl crt /etc/haproxy/certs/"),
    (
        Nginx,
        "ssl_certificate /etc/letsencrypt/live/app.example/fullchain.pem;\nssl_certificate_key /etc/letsencrypt/live/app.example/privkey.pem;",
    ),
];

/// The leaf and what leads to the root, in order.
pub(super) const WHOLE_CHAIN: &[Fix] = &[
    (Apache, "SSLCertificateFile /etc/ssl/fullchain.pem\nSSLCertificateKeyFile /etc/ssl/privkey.pem"),
    (Caddy, "app.example {\n    reverse_proxy localhost:8080\n}"),
    (Haproxy, "bind :443 ssl crt /etc/haproxy/fullchain-and-key.pem"),
    (Nginx, "ssl_certificate /etc/ssl/fullchain.pem;\nssl_certificate_key /etc/ssl/privkey.pem;"),
];
