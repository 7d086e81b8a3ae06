//! What an operator should know of without asking: steps back, new candidates, what does not go on, unknown code.

use std::collections::BTreeSet;

use bartizan_rewrite::Item;

use crate::decide::stuck;
use crate::settings::Settings;
use crate::stage::Stage;
use crate::state::{Entry, POLICY, State};
use crate::status::describe;

/// Something that an operator should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The site's name.
    pub site: String,
    /// Of what sort it is.
    pub sort: NewsSort,
    /// What it is about: the same as long as it is the same.
    pub key: String,
    /// What happened, in a line.
    pub title: String,
    /// What is known of it.
    pub facts: Vec<(&'static str, String)>,
}

/// Sorts of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewsSort {
    /// It does not go on before somebody has looked.
    Held,
    /// A new policy is tried out.
    NewCandidate,
    /// Something that was enforced is not any more, or less so.
    StepBack,
    /// Enough clients were served code that is not known.
    UnknownCode,
}

/// What was told of a site already.
#[derive(Debug, Default)]
pub(crate) struct Told {
    items: BTreeSet<Item>,
    /// The step of which it was said that it does not go on.
    stuck: Option<u64>,
    looked: u64,
}

/// Returns what a step is worth telling, if it is.
pub(crate) fn of_step(site: &str, step: &Entry) -> Option<News> {
    let is_new = step.about == POLICY && step.to == Stage::Trial.name() && !step.is_step_back;
    let (sort, title) = if step.is_step_back {
        (NewsSort::StepBack, format!("the autopilot steps back: {} is now {}", step.about, step.to))
    } else if is_new {
        (NewsSort::NewCandidate, "a new policy is tried out in reports".to_owned())
    } else {
        return None;
    };
    let facts = vec![("from", step.from.clone()), ("to", step.to.clone()), ("reason", step.reason.clone())];
    Some(News { site: site.to_owned(), sort, key: format!("{} {} {}", step.about, step.at, step.to), title, facts })
}

/// Returns what is told when the operator holds something: who else looks after the site should know.
pub(crate) fn of_hold(site: &str, about: &str, now: u64) -> News {
    News {
        site: site.to_owned(),
        sort: NewsSort::Held,
        key: format!("{about} {now}"),
        title: format!("{about} is held by the operator"),
        facts: vec![("goes on with", "bartizan autopilot release".to_owned())],
    }
}

impl Told {
    /// Returns what is new with a site, apart from its steps.
    pub(crate) fn look(&mut self, site: &str, state: &State, settings: &Settings, now: u64) -> Vec<News> {
        let mut found = Vec::new();
        // Looking through all that is not known costs more than a tick may.
        if now.saturating_sub(self.looked) < (settings.step / 50).clamp(1, 60) {
            return found;
        }
        self.looked = now;
        if !state.is_held
            && self.stuck != Some(state.step)
            && let Some(reason) = stuck(state, settings, now)
        {
            self.stuck = Some(state.step);
            found.push(News {
                site: site.to_owned(),
                sort: NewsSort::Held,
                key: format!("step {}", state.step),
                title: "the policy is not enforced, since it would break the site".to_owned(),
                facts: vec![("reason", reason), ("more", "bartizan autopilot status".to_owned())],
            });
        }
        if state.stage.is_enforcing() {
            found.extend(self.unknown(site, state, settings));
        }
        found
    }

    fn unknown(&mut self, site: &str, state: &State, settings: &Settings) -> Vec<News> {
        let met = state.inventory.met(settings.witnesses).filter(|(item, ..)| item.is_script());
        let new: Vec<_> = met.filter(|(item, ..)| !self.items.contains(item)).take(MOST_AT_ONCE).collect();
        let mut found = Vec::new();
        for (item, page, times) in new {
            if self.items.len() >= MOST_TOLD {
                self.items.clear();
            }
            self.items.insert(item.clone());
            let what = describe(item);
            found.push(News {
                site: site.to_owned(),
                sort: NewsSort::UnknownCode,
                key: what.clone(),
                title: format!("unknown code on {page}: {what}"),
                facts: vec![("page", page.to_owned()), ("served", format!("{times} times"))],
            });
        }
        found
    }
}

/// A release that changes more is one message all the same.
const MOST_AT_ONCE: usize = 50;

/// As many as are worth remembering; what is told again is folded by whoever tells.
const MOST_TOLD: usize = 2000;

#[cfg(test)]
mod tests {
    use bartizan_rewrite::{Digest, Seen, Sighting, Verdict};

    use super::*;
    use crate::state::By;

    #[test]
    fn steps_that_matter_are_told() {
        for (about, from, to, is_step_back, expected) in [
            (POLICY, "learning", "report-only", false, Some(NewsSort::NewCandidate)),
            (POLICY, "report-only", "report-only", false, Some(NewsSort::NewCandidate)),
            (POLICY, "report-only", "enforced for 5%", false, None),
            (POLICY, "enforced", "learning", true, Some(NewsSort::StepBack)),
            ("opener_policy", "enforced", "report-only", true, Some(NewsSort::StepBack)),
            ("hsts", "5 minutes", "1 day", false, None),
        ] {
            let step = Entry {
                at: 1,
                about: about.to_owned(),
                from: from.to_owned(),
                to: to.to_owned(),
                is_step_back,
                by: By::Autopilot,
                reason: String::new(),
            };
            assert_eq!(of_step("app.example", &step).map(|news| news.sort), expected, "{about} {to}");
        }
    }

    #[test]
    fn unknown_code_is_told_once_and_only_where_enough_clients_met_it() {
        let settings = Settings { witnesses: 2, ..Settings::default() };
        for (stage, clients, is_script, expected) in [
            (Stage::Enforced, 2, true, 1),
            (Stage::Share(5), 2, true, 1),
            (Stage::Enforced, 1, true, 0),
            (Stage::Enforced, 2, false, 0), // looks are not worth a message
            (Stage::Learning, 2, true, 0),  // there everything is new
        ] {
            let mut state = State::new(&settings, 0);
            state.go(stage, By::Autopilot, String::new(), 0);
            let digest = Digest::of("new()");
            let item = if is_script { Item::Script { text: digest, shape: None } } else { Item::Style(digest) };
            let seen = [Seen { item, verdict: Verdict::Withheld }];
            (0..clients).for_each(|client| state.inventory.see(&seen, Sighting { at: 1, client, page: "/" }));
            let mut told = Told::default();
            assert_eq!(told.look("app.example", &state, &settings, 10_000).len(), expected, "{stage:?} {clients}");
            assert_eq!(told.look("app.example", &state, &settings, 20_000), []);
        }
    }
}
