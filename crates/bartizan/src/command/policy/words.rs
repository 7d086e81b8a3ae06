//! Directives and sources in plain words.

use std::borrow::Cow;

use bartizan_headers::csp::{DirectiveName, Kind};

/// Says what a directive is about.
pub(super) const fn of_directive(name: &DirectiveName) -> &'static str {
    match name {
        DirectiveName::BaseUri => "what relative addresses begin with",
        DirectiveName::ChildSrc => "frames and workers",
        DirectiveName::ConnectSrc => "connections of scripts",
        DirectiveName::DefaultSrc => "all other loads",
        DirectiveName::FencedFrameSrc => "fenced frames",
        DirectiveName::FontSrc => "fonts",
        DirectiveName::FormAction => "where forms are sent",
        DirectiveName::FrameAncestors => "who may frame the page",
        DirectiveName::FrameSrc => "frames",
        DirectiveName::ImgSrc => "images",
        DirectiveName::ManifestSrc => "manifests",
        DirectiveName::MediaSrc => "sound and video",
        DirectiveName::ObjectSrc => "plug-ins",
        DirectiveName::RequireTrustedTypesFor => "plain strings where typed ones are asked for",
        DirectiveName::Sandbox => "what a sandboxed page may do",
        DirectiveName::ScriptSrc => "strings that become code",
        DirectiveName::ScriptSrcAttr => "event handlers in attributes",
        DirectiveName::ScriptSrcElem => "scripts",
        DirectiveName::StyleSrc | DirectiveName::StyleSrcElem => "styles",
        DirectiveName::StyleSrcAttr => "style attributes",
        DirectiveName::TrustedTypes => "makers of typed values",
        DirectiveName::UpgradeInsecureRequests => "loads over plain HTTP",
        DirectiveName::WorkerSrc => "workers",
        _ => "others",
    }
}

/// Says what a source or word allows.
pub(super) fn of_source(kind: Kind, word: &str) -> Cow<'static, str> {
    if kind != Kind::Sources {
        return "this word".into();
    }
    let known = KEYWORDS.iter().find_map(|(known, meaning)| word.eq_ignore_ascii_case(known).then_some(*meaning));
    if let Some(meaning) = known {
        return meaning.into();
    }
    if word.starts_with("'nonce-") {
        return "elements that carry this nonce".into();
    }
    if word.starts_with("'sha") {
        return "content with this digest".into();
    }
    if let Some(scheme) = word.strip_suffix(':') {
        return format!("every address with the scheme {scheme}").into();
    }
    let (scheme, rest) = word.split_once("://").map_or((None, word), |(scheme, rest)| (Some(scheme), rest));
    let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let hosts = match host.strip_prefix("*.") {
        Some(name) => format!("every name below {name}"),
        None => format!("the host {host}"),
    };
    let scheme = scheme.map(|scheme| format!(" over {scheme}")).unwrap_or_default();
    let path = match path {
        "" | "/" => String::new(),
        path if path.ends_with('/') => format!(", all below {path}"),
        path => format!(", {path} alone"),
    };
    format!("{hosts}{scheme}{path}").into()
}

const KEYWORDS: &[(&str, &str)] = &[
    ("*", "every address on the network"),
    ("'inline-speculation-rules'", "speculation rules within the page"),
    ("'self'", "the page's own origin"),
    ("'strict-dynamic'", "whatever an allowed script loads"),
    ("'trusted-types-eval'", "strings that become code, where trusted types are enforced"),
    ("'unsafe-eval'", "any string that becomes code"),
    ("'unsafe-hashes'", "hashes for attributes, too"),
    ("'unsafe-inline'", "any code or style within the page"),
    ("'wasm-unsafe-eval'", "WebAssembly"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_said_in_words() {
        for (kind, word, expected) in [
            (Kind::Sources, "'self'", "the page's own origin"),
            (Kind::Sources, "data:", "every address with the scheme data"),
            (Kind::Sources, "https://*.a.example", "every name below a.example over https"),
            (Kind::Sources, "a.example:8443/x/", "the host a.example:8443, all below /x/"),
            (Kind::Sources, "https://a.example/x.js", "the host a.example over https, /x.js alone"),
            (Kind::Sources, "'nonce-abc'", "elements that carry this nonce"),
            (Kind::Grants, "allow-forms", "this word"),
        ] {
            assert_eq!(of_source(kind, word), expected, "{word}");
        }
    }
}
