//! What mends several rules of this topic alike.

use crate::explanation::Fix;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};

/// A script or style sheet of another origin, held to its hash.
pub(super) const INTEGRITY: &[Fix] = &[
    (Apache, r#"<script src="https://cdn.example/a.js" integrity="sha384-…" crossorigin="anonymous"></script>"#),
    (
        Bartizan,
        "# Write integrity into the page, in the app; for own files that never change, autopilot.integrity does.",
    ),
    (Caddy, r#"<script src="https://cdn.example/a.js" integrity="sha384-…" crossorigin="anonymous"></script>"#),
    (Django, r#"<script src="https://cdn.example/a.js" integrity="sha384-…" crossorigin="anonymous"></script>"#),
    (Express, r#"<script src="https://cdn.example/a.js" integrity="sha384-…" crossorigin="anonymous"></script>"#),
    (Haproxy, r#"<script src="https://cdn.example/a.js" integrity="sha384-…" crossorigin="anonymous"></script>"#),
    (Nginx, r#"<script src="https://cdn.example/a.js" integrity="sha384-…" crossorigin="anonymous"></script>"#),
];
