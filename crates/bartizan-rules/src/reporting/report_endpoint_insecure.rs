//! Reports are sent in the clear, and browsers send none.

use bartizan_headers::csp::{DirectiveName, PolicyList, Value};
use bartizan_headers::reporting_endpoints::ReportingEndpoints;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Reports are sent in the clear, and browsers send none.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "report-endpoint-insecure",
        title: "Reports are sent in the clear, and browsers send none",
        why: "Reports hold addresses of pages and parts of scripts. Browsers send them only over HTTPS where \
              Reporting-Endpoints names the address, so an http: address gets nothing. report-uri over http is \
              blocked as mixed content.",
        fix: &[
            (Apache, r#"Header always set Reporting-Endpoints "csp=\"https://reports.example/csp\"""#),
            (Bartizan, "[site.headers]\nreporting_endpoints = \"csp=\\\"https://reports.example/csp\\\"\""),
            (Caddy, r#"header Reporting-Endpoints `csp="https://reports.example/csp"`"#),
            (
                Django,
                r#"response.headers["Reporting-Endpoints"] = 'csp="https://reports.example/csp"'  # in a middleware"#,
            ),
            (Express, r#"res.set("Reporting-Endpoints", 'csp="https://reports.example/csp"')"#),
            (Haproxy, r#"http-response set-header Reporting-Endpoints 'csp="https://reports.example/csp"'"#),
            (Nginx, r#"add_header Reporting-Endpoints 'csp="https://reports.example/csp"' always;"#),
        ],
        references: &[Spec("Reporting API, 3.1", "https://www.w3.org/TR/reporting-1/#header"), Cwe(319)],
    },
    topic: Topic::Reporting,
    severity: Severity::Low,
    bad: Example::Response(r#"Reporting-Endpoints: csp="http://reports.example/csp""#),
    good: Example::Response(r#"Reporting-Endpoints: csp="https://reports.example/csp""#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.secure_responses() {
        let endpoints = seen.value.field::<ReportingEndpoints>().value.unwrap_or_default();
        let named = endpoints.endpoints().iter().map(|endpoint| endpoint.address.as_str());
        let policies = seen.value.field::<PolicyList>().value.unwrap_or_default();
        let directives = policies.policies.iter().filter_map(|policy| policy.directive(&DirectiveName::ReportUri));
        let words = directives.flat_map(|directive| match &directive.value {
            Value::Words(words) => words.as_slice(),
            Value::Sources(_) => &[],
        });
        for address in named.chain(words.map(String::as_str)).filter(|address| address.starts_with("http://")) {
            findings.push(&RULE, &seen.at, format!("reports go to {address}"));
        }
    }
}
