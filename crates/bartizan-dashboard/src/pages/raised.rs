//! The part of a site's page that says how far its autopilot has come, what it waits for, and what happened.

use super::overview::{nothing, panel};
use crate::html::{Html, Tag, short, tag};
use crate::wall::{Autopilot, Raised, Step};
use crate::when;

/// Returns the part, with the times that passed until now, in milliseconds since 1970.
pub(super) fn part(autopilot: &Autopilot, now: i64) -> Html {
    let facts = [("Policy", &autopilot.stage), ("What is next", &autopilot.next)];
    let facts =
        facts.map(|(name, value)| tag("div").put(tag("dt").put(name)).put(tag("dd").put(short(value, LONGEST))));
    let log = if autopilot.steps.is_empty() {
        nothing("No step was made yet.")
    } else {
        tag("ul").class("findings").all(autopilot.steps.iter().take(MOST_STEPS).map(|step| line(step, now))).into()
    };
    let ramps = (!autopilot.ramps.is_empty())
        .then(|| panel("ramps", "Raised in steps", tag("dl").all(autopilot.ramps.iter().map(ramp))).into());
    Html::all(
        [Html::from(panel("autopilot", "Autopilot", tag("dl").all(facts)))].into_iter().chain(ramps).chain([panel(
            "steps",
            "What the autopilot did",
            log,
        )
        .into()]),
    )
}

fn ramp(ramp: &Raised) -> Tag {
    let text = format!("{}; {}", ramp.rung, ramp.next);
    tag("div").put(tag("dt").put(short(&ramp.name, LONGEST))).put(tag("dd").put(short(&text, LONGEST)))
}

fn line(step: &Step, now: i64) -> Tag {
    let mark = if step.is_back { "mark high" } else { "mark" };
    tag("li")
        .put(tag("span").class(mark).put(short(&step.about, LONGEST)))
        .put(" ")
        .put(short(&format!("{} → {}", step.from, step.to), LONGEST))
        .put(" ")
        .put(when::ago(step.at.saturating_mul(1000), now))
        .put(tag("p").class("meta").put(short(&step.reason, LONGEST)))
}

/// A reason names some origins.
const LONGEST: usize = 500;

/// As many as a person reads; `bartizan autopilot status` has all.
const MOST_STEPS: usize = 20;
