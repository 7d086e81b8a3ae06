//! Content-Security-Policy as Django 6, django-csp 4 and django-csp 3 are told it.

use bartizan_rules::facts::django::Literal;

use super::settings::{Settings, texts};

/// Returns the policies, each with the field it is sent in.
pub(super) fn policies(settings: &Settings<'_>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (field, own, theirs, prefix) in [
        (ENFORCED, "SECURE_CSP", "CONTENT_SECURITY_POLICY", Some("CSP_")),
        (OBSERVED, "SECURE_CSP_REPORT_ONLY", "CONTENT_SECURITY_POLICY_REPORT_ONLY", None),
    ] {
        let has_own = settings.has_middleware("django.middleware.csp.ContentSecurityPolicyMiddleware");
        let has_theirs = settings.has_middleware("csp.middleware.CSPMiddleware");
        let policy = match () {
            () if has_own && settings.has(own) => settings.value(own).and_then(|value| policy(settings, own, value)),
            () if has_theirs && settings.has(theirs) => {
                let value = settings.value(theirs).and_then(|value| value.entry("DIRECTIVES"));
                value.and_then(|item| policy(settings, theirs, &item.value))
            }
            () if has_theirs => prefix.and_then(|prefix| older(settings, prefix)),
            () => None,
        };
        let is_watched = field == ENFORCED && settings.is_on("CSP_REPORT_ONLY", false);
        found.extend(policy.map(|policy| (if is_watched { OBSERVED } else { field }, policy)));
    }
    found
}

const ENFORCED: &str = "Content-Security-Policy";
const OBSERVED: &str = "Content-Security-Policy-Report-Only";

fn policy(settings: &Settings<'_>, name: &str, value: &Literal) -> Option<String> {
    let Literal::Dict(entries) = value else { return None };
    let mut directives = Vec::new();
    for (key, item) in entries {
        let directive = key.value.text()?;
        match &item.value {
            Literal::Bool(true) => directives.push(directive.to_owned()),
            Literal::Bool(false) | Literal::None => {}
            sources if is_whole(sources) => {
                directives.push(format!("{directive} {}", texts(sources).join(" ")).trim().to_owned())
            }
            _ => {
                settings.lose(name, "a nonce for each request is the app's own matter; the policy is not carried over");
                return None;
            }
        }
    }
    (!directives.is_empty()).then(|| directives.join("; "))
}

/// Whether all sources are texts: a nonce stands in the list as a thing of its own.
fn is_whole(sources: &Literal) -> bool {
    match sources {
        Literal::Text(_) => true,
        sources => sources.items().is_some_and(|items| items.iter().all(|item| item.value.text().is_some())),
    }
}

/// django-csp 3 has a setting for each directive, and a default for the first.
fn older(settings: &Settings<'_>, prefix: &str) -> Option<String> {
    let mut directives = Vec::new();
    if !settings.has("CSP_DEFAULT_SRC") {
        directives.push("default-src 'self'".to_owned());
    }
    for name in settings.names().filter(|name| name.starts_with(prefix)) {
        let directive = name.strip_prefix(prefix)?.to_ascii_lowercase().replace('_', "-");
        if matches!(&*directive, "report-only" | "exclude-url-prefixes") {
            continue;
        }
        if directive == "include-nonce-in" {
            settings.lose(name, "a nonce for each request is the app's own matter; the policy is not carried over");
            return None;
        }
        match settings.value(name) {
            Some(Literal::Bool(true)) => directives.push(directive),
            Some(value) if is_whole(value) => directives.push(format!("{directive} {}", texts(value).join(" "))),
            _ => {}
        }
    }
    Some(directives.join("; "))
}
