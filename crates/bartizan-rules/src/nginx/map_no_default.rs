//! A table has no default.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A table has no default.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "map-no-default",
        title: "A table has no default",
        why: "What no entry matches gets an empty text. A map that decides who may do something then decides nothing \
              for all that nobody thought of, and a comparison with the empty text may well let them pass. A default \
              says what is meant.",
        fix: &[(
            Nginx,
            r#"map $host $app {
    default "";
    a.example one;
    b.example two;
}"#,
        )],
        references: &[Spec("nginx: map", "https://nginx.org/en/docs/http/ngx_http_map_module.html#map")],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    map $host $app {
        a.example one;
        b.example two;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    map $host $app {
        default none;
        a.example one;
        b.example two;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for table in nginx.blocks().named_any(&["map", "geo"]).into_iter().filter(|node| node.is_block()) {
            for peer in [Peer::Ng, Peer::Next] {
                let reader = nginx.reader(peer);
                let entries: Vec<_> = reader.children(table).filter(|entry| !entry.is_block()).collect();
                let has_default = entries.iter().any(|entry| entry.is("default") && entry.arg(0).is_some());
                let count = entries.iter().filter(|entry| !entry.is("default")).count();
                let is_short = table.is("map") && count <= 1;
                if !reader.sees(table) || has_default || is_short {
                    continue;
                }
                let at = reader.children(table).next().unwrap_or(table);
                let said = seen.at(at, format_args!("what no entry of this {} matches is empty", table.name()));
                said.own("nginx:map-no-default");
                // One entry alone stands for yes and no, and two for each of their names.
                said.edit(table.with_child("default \"\";", Safety::Safe));
                said.peer(peer, "hash_without_default", format!("{} {:?}", table.name(), variable(table)));
            }
        }
    });
}

fn variable(table: At<'_>) -> Option<&str> {
    table.args().next_back()
}
