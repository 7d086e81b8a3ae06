//! What is kept of an app's journeys, as a file that `cargo xtask journeys` reads.

use std::{env, fs, path::PathBuf};

use serde::Serialize;

use crate::app::App;
use crate::seen::Seen;
use crate::wall::Wall;

/// All journeys of one app.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    page: String,
    title: String,
    package: String,
    does: String,
    ways: Vec<Way>,
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
    grade: Option<String>,
    policy: Option<String>,
}

impl Outcome {
    /// Begins with none.
    pub(crate) fn of(app: &App) -> Self {
        let package = app.row.packages.first().cloned().unwrap_or_default();
        let (title, does) = (app.row.title.clone(), app.row.does.clone());
        Self { name: app.name.clone(), page: app.row.ready.clone(), title, package, does, ways: Vec::new() }
    }

    /// Returns the profiles to go behind: for the table all, for a test those that are promised to break nothing.
    pub(crate) fn profiles(&self) -> Vec<&'static str> {
        if folder().is_some() { vec!["balanced", "strict"] } else { vec!["balanced"] }
    }

    /// Adds a journey.
    pub(crate) fn add(&mut self, way: Way) {
        self.ways.push(way);
    }

    /// Adds a journey through a wall; graded only where somebody wants to know.
    pub(crate) fn add_walled(&mut self, way: &str, seen: &Seen, broken: &[String], wall: &Wall) {
        self.add(Way::new(way, seen, broken, folder().map(|_| wall.grade(&self.page))));
    }

    /// Writes the file, where somebody asked for it.
    pub(crate) fn write(&self) {
        let Some(folder) = folder() else { return };
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{}.json", self.name)), serde_json::to_string_pretty(self).unwrap()).unwrap();
    }
}

impl Way {
    /// The journey that the others are compared with.
    pub(crate) fn direct(seen: &Seen) -> Self {
        Self::new("direct", seen, &[], None)
    }

    /// The journey at the end of the autopilot's way.
    pub(crate) fn flown(seen: &Seen, grade: String, policy: String) -> Self {
        Self { policy: Some(policy), ..Self::new("autopilot", seen, &[], Some(grade)) }
    }

    /// The autopilot's way where it ends before anything is enforced.
    pub(crate) fn kept(obstacle: &str) -> Self {
        let way = format!("autopilot: goes no further than reports, for `{obstacle}`");
        Self { way, steps: 0, broken: Vec::new(), enforced: 0, reported: 0, grade: None, policy: None }
    }

    fn new(way: &str, seen: &Seen, broken: &[String], grade: Option<String>) -> Self {
        Self {
            way: way.to_owned(),
            steps: seen.steps.len(),
            broken: broken.to_vec(),
            enforced: seen.enforced().count(),
            reported: seen.reported(),
            grade,
            policy: None,
        }
    }
}

fn folder() -> Option<PathBuf> {
    env::var_os("BARTIZAN_JOURNEYS").map(PathBuf::from)
}
