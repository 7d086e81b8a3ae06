//! Settings of Django.

use crate::Case;
use crate::ask::{plain, tls};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "all that the middleware does",
        text: r#"ALLOWED_HOSTS = ["a.example", ".b.example"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Strict"
"#,
        asks: &[tls("a.example", "/"), tls("x.b.example", "/"), plain("a.example", "/p?q"), tls("evil.example", "/")],
        differs: &["unknown-host", "redirect-headers"],
    },
    Case {
        name: "plain HTTP and other words",
        text: r#"ALLOWED_HOSTS = ["*"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = False
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
"#,
        asks: &[plain("any.example", "/"), tls("a.example", "/")],
        differs: &[],
    },
];
