//! What nginx decides by maps: who may act here, who may load, which methods and paths pass.

use bartizan_proxy::config::{CsrfMode, RequestRate, ResourceIsolation};

use super::super::patterns::{self, Match, Methods};
use super::super::plan::Plan;
use super::super::routes::{Access, Check, Route};
use super::super::written::{Arg, Written, raw, text};
use super::variable;

/// A variable that holds for requests to be refused.
pub(super) struct Decision {
    pub(super) variable: String,
    pub(super) status: &'static str,
}

/// Writes the maps and zones, and returns what is refused because of them.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) -> Vec<Decision> {
    connection(plan, out);
    zones(plan, out);
    let denied = routes(plan, out);
    let mut decided = vec![methods(plan, out), climbing(plan, out)];
    decided.extend(denied);
    let (csrf, isolation) = (plan.policy.csrf.mode, plan.policy.isolation);
    if csrf != CsrfMode::DangerousOff || isolation == ResourceIsolation::On {
        origins(plan, out);
    }
    if csrf != CsrfMode::DangerousOff {
        decided.push(forged(plan, out));
    }
    if isolation == ResourceIsolation::On {
        decided.push(foreign(plan, out));
    }
    decided
}

/// Writes a map from one text to a variable.
pub(super) fn map(plan: &Plan<'_>, out: &mut Written, from: &str, to: &str, pairs: &[(Arg, Arg)]) -> String {
    let to = variable(plan, to);
    out.open("map", &[raw(format!("\"{from}\"")), raw(to.clone())], " {");
    for (key, value) in pairs {
        out.say("", &[key.clone(), value.clone()]);
    }
    out.close("}");
    to
}

/// A pattern as a key of a map.
pub(super) fn pattern(regex: &str) -> Arg {
    text_pattern("~", regex)
}

/// A pattern that does not look at letters' case.
pub(super) fn pattern_any_case(regex: &str) -> Arg {
    text_pattern("~*", regex)
}

fn text_pattern(tilde: &str, regex: &str) -> Arg {
    // A dollar in a key is the end of the text; a variable is not looked for there.
    raw(format!("\"{tilde}{}\"", regex.replace('\\', "\\\\").replace('"', "\\\"")))
}

fn connection(plan: &Plan<'_>, out: &mut Written) {
    out.comment("WebSockets pass; other connections to the app are kept for the next request.");
    map(plan, out, "$http_upgrade", "connection", &[(raw("default"), raw("upgrade")), (raw("\"\""), raw("\"\""))]);
    out.gap();
    out.comment("`Forwarded` writes IPv6 addresses in brackets and quotes (RFC 7239, 6).");
    map(
        plan,
        out,
        "$remote_addr",
        "for",
        &[(raw("default"), raw("$remote_addr")), (raw("~:"), raw("'\"[$remote_addr]\"'"))],
    );
}

/// Returns the bounds on requests, with the name of each zone.
pub(super) fn rates(plan: &Plan<'_>) -> Vec<(&'static str, RequestRate)> {
    let of_process = plan.server.limits.requests_per_client.map(|rate| ("requests", rate));
    of_process.into_iter().chain(plan.policy.requests_per_client.map(|rate| ("site_requests", rate))).collect()
}

fn zones(plan: &Plan<'_>, out: &mut Written) {
    let (limits, rates) = (&plan.server.limits, rates(plan));
    if limits.connections_per_client.is_none() && rates.is_empty() {
        return;
    }
    out.gap();
    out.comment("A client is an address; one of IPv6 is its /64, for a household has so many.");
    let client = map(
        plan,
        out,
        "$remote_addr",
        "client",
        &[(raw("default"), raw("$remote_addr")), (pattern("^(?<net>(?:[0-9a-f]+:){4})"), raw("$net"))],
    );
    if limits.connections_per_client.is_some() {
        out.say("limit_conn_zone", &[raw(client.clone()), raw(format!("zone={}__connections:10m", plan.identifier()))]);
    }
    for (zone, rate) in rates {
        // nginx counts by the second or the minute.
        let seconds = rate.per.as_secs().max(1);
        let per_minute = u64::from(rate.count.get()).saturating_mul(60) / seconds;
        let rate =
            if per_minute >= 60 { format!("{}r/s", per_minute / 60) } else { format!("{}r/m", per_minute.max(1)) };
        let zone = format!("zone={}__{zone}:10m", plan.identifier());
        out.say("limit_req_zone", &[raw(client.clone()), raw(zone), raw(format!("rate={rate}"))]);
    }
}

/// Writes which route a request meets, and returns whether all is refused there.
fn routes(plan: &Plan<'_>, out: &mut Written) -> Option<Decision> {
    if plan.routes.is_empty() {
        return None;
    }
    out.gap();
    out.comment("Paths with rules of their own; the longest stands first, and the first that fits counts.");
    let pairs: Vec<_> = std::iter::once((raw("default"), raw("site")))
        .chain(plan.routes.iter().map(|route| (pattern(&route.pattern), raw(route.id.clone()))))
        .collect();
    let route = map(plan, out, "$uri", "route", &pairs);
    let denied: Vec<_> = plan.routes.iter().filter(|route| route.access == Access::Denied).collect();
    if denied.is_empty() {
        return None;
    }
    let pairs: Vec<_> = std::iter::once((raw("default"), raw("0")))
        .chain(denied.iter().map(|route| (raw(route.id.clone()), raw("1"))))
        .collect();
    Some(Decision { variable: map(plan, out, &route, "denied", &pairs), status: "403" })
}

/// Returns the keys of a map that begins with the route, for those on which a check is not made.
fn skipped(plan: &Plan<'_>, check: impl Fn(&Route) -> Check) -> Vec<(Arg, Arg)> {
    let skipped = plan.routes.iter().filter(|route| check(route) == Check::Skipped);
    skipped.map(|route| (pattern(&format!("^{}:", route.id)), raw("0"))).collect()
}

/// Writes a decision, with the routes on which it is not made before all else.
fn decide(
    plan: &Plan<'_>,
    out: &mut Written,
    from: &str,
    to: &str,
    check: impl Fn(&Route) -> Check,
    pairs: &[(&str, &str)],
) -> String {
    let skipped = skipped(plan, check);
    let (route, any) =
        if skipped.is_empty() { (String::new(), "") } else { (format!("{}:", variable(plan, "route")), "[a-z0-9]+:") };
    let first = [(raw("default"), raw("1"))].into_iter().chain(skipped);
    let rest = pairs.iter().map(|(key, value)| {
        let key = key.strip_prefix('^').map_or_else(|| (*key).to_owned(), |key| format!("^{any}{key}"));
        (pattern(&key), raw(*value))
    });
    map(plan, out, &format!("{route}{from}"), to, &first.chain(rest).collect::<Vec<_>>())
}

fn methods(plan: &Plan<'_>, out: &mut Written) -> Decision {
    out.gap();
    out.comment("Methods, and those that a request asks the app to act on instead of its own.");
    let overrides: Vec<_> = patterns::overrides().iter().map(|name| header_variable(name)).collect();
    let from = format!("$request_method:{}", overrides.join(":"));
    let colons = ":".repeat(overrides.len());
    let (good, bad) = match patterns::methods(plan) {
        Methods::AllBut(never) => {
            (raw("0"), vec![(pattern_any_case(&format!("(?:^|:)(?:{})(?:$|:)", never.join("|"))), raw("1"))])
        }
        Methods::Only(names) => {
            let one = format!("(?:{})", names.join("|"));
            let others = format!("(?::{one}?)").repeat(colons.len());
            (raw("1"), vec![(pattern(&format!("^{one}{others}$")), raw("0"))])
        }
    };
    let pairs: Vec<_> = std::iter::once((raw("default"), good)).chain(bad).collect();
    Decision { variable: map(plan, out, &from, "bad_method", &pairs), status: "405" }
}

fn climbing(plan: &Plan<'_>, out: &mut Written) -> Decision {
    out.gap();
    out.comment("Paths that climb once an app has decoded them, past every rule for paths.");
    let pairs = [(raw("default"), raw("0")), (pattern(patterns::CLIMBS), raw("1"))];
    Decision { variable: map(plan, out, "$request_uri", "climbs", &pairs), status: "400" }
}

fn origins(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Whose page made the browser send a request.");
    let key = |origin: &Match| match origin {
        Match::Whole(whole) => text(whole.clone()),
        Match::Pattern(regex) => pattern(&format!("^{regex}$")),
    };
    let own = patterns::own_origins(plan);
    let trusted = patterns::trusted_origins(plan);
    let pairs: Vec<_> = [(raw("default"), raw("foreign")), (raw("\"\""), raw("none"))]
        .into_iter()
        .chain(own.iter().map(|origin| (key(origin), raw("own"))))
        .chain(trusted.iter().filter(|origin| !own.contains(origin)).map(|origin| (key(origin), raw("trusted"))))
        .collect();
    map(plan, out, "$http_origin", "origin", &pairs);
}

fn forged(plan: &Plan<'_>, out: &mut Written) -> Decision {
    out.gap();
    out.comment("No other site acts in a visitor's name (cross-site request forgery).");
    let overrides: String = patterns::overrides().iter().map(|name| header_variable(name)).collect();
    let from = format!("$request_method:$http_upgrade{overrides}");
    let acts = map(
        plan,
        out,
        &from,
        "acts",
        &[(raw("default"), raw("acts")), (pattern("^(?:GET|HEAD|OPTIONS):$"), raw("reads"))],
    );
    out.comment("Credentials that no browser adds by itself come from a script that was allowed to.");
    let credentials = map(
        plan,
        out,
        "$http_authorization",
        "credentials",
        &[
            (raw("default"), raw("none")),
            (pattern_any_case(&patterns::ambient()), raw("ambient")),
            (pattern(patterns::CREDENTIALS), raw("own")),
        ],
    );
    let session = session(plan, out);
    out.comment("From top to bottom: the first line that holds decides.");
    let origin = variable(plan, "origin");
    let from = format!("{acts}:{credentials}:{origin}:$http_sec_fetch_site:{session}");
    let silent = match plan.policy.csrf.mode {
        // No browser of this decade sent it.
        CsrfMode::On | CsrfMode::DangerousOff => "^acts:[a-z]+:none::",
        CsrfMode::Strict => "^acts:none:none::0$",
    };
    let pairs = [
        ("^reads:", "0"),
        ("^acts:own:", "0"),
        ("^acts:[a-z]+:trusted:", "0"),
        ("^acts:[a-z]+:[a-z]+:(?:same-origin|none):[01]$", "0"),
        ("^acts:[a-z]+:own::", "0"),
        (silent, "0"),
    ];
    Decision { variable: decide(plan, out, &from, "forged", |route| route.csrf, &pairs), status: "403" }
}

fn foreign(plan: &Plan<'_>, out: &mut Written) -> Decision {
    out.gap();
    out.comment("Other sites may link here, and load nothing.");
    let origin = variable(plan, "origin");
    let from = format!("$http_sec_fetch_site:$request_method:$http_sec_fetch_mode:$http_sec_fetch_dest:{origin}");
    let pairs = [
        ("^:", "0"),
        ("^(?:same-origin|same-site|none):", "0"),
        ("^[^:]*:(?:GET|HEAD):navigate:(?!embed:|object:)", "0"),
        (":trusted$", "0"),
    ];
    Decision { variable: decide(plan, out, &from, "loads", |route| route.isolation, &pairs), status: "403" }
}

/// Writes whether a request carries a cookie that is known to hold a login, and returns its variable.
pub(super) fn session(plan: &Plan<'_>, out: &mut Written) -> String {
    let regex = patterns::session_cookie(&plan.policy.cookies);
    map(plan, out, "$http_cookie", "session", &[(raw("default"), raw("0")), (pattern(&regex), raw("1"))])
}

fn header_variable(name: &str) -> String {
    format!("$http_{}", name.to_ascii_lowercase().replace('-', "_"))
}
