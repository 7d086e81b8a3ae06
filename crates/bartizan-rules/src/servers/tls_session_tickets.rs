//! Session tickets are given out.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Session tickets are given out.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-session-tickets",
        title: "Session tickets are given out",
        why: "A ticket holds the key of the session, encrypted with a key that the server keeps until it is \
              restarted. Whoever gets that one reads all sessions of the time, and forward secrecy is gone. Since \
              nginx 1.23.2 with a shared cache the keys are changed.",
        fix: &[(Apache, "SSLSessionTickets off"), (Nginx, "ssl_session_tickets off;")],
        references: &[
            Spec(
                "nginx: ssl_session_tickets",
                "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_session_tickets",
            ),
            Spec("Apache: SSLSessionTickets", "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslsessiontickets"),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_session_tickets on;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_session_tickets off;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for server in nginx.servers().filter(|server| server.is_tls()) {
            match server.at.effective("ssl_session_tickets") {
                None => {
                    let said = seen.at(server.at, "ssl_session_tickets is not set, so that they are on");
                    said.own("nginx:session-tickets-implicit")
                        .edit(server.at.with_child("ssl_session_tickets off;", Safety::Safe));
                }
                Some(node) if node.says("on") => {
                    seen.at(node, "they are on").own("nginx:session-tickets").edit(node.with_word(
                        0,
                        "off",
                        Safety::Safe,
                    ));
                }
                Some(_) => {}
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.in_force_for_tls("sslsessiontickets").into_iter().filter(|node| node.says("on")) {
            seen.at(node, "they are on").own("apache:ssl-session-tickets").edit(node.with_word(0, "Off", Safety::Safe));
        }
    });
}
