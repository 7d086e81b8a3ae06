//! What is refused before the app sees it: access lists, and what follows from them.

use bartizan_proxy::config::{CsrfMode, EncodedSlashes, ResourceIsolation};

use super::super::patterns::{self, Methods};
use super::super::plan::Plan;
use super::super::routes::{Access, Check, Route};
use super::super::written::{Written, raw, text};

pub(super) fn refusals(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Methods, and those that a request asks the app to act on instead of its own.");
    let overrides = patterns::overrides();
    let (regex, condition) = match patterns::methods(plan) {
        Methods::AllBut(never) => (format!("^(?:{})$", never.join("|")), "if bad_method"),
        Methods::Only(names) => (format!("^(?:{})$", names.join("|")), "if !good_method"),
    };
    if condition == "if bad_method" {
        out.say("acl", &[raw("bad_method method -m reg -i"), text(regex.clone())]);
        for name in &overrides {
            out.say("acl", &[raw(format!("bad_method req.hdr({name}) -m reg -i")), text(regex.clone())]);
        }
    } else {
        out.say("acl", &[raw("good_method method -m reg"), text(regex.clone())]);
        for name in &overrides {
            out.say("acl", &[raw(format!("asks_method req.hdr({name}) -m found"))]);
            out.say("acl", &[raw(format!("good_override req.hdr({name}) -m reg")), text(regex.clone())]);
        }
        out.say("http-request", &[raw(super::answer("405", "if asks_method !good_override"))]);
    }
    out.say("http-request", &[raw(super::answer("405", condition))]);
    out.comment("Paths that climb once an app has decoded them, past every rule for paths.");
    out.say("acl", &[raw("climbs url -m reg"), text(patterns::CLIMBS)]);
    out.say("http-request", &[raw(super::answer("400", "if climbs"))]);
    if plan.site.encoded_slashes == EncodedSlashes::Refuse {
        out.say("acl", &[raw("encoded_slash url -m reg"), text(patterns::ENCODED_SLASH)]);
        out.say("http-request", &[raw(super::answer("400", "if encoded_slash"))]);
    }
    routes(plan, out);
    session(plan, out);
    let (csrf, isolation) = (plan.policy.csrf.mode, plan.policy.isolation);
    if csrf == CsrfMode::DangerousOff && isolation == ResourceIsolation::Off {
        return;
    }
    out.gap();
    out.comment("Whose page made the browser send a request.");
    out.say("acl", &[raw("fetch req.hdr(sec-fetch-site) -m found")]);
    out.say("acl", &[raw("origin req.hdr(origin) -m found")]);
    let trusted = patterns::trusted_origins(plan);
    out.say("acl", &[raw("trusted req.hdr(origin) -m reg"), text(patterns::any(&trusted))]);
    if csrf != CsrfMode::DangerousOff {
        forged(plan, out);
    }
    if isolation == ResourceIsolation::On {
        out.comment("Other sites may link here, and load nothing.");
        out.say("acl", &[raw("near req.hdr(sec-fetch-site) -m str same-origin same-site none")]);
        out.say("acl", &[raw("link method GET HEAD")]);
        out.say("acl", &[raw("navigates req.hdr(sec-fetch-mode) -m str navigate")]);
        out.say("acl", &[raw("embeds req.hdr(sec-fetch-dest) -m str embed object")]);
        let here = unless_skipped(plan, |route| route.isolation, "unloaded", out);
        for rest in ["!link", "!navigates", "embeds"] {
            out.say("http-request", &[raw(super::answer("403", &format!("if fetch !near !trusted {rest}{here}")))]);
        }
    }
}

/// Notes the route that a request meets, and refuses what is denied.
pub(super) fn routes(plan: &Plan<'_>, out: &mut Written) {
    if plan.routes.is_empty() {
        return;
    }
    out.comment("Paths with rules of their own; the longest stands last, and the last that fits counts.");
    for route in plan.routes.iter().rev() {
        let id = &route.id;
        out.say("acl", &[raw(format!("is_{id} path,url_dec -m reg")), text(route.pattern.clone())]);
        out.say("http-request", &[raw(format!("set-var(txn.route) str({id}) if is_{id}"))]);
    }
    for route in plan.routes.iter().filter(|route| route.access == Access::Denied) {
        let condition = format!("if {{ var(txn.route) -m str {} }}", route.id);
        out.say("http-request", &[raw(super::answer("403", &condition))]);
    }
}

/// Writes an access list of the routes where something is not checked, and returns a condition without them.
pub(super) fn unless_skipped(
    plan: &Plan<'_>,
    check: impl Fn(&Route) -> Check,
    name: &str,
    out: &mut Written,
) -> String {
    let ids: Vec<&str> =
        plan.routes.iter().filter(|route| check(route) == Check::Skipped).map(|route| route.id.as_str()).collect();
    if ids.is_empty() {
        return String::new();
    }
    out.say("acl", &[raw(format!("{name} var(txn.route) -m str {}", ids.join(" ")))]);
    format!(" !{name}")
}

pub(super) fn forged(plan: &Plan<'_>, out: &mut Written) {
    out.comment("No other site acts in a visitor's name (cross-site request forgery). A WebSocket acts, and so does a");
    out.comment("request for another method; credentials that no browser adds by itself are as good as an origin.");
    out.say("acl", &[raw("reads method GET HEAD OPTIONS")]);
    out.say("acl", &[raw("asks_more req.hdr(upgrade) -m found")]);
    for name in patterns::overrides() {
        out.say("acl", &[raw(format!("asks_more req.hdr({name}) -m found"))]);
    }
    out.say("acl", &[raw("credentials req.hdr(authorization) -m reg"), text(patterns::CREDENTIALS)]);
    out.say("acl", &[raw("ambient req.hdr(authorization) -m reg -i"), text(patterns::ambient())]);
    out.say("http-request", &[raw("set-var(txn.acts) bool(true) if !reads or asks_more")]);
    out.say("http-request", &[raw("unset-var(txn.acts) if credentials !ambient or trusted")]);
    if !unless_skipped(plan, |route| route.csrf, "unchecked", out).is_empty() {
        out.say("http-request", &[raw("unset-var(txn.acts) if unchecked")]);
    }
    out.say("acl", &[raw("acts var(txn.acts) -m bool")]);
    out.say("acl", &[raw("own_fetch req.hdr(sec-fetch-site) -m str same-origin none")]);
    let own = patterns::own_origins(plan);
    out.say("acl", &[raw("own_origin req.hdr(origin) -m reg"), text(patterns::any(&own))]);
    let mut conditions = vec!["if acts fetch !own_fetch", "if acts !fetch origin !own_origin"];
    if plan.policy.csrf.mode == CsrfMode::Strict {
        conditions.push("if acts !fetch !origin { var(txn.session) -m bool }");
    }
    for condition in conditions {
        out.say("http-request", &[raw(super::answer("403", condition))]);
    }
}

pub(super) fn session(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Whether the request carries a login: the answer is nobody else's then.");
    out.say("acl", &[raw("session req.hdr(authorization) -m found")]);
    let names = patterns::session_cookie(&plan.policy.cookies);
    out.say("acl", &[raw("session req.hdr(cookie) -m reg"), text(names)]);
    out.say("http-request", &[raw("set-var(txn.session) bool(true) if session")]);
    out.say("http-request", &[raw("set-var(txn.path) path")]);
}
