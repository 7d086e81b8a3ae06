//! What goes out: headers, cookies and error pages.

use super::super::patterns;
use super::super::plan::Plan;
use super::super::sent::{App, On, Sent};
use super::super::written::{Written, raw, text};

/// What a log format would take for a variable is written twice.
pub(super) fn value(sent: &Sent) -> String {
    sent.value.replace('%', "%%")
}

pub(super) fn responses(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("What tells of the software behind.");
    for name in &plan.policy.strip {
        out.say("http-response", &[raw(format!("del-header {name}"))]);
    }
    cookies(plan, out);
    let replaced: Vec<_> =
        plan.policy.errors.replace.iter().filter(|status| status.canonical_reason().is_some()).collect();
    if !replaced.is_empty() {
        out.gap();
        out.comment("What an error page of the app says is meant for its operator.");
        for status in &replaced {
            let code = status.as_str();
            out.say("http-response", &[raw(super::answer(code, &format!("if {{ status {code} }}")))]);
        }
        if replaced.len() < plan.policy.errors.replace.len() {
            out.note("error answers under a status that no standard names are not replaced");
        }
    }
    out.gap();
    out.comment("Security headers, on every answer, those of HAProxy as well (`http-after-response`).");
    for sent in &plan.headers {
        let name = &sent.name;
        let mut say = |how: &str, condition: String| {
            out.say("http-after-response", &[raw(format!("{how} {name}")), text(value(sent)), raw(condition)]);
        };
        match (&sent.when, &sent.app) {
            (On::Private, _) => private(sent, out),
            (On::Paths(paths), _) => {
                let condition: Vec<_> = paths.iter().filter_map(|path| (super::SYNTAX.quote)(path)).collect();
                say("set-header", format!("if {{ var(txn.path) -m str {} }}", condition.join(" ")));
            }
            (_, App::Beside) => say("add-header", String::new()),
            (_, App::Stands) => say("set-header", format!("unless {{ res.hdr({name}) -m found }}")),
            (when, App::YieldsUnless(words)) => {
                let mut unless = Vec::new();
                if !words.is_empty() {
                    unless.push(format!("{{ res.hdr({name}) -m str -i {} }}", words.join(" ")));
                }
                if *when == On::Uninvited {
                    unless.push("{ res.hdr(access-control-allow-origin) -m found }".to_owned());
                }
                let condition =
                    if unless.is_empty() { String::new() } else { format!("unless {}", unless.join(" or ")) };
                say("set-header", condition);
            }
        }
    }
    out.gap();
}

/// Answers that belong to one visitor, where the app does not say how they are cached.
pub(super) fn private(sent: &Sent, out: &mut Written) {
    out.comment("An answer that sets a cookie, or follows from a login, is nobody else's.");
    for name in ["cache-control", "expires", "pragma"] {
        out.say("acl", &[raw(format!("says_caching res.hdr({name}) -m found"))]);
    }
    for name in ["etag", "last-modified"] {
        out.say("acl", &[raw(format!("validator res.hdr({name}) -m found"))]);
    }
    out.say("acl", &[raw("page res.hdr(content-type) -m beg -i text/html application/xhtml")]);
    for condition in [
        "{ res.hdr(set-cookie) -m found }",
        "{ var(txn.session) -m bool } !validator",
        "{ var(txn.session) -m bool } page",
    ] {
        let condition = format!("if !says_caching {condition}");
        out.say("http-response", &[raw(format!("set-header {}", sent.name)), text(value(sent)), raw(condition)]);
    }
    out.note("a shared cache is let keep an answer with a cookie, where the app says so");
}

pub(super) fn cookies(plan: &Plan<'_>, out: &mut Written) {
    let cookies = &plan.policy.cookies;
    let edits = patterns::cookie_edits(cookies);
    if edits.is_empty() {
        return;
    }
    out.gap();
    out.comment("Cookies: those that hold a login are kept from scripts and from other sites' requests. These need a");
    out.comment("HAProxy with PCRE, as Debian's is.");
    let except = patterns::not_excepted(cookies);
    for (names, attribute, added) in edits {
        let regex = format!("^({except}(?:{names})=(?!(?i:.*; *{attribute}(?:=|;|$))).*)$");
        out.say("http-response", &[raw("replace-header Set-Cookie"), text(regex), text(format!("\\1; {added}"))]);
    }
}
