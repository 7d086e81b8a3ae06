//! The autopilot's whole way with an app: learn, try out, enforce; then an attack, and a new version of the app.

use std::path::Path;
use std::time::{Duration, Instant};

use bartizan_testkit::{wait_until, wait_up_to};
use serde_json::Value;

use crate::app::{App, Running};
use crate::browser::Browser;
use crate::outcome::{Outcome, Way};
use crate::seen::Seen;
use crate::tamper::Tamper;
use crate::wall::Wall;

/// Goes the journey at each stage, and sees what was seen without a wall, to the end.
pub(crate) fn fly(app: &App, browser: &Browser, running: &Running, direct: &Seen, outcome: &mut Outcome) {
    let tamper = Tamper::before(running);
    let wall = Wall::with_autopilot(&tamper.url(), &app.row.allow);
    let travel = |stage: &str| {
        let seen = browser.drive(app, &wall.url(), stage);
        let broken = seen.worse_than(direct, &app.row.noise);
        let told = || format!("{stage}: {broken:#?}\n{seen:#?}\n{:#}\n{}", wall.status(), wall.output());
        assert!(broken.is_empty(), "{}", told());
        seen
    };
    travel("learning");
    assert_eq!(wall.tell("advance")["site"]["stage"], "report-only");
    let mut policy = wall.status()["policy"].clone();
    for _ in 0..MOST_TRIALS {
        if travel("report-only").reported() == 0 {
            break;
        }
        let better = grown(&wall, &policy);
        if better == policy {
            break;
        }
        policy = better;
    }
    if let Some(obstacle) = &app.row.obstacle {
        let status = wall.status();
        assert!(status["remains"].to_string().contains(obstacle.as_str()), "{status:#}");
        outcome.add(Way::kept(obstacle));
        return;
    }
    while wall.status()["stage"] != "enforced" {
        wall.tell("advance");
    }
    let enforced = travel("enforced");
    let policy = wall.status()["policy"].as_str().unwrap().to_owned();
    assert!(is_strict(&policy), "{policy}");
    let grade = wall.grade(&app.row.ready);
    assert_eq!(grade, "A+", "{policy}");
    outcome.add(Way::flown(&enforced, grade, policy));

    let probe = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/probe.mjs");
    let look = |url: &str| browser.drive_by(&probe, &format!("{url}{}", app.row.ready), "probe");
    tamper.add();
    assert_eq!(look(&tamper.url()).steps, ["inline", "foreign"], "they run where no wall is");
    let attacked = look(&wall.url());
    assert!(attacked.steps.is_empty(), "{attacked:#?}");
    for blocked in ["inline", &tamper.foreign()] {
        assert!(attacked.enforced().any(|it| it.blocked.starts_with(blocked)), "{blocked}: {attacked:#?}");
    }
    wait_until("the reports, and what is not known", || {
        let status = wall.status();
        let is_said = |key: &str, text: &str| status[key].to_string().contains(text);
        let is_told = is_said("reported", "inline") && is_said("reported", &tamper.foreign());
        (is_told && is_said("unknown_items", "script")).then_some(())
    });

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
}

/// Waits until reports have made a better candidate, and returns it; where none comes, there is none to be made.
fn grown(wall: &Wall, policy: &Value) -> Value {
    let start = Instant::now();
    wait_up_to(PATIENCE * 2, "a candidate", || {
        let now = wall.status()["policy"].clone();
        (now != *policy || start.elapsed() > PATIENCE).then_some(now)
    })
}

/// Whether scripts run by nonce or hash alone.
fn is_strict(policy: &str) -> bool {
    let scripts = policy.split(';').find(|directive| directive.trim_start().starts_with("script-src "));
    scripts.is_some_and(|sources| sources.contains("'nonce-") && !sources.contains("'unsafe-inline'"))
}

/// Each shows what the one before still hid; few apps have more behind it.
const MOST_TRIALS: usize = 4;

/// A candidate under trial is made anew each second.
const PATIENCE: Duration = Duration::from_secs(8);
