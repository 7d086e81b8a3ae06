//! Header fields that files promise for a site, and the answer that the site gave.

use crate::facts::blocks::At;
use crate::facts::declared::{Authority, Line};
use crate::facts::django::{Django, Literal, Outcome};
use crate::facts::{Facts, Provenance, Response};

/// A field that a file promises.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// In lower case.
    pub(super) name: String,
    /// The value, where it is not made of variables.
    pub(super) value: Option<String>,
    pub(super) at: Provenance,
    /// The program that is to send it.
    pub(super) by: &'static str,
}

/// Returns the page of the site that is compared: an answer over HTTPS, if there is one.
pub(super) fn page(facts: &Facts) -> Option<&Response> {
    let found = || facts.responses().map(|seen| &seen.value).filter(|response| response.status().is_success());
    found().find(|response| response.is_secure()).or_else(|| found().next())
}

/// Returns what files promise for a page.
pub(super) fn said(facts: &Facts, page: &Response) -> Vec<Said> {
    let host = page.url().host_str().unwrap_or_default();
    let lines: Vec<&Line> = facts.header_lines().flatten().filter(|line| !line.is_conditional()).collect();
    // A name that no server has is served by whichever comes first; with several that cannot be told.
    let is_named = lines.iter().any(|line| serves(line.node(), host) == Some(true));
    let mut said: Vec<Said> = lines
        .into_iter()
        .filter(|line| is_of_all_paths(line.node()) && serves(line.node(), host).unwrap_or(!is_named))
        .filter(|line| !is_overruled(line))
        .map(|line| Said {
            name: line.name.clone(),
            value: Some(line.value.clone()).filter(|value| !value.contains(['$', '%'])),
            at: line.node().here(),
            by: match line.authority {
                Authority::Apache => "Apache",
                Authority::Nginx => "nginx",
            },
        })
        .collect();
    for django in facts.django() {
        // What hangs on the environment promises nothing.
        if let [outcome] = django.outcomes.as_slice() {
            said.extend(by_django(django, outcome, page.is_secure()));
        }
    }
    said.retain(|one| page.is_secure() || one.name != "strict-transport-security");
    said
}

/// Whether a directive is in a server of this name; nothing, if its server has no name, or there is none.
fn serves(node: At<'_>, host: &str) -> Option<bool> {
    let server = node.scopes().find(|scope| matches!(scope.name(), "server" | "virtualhost"))?;
    let names = ["server_name", "servername", "serveralias"].into_iter().flat_map(|name| server.each(name));
    let mut names = names.flat_map(At::args).filter(|name| *name != "_").peekable();
    names.peek()?;
    let is_it = |name: &str| {
        let name = name.split(':').next().unwrap_or(name);
        let below = name.strip_prefix("*.").or_else(|| name.strip_prefix('.'));
        name.eq_ignore_ascii_case(host)
            || below.is_some_and(|below| {
                let rest = host.len().checked_sub(below.len()).and_then(|at| host.get(at..));
                rest.is_some_and(|rest| rest.eq_ignore_ascii_case(below))
            })
    };
    Some(names.any(is_it))
}

/// Whether it holds for the page that was asked for, and not only for a path below it.
fn is_of_all_paths(node: At<'_>) -> bool {
    node.parents().all(|parent| match parent.name() {
        "location" | "<location" => parent.args().next_back() == Some("/"),
        name => matches!(name, "" | "http" | "server" | "virtualhost" | "ifmodule"),
    })
}

/// nginx inherits no field into a block that has some of its own.
fn is_overruled(line: &Line) -> bool {
    if line.authority == Authority::Apache {
        return false;
    }
    let Some(scope) = line.node().parent().filter(|scope| matches!(scope.name(), "http" | "server")) else {
        return false;
    };
    let inner = scope.descendants().into_iter();
    let mut own = inner.filter(|node| node.is("add_header") && node.parent() != Some(scope));
    own.any(|node| is_of_all_paths(node))
}

fn by_django(django: &Django, outcome: &Outcome, is_secure: bool) -> Vec<Said> {
    let has = |path: &str| {
        let items = outcome.value("MIDDLEWARE").and_then(Literal::items).unwrap_or_default();
        items.iter().any(|item| item.value.text() == Some(path))
    };
    let mut said = Vec::new();
    let mut say = |name: &str, setting: &str, value: Option<String>| {
        let at = outcome.setting(setting).map_or_else(|| django.start.clone(), |setting| setting.at.clone());
        said.push(Said { name: name.to_owned(), value, at: Provenance::File(at), by: "Django" });
    };
    if has("django.middleware.security.SecurityMiddleware") {
        if let Some(Literal::Int(seconds)) = outcome.value("SECURE_HSTS_SECONDS")
            && *seconds > 0
            && is_secure
        {
            say("strict-transport-security", "SECURE_HSTS_SECONDS", hsts(outcome, *seconds));
        }
        let is_on = |name: &str, usual: bool| outcome.value(name).map_or(Some(usual), Literal::truth) == Some(true);
        if is_on("SECURE_CONTENT_TYPE_NOSNIFF", true) {
            say("x-content-type-options", "SECURE_CONTENT_TYPE_NOSNIFF", Some("nosniff".to_owned()));
        }
        for (name, setting) in [
            ("referrer-policy", "SECURE_REFERRER_POLICY"),
            ("cross-origin-opener-policy", "SECURE_CROSS_ORIGIN_OPENER_POLICY"),
        ] {
            match outcome.value(setting) {
                None => say(name, setting, Some("same-origin".to_owned())),
                Some(Literal::Text(text)) if !text.is_empty() => say(name, setting, Some(text.to_string())),
                Some(value) if value.items().is_some_and(|items| !items.is_empty()) => say(name, setting, None),
                Some(_) => {}
            }
        }
    }
    if has("django.middleware.clickjacking.XFrameOptionsMiddleware") {
        match outcome.value("X_FRAME_OPTIONS") {
            None => say("x-frame-options", "X_FRAME_OPTIONS", Some("DENY".to_owned())),
            Some(Literal::Text(text)) => say("x-frame-options", "X_FRAME_OPTIONS", Some(text.to_string())),
            Some(_) => {}
        }
    }
    said
}

fn hsts(outcome: &Outcome, seconds: i128) -> Option<String> {
    let is_on = |name: &str| outcome.value(name).map_or(Some(false), Literal::truth);
    let below = if is_on("SECURE_HSTS_INCLUDE_SUBDOMAINS")? { "; includeSubDomains" } else { "" };
    let preload = if is_on("SECURE_HSTS_PRELOAD")? { "; preload" } else { "" };
    Some(format!("max-age={seconds}{below}{preload}"))
}

/// Whether two values say the same: blanks, case and a last semicolon make no difference.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let plain = |value: &str| value.split_whitespace().collect::<String>().trim_end_matches(';').to_ascii_lowercase();
    plain(one) == plain(other)
}

/// Returns where something takes a field away, as far as the files tell.
pub(super) fn hidden<'f>(facts: &'f Facts, name: &str) -> Option<At<'f>> {
    let nginx = facts.nginx().iter().flat_map(|nginx| nginx.blocks().all());
    let apache = facts.apache().iter().flat_map(|apache| apache.blocks().all());
    let is_it = |word: Option<&str>| word.is_some_and(|word| word.eq_ignore_ascii_case(name));
    nginx.chain(apache).find(|node| match node.name() {
        "proxy_hide_header" | "more_clear_headers" => is_it(node.arg(0)),
        "header" => node.args().any(|word| word.eq_ignore_ascii_case("unset")) && is_it(node.args().next_back()),
        _ => false,
    })
}
