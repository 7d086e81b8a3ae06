//! The autopilot's whole way with an app: learn, try out, enforce; then an attack, and a new version of the app.

use std::path::Path;
use std::time::{Duration, Instant};

use bartizan_testkit::{wait_until, wait_up_to};
use serde_json::Value;

use crate::app::{App, Running};
use crate::browser::Browser;
use crate::outcome::Outcome;
use crate::seen::Seen;
use crate::tamper::Tamper;
use crate::wall::Wall;

/// Goes the journey at each stage, and sees what was seen without a wall, to the end.
pub(crate) fn fly(app: &App, browser: &Browser, running: &Running, direct: &Seen, outcome: &mut Outcome) {
    let tamper = Tamper::before(running);
    let wall = Wall::with_autopilot(&tamper.url(), &app.row.allow);
    let travel = |stage: &str, outcome: &mut Outcome| {
        let seen = browser.drive(app, &wall.url(), stage);
        let broken = seen.worse_than(direct, &app.row.noise);
        outcome.add_stage(stage, &seen, &broken);
        let told = || format!("{stage}: {broken:#?}\n{seen:#?}\n{:#}\n{}", wall.status(), wall.output());
        assert!(broken.is_empty(), "{}", told());
        seen
    };
    travel("learning", outcome);
    assert_eq!(wall.tell("advance")["site"]["stage"], "report-only");
    let mut known = trial(&wall);
    for _ in 0..MOST_TRIALS {
        if travel("report-only", outcome).reported() == 0 {
            break;
        }
        let better = grown(&wall, &known);
        if better == known {
            break;
        }
        known = better;
    }
    if let Some(obstacle) = &app.row.obstacle {
        let status = wall.status();
        assert!(status["remains"].to_string().contains(obstacle.as_str()), "{status:#}");
        outcome.kept(obstacle);
        return;
    }
    while wall.status()["stage"] != "enforced" {
        wall.tell("advance");
    }
    travel("enforced", outcome);
    let policy = wall.status()["policy"].as_str().unwrap().to_owned();
    assert!(is_strict(&policy), "{policy}");
    let grade = wall.grade(&app.row.ready);
    outcome.enforced(&policy, &grade);
    assert_eq!(grade.grade, "A+", "{policy}");

    let probe = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/probe.mjs");
    let look = |url: &str| browser.drive_by(&probe, &format!("{url}{}", app.row.ready), "probe");
    tamper.add();
    assert_eq!(look(&tamper.url()).steps, ["inline", "foreign"], "they run where no wall is");
    let attacked = look(&wall.url());
    assert!(attacked.steps.is_empty(), "{attacked:#?}");
    let foreign = tamper.foreign();
    let added = [("inline", "inline"), ("foreign", foreign.as_str())];
    for (what, blocked) in added {
        assert!(attacked.enforced().any(|it| it.blocked.starts_with(blocked)), "{blocked}: {attacked:#?}");
        outcome.blocked(what);
    }
    wait_until("the reports, and what is not known", || {
        let status = wall.status();
        let is_said = |key: &str, text: &str| status[key].to_string().contains(text);
        let is_told = added.iter().all(|(_, blocked)| is_said("reported", blocked));
        (is_told && is_said("unknown_items", "script")).then_some(())
    });
    added.iter().for_each(|(what, _)| outcome.told(what));

    // The same scripts, but deployed: the operator says so, and the site is learnt again.
    wall.tell("relearn");
    look(&wall.url());
    wait_until("the page to be counted", || (wall.status()["pages"].as_u64()? > 0).then_some(()));
    while wall.status()["stage"] != "enforced" {
        wall.tell("advance");
    }
    let deployed = look(&wall.url());
    assert_eq!(deployed.steps, ["inline", "foreign"], "{deployed:#?}\n{:#}", wall.status());
    assert_eq!(deployed.enforced().count(), 0, "{deployed:#?}");
    outcome.learnt_again();
}

/// Waits until a better candidate is tried out, and returns it; where none comes, there is none to be made.
fn grown(wall: &Wall, known: &[Value; 2]) -> [Value; 2] {
    let start = Instant::now();
    wait_up_to(PATIENCE * 2, "a candidate", || {
        let now = trial(wall);
        (now != *known || start.elapsed() > PATIENCE).then_some(now)
    })
}

/// Returns what is tried out: a trial begins anew with what is known better, even where the policy is the same.
fn trial(wall: &Wall) -> [Value; 2] {
    let status = wall.status();
    [status["policy"].clone(), status["step"].clone()]
}

/// Whether scripts run by nonce or hash alone.
fn is_strict(policy: &str) -> bool {
    let scripts = policy.split(';').find(|directive| directive.trim_start().starts_with("script-src "));
    scripts.is_some_and(|sources| sources.contains("'nonce-") && !sources.contains("'unsafe-inline'"))
}

/// Each shows what the one before still hid; few apps have more behind it.
const MOST_TRIALS: usize = 6;

/// A candidate under trial is made anew each second.
const PATIENCE: Duration = Duration::from_secs(8);
