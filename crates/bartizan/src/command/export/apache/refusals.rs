//! What is refused before the app sees it: conditions of mod_rewrite, all of which must hold.

use bartizan_proxy::config::{CsrfMode, EncodedSlashes, ResourceIsolation};

use super::super::patterns::{self, Methods};
use super::super::plan::Plan;
use super::super::routes::{Access, Check, Route};
use super::super::written::{Written, raw, text};

pub(super) fn refusals(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("What is refused before the app sees it. Conditions before a rule must all hold.");
    out.say("RewriteEngine", &[raw("On")]);
    let refuse = |out: &mut Written, status: &str| {
        out.say("RewriteRule", &[raw("^"), raw("-"), raw(format!("[R={status},L]"))]);
    };
    out.comment("Methods, and those that a request asks the app to act on instead of its own.");
    let overrides = patterns::overrides();
    let fields = std::iter::once("%{REQUEST_METHOD}".to_owned())
        .chain(overrides.iter().map(|name| format!("%{{HTTP:{name}}}")))
        .collect::<Vec<_>>();
    let (regex, is_bad) = match patterns::methods(plan) {
        Methods::AllBut(never) => (format!("(?:^|:)(?:{})(?:$|:)", never.join("|")), true),
        Methods::Only(names) => {
            let one = format!("(?:{})", names.join("|"));
            (format!("^{one}{}$", format!("(?::{one}?)").repeat(overrides.len())), false)
        }
    };
    let bang = if is_bad { "" } else { "!" };
    let case = if is_bad { " [NC]" } else { "" };
    out.say("RewriteCond", &[text(fields.join(":")), raw(format!("\"{bang}{regex}\"{case}"))]);
    refuse(out, "405");
    routes(plan, out);
    out.comment("Paths that climb once an app has decoded them, past every rule for paths.");
    out.say("RewriteCond", &[raw("%{THE_REQUEST}"), text(climbs())]);
    refuse(out, "400");
    out.say(
        "AllowEncodedSlashes",
        &[raw(match plan.site.encoded_slashes {
            EncodedSlashes::Refuse => "Off",
            EncodedSlashes::Keep | EncodedSlashes::Decode => "NoDecode",
        })],
    );
    if plan.policy.csrf.mode != CsrfMode::DangerousOff {
        forged(plan, out);
    }
    if plan.policy.isolation == ResourceIsolation::On {
        out.comment("Other sites may link here, and load nothing.");
        unless_skipped(plan, |route| route.isolation, out);
        for condition in [
            "-n %{HTTP:Sec-Fetch-Site}".to_owned(),
            "%{HTTP:Sec-Fetch-Site} !~ /^(?:same-origin|same-site|none)$/".to_owned(),
            "! (%{REQUEST_METHOD} =~ /^(?:GET|HEAD)$/ && %{HTTP:Sec-Fetch-Mode} == 'navigate' \
             && %{HTTP:Sec-Fetch-Dest} !~ /^(?:embed|object)$/)"
                .to_owned(),
            format!("%{{HTTP:Origin}} !~ m#{}#", patterns::any(&patterns::trusted_origins(plan))),
        ] {
            out.say("RewriteCond", &[raw("expr"), text(condition)]);
        }
        refuse(out, "403");
    }
}

/// Notes the route that a request meets, and refuses what is denied.
pub(super) fn routes(plan: &Plan<'_>, out: &mut Written) {
    if plan.routes.is_empty() {
        return;
    }
    out.comment("Paths with rules of their own; the longest stands last, and the last that fits counts.");
    for route in plan.routes.iter().rev() {
        out.say("RewriteCond", &[raw("%{REQUEST_URI}"), text(route.pattern.clone())]);
        out.say("RewriteRule", &[raw("^"), raw("-"), raw(format!("[E=BARTIZAN_ROUTE:{}]", route.id))]);
    }
    for route in plan.routes.iter().filter(|route| route.access == Access::Denied) {
        out.say("RewriteCond", &[raw("%{ENV:BARTIZAN_ROUTE}"), raw(format!("^{}$", route.id))]);
        out.say("RewriteRule", &[raw("^"), raw("-"), raw("[R=403,L]")]);
    }
}

/// A condition for the rule that follows: it is not on a route where this is not checked.
pub(super) fn unless_skipped(plan: &Plan<'_>, check: impl Fn(&Route) -> Check, out: &mut Written) {
    for route in plan.routes.iter().filter(|route| check(route) == Check::Skipped) {
        out.say("RewriteCond", &[raw("%{ENV:BARTIZAN_ROUTE}"), raw(format!("!^{}$", route.id))]);
    }
}

pub(super) fn forged(plan: &Plan<'_>, out: &mut Written) {
    out.comment("No other site acts in a visitor's name (cross-site request forgery): it acts,");
    unless_skipped(plan, |route| route.csrf, out);
    let overrides: Vec<_> = patterns::overrides().iter().map(|name| format!("-n %{{HTTP:{name}}}")).collect();
    let mut say = |comment: &str, condition: String| {
        if !comment.is_empty() {
            out.comment(comment);
        }
        out.say("RewriteCond", &[raw("expr"), text(condition)]);
    };
    say(
        "",
        format!(
            "%{{REQUEST_METHOD}} !~ /^(?:GET|HEAD|OPTIONS)$/ || -n %{{HTTP:Upgrade}} || {}",
            overrides.join(" || ")
        ),
    );
    say(
        "without credentials that no browser adds by itself,",
        format!(
            "%{{HTTP:Authorization}} !~ /{}/ || %{{HTTP:Authorization}} =~ /{}/i",
            patterns::CREDENTIALS,
            patterns::ambient()
        ),
    );
    say(
        "from no trusted origin,",
        format!("%{{HTTP:Origin}} !~ m#{}#", patterns::any(&patterns::trusted_origins(plan))),
    );
    say("not from this very origin,", "%{HTTP:Sec-Fetch-Site} !~ /^(?:same-origin|none)$/".to_owned());
    say(
        "not by an older browser from there,",
        format!(
            "-n %{{HTTP:Sec-Fetch-Site}} || %{{HTTP:Origin}} !~ m#{}#",
            patterns::any(&patterns::own_origins(plan))
        ),
    );
    let silent = match plan.policy.csrf.mode {
        CsrfMode::On | CsrfMode::DangerousOff => "-n %{HTTP:Sec-Fetch-Site} || -n %{HTTP:Origin}".to_owned(),
        CsrfMode::Strict => format!(
            "-n %{{HTTP:Sec-Fetch-Site}} || -n %{{HTTP:Origin}} || -n %{{HTTP:Authorization}} || \
             %{{HTTP:Cookie}} =~ m#{}#",
            session_cookie(plan)
        ),
    };
    say("and not by a program, which says neither.", silent);
    out.say("RewriteRule", &[raw("^"), raw("-"), raw("[R=403,L]")]);
}

/// The pattern of climbing paths, for a whole request line.
pub(super) fn climbs() -> String {
    let path = patterns::CLIMBS.trim_start_matches('^').replace("|$)", "| )").replace("[^?]*", "[^? ]*");
    format!("^[^ ]+ {path}")
}

pub(super) fn session_cookie(plan: &Plan<'_>) -> String {
    // The delimiter of the expression.
    patterns::session_cookie(&plan.policy.cookies).replace('#', "[#]")
}
