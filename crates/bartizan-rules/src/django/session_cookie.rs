//! The session cookie's two flags, of which Django's check has three names for each.

use super::look::{SESSIONS, both, has, has_middleware, is_on, not, state};
use super::weigh::Hit;
use crate::Safety;
use crate::facts::django::{Django, Outcome};

/// Judges a flag; the ids are those for the app alone, the middleware alone, and both.
pub(super) fn judge(
    django: &Django,
    outcome: &Outcome,
    setting: &str,
    usual: bool,
    [app_only, middleware_only, both_on]: [&'static str; 3],
) -> Vec<Hit> {
    let has_app = has(outcome, "INSTALLED_APPS", "django.contrib.sessions");
    let has_sessions = has_middleware(outcome, SESSIONS);
    let is_off = not(is_on(outcome, setting, usual));
    let is_used = not(both(not(has_app), not(has_sessions)));
    let is_faulty = both(is_used, is_off);
    if is_faulty == Some(false) {
        return Vec::new();
    }
    let id = match (has_app, has_sessions) {
        (Some(true), Some(false)) => app_only,
        (Some(false), Some(true)) => middleware_only,
        _ => both_on,
    };
    let hit = Hit::new(django, outcome, setting, state(outcome, setting)).id(id);
    vec![hit.set(django, outcome, setting, "True", Safety::Safe).unless_known(is_faulty.is_some())]
}
