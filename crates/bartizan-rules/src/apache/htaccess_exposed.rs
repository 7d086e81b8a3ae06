//! Files of directories can be fetched.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts;
use crate::facts::blocks::At;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Files of directories can be fetched.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "htaccess-exposed",
        title: "Files of directories can be fetched",
        why: ".htaccess and .htpasswd then have an address like any file. The one shows how the site is protected, \
              the other the hashes of its passwords.",
        fix: &[(
            Apache,
            r#"<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>"#,
        )],
        references: &[
            Spec("Apache: FilesMatch", "https://httpd.apache.org/docs/2.4/mod/core.html#filesmatch"),
            Cwe(552),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"ServerRoot /etc/apache2
Listen 80",
    ),
    good: Example::File(
        Format::Apache,
        r#"ServerRoot /etc/apache2
Listen 80
<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        let sections =
            ["filesmatch", "files", "locationmatch", "location"].into_iter().flat_map(|name| apache.each(name));
        let is_closed = || sections.filter(|section| is_for_it(*section)).any(|section| apache.is_closed(section));
        if apache.is_whole() && !is_closed() && !is_refused(apache) {
            let said = seen.at(apache.root(), "no section closes .htaccess and .htpasswd");
            said.own("apache:htaccess-exposed");
            said.edit(apache.with_line("<FilesMatch \"^\\.ht\">\n    Require all denied\n</FilesMatch>", Safety::Safe));
        }
    });
}

/// Whether a section is for `.htaccess`, by its name or by that of every hidden file.
fn is_for_it(section: At<'_>) -> bool {
    section.args().any(|word| word.contains(".ht") || is_for_hidden(word))
}

/// Whether a pattern is for hidden files, `.htaccess` among them.
fn is_for_hidden(pattern: &str) -> bool {
    let Some((before, rest)) = pattern.split_once("\\.").or_else(|| pattern.split_once('.')) else { return false };
    let is_start = matches!(before, "" | "^" | "/" | "^/" | "(^|/)" | "(?:^|/)" | "/+" | "(^|/)+");
    let is_open =
        matches!(rest, "" | "*" | "+" | ".*" | ".+" | "??*" | ".*$" | "[^/]+" | "[^.]") || rest.starts_with("(?!");
    let lower = rest.to_ascii_lowercase();
    is_start && (is_open || lower.starts_with("[h") || (lower.starts_with('(') && lower.contains("ht")))
}

/// Whether a redirect or a rewrite refuses hidden files.
fn is_refused(apache: &facts::Apache) -> bool {
    let is_it = |word: &str| is_for_hidden(word) || word.contains("\\.ht");
    let is_redirect = |node: At<'_>| {
        node.arg(0).is_some_and(|status| matches!(status, "403" | "404" | "410" | "gone"))
            && node.arg(1).is_some_and(is_it)
    };
    let is_rewrite = |node: At<'_>| {
        let refuses = |flags: &str| {
            let flags = flags.trim_matches(['[', ']']).split(',');
            flags
                .into_iter()
                .any(|flag| matches!(&*flag.trim().to_ascii_lowercase(), "f" | "forbidden" | "g" | "r=404"))
        };
        node.arg(0).is_some_and(is_it) && node.arg(2).is_some_and(refuses)
    };
    apache.each("redirectmatch").any(is_redirect) || apache.each("rewriterule").any(is_rewrite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_for_hidden_files_are_known() {
        for (pattern, expected) in [
            (r"^\.", true),
            (r"^\.[Hh][Tt]", true),
            (r"^\.(ht|git)", true),
            (r"(^|/)\.(?!well-known)", true),
            (".??*", true),
            (".*", true),
            (r"\.php$", false),
            (r"^\.git", false),
            ("*.bak", false),
            (r"^\.(git|svn)", false),
        ] {
            assert_eq!(is_for_hidden(pattern), expected, "{pattern}");
        }
    }
}
