//! Content-Security-Policy violations, in the form of CSP level 2 (`csp-report`), of level 3 and of the drafts between.

use std::borrow::Cow;

use super::{Kind, Sent};
use crate::address::{Queries, clean};
use crate::json::{Object, Value, count};
use crate::report::{KindName, Report};

pub(super) const KIND: Kind = Kind {
    name: "csp-violation",
    also: &["csp"],
    about: "what a page did, or tried to, against its content security policy",
    wrapper: Some("csp-report"),
    is_bare: is_form,
    read,
    what: &["effectiveDirective"],
    target: &["blockedURL"],
    source: &["sourceFile"],
};

/// The eleven fields of the schema, each with the names it has had (CSP, 5.5; CSP level 2, 4.4; old drafts).
///
/// Some collectors pass reports on without the document; the directive alone still says what happened.
fn read<'a>(kind: &'static Kind, mut sent: Sent<'a>, queries: Queries) -> Option<Report<'a>> {
    let from = &mut sent.body;
    let document = text(from, DOCUMENT).or(sent.url.clone().filter(|url| !url.is_empty()));
    let document = document.map(|url| clean(url, queries)).filter(|url| !url.is_empty());
    let directive = directive(from);
    if document.is_none() && directive.is_none() {
        return None;
    }
    let url = sent.url.filter(|url| !url.is_empty()).map(|url| clean(url, queries));
    let url = url.or_else(|| document.clone()).unwrap_or_default();
    // A respelt document is a fact of the report; by itself it files none.
    let document = document.or_else(|| text(from, &["document_uri", "document_url"]).map(|url| clean(url, queries)));
    let mut body = Object::with_capacity(11);
    let mut put = |name: &'static str, text: Option<Cow<'a, str>>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            body.push(name, Value::String(text));
        }
    };
    put("documentURL", document);
    put("referrer", text(from, &["referrer"]).map(|url| clean(url, queries)));
    put("blockedURL", text(from, BLOCKED).map(|url| clean(url, queries)));
    put("effectiveDirective", directive.map(Cow::Borrowed));
    put("originalPolicy", text(from, POLICY));
    put("sourceFile", text(from, SOURCE).map(|url| clean(url, queries)));
    put("sample", text(from, SAMPLE));
    put("disposition", text(from, &["disposition"]));
    for (name, names) in NUMBERS {
        if let Some(number) = names.iter().find_map(|name| number(from.get(name)?)) {
            body.push(*name, Value::from(number));
        }
    }
    let user_agent = sent.user_agent;
    Some(Report { kind: KindName::Known(kind), url, age: sent.age, user_agent, body })
}

/// Whether these are the fields that old WebKit sent as a form.
fn is_form(object: &Object<'_>) -> bool {
    object.text("violated-directive").is_some() && (object.has("document-url") || object.has("document-uri"))
}

fn text<'a>(from: &mut Object<'a>, names: &[&str]) -> Option<Cow<'a, str>> {
    names.iter().find_map(|name| match from.get(name)? {
        Value::String(Cow::Borrowed(text)) if !text.is_empty() => Some(Cow::Borrowed(*text)),
        Value::String(Cow::Owned(text)) if !text.is_empty() => Some(Cow::Owned(text.clone())),
        _ => None,
    })
}

/// Reads a number, also one in quotes; there is no negative line.
fn number(value: &Value<'_>) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_count(),
        Value::String(text) => count(text.trim()),
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Object(_) => None,
    }
}

/// Returns the directive: browsers before level 3 sent the whole violated one.
fn directive(from: &Object<'_>) -> Option<&'static str> {
    DIRECTIVE.iter().find_map(|name| {
        let token = from.text(name)?.split_ascii_whitespace().next()?;
        NAMES.iter().copied().find(|known| known.eq_ignore_ascii_case(token))
    })
}

const DOCUMENT: &[&str] = &["documentURL", "document-uri", "document-url", "documentURI"];

// Collectors that pass reports on spell names as their own languages do: with underscores, the last of each.

const BLOCKED: &[&str] =
    &["blockedURL", "blocked-uri", "blocked-url", "blockedURI", "blocked", "blocked_uri", "blocked_url"];

const POLICY: &[&str] = &["originalPolicy", "original-policy", "policy", "original_policy"];

const SOURCE: &[&str] = &["sourceFile", "source-file", "source_file"];

const SAMPLE: &[&str] = &["sample", "script-sample", "script_sample"];

const DIRECTIVE: &[&str] = &[
    "effectiveDirective",
    "effective-directive",
    "effective_directive",
    "violatedDirective",
    "violated-directive",
    "violated_directive",
    "directive",
];

const NUMBERS: &[(&str, &[&str])] = &[
    ("statusCode", &["statusCode", "status-code", "status", "status_code"]),
    ("lineNumber", &["lineNumber", "line-number", "line_number"]),
    ("columnNumber", &["columnNumber", "column-number", "column_number"]),
];

/// Every directive that a browser ever reported; any other word is someone's own.
static NAMES: &[&str] = &[
    "base-uri",
    "block-all-mixed-content",
    "child-src",
    "connect-src",
    "default-src",
    "fenced-frame-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "navigate-to",
    "object-src",
    "options",
    "plugin-types",
    "prefetch-src",
    "referrer",
    "reflected-xss",
    "report-to",
    "report-uri",
    "require-sri-for",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
    "webrtc",
    "worker-src",
];
