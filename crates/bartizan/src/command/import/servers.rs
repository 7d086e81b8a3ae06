//! Servers of one name are one site: over TLS, over plain HTTP, and where one only leads to the other.

use bartizan_rules::facts::blocks::At;

use super::plan::{Plan, Site, place};

/// A server of another program.
pub(super) struct Server<'a> {
    pub(super) at: At<'a>,
    /// Its names; none is every name.
    pub(super) hosts: Vec<String>,
    /// Names that cannot be said here.
    pub(super) strange: Vec<String>,
    pub(super) is_tls: bool,
    pub(super) is_plain: bool,
    /// Whether the other program gives it requests for names that nobody has.
    pub(super) is_default: bool,
    /// The redirect that it answers everybody with.
    pub(super) redirect: Option<Redirect<'a>>,
}

/// Where a server sends all of its visitors.
pub(super) struct Redirect<'a> {
    pub(super) at: At<'a>,
    pub(super) status: u16,
    pub(super) to: Target,
    pub(super) keeps_path: bool,
}

/// What a redirect leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// HTTPS under this name.
    Name(String),
    /// Not HTTPS.
    Plain,
    /// HTTPS under the name that was asked for.
    Same,
}

/// Makes a site of each server that has pages; the others say where a site's visitors belong.
pub(super) fn gather<'a>(
    mut found: Vec<Server<'a>>,
    plan: &mut Plan,
    mut fill: impl FnMut(&Server<'a>, &mut Site, &mut Plan),
) -> Result<(), String> {
    // What is served over TLS counts, and its twin over plain HTTP is only remembered.
    found.sort_by_key(|server| !server.is_tls);
    for server in found.iter().filter(|server| server.redirect.is_none()) {
        for name in &server.strange {
            plan.lost.push(format!("{}: {name}: neither a name nor *.name; it is not served", place(server.at)));
        }
        if let Some(twin) = plan.sites.iter_mut().find(|site| site.hosts == server.hosts) {
            twin.is_plain |= server.is_plain;
            plan.lose(server.at, "a server above has the same names, and its settings count for both");
            continue;
        }
        let mut site = Site { hosts: server.hosts.clone(), is_plain: server.is_plain, ..Site::default() };
        if server.hosts.is_empty() && !server.strange.is_empty() {
            // An empty list would open the site to every name, which is the opposite of what was meant.
            site.hosts.push("no-name-could-be-carried-over.invalid".to_owned());
        }
        if server.is_default && !site.hosts.is_empty() {
            plan.lose(server.at, "this server answers unknown names, too; here those are refused");
        }
        fill(server, &mut site, plan);
        plan.sites.push(site);
    }
    for server in &found {
        if let Some(redirect) = &server.redirect {
            follow(server, redirect, plan);
        }
    }
    if plan.sites.is_empty() {
        return Err("every server here only redirects: there is no app to stand before".to_owned());
    }
    Ok(())
}

fn follow(server: &Server<'_>, redirect: &Redirect<'_>, plan: &mut Plan) {
    if redirect.to == Target::Plain {
        return plan.lose(redirect.at, "a redirect that does not lead to HTTPS has no key");
    }
    if !redirect.keeps_path {
        plan.lose(redirect.at, "redirects keep the path here");
    }
    if !matches!(redirect.status, 301 | 308) {
        plan.lose(redirect.at, "redirects to HTTPS are permanent here");
    }
    let is_own = |name: &String| server.hosts.iter().all(|known| known == name);
    match &redirect.to {
        Target::Name(name) if !is_own(name) => canonical(server, redirect, name, plan),
        _ => {
            let is_served = |host: &&String| {
                let sites = plan.sites.iter();
                !sites.clone().any(|site| site.hosts.is_empty() || site.hosts.contains(*host))
            };
            let absent: Vec<_> = server.hosts.iter().filter(is_served).cloned().collect();
            if !absent.is_empty() {
                plan.lose(redirect.at, &format!("no site here is called {}", absent.join(", ")));
            }
            for site in &mut plan.sites {
                let is_meant = server.hosts.is_empty() || site.hosts.iter().any(|host| server.hosts.contains(host));
                site.is_plain &= server.is_tls || !is_meant;
            }
        }
    }
}

/// Visitors of other names are led to the one that they should see.
fn canonical(server: &Server<'_>, redirect: &Redirect<'_>, name: &str, plan: &mut Plan) {
    let Some(site) = plan.sites.iter_mut().find(|site| site.hosts.iter().any(|known| known == name)) else {
        return plan.lose(redirect.at, "no site here has the name that this leads to");
    };
    let has_other = site.hosts.iter().any(|known| known != name && !server.hosts.contains(known));
    let is_known = site.https.has("canonical_host");
    if has_other && !is_known {
        return plan.lose(redirect.at, "the site has other names, too, and a canonical one is for all of them");
    }
    for host in &server.hosts {
        push(&mut site.hosts, host.clone());
    }
    site.https.text("canonical_host", name);
    site.is_plain &= server.is_tls;
}

/// Adds what is not there yet.
pub(super) fn push(list: &mut Vec<String>, value: String) {
    if !list.contains(&value) {
        list.push(value);
    }
}
