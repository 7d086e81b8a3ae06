//! Subresource integrity of scripts.

use url::Url;

use crate::observatory::javascript::prefix;
use crate::observatory::registrable::registrable_domain;
use crate::observatory::verdict::worse;
use crate::observatory::{Algorithm, Answer, NoGrade, Retrieval, Verdict};

static ALL_SECURE: Verdict = Verdict::pass("sri-implemented-and-all-scripts-loaded-securely", 5);
static EXTERNAL_SECURE: Verdict = Verdict::pass("sri-implemented-and-external-scripts-loaded-securely", 5);
static INTEGRITY_INSECURE: Verdict = Verdict::fail("sri-implemented-but-external-scripts-not-loaded-securely", -20);
static NONE_SECURE: Verdict = Verdict::fail("sri-not-implemented-but-external-scripts-loaded-securely", -5);
static NONE_INSECURE: Verdict = Verdict::fail("sri-not-implemented-and-external-scripts-not-loaded-securely", -50);
static NOT_HTML: Verdict = Verdict::pass("sri-not-implemented-response-not-html", 0);
static NO_SCRIPTS: Verdict = Verdict::pass("sri-not-implemented-but-no-scripts-loaded", 0);
static OWN: Verdict = Verdict::pass("sri-not-implemented-but-all-scripts-loaded-from-secure-origin", 0);

pub(super) static ALL: &[&Verdict] =
    &[&ALL_SECURE, &EXTERNAL_SECURE, &NOT_HTML, &NO_SCRIPTS, &OWN, &NONE_SECURE, &INTEGRITY_INSECURE, &NONE_INSECURE];

/// The peer's order: what costs 5 replaces what costs 20.
static ORDER: &[&Verdict] =
    &[&ALL_SECURE, &EXTERNAL_SECURE, &INTEGRITY_INSECURE, &NONE_SECURE, &NONE_INSECURE, &NOT_HTML];

/// Whose a script is, and how it comes.
enum Place {
    Own { is_secure: bool },
    Foreign { is_secure: bool },
}

pub(super) fn judge(seen: &Retrieval, graded: &Answer, algorithm: Algorithm) -> Result<&'static Verdict, NoGrade> {
    let content_type = graded.field("content-type").unwrap_or_default();
    let is_html = match content_type.split(';').next().unwrap_or_default() {
        "" => algorithm > Algorithm::V4,
        essence => matches!(essence, "text/html" | "application/xhtml+xml"),
    };
    if !is_html {
        return Ok(&NOT_HTML);
    }
    let scripts = &seen.markup.scripts;
    if scripts.is_empty() {
        return Ok(&NO_SCRIPTS);
    }
    let mut worst = None;
    let mut has_foreign = false;
    for script in scripts.iter().filter(|script| !script.src.is_empty()) {
        match (place(&script.src, seen)?, script.has_integrity) {
            (Place::Own { is_secure: true }, true) => worst = worst.or(Some(&ALL_SECURE)),
            (Place::Own { .. }, _) => {}
            (Place::Foreign { is_secure }, has_integrity) => {
                has_foreign = true;
                let verdict = match (has_integrity, is_secure) {
                    (true, true) => continue,
                    (true, false) => &INTEGRITY_INSECURE,
                    (false, true) => &NONE_SECURE,
                    (false, false) => &NONE_INSECURE,
                };
                worst = Some(worse(verdict, worst, ORDER));
            }
        }
    }
    Ok(worst.unwrap_or(if has_foreign { &EXTERNAL_SECURE } else { &OWN }))
}

fn place(src: &str, seen: &Retrieval) -> Result<Place, NoGrade> {
    if let Some(rest) = src.strip_prefix("//") {
        // Two slashes and something that is not a third: on whatever host, it counts as foreign and insecure.
        if !prefix(rest, 1).is_empty() && !rest.starts_with('/') {
            return Ok(Place::Foreign { is_secure: false });
        }
    }
    if !src.starts_with("http://") && !src.starts_with("https://") {
        return Ok(Place::Own { is_secure: seen.is_secure() });
    }
    let url = Url::parse(src).map_err(|_| NoGrade::InvalidScript)?;
    let is_secure = url.scheme() == "https";
    let domain = url.host_str().and_then(registrable_domain);
    let is_own = domain == registrable_domain(&seen.host);
    Ok(if is_own { Place::Own { is_secure } } else { Place::Foreign { is_secure } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observatory::{Markup, Script};

    fn check(scripts: &[(&str, bool)], verdict: &Verdict) {
        let script =
            |(src, has_integrity): &(&str, bool)| Script { src: (*src).to_owned(), has_integrity: *has_integrity };
        let markup = Markup { scripts: scripts.iter().map(script).collect(), ..Markup::default() };
        let answer = Answer {
            lines: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
            ..Answer::default()
        };
        let https = Some(answer.clone());
        let seen = Retrieval { host: "a.obs.test".to_owned(), https, markup, ..Retrieval::default() };
        assert_eq!(judge(&seen, &answer, Algorithm::V5).unwrap(), verdict, "{scripts:?}");
    }

    #[test]
    fn scripts_are_judged_by_place_and_integrity() {
        check(&[], &NO_SCRIPTS);
        check(&[("", false)], &OWN);
        check(&[("/a.js", false)], &OWN);
        check(&[("/a.js", true)], &ALL_SECURE);
        check(&[("https://cdn.obs.test/a.js", false)], &OWN);
        check(&[("https://cdn.other.test/a.js", true)], &EXTERNAL_SECURE);
        check(&[("https://cdn.other.test/a.js", false)], &NONE_SECURE);
        check(&[("http://cdn.other.test/a.js", false)], &NONE_INSECURE);
        check(&[("//a.obs.test/a.js", true)], &INTEGRITY_INSECURE);
        check(&[("http://cdn.other.test/a.js", true), ("https://cdn.other.test/b.js", false)], &NONE_SECURE);
    }
}
