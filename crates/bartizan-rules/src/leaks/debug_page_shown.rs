//! An error page shows the inside of the program.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::Cwe;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// An error page shows the inside of the program.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "debug-page-shown",
        title: "An error page shows the inside of the program",
        why: "Source code, settings, addresses of databases, and at times a console that runs code for \
              anybody: frameworks show them to their developer. On a site that visitors reach, the mode for \
              development is on. What the page showed must be taken for known.",
        fix: &[
            (Apache, "php_flag display_errors off"),
            (Bartizan, "[site.errors]\ndebug_pages = true"),
            (Caddy, "# Switch the mode for development off in the app."),
            (Django, "DEBUG = False"),
            (Express, "NODE_ENV=production"),
            (Haproxy, "# Switch the mode for development off in the app."),
            (Nginx, r#"fastcgi_param PHP_VALUE "display_errors=0";"#),
        ],
        references: &[Cwe(489), Cwe(209)],
    },
    topic: Topic::Leaks,
    severity: Severity::High,
    bad: Example::Exchange(
        "> GET https://app.example/no-such-page\n< 404\n< Content-Type: text/html\n<\n< <title>Page not found at /</title> You're seeing this error because you have <code>DEBUG = True</code>",
    ),
    good: Example::Exchange(
        "> GET https://app.example/no-such-page\n< 404\n< Content-Type: text/html\n<\n< <h1>Not Found</h1>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.error_pages() {
        let Some(body) = page.body() else { continue };
        if let Some((_, program)) = MARKS.iter().find(|(marks, _)| marks.iter().all(|mark| body.contains(mark))) {
            findings.push(&RULE, &page.at(), format!("a page of {program}"));
        }
    }
}

/// Words that stand together only on such a page, and whose page it is.
const MARKS: &[(&[&str], &str)] = &[
    (&["You're seeing this error because you have", "DEBUG = True"], "Django in development"),
    (&["Using the URLconf defined in"], "Django in development"),
    (&["Werkzeug", "debugger"], "Werkzeug, with a console"),
    (&["Traceback (most recent call last)"], "Python, with a trace"),
    (&["Action Controller: Exception caught"], "Rails in development"),
    (&["Routing Error", "Rails.root"], "Rails in development"),
    (&["Whoops, looks like something went wrong"], "Laravel or Symfony in development"),
    (&["Illuminate\\", "Stack trace"], "Laravel in development"),
    (&["window.ignite", "Ignition"], "Laravel Ignition"),
    (&["Symfony Exception"], "Symfony in development"),
    (&["Server Error in '/' Application", "Stack Trace"], "ASP.NET with details"),
    (&["Whitelabel Error Page"], "Spring Boot without an error page of its own"),
    (&["java.lang.", "\n\tat "], "Java, with a trace"),
    (&["Fatal error", " on line ", ".php"], "PHP with display_errors"),
    (&["DEBUG = True in your settings"], "Plug in development"),
];
