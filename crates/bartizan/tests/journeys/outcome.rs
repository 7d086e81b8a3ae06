//! What is kept of an app's journeys, as a file that `cargo xtask journeys` reads.

use std::{env, fs, path::PathBuf, thread};

use serde::Serialize;

use crate::app::App;
use crate::seen::Seen;
use crate::wall::{Grade, Wall};

/// All journeys of one app; written when it is dropped, so that a journey that breaks stands in the table as well.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    page: String,
    title: String,
    package: String,
    does: String,
    /// What the operator vouches for.
    allow: Vec<String>,
    ways: Vec<Way>,
    /// The policy that was enforced in the end.
    policy: Option<String>,
    /// Why none was.
    obstacle: Option<String>,
    /// What was added to a page and ran nowhere behind the wall, by the words that the browser has for it.
    blocked: Vec<String>,
    /// What of it the wall was told of.
    told: Vec<String>,
    /// Whether the same ran once the site was learnt again.
    is_learnt_again: bool,
}

/// One journey.
#[derive(Debug, Serialize)]
pub(crate) struct Way {
    /// `direct`, or what stood before the app.
    way: String,
    steps: usize,
    /// What it had that the direct one has not.
    broken: Vec<String>,
    enforced: usize,
    reported: usize,
    grade: Option<Grade>,
}

impl Outcome {
    /// Begins with none.
    pub(crate) fn of(app: &App) -> Self {
        Self {
            name: app.name.clone(),
            page: app.row.ready.clone(),
            title: app.row.title.clone(),
            package: app.row.packages.first().cloned().unwrap_or_default(),
            does: app.row.does.clone(),
            allow: app.row.allow.clone(),
            ways: Vec::new(),
            policy: None,
            obstacle: None,
            blocked: Vec::new(),
            told: Vec::new(),
            is_learnt_again: false,
        }
    }

    /// Returns the profiles to go behind: for the table all, for a test those that are promised to break nothing.
    pub(crate) fn profiles(&self) -> Vec<&'static str> {
        if folder().is_some() { vec!["balanced", "strict"] } else { vec!["balanced"] }
    }

    /// Adds the journey that the others are compared with.
    pub(crate) fn add_direct(&mut self, seen: &Seen) {
        self.ways.push(Way::new("direct", seen, &[], None));
    }

    /// Adds a journey through a wall; graded only where somebody wants to know.
    pub(crate) fn add_walled(&mut self, way: &str, seen: &Seen, broken: &[String], wall: &Wall) {
        self.ways.push(Way::new(way, seen, broken, folder().map(|_| wall.grade(&self.page))));
    }

    /// Adds a journey of the autopilot's, at one of its stages.
    pub(crate) fn add_stage(&mut self, stage: &str, seen: &Seen, broken: &[String]) {
        self.ways.push(Way::new(&format!("autopilot, {stage}"), seen, broken, None));
    }

    /// Notes the policy at the end of the autopilot's way, and how the Observatory judges the last journey.
    pub(crate) fn enforced(&mut self, policy: &str, grade: &Grade) {
        self.policy = Some(policy.to_owned());
        if let Some(last) = self.ways.last_mut() {
            last.grade = Some(grade.clone());
        }
    }

    /// Notes why nothing was enforced.
    pub(crate) fn kept(&mut self, obstacle: &str) {
        self.obstacle = Some(obstacle.to_owned());
    }

    /// Notes what did not run, though a page had it.
    pub(crate) fn blocked(&mut self, what: &str) {
        self.blocked.push(what.to_owned());
    }

    /// Notes what the wall was told of.
    pub(crate) fn told(&mut self, what: &str) {
        self.told.push(what.to_owned());
    }

    /// Notes that the app's new version runs.
    pub(crate) fn learnt_again(&mut self) {
        self.is_learnt_again = true;
    }
}

impl Drop for Outcome {
    fn drop(&mut self) {
        let Some(folder) = folder() else { return };
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        let written =
            fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(format!("{}.json", self.name)), text));
        // The test that is failing already has more to say.
        assert!(written.is_ok() || thread::panicking(), "{written:?}");
    }
}

impl Way {
    fn new(way: &str, seen: &Seen, broken: &[String], grade: Option<Grade>) -> Self {
        Self {
            way: way.to_owned(),
            steps: seen.steps.len(),
            broken: broken.to_vec(),
            enforced: seen.enforced().count(),
            reported: seen.reported(),
            grade,
        }
    }
}

fn folder() -> Option<PathBuf> {
    env::var_os("BARTIZAN_JOURNEYS").map(PathBuf::from)
}
