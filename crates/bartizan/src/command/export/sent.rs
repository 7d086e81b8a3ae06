//! The security headers as another program can send them: with what becomes of the app's own.

use bartizan_headers::csp::{PolicyList, REPORT_ONLY};
use bartizan_headers::{Field as _, Hsts, PermissionsPolicy};
use bartizan_proxy::config::{HeaderMode, HeaderPlan, When};
use http::HeaderName;

use super::written::Written;
use crate::config::ENDPOINT;

/// One header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    /// Its name as people write it.
    pub(super) name: String,
    /// Its value.
    pub(super) value: String,
    /// What becomes of the app's.
    pub(super) app: App,
    /// The answers that carry it.
    pub(super) when: On,
}

/// What becomes of the app's header of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum App {
    /// It goes out beside ours: browsers enforce both policies, which is what tightening means.
    Beside,
    /// It goes out alone, where there is one.
    Stands,
    /// Ours goes out in its place, unless it is one of these stricter values.
    YieldsUnless(Vec<&'static str>),
}

/// The answers that carry a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum On {
    /// All.
    All,
    /// Those on these paths.
    Paths(Vec<String>),
    /// Those that belong to one visitor.
    Private,
    /// Those that do not invite other origins.
    Uninvited,
}

/// Returns what a plan sends.
pub(super) fn sent(plan: &HeaderPlan) -> Vec<Sent> {
    let mut all: Vec<Sent> = Vec::new();
    for planned in plan.planned() {
        let is_policy = planned.name == PolicyList::NAME || planned.name == REPORT_ONLY;
        let app = match planned.rule.mode {
            HeaderMode::Tighten if is_policy => App::Beside,
            HeaderMode::Tighten if planned.name == "nel" => App::Stands,
            HeaderMode::Keep => App::Stands,
            HeaderMode::Off | HeaderMode::Set | HeaderMode::Tighten => {
                App::YieldsUnless(WORDS.iter().copied().filter(|word| planned.leaves(word)).collect())
            }
        };
        let when = match planned.when {
            // The app is served over HTTPS alone.
            When::Always | When::Https => On::All,
            When::Clearing => On::Paths(plan.clear_site_data_paths.clone()),
            When::Private => On::Private,
            When::Uninvited => On::Uninvited,
        };
        let value = String::from_utf8_lossy(planned.rule.value.as_bytes()).into_owned();
        all.push(Sent { name: title(&planned.name), value, app, when });
    }
    for (name, value) in &plan.custom {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        all.push(Sent { name: title(name), value, app: App::YieldsUnless(Vec::new()), when: On::All });
    }
    all
}

/// Says what tightening loses where another program does it.
pub(super) fn note_losses(plan: &HeaderPlan, all: &[Sent], out: &mut Written) {
    for planned in plan.planned() {
        let has_parts = planned.name == Hsts::NAME || planned.name == PermissionsPolicy::NAME;
        if has_parts && planned.rule.mode == HeaderMode::Tighten {
            out.note(format!("a stricter {} of the app's gives way to the one below", title(&planned.name)));
        }
    }
    if all.iter().any(|sent| sent.value.contains(ENDPOINT)) {
        out.note(format!(
            "browsers report to {ENDPOINT}, which nobody answers here: lead it to `bartizan reports serve`"
        ));
    }
}

/// Returns a name as people write it.
pub(super) fn title(name: &HeaderName) -> String {
    let parts = name.as_str().split('-').map(|part| match part {
        "csp" | "dns" | "nel" | "xss" | "ip" | "id" | "ct" => part.to_ascii_uppercase(),
        part => {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        }
    });
    parts.collect::<Vec<_>>().join("-")
}

/// Every value that consists of one word, of the headers that have such; each header knows which of them are its own and
/// stricter than ours.
const WORDS: [&str; 19] = [
    "DENY",
    "SAMEORIGIN",
    "no-referrer",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "origin",
    "origin-when-cross-origin",
    "no-referrer-when-downgrade",
    "unsafe-url",
    "same-origin-allow-popups",
    "noopener-allow-popups",
    "unsafe-none",
    "credentialless",
    "require-corp",
    "same-site",
    "cross-origin",
    "?0",
    "?1",
];

#[cfg(test)]
mod tests {
    use bartizan_proxy::profile::Profile;

    use super::*;

    #[test]
    fn stricter_values_of_the_app_are_known() {
        for (profile, name, expected) in [
            (Profile::Balanced, "X-Frame-Options", App::YieldsUnless(vec!["DENY"])),
            (Profile::Strict, "X-Frame-Options", App::YieldsUnless(vec![])),
            // The last two say less within the site and more without: neither is stricter, and the app's stands.
            (Profile::Strict, "Referrer-Policy", App::YieldsUnless(vec!["no-referrer", "strict-origin", "origin"])),
            (Profile::Balanced, "Content-Security-Policy", App::Beside),
            (Profile::Balanced, "Content-Security-Policy-Report-Only", App::Stands),
            (Profile::Balanced, "Permissions-Policy", App::Stands),
            (Profile::Strict, "Permissions-Policy", App::YieldsUnless(vec![])),
        ] {
            let all = sent(&profile.policy().headers);
            let found = all.iter().find(|sent| sent.name == name).unwrap();
            assert_eq!(found.app, expected, "{profile} {name}");
        }
    }

    #[test]
    fn names_are_written_as_usual() {
        for (name, written) in [
            ("x-frame-options", "X-Frame-Options"),
            ("x-dns-prefetch-control", "X-DNS-Prefetch-Control"),
            ("nel", "NEL"),
            ("x-xss-protection", "X-XSS-Protection"),
        ] {
            assert_eq!(title(&HeaderName::from_static(name)), written);
        }
    }
}
