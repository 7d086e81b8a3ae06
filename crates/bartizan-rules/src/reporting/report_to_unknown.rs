//! Reports go to an endpoint that no header names.

use bartizan_headers::csp::{DirectiveName, PolicyList, Value};
use bartizan_headers::reporting_endpoints::ReportingEndpoints;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Reports go to an endpoint that no header names.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "report-to-unknown",
        title: "Reports go to an endpoint that no header names",
        why: "The policy sends its reports to a name, and the name has no address in Reporting-Endpoints or \
              Report-To. Browsers that know report-to do not fall back to report-uri, so nothing is reported, \
              and nobody notices that something is blocked.",
        fix: &[
            (Apache, r#"Header always set Reporting-Endpoints "csp=\"https://reports.example/csp\"""#),
            (Bartizan, "# Name the endpoint in the app: Bartizan does not guess where an app wants its reports."),
            (Caddy, r#"header Reporting-Endpoints `csp="https://reports.example/csp"`"#),
            (
                Django,
                r#"response.headers["Reporting-Endpoints"] = 'csp="https://reports.example/csp"'  # in a middleware"#,
            ),
            (Express, r#"res.set("Reporting-Endpoints", 'csp="https://reports.example/csp"')"#),
            (Haproxy, r#"http-response set-header Reporting-Endpoints 'csp="https://reports.example/csp"'"#),
            (Nginx, r#"add_header Reporting-Endpoints 'csp="https://reports.example/csp"' always;"#),
        ],
        references: &[
            Spec("Reporting API, 3.1", "https://www.w3.org/TR/reporting-1/#header"),
            Spec("CSP Level 3, report-to", "https://www.w3.org/TR/CSP3/#directive-report-to"),
            Mdn("Reporting-Endpoints"),
        ],
    },
    topic: Topic::Reporting,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html\nContent-Security-Policy: default-src 'self'; report-to csp"),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; report-to csp\nReporting-Endpoints: csp=\"https://reports.example/csp\"",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses().filter(|seen| !seen.value.has("report-to")) {
        let Some(list) = seen.value.field::<PolicyList>().value else { continue };
        let endpoints = seen.value.field::<ReportingEndpoints>().value.unwrap_or_default();
        for directive in list.policies.iter().filter_map(|policy| policy.directive(&DirectiveName::ReportTo)) {
            let Value::Words(names) = &directive.value else { continue };
            for name in names.iter().filter(|name| endpoints.address(name).is_none()) {
                findings.push(&RULE, &seen.at, format!("endpoint {name:?}"));
            }
        }
    }
}
