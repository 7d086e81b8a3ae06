//! A condition in a location does more than it can.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A condition in a location does more than it can.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "if-is-evil",
        title: "A condition in a location does more than it can",
        why: "Within a location, `if` makes a location of its own, of which not all directives are inherited. Apart \
              from return and a rewrite that leaves, what stands in it works, is lost, or crashes nginx, depending on \
              what else is there. A map or a location of its own says the same safely.",
        fix: &[(
            Nginx,
            r#"map $http_origin $cors {
    default "";
    https://app.example $http_origin;
}
add_header Access-Control-Allow-Origin $cors;"#,
        )],
        references: &[
            Spec("nginx: if", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if"),
            Spec(
                "nginx: If is Evil",
                "https://github.com/nginxinc/nginx-wiki/blob/master/source/start/topics/depth/ifisevil.rst",
            ),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        if ($arg_x) {
            add_header X-A b;
        }
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        if ($arg_x) {
            return 403;
        }
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        if !nginx.blocks().has("if") {
            return;
        }
        for node in nginx.blocks().all() {
            let Some(condition) = node.parent().filter(|parent| parent.is("if")) else { continue };
            let is_leaving = node.is("rewrite")
                && node.words().len() >= 3
                && matches!(node.args().next_back(), Some("last" | "redirect" | "permanent"));
            if is_leaving || node.is("return") || !condition.parent().is_some_and(|parent| parent.is("location")) {
                continue;
            }
            let said = seen.at(node, format_args!("{} stands in an if within a location", node.name()));
            said.own("nginx:if-is-evil");
            for peer in [Peer::Ng, Peer::Next].into_iter().filter(|peer| nginx.reader(*peer).sees(node)) {
                said.peer(peer, "if_is_evil", node.name().to_owned());
            }
        }
    });
}
