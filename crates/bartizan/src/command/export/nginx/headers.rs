//! The security headers: ours, the app's where they stand, and cookies.

use bartizan_headers::{Field as _, Hsts};
use http::header::X_CONTENT_TYPE_OPTIONS;

use super::super::patterns::{self, FORGERY_TOKEN};
use super::super::plan::Plan;
use super::super::sent::{App, On, Sent, title};
use super::super::written::{Written, raw, text};
use super::decisions::{map, pattern, pattern_any_case, session};
use super::variable;

/// Writes the maps that choose between the app's value and ours; returns for each header what is sent.
pub(super) fn maps(plan: &Plan<'_>, out: &mut Written) -> Vec<Option<String>> {
    plan.headers.iter().map(|sent| chosen(plan, sent, out)).collect()
}

/// Returns the variable that holds the value, where it is not always ours.
fn chosen(plan: &Plan<'_>, sent: &Sent, out: &mut Written) -> Option<String> {
    let slug = sent.name.to_ascii_lowercase().replace('-', "_");
    let app = format!("$upstream_http_{slug}");
    let ours = text(sent.value.clone());
    let nothing = raw("\"\"");
    match (&sent.when, &sent.app) {
        (On::Private, _) => Some(private(plan, sent, out)),
        (On::Paths(paths), _) => {
            out.gap();
            out.comment(&format!("{} on these paths.", sent.name));
            let pairs: Vec<_> = std::iter::once((raw("default"), nothing))
                .chain(paths.iter().map(|path| (text(path.clone()), ours.clone())))
                .collect();
            Some(map(plan, out, "$uri", &slug, &pairs))
        }
        (On::Uninvited, App::YieldsUnless(words)) => {
            out.gap();
            out.comment(&format!("{}, unless the app invites other origins.", sent.name));
            let from = format!("$upstream_http_access_control_allow_origin:{app}");
            let stands = words.iter().map(|word| (text(format!(":{word}")), raw(format!("\"{word}\""))));
            let pairs: Vec<_> =
                [(raw("default"), ours), (pattern("^[^:]"), raw(app))].into_iter().chain(stands).collect();
            Some(map(plan, out, &from, &slug, &pairs))
        }
        (_, App::Stands) => {
            out.gap();
            out.comment(&format!("{} where the app sends none.", sent.name));
            Some(map(plan, out, &app, &slug, &[(raw("default"), nothing), (raw("\"\""), ours)]))
        }
        (_, App::YieldsUnless(words)) if !words.is_empty() => {
            out.gap();
            out.comment(&format!("{}: a stricter value of the app's stands.", sent.name));
            let stands = words.iter().map(|word| (text(*word), text(*word)));
            let pairs: Vec<_> = std::iter::once((raw("default"), ours)).chain(stands).collect();
            Some(map(plan, out, &app, &slug, &pairs))
        }
        (_, App::YieldsUnless(_) | App::Beside) => None,
    }
}

/// Answers that belong to one visitor, where the app does not say how they are cached.
fn private(plan: &Plan<'_>, sent: &Sent, out: &mut Written) -> String {
    out.gap();
    out.comment("An answer that sets a cookie, or follows from a login, is nobody else's.");
    let is_there = [(raw("default"), raw("1")), (raw("\"\""), raw("0"))];
    let said = "$upstream_http_cache_control$upstream_http_expires$upstream_http_pragma";
    let says = map(plan, out, said, "says_caching", &is_there);
    let cookie = map(plan, out, "$upstream_http_set_cookie", "sets_cookie", &is_there);
    let named = variable(plan, "session");
    // The check of foreign requests has it already, where it is on.
    if plan.policy.csrf.mode == bartizan_proxy::config::CsrfMode::DangerousOff {
        session(plan, out);
    }
    let same = map(
        plan,
        out,
        "$upstream_http_etag$upstream_http_last_modified:$upstream_http_content_type",
        "for_everybody",
        &[(raw("default"), raw("0")), (pattern_any_case("^[^:]+:(?!text/html|application/xhtml)"), raw("1"))],
    );
    let login = map(
        plan,
        out,
        &format!("{named}:$http_authorization"),
        "login",
        &[(raw("default"), raw("1")), (raw("\"0:\""), raw("0"))],
    );
    out.note("a shared cache is let keep an answer with a cookie, where the app says so");
    map(
        plan,
        out,
        &format!("{says}{cookie}{login}{same}"),
        "private",
        &[(raw("default"), raw("\"\"")), (pattern("^01|^0.10"), text(sent.value.clone()))],
    )
}

/// Writes the headers, all at one level: an `add_header` further in would drop those further out.
pub(super) fn write(plan: &Plan<'_>, chosen: &[Option<String>], out: &mut Written) {
    out.gap();
    out.comment("What tells of the software behind.");
    out.say("server_tokens", &[raw("off")]);
    for name in &plan.policy.strip {
        // These two are nginx's own, and it does not pass them on.
        if name != "server" {
            out.say("proxy_hide_header", &[text(title(name))]);
        }
    }
    out.gap();
    out.comment(
        "Security headers, on every answer (`always`), errors as well. The app's go first where ours take their place.",
    );
    for (sent, chosen) in plan.headers.iter().zip(chosen) {
        let gives_way = matches!(sent.app, App::YieldsUnless(_)) && sent.when != On::Private;
        if gives_way {
            out.say("proxy_hide_header", &[text(sent.name.clone())]);
        }
        let value = chosen.clone().map_or_else(|| text(sent.value.clone()), raw);
        out.say("add_header", &[text(sent.name.clone()), value, raw("always")]);
    }
}

/// Writes the headers of an answer that is no page, over plain HTTP.
pub(super) fn bare(plan: &Plan<'_>, out: &mut Written) {
    for sent in plan.headers.iter().filter(|sent| sent.name == title(&X_CONTENT_TYPE_OPTIONS)) {
        out.say("add_header", &[text(sent.name.clone()), text(sent.value.clone()), raw("always")]);
    }
}

/// Writes HSTS alone, for an answer that is only a redirect.
pub(super) fn hsts(plan: &Plan<'_>, out: &mut Written) {
    for sent in plan.headers.iter().filter(|sent| sent.name == title(&Hsts::NAME)) {
        out.say("add_header", &[text(sent.name.clone()), text(sent.value.clone()), raw("always")]);
    }
}

/// Writes the flags of cookies; of several lines the first that fits counts.
pub(super) fn cookies(plan: &Plan<'_>, out: &mut Written) {
    let cookies = &plan.policy.cookies;
    let secure = if cookies.secure { " secure" } else { "" };
    let same_site = cookies
        .same_site
        .map_or_else(String::new, |same_site| format!(" samesite={}", format!("{same_site:?}").to_ascii_lowercase()));
    let http_only = if cookies.http_only { " httponly" } else { "" };
    let session = format!("{secure}{http_only}{same_site}");
    if session.is_empty() {
        return;
    }
    out.gap();
    out.comment("Cookies: those that hold a login are kept from scripts and from other sites' requests.");
    let except = patterns::not_excepted(cookies).replace(")=)", ")$)");
    let names = pattern(&format!("^{except}{}$", patterns::session_names(cookies)));
    out.say("proxy_cookie_flags", &[names, raw(session.trim_start())]);
    let token = format!("{secure}{same_site}");
    if !token.is_empty() {
        out.say("proxy_cookie_flags", &[pattern(&format!("^{except}.*{FORGERY_TOKEN}")), raw(token.trim_start())]);
    }
    if !secure.is_empty() {
        out.say("proxy_cookie_flags", &[pattern(&format!("^{except}")), raw("secure")]);
    }
}
