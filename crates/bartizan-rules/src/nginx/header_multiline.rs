//! A header is written over several lines.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A header is written over several lines.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "header-multiline",
        title: "A header is written over several lines",
        why: "A line feed within quotes goes into the header as it is. HTTP/1.1 forbids such folded lines, HTTP/2 has \
              no way to say them, and clients that meet one cut the value or drop the answer. Of a \
              Content-Security-Policy often only the first line is left.",
        fix: &[(Nginx, r#"add_header Content-Security-Policy "default-src 'self'; object-src 'none'" always;"#)],
        references: &[
            Rfc(9112, "5.2"),
            Spec("nginx: add_header", "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r#"server {
    add_header X-A "a;
     b" always;
}"#,
    ),
    good: Example::File(
        Format::Nginx,
        r#"server {
    add_header X-A "a; b" always;
}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("add_header").chain(nginx.each("more_set_headers")) {
            let value = fields(node).into_iter().find(|value| value.contains('\n'));
            let Some(value) = value else { continue };
            let is_folded = value.contains("\n ") || value.contains("\n\t");
            let said = seen.at(node, "the value holds a line feed");
            said.own("nginx:header-multiline");
            for (number, _) in node.args().enumerate().filter(|(_, arg)| arg.contains('\n')) {
                said.edit(node.with_word(number, &one_line(node, number), Safety::Safe));
            }
            for peer in [Peer::Ng, Peer::Next].into_iter().filter(|peer| nginx.reader(*peer).sees(node)) {
                let words = if is_folded { String::new() } else { format!("{} {:?}", node.name(), node.arg(0)) };
                let words = if peer == Peer::Next && !is_folded { "newline".to_owned() } else { words };
                said.peer(peer, "add_header_multiline", words);
            }
        }
    });
}

fn fields(node: At<'_>) -> Vec<&str> {
    if node.is("add_header") {
        return node.arg(1).into_iter().collect();
    }
    node.args().filter_map(|arg| arg.split_once(':')).map(|(_, value)| value).collect()
}

/// The word as it is written, with each run of white space around a line feed as one blank.
fn one_line(node: At<'_>, number: usize) -> String {
    let written = node.word_place(number).and_then(|place| node.text().get(place.span)).unwrap_or_default();
    let lines: Vec<_> = written.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}
