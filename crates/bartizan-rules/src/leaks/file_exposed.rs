//! A file that should not be on the web can be fetched.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::Asked;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A file that should not be on the web can be fetched.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "file-exposed",
        title: "A file that should not be on the web can be fetched",
        why: "Version control, environment files, backups and status pages hold source code, passwords and the \
              addresses of other machines. Robots look for them on every host within minutes of its first \
              appearance. What was readable once must be taken for known: passwords in it are to be changed.",
        fix: &[
            (
                Apache,
                "<LocationMatch \"^/(\\.(?!well-known/)|server-status|actuator)\">\n    Require all denied\n</LocationMatch>",
            ),
            (Bartizan, "[[site.route]]\npath = \"/.git/\"\ndeny = true"),
            (Caddy, "@hidden path /.git/* /.env /server-status /actuator/*\nrespond @hidden 404"),
            (Django, "# Serve only STATIC_ROOT and MEDIA_ROOT, never BASE_DIR, from the web server."),
            (Express, "app.use(express.static(\"public\", { dotfiles: \"deny\" }))"),
            (Haproxy, "http-request deny deny_status 404 if { path_beg /.git /.env /server-status /actuator }"),
            (Nginx, "location ~ ^/(\\.(?!well-known/)|server-status|actuator) { return 404; }"),
        ],
        references: &[
            Cwe(538),
            Spec(
                "OWASP Web Security Testing Guide: unreferenced files",
                "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information",
            ),
        ],
    },
    topic: Topic::Leaks,
    severity: Severity::High,
    bad: Example::Exchange("> GET https://app.example/.git/HEAD\n< 200\n<\n< ref: refs/heads/main"),
    good: Example::Exchange("> GET https://app.example/.git/HEAD\n< 404\n<\n< Not Found"),
    check,
};

/// A path at which something is left behind at times, and what proves that it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// The path to ask for.
    pub path: &'static str,
    /// Words that all stand in the body when it is the real thing: a page that says 200 to everything has none.
    pub marks: &'static [&'static str],
    /// What it is.
    pub what: &'static str,
}

/// What to ask for, by path.
pub static FILES: &[File] = &[
    File { path: "/.DS_Store", marks: &["Bud1"], what: "a list of files of a Mac" },
    File { path: "/.env", marks: &["="], what: "environment variables" },
    File { path: "/.git/HEAD", marks: &["ref: refs/"], what: "a Git repository" },
    File { path: "/.git/config", marks: &["[core]"], what: "a Git repository" },
    File { path: "/.hg/requires", marks: &["revlogv1"], what: "a Mercurial repository" },
    File { path: "/.htpasswd", marks: &[":$"], what: "passwords" },
    File { path: "/.svn/entries", marks: &["dir", "svn"], what: "a Subversion working copy" },
    File { path: "/actuator", marks: &["\"_links\"", "actuator"], what: "the management interface of Spring Boot" },
    File { path: "/backup.sql", marks: &["INSERT INTO"], what: "a copy of a database" },
    File { path: "/debug/pprof/", marks: &["goroutine", "profile"], what: "the profiler of a Go program" },
    File { path: "/dump.sql", marks: &["INSERT INTO"], what: "a copy of a database" },
    File { path: "/info.php", marks: &["phpinfo()", "PHP Version"], what: "phpinfo()" },
    File { path: "/metrics", marks: &["# TYPE "], what: "metrics" },
    File { path: "/phpinfo.php", marks: &["phpinfo()", "PHP Version"], what: "phpinfo()" },
    File { path: "/server-status", marks: &["Apache Server Status"], what: "the status page of Apache" },
    File { path: "/wp-config.php.bak", marks: &["DB_PASSWORD"], what: "the configuration of WordPress" },
];

fn check(facts: &Facts, findings: &mut Findings) {
    for probe in facts.probes() {
        let Asked::File(path) = probe.asked else { continue };
        let Some(file) = FILES.iter().find(|file| file.path == path) else { continue };
        let Some(body) = probe.found() else { continue };
        // Environment variables have no mark of their own; a page in HTML has an equals sign, too.
        let is_page = body.trim_start().starts_with('<') && path.starts_with("/.");
        if !is_page && file.marks.iter().all(|mark| body.contains(mark)) {
            findings.push(&RULE, &probe.response.at(), format!("{path} is {}", file.what));
        }
    }
}
