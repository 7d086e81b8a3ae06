//! What is refused before the app sees it: matchers, all conditions of which must hold.

use bartizan_proxy::config::{CsrfMode, EncodedSlashes, ResourceIsolation};

use super::super::patterns::{self, Match, Methods};
use super::super::plan::Plan;
use super::super::routes::{Access, Check, Route};
use super::super::written::{Written, raw, text};

pub(super) fn refusals(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    if let Some(body) = plan.policy.body {
        out.open("request_body", &[], " {");
        out.say("max_size", &[raw(body.to_string())]);
        out.close("}");
    }
    out.comment("Methods, and those that a request asks the app to act on instead of its own.");
    match patterns::methods(plan) {
        Methods::AllBut(never) => {
            out.say("@method", &[raw(format!("method {}", never.join(" ")))]);
            out.say("respond", &[raw("@method 405")]);
            for (number, name) in patterns::overrides().iter().enumerate() {
                let matcher = format!("@override{number}");
                let regex = format!("(?i)^(?:{})$", never.join("|"));
                out.say(&matcher, &[raw(format!("header_regexp override{number} {name}")), text(regex)]);
                out.say("respond", &[raw(format!("{matcher} 405"))]);
            }
        }
        Methods::Only(names) => {
            out.open("@method", &[], " {");
            out.say("not method", &[raw(names.join(" "))]);
            out.close("}");
            out.say("respond", &[raw("@method 405")]);
            for (number, name) in patterns::overrides().iter().enumerate() {
                let matcher = format!("@override{number}");
                out.open(&matcher, &[], " {");
                out.say("header", &[raw(format!("{name} *"))]);
                let regex = format!("^(?:{})$", names.join("|"));
                out.say(&format!("not header_regexp override{number} {name}"), &[text(regex)]);
                out.close("}");
                out.say("respond", &[raw(format!("{matcher} 405"))]);
            }
        }
    }
    out.comment("Paths that climb once an app has decoded them, past every rule for paths.");
    let expression = |regex: &str| format!("{{http.request.orig_uri}}.matches('{}')", regex.replace('\'', "[']"));
    out.say("@climbs", &[raw("expression"), raw(format!("`{}`", expression(patterns::CLIMBS)))]);
    out.say("respond", &[raw("@climbs 400")]);
    if plan.site.encoded_slashes == EncodedSlashes::Refuse {
        out.say("@slash", &[raw("expression"), raw(format!("`{}`", expression(patterns::ENCODED_SLASH)))]);
        out.say("respond", &[raw("@slash 400")]);
    }
    routes(plan, out);
    if plan.policy.csrf.mode != CsrfMode::DangerousOff {
        forged(plan, out);
    }
    if plan.policy.isolation == ResourceIsolation::On {
        out.comment("Other sites may link here, and load nothing.");
        out.open("@foreign", &[], " {");
        out.say("header", &[raw("Sec-Fetch-Site *")]);
        unless_skipped(plan, |route| route.isolation, out);
        for near in ["same-origin", "same-site", "none"] {
            out.say("not header Sec-Fetch-Site", &[raw(near)]);
        }
        origins("not ", &patterns::trusted_origins(plan), "trusted_load", out);
        out.open("not", &[], " {");
        out.say("method GET HEAD", &[]);
        out.say("header Sec-Fetch-Mode navigate", &[]);
        out.say("not header Sec-Fetch-Dest embed", &[]);
        out.say("not header Sec-Fetch-Dest object", &[]);
        out.close("}");
        out.close("}");
        out.say("respond", &[raw("@foreign 403")]);
    }
}

/// Refuses what is denied.
pub(super) fn routes(plan: &Plan<'_>, out: &mut Written) {
    let denied = plan.routes.iter().enumerate().filter(|(_, route)| route.access == Access::Denied);
    for (place, route) in denied {
        out.comment("Nothing is let through there, but on longer paths with rules of their own.");
        out.open(&format!("@{}", route.id), &[], " {");
        matched(plan, place, out);
        out.close("}");
        out.say("respond", &[raw(format!("@{} 403", route.id))]);
    }
}

/// Writes that a request is on a route, and on no longer one that fits.
pub(super) fn matched(plan: &Plan<'_>, place: usize, out: &mut Written) {
    for (number, route) in plan.routes.iter().enumerate().take(place + 1) {
        let not = if number == place { "" } else { "not " };
        out.say(&format!("{not}path_regexp {}", route.id), &[text(route.pattern.clone())]);
    }
}

pub(super) fn unless_skipped(plan: &Plan<'_>, check: impl Fn(&Route) -> Check, out: &mut Written) {
    let skipped = plan.routes.iter().enumerate().filter(|(_, route)| check(route) == Check::Skipped);
    for (place, _) in skipped {
        out.open("not", &[], " {");
        matched(plan, place, out);
        out.close("}");
    }
}

pub(super) fn origins(not: &str, origins: &[Match], name: &str, out: &mut Written) {
    if !origins.is_empty() {
        out.say(&format!("{not}header_regexp {name} Origin"), &[text(patterns::any(origins))]);
    }
}

pub(super) fn forged(plan: &Plan<'_>, out: &mut Written) {
    out.comment("No other site acts in a visitor's name (cross-site request forgery); each `not` is a way to pass.");
    out.open("@forged", &[], " {");
    unless_skipped(plan, |route| route.csrf, out);
    out.open("not", &[], " {");
    out.say("method GET HEAD OPTIONS", &[]);
    out.say("header !Upgrade", &[]);
    for name in patterns::overrides() {
        out.say(&format!("header !{name}"), &[]);
    }
    out.close("}");
    out.comment("Credentials that no browser adds by itself.");
    out.open("not", &[], " {");
    out.say("header_regexp credentials Authorization", &[text(patterns::CREDENTIALS)]);
    out.say("not header_regexp ambient Authorization", &[text(format!("(?i){}", patterns::ambient()))]);
    out.close("}");
    origins("not ", &patterns::trusted_origins(plan), "trusted", out);
    for own in ["same-origin", "none"] {
        out.say("not header Sec-Fetch-Site", &[raw(own)]);
    }
    out.comment("An older browser.");
    out.open("not", &[], " {");
    out.say("header !Sec-Fetch-Site", &[]);
    origins("", &patterns::own_origins(plan), "own", out);
    out.close("}");
    out.comment("A program says neither.");
    out.open("not", &[], " {");
    out.say("header !Sec-Fetch-Site", &[]);
    out.say("header !Origin", &[]);
    if plan.policy.csrf.mode == CsrfMode::Strict {
        out.say("header !Authorization", &[]);
        out.say("not header_regexp login Cookie", &[text(patterns::session_cookie(&plan.policy.cookies))]);
    }
    out.close("}");
    out.close("}");
    out.say("respond", &[raw("@forged 403")]);
}
