//! Django: settings over those of a project, for an app that stands behind a proxy which ends TLS.

use bartizan_headers::cross_origin::OpenerPolicy;
use bartizan_headers::csp::{Directive, PolicyList, REPORT_ONLY};
use bartizan_headers::{Field, FrameOptions, Hsts, ReferrerPolicy};
use bartizan_proxy::config::CsrfMode;
use http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};

use super::plan::{Plan, name, written};
use super::sent::{Sent, title};
use super::written::{Arg, Plain, Syntax, Written, raw, text};

/// A text as Python writes it; what JSON writes is that, too.
pub(super) const SYNTAX: Syntax =
    Syntax { quote: |text| serde_json::to_string(text).ok(), plain: Plain::Quoted, end: "", indent: "    " };

/// Writes the settings.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    if let Some(module) = plan.told.settings {
        let is_module = |part: &str| {
            !part.starts_with(|c: char| c.is_ascii_digit()) && !part.is_empty() && part.chars().all(is_of_name)
        };
        if module.split('.').all(is_module) {
            out.say("from", &[raw(format!("{module} import *  # noqa: F403"))]);
            // Names that begin with an underscore stay behind, and this one is needed below.
            out.say("from", &[raw(format!("{module} import MIDDLEWARE"))]);
        } else {
            out.note(format!("--settings: {module:?} is no module's name"));
        }
        out.gap();
    }
    out.comment("A debug page shows settings and source to whoever meets an error.");
    assign(out, "DEBUG", raw("False"));
    hosts(plan, out);
    middleware(plan, out);
    https(plan, out);
    cookies(plan, out);
    headers(plan, out);
    out.note("SECRET_KEY: a long random text from the environment, which no export can make");
    out.note("what only a proxy does: limits, methods, cross-origin checks by Sec-Fetch-Site, hidden banners");
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn assign(out: &mut Written, name: &str, value: Arg) {
    out.say(&format!("{name} = "), &[value]);
}

fn list(items: impl IntoIterator<Item = String>) -> Arg {
    let items: Vec<_> = items.into_iter().filter_map(|item| (SYNTAX.quote)(&item)).collect();
    raw(format!("[{}]", items.join(", ")))
}

fn hosts(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("The names that may stand in links and mails.");
    assign(
        out,
        "ALLOWED_HOSTS",
        list(plan.site.hosts.iter().map(|host| match host.below() {
            Some(below) => format!(".{}", below.as_str()),
            None => written(name(host)),
        })),
    );
    if plan.site.hosts.iter().any(|host| host.below().is_some()) {
        out.note("a host with a star: Django takes the name itself for one below it, too");
    }
    let trusted: Vec<_> = plan.policy.csrf.trusted_origins.iter().filter(|origin| origin.tuple().is_some()).collect();
    if plan.policy.csrf.mode != CsrfMode::DangerousOff && !trusted.is_empty() {
        out.comment("Other origins whose forms may be sent here.");
        assign(out, "CSRF_TRUSTED_ORIGINS", list(trusted.iter().map(ToString::to_string)));
    }
}

fn middleware(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Without these in their place the settings below do nothing.");
    out.open("_FIRST = [", &[], "");
    let mut first = vec!["django.middleware.security.SecurityMiddleware"];
    match csp_of(plan) {
        Csp::Own => first.push("django.middleware.csp.ContentSecurityPolicyMiddleware"),
        Csp::Library => first.push("csp.middleware.CSPMiddleware"),
        Csp::None => {}
    }
    first.push("django.middleware.clickjacking.XFrameOptionsMiddleware");
    for name in first {
        let item = (SYNTAX.quote)(name).unwrap_or_default();
        out.say("", &[raw(format!("{item},"))]);
    }
    out.close("]");
    assign(out, "MIDDLEWARE", raw("_FIRST + [name for name in MIDDLEWARE if name not in _FIRST]"));
    if plan.policy.csrf.mode != CsrfMode::DangerousOff {
        out.open("if \"django.middleware.csrf.CsrfViewMiddleware\" not in MIDDLEWARE:", &[], "");
        out.say("MIDDLEWARE = ", &[raw("MIDDLEWARE + [\"django.middleware.csrf.CsrfViewMiddleware\"]")]);
        out.close("");
    }
}

fn found<'a>(plan: &'a Plan<'_>, name: &http::HeaderName) -> Option<&'a Sent> {
    let name = title(name);
    plan.headers.iter().find(|sent| sent.name == name)
}

fn https(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("The proxy ends TLS and says so; it has to remove this header from what clients send.");
    assign(out, "SECURE_PROXY_SSL_HEADER", raw("(\"HTTP_X_FORWARDED_PROTO\", \"https\")"));
    assign(out, "SECURE_SSL_REDIRECT", raw("True"));
    if plan.site.https.canonical_host.is_some()
        && let Some(host) = plan.canonical()
    {
        assign(out, "SECURE_SSL_HOST", text(host));
    }
    let mut silenced = hsts(plan, out);
    if found(plan, &FrameOptions::NAME).is_some_and(|sent| sent.value != FrameOptions::Deny.to_string()) {
        out.comment("W019: the app's own pages may frame each other.");
        silenced.push("security.W019".to_owned());
    }
    if !silenced.is_empty() {
        assign(out, "SILENCED_SYSTEM_CHECKS", list(silenced));
    }
}

/// Writes HSTS, and returns what Django's check would say of what was decided.
fn hsts(plan: &Plan<'_>, out: &mut Written) -> Vec<String> {
    let hsts = found(plan, &Hsts::NAME).and_then(|sent| Hsts::parse(&[&sent.value]).value);
    let Some(hsts) = hsts else { return Vec::new() };
    out.comment("Browsers come back over HTTPS only (HSTS).");
    assign(out, "SECURE_HSTS_SECONDS", raw(hsts.max_age.as_secs().to_string()));
    assign(out, "SECURE_HSTS_INCLUDE_SUBDOMAINS", raw(python(hsts.include_subdomains)));
    assign(out, "SECURE_HSTS_PRELOAD", raw(python(hsts.preload)));
    let mut silenced = Vec::new();
    if !hsts.include_subdomains {
        out.comment("W005: a subdomain may still speak plain HTTP, and would be locked out.");
        silenced.push("security.W005".to_owned());
    }
    if !hsts.preload {
        out.comment("W021: the preload list is a promise for the whole domain that takes months to take back.");
        silenced.push("security.W021".to_owned());
    }
    silenced
}

const fn python(yes: bool) -> &'static str {
    if yes { "True" } else { "False" }
}

fn cookies(plan: &Plan<'_>, out: &mut Written) {
    let cookies = &plan.policy.cookies;
    out.gap();
    out.comment("Cookies: never in the clear, and the session's out of reach for scripts.");
    assign(out, "SESSION_COOKIE_SECURE", raw(python(cookies.secure)));
    assign(out, "CSRF_COOKIE_SECURE", raw(python(cookies.secure)));
    assign(out, "SESSION_COOKIE_HTTPONLY", raw(python(cookies.http_only)));
    if let Some(same_site) = cookies.same_site {
        assign(out, "SESSION_COOKIE_SAMESITE", text(format!("{same_site:?}")));
        assign(out, "CSRF_COOKIE_SAMESITE", text(format!("{same_site:?}")));
    }
    if cookies.prefix && cookies.secure {
        out.comment(
            "The name is a promise to browsers: no other host has set it. Whoever is signed in signs in once more.",
        );
        assign(out, "SESSION_COOKIE_NAME", text("__Host-sessionid"));
        assign(out, "SESSION_COOKIE_PATH", text("/"));
        assign(out, "SESSION_COOKIE_DOMAIN", raw("None"));
    }
}

fn headers(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Security headers.");
    let mut said = vec![title(&Hsts::NAME)];
    if let Some(sent) = found(plan, &X_CONTENT_TYPE_OPTIONS) {
        assign(out, "SECURE_CONTENT_TYPE_NOSNIFF", raw("True"));
        said.push(sent.name.clone());
    }
    for (name, setting) in [
        (FrameOptions::NAME, "X_FRAME_OPTIONS"),
        (ReferrerPolicy::NAME, "SECURE_REFERRER_POLICY"),
        (OpenerPolicy::NAME, "SECURE_CROSS_ORIGIN_OPENER_POLICY"),
    ] {
        if let Some(sent) = found(plan, &name) {
            assign(out, setting, text(sent.value.clone()));
            said.push(sent.name.clone());
        }
    }
    for (name, own, library) in [
        (PolicyList::NAME, "SECURE_CSP", "CONTENT_SECURITY_POLICY"),
        (REPORT_ONLY, "SECURE_CSP_REPORT_ONLY", "CONTENT_SECURITY_POLICY_REPORT_ONLY"),
    ] {
        let Some(sent) = found(plan, &name) else { continue };
        let policies = PolicyList::parse(&[&sent.value]).value.unwrap_or_default().policies;
        let Some(policy) = policies.first() else { continue };
        if policies.len() > 1 {
            out.note(format!("all but the first of several policies in {}", sent.name));
        }
        match csp_of(plan) {
            Csp::Own => {
                out.open(&format!("{own} = {{"), &[], "");
                policy.directives().iter().for_each(|directive| csp(directive, out));
                out.close("}");
            }
            Csp::Library => {
                out.open(&format!("{library} = {{"), &[], "");
                out.open("\"DIRECTIVES\": {", &[], "");
                policy.directives().iter().for_each(|directive| csp(directive, out));
                out.close("},");
                out.close("}");
            }
            Csp::None => out.note(format!(
                "{}: Django has settings for it from 6.0 on; django-csp 4 brings them (--for-version 5.2+csp4)",
                sent.name
            )),
        }
        said.push(sent.name.clone());
    }
    said.push(title(&CACHE_CONTROL));
    let others: Vec<_> =
        plan.headers.iter().map(|sent| sent.name.as_str()).filter(|name| !said.iter().any(|it| it == name)).collect();
    if !others.is_empty() {
        out.note(format!("headers for which Django has no setting: {}", others.join(", ")));
    }
    if found(plan, &CACHE_CONTROL).is_some() {
        out.note("Cache-Control of answers to one visitor: views decide it (cache_control, never_cache)");
    }
}

fn csp(directive: &Directive, out: &mut Written) {
    let whole = directive.to_string();
    let mut words = whole.split_whitespace();
    let name = (SYNTAX.quote)(words.next().unwrap_or_default()).unwrap_or_default();
    let sources: Vec<_> = words.filter_map(SYNTAX.quote).collect();
    let value = if sources.is_empty() { "True".to_owned() } else { format!("[{}]", sources.join(", ")) };
    out.say("", &[raw(format!("{name}: {value},"))]);
}

/// Who sends a policy for content.
enum Csp {
    Library,
    None,
    Own,
}

fn csp_of(plan: &Plan<'_>) -> Csp {
    if plan.version.is_at_least([6, 0, 0]) {
        Csp::Own
    } else if plan.version.with() == Some("csp4") {
        Csp::Library
    } else {
        Csp::None
    }
}
