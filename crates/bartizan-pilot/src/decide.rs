//! When a site goes on, stays, or steps back, and why: a pure function of what is known.

use crate::evidence::Witnessed;
use crate::settings::{Mode, Settings, Unknown};
use crate::stage::Stage;
use crate::state::State;

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Nothing yet: what is missing.
    Wait(String),
    /// One step forward.
    Advance(String),
    /// Back to learning.
    StepBack(String),
}

/// Decides; whether the operator holds the site is not asked here.
pub(crate) fn decide(state: &State, settings: &Settings, now: u64) -> Decision {
    if state.stage.is_enforcing()
        && let Some(reason) = broken(state, settings)
    {
        return Decision::StepBack(reason);
    }
    if let Some(missing) = missing_traffic(state, settings, now) {
        return Decision::Wait(missing);
    }
    match state.stage {
        Stage::Learning => Decision::Advance(format!(
            "{} pages to {} clients were served, and {} things are known",
            state.pages,
            state.clients.count(),
            state.inventory.known().count()
        )),
        Stage::Trial => match (blocked(state, settings), settings.mode) {
            (Some(reason), _) => Decision::Wait(reason),
            (None, Mode::Learn) => {
                Decision::Wait("the candidate is clean; with mode = \"learn\" the operator goes on".to_owned())
            }
            (None, Mode::Auto) => Decision::Advance(format!(
                "{} pages to {} clients, and nothing that more than a few of them reported",
                state.pages,
                state.clients.count()
            )),
        },
        Stage::Share(_) => Decision::Advance(format!(
            "{} pages to {} clients without new violations",
            state.pages,
            state.clients.count()
        )),
        Stage::Enforced => Decision::Wait("the end is reached; it is watched".to_owned()),
    }
}

fn missing_traffic(state: &State, settings: &Settings, now: u64) -> Option<String> {
    let least = match state.stage {
        Stage::Learning => settings.learn,
        Stage::Trial => settings.trial,
        Stage::Share(_) => settings.step,
        Stage::Enforced => return None,
    };
    let past = now.saturating_sub(state.since);
    let mut missing = Vec::new();
    if past < least {
        missing.push(format!("{} more", time(least - past)));
    }
    if state.pages < settings.pages {
        missing.push(format!("{} of {} pages", state.pages, settings.pages));
    }
    if state.clients.count() < settings.clients {
        missing.push(format!("{} of {} different clients", state.clients.count(), settings.clients));
    }
    (!missing.is_empty()).then(|| format!("waits for time and traffic: {}", missing.join(", ")))
}

/// Why a candidate that was tried out long enough is not enforced, if it would break the site.
pub(crate) fn stuck(state: &State, settings: &Settings, now: u64) -> Option<String> {
    let is_due = state.stage == Stage::Trial && missing_traffic(state, settings, now).is_none();
    if is_due { blocked(state, settings) } else { None }
}

/// What keeps a candidate from being enforced.
fn blocked(state: &State, settings: &Settings) -> Option<String> {
    if let Some(obstacle) = state.candidate.obstacles.first() {
        return Some(obstacle.clone());
    }
    let mut remains = reported(state, settings)
        .map(|(what, target, seen)| format!("{what} {target} ({} clients, {})", seen.clients.len(), seen.page));
    let first = remains.next()?;
    let more = remains.count();
    let others = if more == 0 { String::new() } else { format!(", and {more} more") };
    let handlers = if state.evidence.witnesses(|what, _| what == "script-src-attr") > 0 { HANDLERS } else { "" };
    let written = if state.evidence.witnesses(|what, target| what == "script-src-elem" && target == "inline") > 0 {
        WRITTEN
    } else {
        ""
    };
    Some(format!("the candidate would block what clients use: {first}{others}{handlers}{written}"))
}

/// What enough real clients reported under the candidate, and so many of them that it is not one corner.
pub(crate) fn reported<'a>(
    state: &'a State,
    settings: &'a Settings,
) -> impl Iterator<Item = (&'a str, &'a str, &'a Witnessed)> {
    let clients = state.clients.count();
    // What is withheld counts as well: before anything is enforced, what many clients miss is the app's own.
    state.evidence.entries().filter(move |(_, _, seen)| {
        seen.clients.len() >= settings.witnesses && seen.clients.len() as u64 * 100 >= clients * SHARE
    })
}

/// Code that carries no nonce because it is not known: that it is blocked is what was chosen.
fn is_withheld(what: &str) -> bool {
    matches!(what, "script-src-elem" | "style-src-elem")
}

/// Why an enforced candidate breaks the site, if it does.
fn broken(state: &State, settings: &Settings) -> Option<String> {
    let known = state.was_there();
    let clients = state.clients.count();
    let mut new = std::collections::BTreeSet::new();
    let mut worst: Option<(&str, &str, &Witnessed)> = None;
    for (what, target, seen) in state.evidence.entries() {
        let is_chosen = settings.unknown == Unknown::Withhold && is_withheld(what);
        // Twice as many as in the trial is more than chance.
        let is_old = known.get(&(what, target)).is_some_and(|before| seen.clients.len() <= before * 2);
        if is_chosen || is_old {
            continue;
        }
        new.extend(seen.clients.iter().copied());
        if worst.is_none_or(|(_, _, most)| seen.clients.len() > most.clients.len()) {
            worst = Some((what, target, seen));
        }
    }
    let (what, target, seen) = worst?;
    let is_much = new.len() >= settings.witnesses && new.len() as u64 * 100 >= clients * SHARE;
    is_much.then(|| {
        format!(
            "{} of {clients} clients report new violations, most of {what} {target} on {}",
            new.len(),
            if seen.page.is_empty() { "an unnamed page" } else { &seen.page }
        )
    })
}

fn time(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

const HANDLERS: &str = "; handlers that scripts put into the page cannot be allowed safely: with allow = [\"script-src-attr \
                        'unsafe-inline'\"] every handler runs, planted ones as well";

const WRITTEN: &str = "; inline scripts are those that pages do not contain for enough clients, or that other scripts write into \
                       the page (`document.write`): of these no policy can know the text";

/// Of a hundred clients: one may have an extension that nobody knows.
const SHARE: u64 = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Violation;
    use crate::state::By;

    fn settings() -> Settings {
        Settings { learn: 100, trial: 100, step: 100, pages: 10, clients: 5, witnesses: 2, ..Settings::default() }
    }

    fn at(stage: Stage, pages: u64, clients: u64, settings: &Settings) -> State {
        let mut state = State::new(settings, 0);
        state.go(stage, By::Autopilot, String::new(), 0);
        state.pages = pages;
        (0..clients).for_each(|client| state.clients.add(client));
        state
    }

    fn report(state: &mut State, what: &str, clients: std::ops::Range<u64>) {
        let violation = Violation { what: what.to_owned(), target: "inline".to_owned(), page: "/".to_owned() };
        clients.for_each(|client| state.evidence.add(&violation, client));
    }

    fn word(decision: &Decision) -> &'static str {
        match decision {
            Decision::Wait(_) => "wait",
            Decision::Advance(_) => "advance",
            Decision::StepBack(_) => "back",
        }
    }

    #[test]
    fn time_and_traffic_are_waited_for() {
        for (stage, pages, clients, now, expected) in [
            (Stage::Learning, 10, 5, 100, "advance"),
            (Stage::Learning, 9, 5, 100, "wait"),
            (Stage::Learning, 10, 4, 100, "wait"),
            (Stage::Learning, 10, 5, 99, "wait"),
            (Stage::Trial, 10, 5, 100, "advance"),
            (Stage::Share(5), 10, 5, 100, "advance"),
            (Stage::Share(5), 0, 5, 100, "wait"),
            (Stage::Enforced, 1000, 1000, 10_000, "wait"),
        ] {
            let settings = settings();
            let state = at(stage, pages, clients, &settings);
            assert_eq!(word(&decide(&state, &settings, now)), expected, "{stage:?} {pages} {clients} {now}");
        }
    }

    #[test]
    fn violations_hold_a_trial_and_end_an_enforcement() {
        for (stage, unknown, what, reporters, expected) in [
            (Stage::Trial, Unknown::StepBack, "img-src", 2, "wait"),
            (Stage::Trial, Unknown::StepBack, "img-src", 1, "advance"), // one client's doing
            (Stage::Trial, Unknown::Withhold, "script-src-elem", 2, "wait"),
            (Stage::Share(5), Unknown::StepBack, "img-src", 2, "back"),
            (Stage::Share(5), Unknown::StepBack, "img-src", 1, "advance"),
            (Stage::Enforced, Unknown::StepBack, "script-src-elem", 2, "back"),
            (Stage::Enforced, Unknown::Withhold, "script-src-elem", 2, "wait"), // as chosen
            (Stage::Enforced, Unknown::Withhold, "img-src", 2, "back"),
        ] {
            let settings = Settings { unknown, ..settings() };
            let mut state = at(stage, 10, 5, &settings);
            report(&mut state, what, 0..reporters);
            assert_eq!(word(&decide(&state, &settings, 100)), expected, "{stage:?} {unknown:?} {what} {reporters}");
        }
    }

    #[test]
    fn what_was_there_before_is_no_reason() {
        let settings = settings();
        let mut state = at(Stage::Trial, 1000, 1000, &settings);
        report(&mut state, "img-src", 0..3); // below one in a hundred
        assert_eq!(word(&decide(&state, &settings, 100)), "advance");
        state.go(Stage::Share(5), By::Autopilot, String::new(), 100);
        state.pages = 10;
        (0..50).for_each(|client| state.clients.add(client));
        report(&mut state, "img-src", 0..6);
        assert_eq!(word(&decide(&state, &settings, 200)), "advance");
        report(&mut state, "img-src", 0..7);
        assert_eq!(word(&decide(&state, &settings, 200)), "back");
    }
}
