//! Whether a script element runs, or holds data.

use lol_html::html_content::Element;

use super::attribute;

/// Whether the element runs (HTML, 4.12.1.1): data in script elements needs no nonce.
pub(super) fn is_executable(element: &Element<'_, '_>) -> bool {
    let Some(kind) = attribute(element, "type") else {
        let language = attribute(element, "language").filter(|language| !language.is_empty());
        return language.is_none_or(|language| is_javascript(&format!("text/{language}")));
    };
    let kind = kind.trim();
    kind.is_empty()
        || is_javascript(kind)
        || ["module", "importmap", "speculationrules"].iter().any(|name| kind.eq_ignore_ascii_case(name))
}

/// The names of JavaScript (MIME Sniffing, 4.6).
fn is_javascript(kind: &str) -> bool {
    const NAMES: &[&str] = &[
        "ecmascript",
        "javascript",
        "javascript1.0",
        "javascript1.1",
        "javascript1.2",
        "javascript1.3",
        "javascript1.4",
        "javascript1.5",
        "jscript",
        "livescript",
        "x-ecmascript",
        "x-javascript",
    ];
    let lower = kind.to_ascii_lowercase();
    match lower.split_once('/') {
        Some(("text", name)) => NAMES.contains(&name),
        Some(("application", name)) => ["ecmascript", "javascript", "x-ecmascript", "x-javascript"].contains(&name),
        _ => false,
    }
}
