//! Cookies that the session kept.

use crate::observatory::javascript::trim;
use crate::observatory::verdict::worse;
use crate::observatory::{Answer, Retrieval, SameSiteWord, Verdict};

static ANTICSRF_NO_SAME_SITE: Verdict = Verdict::fail("cookies-anticsrf-without-samesite-flag", -20);
static GOOD: Verdict = Verdict::pass("cookies-secure-with-httponly-sessions", 0);
static GOOD_SAME_SITE: Verdict = Verdict::pass("cookies-secure-with-httponly-sessions-and-samesite", 5);
static INSECURE: Verdict = Verdict::fail("cookies-without-secure-flag", -20);
static INSECURE_HSTS: Verdict = Verdict::fail("cookies-without-secure-flag-but-protected-by-hsts", -5);
static NONE: Verdict = Verdict::pass("cookies-not-found", 0);
static SAME_SITE_INVALID: Verdict = Verdict::fail("cookies-samesite-flag-invalid", -20);
static SESSION_INSECURE: Verdict = Verdict::fail("cookies-session-without-secure-flag", -40);
static SESSION_INSECURE_HSTS: Verdict = Verdict::fail("cookies-session-without-secure-flag-but-protected-by-hsts", -10);
static SESSION_NOT_HTTP_ONLY: Verdict = Verdict::fail("cookies-session-without-httponly-flag", -30);

pub(super) static ALL: &[&Verdict] = &[
    &GOOD_SAME_SITE,
    &GOOD,
    &NONE,
    &INSECURE_HSTS,
    &INSECURE,
    &SESSION_INSECURE_HSTS,
    &SAME_SITE_INVALID,
    &ANTICSRF_NO_SAME_SITE,
    &SESSION_NOT_HTTP_ONLY,
    &SESSION_INSECURE,
];

/// From the least to the worst.
static ORDER: &[&Verdict] = &[
    &INSECURE_HSTS,
    &INSECURE,
    &SESSION_INSECURE_HSTS,
    &SAME_SITE_INVALID,
    &ANTICSRF_NO_SAME_SITE,
    &SESSION_NOT_HTTP_ONLY,
    &SESSION_INSECURE,
];

pub(super) fn judge(seen: &Retrieval, graded: &Answer, has_hsts: bool) -> &'static Verdict {
    // Set by a load balancer that nobody can change.
    let kept = seen.cookies.iter().filter(|cookie| !cookie.name.is_empty() && cookie.name != "heroku-session-affinity");
    let kept: Vec<_> = kept.collect();
    if kept.is_empty() {
        return &NONE;
    }
    let mut worst = None;
    let mut found = |verdict: &'static Verdict| worst = Some(worse(verdict, worst, ORDER));
    if graded.set_cookies().any(has_unknown_same_site) {
        found(&SAME_SITE_INVALID);
    }
    for cookie in &kept {
        let name = cookie.name.to_lowercase();
        let is_session = name.contains("login") || name.contains("sess");
        if !cookie.is_secure {
            if cookie.same_site == Some(SameSiteWord::None) {
                found(&SAME_SITE_INVALID);
            }
            found(if has_hsts { &INSECURE_HSTS } else { &INSECURE });
            if is_session {
                found(if has_hsts { &SESSION_INSECURE_HSTS } else { &SESSION_INSECURE });
            }
        }
        if name.contains("csrf") && cookie.same_site.is_none() {
            found(&ANTICSRF_NO_SAME_SITE);
        }
        if is_session && !cookie.is_http_only {
            found(&SESSION_NOT_HTTP_ONLY);
        }
    }
    let all_same_site = kept.iter().all(|cookie| cookie.same_site.is_some());
    worst.unwrap_or(if all_same_site { &GOOD_SAME_SITE } else { &GOOD })
}

fn has_unknown_same_site(line: &str) -> bool {
    trim(line).split(';').any(|part| {
        let mut halves = trim(part).split('=');
        let name = halves.next().unwrap_or_default();
        trim(name).eq_ignore_ascii_case("samesite")
            && !halves
                .next()
                .is_some_and(|value| ["lax", "strict", "none"].contains(&trim(value).to_lowercase().as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observatory::JarCookie;

    fn cookie(name: &str, is_secure: bool, is_http_only: bool, same_site: Option<SameSiteWord>) -> JarCookie {
        JarCookie { name: name.to_owned(), is_secure, is_http_only, same_site }
    }

    #[test]
    fn the_worst_cookie_counts() {
        let lax = Some(SameSiteWord::Lax);
        for (cookies, has_hsts, verdict) in [
            (vec![], true, &NONE),
            (vec![cookie("heroku-session-affinity", false, false, None)], true, &NONE),
            (vec![cookie("a", true, false, None)], true, &GOOD),
            (vec![cookie("a", true, false, lax)], true, &GOOD_SAME_SITE),
            (vec![cookie("a", false, false, lax)], true, &INSECURE_HSTS),
            (vec![cookie("a", false, false, lax)], false, &INSECURE),
            (vec![cookie("session", false, true, lax)], true, &SESSION_INSECURE_HSTS),
            (vec![cookie("session", true, false, lax)], true, &SESSION_NOT_HTTP_ONLY),
            (vec![cookie("xcsrf", true, true, None)], true, &ANTICSRF_NO_SAME_SITE),
            (vec![cookie("XSRF-TOKEN", true, true, None)], true, &GOOD),
            (vec![cookie("a", false, true, Some(SameSiteWord::None))], true, &SAME_SITE_INVALID),
        ] {
            let seen = Retrieval { cookies, ..Retrieval::default() };
            assert_eq!(judge(&seen, &Answer::default(), has_hsts), verdict, "{seen:?}");
        }
    }

    #[test]
    fn same_site_needs_a_known_word() {
        for (line, is_unknown) in [
            ("a=b; SameSite=Lax", false),
            ("a=b; Samesite = lax", false),
            ("a=b; SameSite", true),
            ("a=b; SameSite=", true),
            ("a=b; SameSite=true", true),
            ("a=b", false),
        ] {
            assert_eq!(has_unknown_same_site(line), is_unknown, "{line}");
        }
    }
}
