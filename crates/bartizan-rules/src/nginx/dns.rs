//! Whether the name of an app is resolved once, when nginx starts, or again while it runs.

use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use crate::Severity;
use crate::facts::blocks::At;
use crate::facts::nginx::{Nginx, Possible, Reader, Value, VarName, Variable};

/// The groups of servers, by name.
pub(super) struct Groups<'a> {
    by_name: HashMap<&'a str, Vec<At<'a>>>,
}

impl<'a> Groups<'a> {
    pub(super) fn of(nginx: &'a Nginx) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for group in nginx.each("upstream").filter(|group| group.words().len() == 1) {
            by_name.entry(group.arg(0).unwrap_or_default()).or_default().push(group);
        }
        Self { by_name }
    }

    /// Returns the groups of a name that a reader sees in the blocks around a directive, the nearest first.
    fn named(&self, name: &str, reader: &Reader, node: At<'_>) -> Vec<At<'a>> {
        let groups = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let distance = |group: &At<'_>| node.parents().position(|parent| group.parent() == Some(parent));
        let near = groups.iter().filter(|group| reader.sees(**group) && distance(group).is_some());
        let mut near: Vec<_> = near.copied().collect();
        near.sort_by_key(|group| (distance(group), group.id()));
        near
    }
}

/// Returns what gixy-ng says, and in which words.
pub(super) fn by_ng(ng: &Reader, node: At<'_>, groups: &Groups<'_>) -> Vec<(Severity, String)> {
    let Some(target) = node.arg(0).filter(|target| ng.sees(node) && !is_file(target)) else {
        return Vec::new();
    };
    let possible = ng.possible(node);
    let Some(host) = host(target).and_then(|host| resolved(&possible, node, host)) else { return Vec::new() };
    if host.is_empty() || is_address(&host) {
        return Vec::new();
    }
    if let Some(servers) = upstream(ng, node, groups, &host) {
        let names = |is_cloud: bool| {
            servers.iter().filter(|server| cloud(server) == is_cloud).cloned().collect::<Vec<_>>().join(",")
        };
        let said = [(Severity::High, names(true)), (Severity::Medium, names(false))];
        let said = said.into_iter().filter(|(_, names)| !names.is_empty());
        return said.map(|(severity, names)| (severity, format!("{host} {names}"))).collect();
    }
    if target.contains('$') {
        let has_resolver = ng.in_scope(node, "resolver").is_some();
        return if has_resolver { Vec::new() } else { vec![(Severity::Medium, node.name().to_owned())] };
    }
    if !is_outside(&host) {
        return Vec::new();
    }
    let severity = if cloud(&host) { Severity::High } else { Severity::Medium };
    vec![(severity, format!("{} {host}", node.name()))]
}

/// Returns in which words gixy-next says it.
pub(super) fn by_next(next: &Reader, node: At<'_>, groups: &Groups<'_>) -> Option<String> {
    let target = node.arg(0).filter(|target| node.is("proxy_pass") && next.sees(node) && !is_file(target))?;
    let raw = host(target)?;
    let possible = next.possible(node);
    let mut name = String::new();
    let mut candidates = Vec::new();
    for part in possible.compile(raw) {
        let is_own = matches!(&part.name, Some(VarName::Name(name)) if possible.is_builtin(name));
        let Some(full) = part.full.as_deref().filter(|_| !is_own) else { break };
        candidates.push(full.to_owned());
        name.push_str(full);
    }
    let lower = name.to_lowercase();
    let lower = lower.trim_end_matches('.');
    let is_local = matches!(lower, "localhost" | "ip6-localhost") || lower.ends_with(".localhost");
    if name.parse::<Ipv4Addr>().is_ok() || is_v6(&name) || is_local {
        return None;
    }
    let resolver = next.in_scope(node, "resolver");
    let mut severity = Severity::Low;
    let (mut is_group, mut is_static) = (false, false);
    candidates.push(name.clone());
    candidates.sort_unstable();
    candidates.dedup();
    for group in candidates.iter().flat_map(|name| groups.named(name, next, node)) {
        is_group = true;
        for server in next.find(group, "server") {
            if server.args().any(|arg| arg == "resolve") {
                if resolver.is_none() {
                    return Some("resolve without a resolver".to_owned());
                }
                continue;
            }
            let address = server.arg(0)?;
            let Some(host) = host(address).filter(|_| !is_file(address)) else { continue };
            if host.parse::<Ipv4Addr>().is_ok() || is_v6(host) {
                continue;
            }
            is_static = true;
            if has_suffix(host) {
                severity = Severity::Medium;
            }
        }
    }
    if !is_group && target.contains('$') {
        return resolver.is_none().then(|| "a variable without a resolver".to_owned());
    }
    if is_group && !is_static {
        return None;
    }
    if !is_group && !name.is_empty() && has_suffix(&name) {
        severity = Severity::Medium;
    }
    Some(format!("static {severity}"))
}

/// The host of a target; a scheme may stand before it.
fn host(target: &str) -> Option<&str> {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
    };
    let rest = match target.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) && !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']) => {
            rest
        }
        _ => target,
    };
    if let Some((address, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        && !address.is_empty()
        && address.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'))
    {
        return rest.get(..address.len() + 2);
    }
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    rest.get(..end).filter(|host| !host.is_empty())
}

/// Whether it is a socket of this machine.
fn is_file(target: &str) -> bool {
    target.as_bytes().windows(5).any(|part| part == b"unix:")
}

fn is_v6(host: &str) -> bool {
    let host = host.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(host, |(address, _)| address);
    host.parse::<Ipv6Addr>().is_ok()
}

fn is_address(host: &str) -> bool {
    is_v6(host) || host.rsplit_once(':').map_or(host, |(host, _)| host).parse::<Ipv4Addr>().is_ok()
}

fn has_suffix(host: &str) -> bool {
    let host = host.trim_matches('.').to_lowercase();
    bartizan_suffixes::suffix(&host).is_some_and(|suffix| suffix.is_known)
}

/// The host with its variables put in; nothing, if a visitor or nginx itself decides.
fn resolved(possible: &Possible<'_>, node: At<'_>, host: &str) -> Option<String> {
    if !host.contains('$') {
        return Some(host.to_owned());
    }
    let parts = possible.compile(host);
    if !parts.iter().any(|part| part.name.is_some()) {
        return None;
    }
    let mut text = String::new();
    for part in &parts {
        if part.name.is_some() && part.provider.is_none() {
            return None;
        }
        match literal(possible, node, part, 20) {
            Some(known) => text.push_str(&known),
            None => return Some(host.to_owned()),
        }
    }
    Some(text)
}

/// The only text that a variable can be.
fn literal(possible: &Possible<'_>, node: At<'_>, part: &Variable, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let all = |parts: &[Arc<Variable>]| parts.iter().map(|part| literal(possible, node, part, depth)).collect();
    match &part.value {
        Value::Regex(_) | Value::Unknown => None,
        Value::Entries(entries) => {
            let mut known: Option<String> = None;
            for (entry, scope) in entries {
                let text = all(&possible.compile_within(node.tree().at(*entry).arg(0)?, scope))?;
                if known.is_some_and(|known| known != text) {
                    return None;
                }
                known = Some(text);
            }
            known
        }
        Value::Text(text) => match part.depends.as_deref().filter(|depends| !depends.is_empty()) {
            Some(depends) => all(depends),
            None => (!text.contains('$')).then(|| text.to_string()),
        },
    }
}

/// The servers of the group of this name whose names are resolved once.
fn upstream(ng: &Reader, node: At<'_>, groups: &Groups<'_>, name: &str) -> Option<Vec<String>> {
    let group = groups.named(name, ng, node).into_iter().next()?;
    let servers = ng.find(group, "server").filter(|server| !server.args().any(|arg| arg == "resolve"));
    let hosts = servers.filter_map(|server| host(server.arg(0).filter(|address| !is_file(address))?));
    Some(hosts.filter(|host| !is_address(host) && is_outside(host)).map(str::to_owned).collect())
}

/// Whether a name is resolved outside of this net.
fn is_outside(host: &str) -> bool {
    let host = host.to_lowercase();
    let host = host.trim_matches('.');
    if cloud(host) {
        return true;
    }
    let labels: Vec<_> = host.split('.').collect();
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return false };
    let is_reserved = ["test", "example", "invalid", "localhost", "local", "onion", "arpa"].contains(last);
    let is_inner = INNER.iter().any(|suffix| host.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.')));
    let is_role = labels.len() == 2
        && ROLES.split_whitespace().any(|role| role == *first)
        && last.len() <= 12
        && last.chars().all(char::is_alphabetic);
    let dashed: Vec<_> = first.split('-').collect();
    let is_octet = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_dashed = labels.len() > 1 && dashed.len() == 4 && dashed.iter().all(is_octet);
    labels.len() > 1 && !is_reserved && !is_inner && !is_role && !is_dashed
}

/// Whether the name is a cloud provider's, whose addresses change often.
fn cloud(host: &str) -> bool {
    let host = host.to_lowercase();
    let host = host.trim_matches('.');
    let ends = |suffix: &str| host.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.'));
    let is_amazon = host.ends_with(".amazonaws.com")
        && ["elb.", "execute-api.", "s3.", "s3-"].iter().any(|part| host.contains(part));
    let is_function = host.contains(".lambda-url.") && host.ends_with(".on.aws");
    let is_balancer =
        ["-lb.", ".lb.", ".loadbalancer.", "-elb.", "-alb.", "-nlb."].iter().any(|part| host.contains(part));
    let is_cdn = host.rsplit_once(".cdn.").is_some_and(|(_, rest)| {
        rest.split('.').count() == 2 && rest.chars().all(|c| c == '.' || c.is_ascii_lowercase())
    });
    is_amazon || is_function || is_balancer || is_cdn || CLOUDS.split_whitespace().any(ends)
}

static INNER: &[&str] = &[
    "internal",
    "intranet",
    "private",
    "corp",
    "corporate",
    "home",
    "lan",
    "localdomain",
    "office",
    "company",
    "cluster.local",
    "svc",
    "pod",
    "docker",
    "consul",
    "vault",
    "nomad",
    "mesos",
    "dcos",
    "cattle-system",
    "internal.cloudapp.net",
    "novalocal",
    "openstacklocal",
];

/// Names that machines of one net give each other.
static ROLES: &str = "localhost backend frontend api web app service database db redis memcached cache queue worker \
                      nginx apache proxy gateway lb loadbalancer master slave primary replica node server \
                      elasticsearch kibana logstash grafana prometheus kafka zookeeper rabbitmq activemq nats \
                      postgres postgresql mysql mariadb mongodb mongo vault consul etcd minio storage";

static CLOUDS: &str = "elasticbeanstalk.com cloudfront.net amplifyapp.com awsglobalaccelerator.com run.app \
                       cloudfunctions.net appspot.com googleapis.com web.app firebaseapp.com azurewebsites.net \
                       azure-api.net cloudapp.azure.com blob.core.windows.net azureedge.net trafficmanager.net \
                       azurefd.net azurestaticapps.net azure.com workers.dev pages.dev r2.dev herokuapp.com \
                       vercel.app now.sh netlify.app netlify.com railway.app onrender.com render.com fly.dev \
                       deno.dev supabase.co neon.tech planetscale.com ondigitalocean.app digitaloceanspaces.com \
                       linode.com vultr.com scaleway.com hetzner.cloud upcloud.com akamaihd.net akamaized.net \
                       akamaitechnologies.com fastly.net fastlylb.net cdn77.org stackpathdns.com stackpathcdn.com \
                       kxcdn.com bunnycdn.com b-cdn.net";
