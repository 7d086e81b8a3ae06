//! An estimate of the letter that securityheaders.com would give: one letter less for each of six headers.
//!
//! An estimate, and to be shown as one: how that site counts is not public, and only what others saw of it is known.

use bartizan_headers::csp::PolicyList;
use bartizan_headers::{Field, Hsts};

use crate::facts::{Facts, Response};

/// A letter, with what keeps it from being better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderLetter {
    /// The letter, from `A+` to `F`.
    pub letter: &'static str,
    /// How many of the six headers are there.
    pub present: usize,
    /// What keeps it from being better.
    pub reasons: Vec<String>,
}

/// Returns the letter of the page that visitors see; none where no page was seen.
pub fn header_letter(facts: &Facts) -> Option<HeaderLetter> {
    let of_page = |seen: &Response| facts.pages().iter().any(|page| page.url == *seen.url());
    let page = facts.documents().map(|seen| &seen.value).filter(|seen| of_page(seen)).last()?;
    let missing: Vec<_> = HEADERS.iter().filter(|(_, is_there)| !is_there(page)).map(|(name, _)| *name).collect();
    let mut reasons: Vec<_> = missing.iter().map(|name| format!("{name} is missing")).collect();
    let mut letter = LETTERS.get(missing.len()).copied().unwrap_or("F");
    if page.lines("content-security-policy").any(|line| line.contains("'unsafe-inline'")) {
        reasons.push("the policy has 'unsafe-inline'".to_owned());
        letter = if letter == "A+" { "A" } else { letter };
    }
    Some(HeaderLetter { letter, present: HEADERS.len() - missing.len(), reasons })
}

/// By how many headers are missing.
const LETTERS: &[&str] = &["A+", "A", "B", "C", "D", "E", "F"];

/// A header, and whether an answer has it.
type Header = (&'static str, fn(&Response) -> bool);

static HEADERS: &[Header] = &[
    ("Content-Security-Policy", |page| page.has(PolicyList::NAME.as_str())),
    ("Permissions-Policy", |page| page.has("permissions-policy")),
    ("Referrer-Policy", |page| page.has("referrer-policy")),
    ("Strict-Transport-Security", |page| page.is_secure() && page.field::<Hsts>().value.is_some()),
    ("X-Content-Type-Options", |page| page.has("x-content-type-options")),
    ("X-Frame-Options", |page| {
        page.has("x-frame-options")
            || page.lines("content-security-policy").any(|line| line.contains("frame-ancestors"))
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Example;

    #[test]
    fn each_header_is_a_letter() {
        let five = "Permissions-Policy: camera=()\nReferrer-Policy: no-referrer\n\
                    Strict-Transport-Security: max-age=31536000\nX-Content-Type-Options: nosniff";
        for (lines, letter) in [
            (format!("{five}\nContent-Security-Policy: frame-ancestors 'none'"), Some("A+")),
            (format!("{five}\nContent-Security-Policy: frame-ancestors 'none'; style-src 'unsafe-inline'"), Some("A")),
            (format!("{five}\nX-Frame-Options: DENY"), Some("A")),
            (five.to_owned(), Some("B")),
            ("X-Frame-Options: DENY".to_owned(), Some("E")),
            (String::new(), Some("F")),
        ] {
            let text = format!("> GET https://app.example/\n< 200\n< Content-Type: text/html\n{}", marked(&lines));
            let found = header_letter(&Example::Exchange(text.leak()).facts().unwrap());
            assert_eq!(found.map(|found| found.letter), letter, "{lines}");
        }
        // What is no page has no letter.
        let data = "> GET https://app.example/\n< 200\n< Content-Type: application/json";
        assert_eq!(header_letter(&Example::Exchange(data).facts().unwrap()), None);
    }

    fn marked(lines: &str) -> String {
        lines.lines().map(|line| format!("< {line}\n")).collect()
    }
}
