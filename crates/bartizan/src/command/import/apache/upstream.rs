//! Where Apache sends requests, and what it waits for.

use bartizan_proxy::config::UpstreamAddress;
use bartizan_rules::facts::blocks::At;

use super::super::plan::{Plan, Site};
use super::super::values::time;
use super::push;

/// Fills in the app: that of the root, or the first there is.
pub(super) fn app(server: At<'_>, given: Option<&str>, site: &mut Site, plan: &mut Plan) {
    let passes: Vec<_> = server.descendants().into_iter().filter(|node| node.is("proxypass")).collect();
    let is_http = |pass: &&At<'_>| {
        ["http://", "https://", "balancer://", "unix:"].iter().any(|start| to(**pass).starts_with(start))
    };
    let main = passes
        .iter()
        .find(|pass| path(**pass) == "/" && to(**pass) != "!")
        .or_else(|| passes.iter().find(is_http))
        .or_else(|| passes.iter().find(|pass| to(**pass) != "!"))
        .copied();
    let found = main.map(|main| addresses(main, plan)).unwrap_or_default();
    if let Some(main) = main.filter(|main| path(*main) != "/") {
        plan.lose(main, "only this path went to the app; here every path does, unless a route denies it");
    }
    for pass in &passes {
        if Some(*pass) == main {
            continue;
        }
        if to(*pass) == "!" {
            plan.lose(*pass, "every path goes to the app, or is denied");
        } else if main.is_some_and(|main| authority(main) != authority(*pass)) {
            plan.lose(*pass, "all of a site goes to one app");
        } else if path(*pass).trim_matches('/') != tail(*pass).trim_matches('/') {
            plan.lose(*pass, "the app gets the path as it was asked for, not another one");
        }
    }
    site.upstreams = match given {
        Some(given) => vec![given.to_owned()],
        None if found.is_empty() => {
            plan.lose(server, "no app is named; name it in upstream, or with --upstream");
            vec!["http://127.0.0.1:8000".to_owned()]
        }
        None => found,
    };
    if let Some(main) = main {
        options(server, main, site, plan);
    }
}

fn path(pass: At<'_>) -> &str {
    match pass.within("location") {
        Some(section) if !pass.arg(0).is_some_and(|arg| arg.starts_with('/')) => section.arg(0).unwrap_or_default(),
        _ => pass.arg(0).unwrap_or_default(),
    }
}

fn to(pass: At<'_>) -> &str {
    pass.args().find(|arg| *arg == "!" || arg.contains("://") || arg.starts_with("unix:")).unwrap_or_default()
}

/// The path that an app's address has itself.
fn tail(pass: At<'_>) -> &str {
    let rest = to(pass).split_once("://").map_or("", |(_, rest)| rest);
    rest.split_once('/').map_or("", |(_, tail)| tail)
}

fn authority(pass: At<'_>) -> &str {
    to(pass).split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

fn addresses(pass: At<'_>, plan: &mut Plan) -> Vec<String> {
    let to = to(pass);
    if let Some(socket) = to.strip_prefix("unix:") {
        return vec![format!("unix:{}", socket.split('|').next().unwrap_or_default())];
    }
    let Some((scheme, rest)) = to.split_once("://") else { return Vec::new() };
    if path(pass).trim_matches('/') != tail(pass).trim_matches('/') {
        plan.lose(pass, "the app gets the path as it was asked for, not another one");
    }
    let mut found = Vec::new();
    match scheme {
        "http" | "https" => found.push(with_port(to)),
        "balancer" => {
            let tree = pass.tree().all();
            let is_group = |node: &At<'_>| {
                node.is("proxy")
                    && node.arg(0).is_some_and(|name| {
                        name.trim_end_matches('/')
                            == format!("balancer://{}", rest.split('/').next().unwrap_or_default())
                    })
            };
            for member in tree.filter(is_group).flat_map(|group| group.each("balancermember")) {
                if member
                    .args()
                    .any(|arg| arg.eq_ignore_ascii_case("status=+h") || arg.eq_ignore_ascii_case("status=+d"))
                {
                    plan.lose(member, "an app's address is in use, or is not written");
                } else if let Some(address) = member.arg(0) {
                    push(&mut found, with_port(address));
                }
            }
        }
        _ => plan.lose(pass, "only HTTP is spoken with the app"),
    }
    found.retain(|address| crate::cli::word::<UpstreamAddress>(address).is_ok());
    found
}

fn with_port(to: &str) -> String {
    let (scheme, rest) = to.split_once("://").unwrap_or(("http", to));
    let host = rest.split('/').next().unwrap_or_default();
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if scheme == "https" { 443 } else { 80 };
    if has_port { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") }
}

fn options(server: At<'_>, pass: At<'_>, site: &mut Site, plan: &mut Plan) {
    let timeout = server.effective("proxytimeout").or_else(|| server.effective("timeout"));
    if let Some(time) = timeout.and_then(|node| node.arg(0)).and_then(time).filter(|time| time != "0s") {
        site.upstream.text("response_timeout", &time);
    }
    for word in pass.args().filter(|word| word.contains('=') && !word.contains("://")) {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let key = match &*name.to_ascii_lowercase() {
            "timeout" => "response_timeout",
            "connectiontimeout" => "connect_timeout",
            "nocanon" | "keepalive" | "upgrade" | "enablereuse" | "max" | "retry" | "disablereuse" => continue,
            _ => {
                plan.lose(pass, &format!("{name} has no key"));
                continue;
            }
        };
        if let Some(time) = time(value) {
            site.upstream.text(key, &time);
        }
    }
    if !server.effective("proxypreservehost").is_some_and(|node| node.says("on")) {
        plan.lose(pass, "Apache gives the app its own address as Host; here it gets the visitor's");
    }
    if to(pass).starts_with("https://") {
        let word = |name| server.effective(name).and_then(|node| node.arg(0));
        if let Some(file) = word("sslproxycacertificatefile") {
            site.upstream_tls.text("authorities", file);
        }
        if let Some(file) = word("sslproxymachinecertificatefile") {
            site.upstream_tls.text("certificate", file);
            site.upstream_tls.text("key", file);
        }
        if !word("sslproxyverify").is_some_and(|word| word.eq_ignore_ascii_case("require")) {
            plan.lose(
                pass,
                "Apache believes any certificate of the app; here it is checked, and authorities in \
                 [site.upstream_options.tls] names whose word counts",
            );
        }
    }
}
