//! A second Content-Type is added.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A second Content-Type is added.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "add-header-content-type",
        title: "A second Content-Type is added",
        why: "add_header adds a line and replaces none, so an answer that already has a Content-Type carries two. \
              Browsers then pick one of them, and not all the same one. What one part of a site takes for text can so \
              be run as a page by another.",
        fix: &[(Nginx, "default_type text/plain;")],
        references: &[
            Spec("nginx: add_header", "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"),
            Spec("nginx: default_type", "https://nginx.org/en/docs/http/ngx_http_core_module.html#default_type"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        add_header Content-Type text/plain;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        default_type text/plain;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("add_header").chain(nginx.each("more_set_headers")) {
            let Some(value) = content_type(node).filter(|_| !replaces(node)) else { continue };
            let said = seen.at(node, "Content-Type is set where another may already be");
            said.own("nginx:add-header-content-type").fix(format!("default_type {value};"));
            if nginx.reader(Peer::Ng).sees(node) && node.is("add_header") {
                said.peer(Peer::Ng, "add_header_content_type", value.to_owned());
            }
            if nginx.reader(Peer::Next).sees(node) {
                said.peer(Peer::Next, "add_header_content_type", value.to_owned());
            }
        }
    });
}

fn content_type(node: At<'_>) -> Option<&str> {
    if node.is("add_header") {
        return node.arg(1).filter(|_| node.says("content-type"));
    }
    let fields = node.args().filter_map(|arg| arg.split_once(':'));
    let mut found = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    found.next().map(|(_, value)| value.trim_start_matches(' '))
}

/// Whether the app's own Content-Type is taken away around here.
fn replaces(node: At<'_>) -> bool {
    let hides =
        ["proxy_hide_header", "fastcgi_hide_header", "uwsgi_hide_header", "scgi_hide_header", "grpc_hide_header"];
    let is_hidden =
        |scope: At<'_>| scope.children().any(|child| hides.contains(&child.name()) && child.says("content-type"));
    node.parents().any(is_hidden)
}
