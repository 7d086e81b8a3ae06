//! The stricter of an app's policies and ours, directive by directive.
//!
//! - Where our list lies within the app's, ours takes its place.
//! - Where the app's lies within ours, or neither within the other, the app's stands.
//! - What no policy of the app says, not even by a fallback, is added from ours.
//! - A directive that the app left to a fallback is written out where ours is stricter, and also where
//!   the app's stands and the fallback itself is about to be replaced.
//! - Addresses for reports are added only where the app reports nowhere: browsers prefer `report-to`
//!   over `report-uri`, so adding one could silence the other.

use super::subset::is_within;
use super::{Directive, DirectiveName, Policy, PolicyList};
use crate::field::Tighten;

impl Tighten for PolicyList {
    /// Compares each directive of ours with every policy of the app that speaks for it; unsaid ones
    /// join the app's first policy.
    fn tighten(&self, ours: &Self) -> Self {
        ours.policies.iter().fold(self.clone(), |app, policy| tightened(&app, policy))
    }
}

impl Tighten for Policy {
    fn tighten(&self, ours: &Self) -> Self {
        let list = tightened(&PolicyList::from(self.clone()), ours);
        list.policies.into_iter().next().unwrap_or_default()
    }
}

fn tightened(app: &PolicyList, ours: &Policy) -> PolicyList {
    if app.policies.is_empty() {
        return ours.clone().into();
    }
    // Compared with what the app said, never with what was already changed here: the order of our
    // directives must not matter.
    let mut result = app.clone();
    for directive in &ours.directives {
        let is_said = is_said(app, &directive.name);
        for (said, tightened) in app.policies.iter().zip(&mut result.policies) {
            match said.effective(&directive.name) {
                Some(standing) if is_within(&directive.name, directive, standing) => {
                    tightened.replace(directive.clone());
                }
                Some(standing) => tightened.replace(Directive { name: directive.name.clone(), ..standing.clone() }),
                None if !is_said => tightened.replace(directive.clone()),
                None => {}
            }
            if !is_said {
                break; // Added once; further policies would only repeat it.
            }
        }
    }
    for (said, tightened) in app.policies.iter().zip(&mut result.policies) {
        drop_repetitions(said, tightened);
    }
    keep_to_the_unsaid(app, &mut result);
    for (said, tightened) in app.policies.iter().zip(&mut result.policies) {
        keep_inherited(said, tightened);
    }
    result
}

/// Copies into the first policy what only later ones say and an added fallback would now speak for.
///
/// The copy changes nothing, for the later policy is enforced as well; without it, an added
/// `default-src` would also limit the scripts of an app that names their sources in a second policy.
fn keep_to_the_unsaid(app: &PolicyList, result: &mut PolicyList) {
    let (Some(said), Some((first, later))) = (app.policies.first(), result.policies.split_first_mut()) else { return };
    for name in DirectiveName::THAT_FALL_BACK.iter().filter(|name| said.effective(name).is_none()) {
        let Some(added) = first.effective(name) else { continue };
        let Some(spoken) = later.iter().find_map(|policy| policy.effective(name)) else { continue };
        if added.name != *name && added.value != spoken.value {
            first.replace(Directive { name: name.clone(), ..spoken.clone() });
        }
    }
}

/// Whether the app speaks for the directive, whether by itself, by a fallback, or as another way to report.
fn is_said(app: &PolicyList, name: &DirectiveName) -> bool {
    let reports = [DirectiveName::ReportTo, DirectiveName::ReportUri];
    if reports.contains(name) {
        return app.policies.iter().any(|policy| reports.iter().any(|report| policy.has(report)));
    }
    app.is_said(name)
}

/// Writes out what an added directive would otherwise take over from the app's and loosen.
///
/// Workers fall back to `child-src` before `script-src`: an added `child-src` must not free them
/// from the app's `script-src`.
fn keep_inherited(said: &Policy, tightened: &mut Policy) {
    for name in DirectiveName::THAT_FALL_BACK {
        let (Some(before), Some(now)) = (said.effective(name), tightened.effective(name)) else { continue };
        if before.name == now.name || now.name == *name || is_within(name, now, before) {
            continue;
        }
        let standing = tightened.directive(&before.name).unwrap_or(before).clone();
        tightened.replace(Directive { name: name.clone(), ..standing });
    }
}

/// Takes away what was written out and says no more than its fallback still says.
///
/// Those that others fall back to come first, so that each is compared with what remains.
fn drop_repetitions(said: &Policy, tightened: &mut Policy) {
    for name in DirectiveName::THAT_FALL_BACK.iter().filter(|name| !said.has(name)) {
        let fallback = name.fallbacks().iter().find_map(|fallback| tightened.directive(fallback));
        let repeats = fallback.is_some_and(|fallback| {
            said.effective(name) == Some(fallback)
                && tightened.directive(name).is_some_and(|directive| directive.value == fallback.value)
        });
        if repeats {
            tightened.directives.retain(|directive| directive.name != *name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;

    fn check(app: &[&str], ours: &str, result: &str) {
        let app = PolicyList::parse(app).value.unwrap();
        let ours = PolicyList::parse(&[ours]).value.unwrap();
        let tightened = app.tighten(&ours);
        assert_eq!(tightened.to_string(), result, "{app} / {ours}");
        assert_eq!(tightened.tighten(&ours), tightened, "{app} / {ours}: twice");
    }

    #[test]
    fn ours_wins_only_where_it_lies_within() {
        check(&["frame-ancestors *"], "frame-ancestors 'self'", "frame-ancestors 'self'");
        check(&["frame-ancestors 'none'"], "frame-ancestors 'self'", "frame-ancestors 'none'");
        check(&["frame-ancestors a.example"], "frame-ancestors 'self'", "frame-ancestors a.example");
        check(&["img-src 'self' data:"], "img-src 'self'", "img-src 'self'");
        check(&["script-src 'self' 'unsafe-inline'"], "script-src 'nonce-abc'", "script-src 'self' 'unsafe-inline'");
        check(&["sandbox"], "sandbox allow-scripts", "sandbox");
    }

    #[test]
    fn the_unsaid_is_added() {
        check(&["img-src *"], "object-src 'none'; base-uri 'self'", "img-src *; object-src 'none'; base-uri 'self'");
        check(&["default-src 'none'"], "base-uri 'self'", "default-src 'none'; base-uri 'self'");
        check(&["upgrade-insecure-requests"], "default-src 'self'", "upgrade-insecure-requests; default-src 'self'");
        check(&["report-uri /csp"], "report-to wall", "report-uri /csp");
        check(&["img-src *"], "report-to wall", "img-src *; report-to wall");
    }

    #[test]
    fn fallbacks_count_as_said() {
        check(&["default-src 'self'"], "object-src 'none'", "default-src 'self'; object-src 'none'");
        check(&["default-src 'none'"], "img-src 'self'", "default-src 'none'");
        check(&["default-src a.example"], "img-src 'self'", "default-src a.example");
        check(&["default-src *"], "default-src 'self'; img-src 'self' data:", "default-src 'self'; img-src *");
    }

    #[test]
    fn several_policies_stay_several() {
        check(
            &["img-src *", "script-src 'self'"],
            "script-src 'none'; base-uri 'none'",
            "img-src *; base-uri 'none', script-src 'none'",
        );
        check(
            &["img-src *", "script-src a.example"],
            "default-src 'self'",
            "img-src *; default-src 'self'; script-src a.example, script-src a.example",
        );
        check(&["img-src a.example, img-src b.example"], "img-src 'self'", "img-src a.example, img-src b.example");
    }
}
