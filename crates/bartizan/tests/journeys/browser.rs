//! Chromium, driven by `drive.mjs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use bartizan_testkit::outside_program;

use crate::app::{App, node_or, target};
use crate::seen::Seen;

/// The programs that drive, all there.
#[derive(Debug)]
pub(crate) struct Browser {
    packages: PathBuf,
}

impl Browser {
    /// Finds them, or says what is missing.
    pub(crate) fn find() -> Option<Self> {
        outside_program(Path::new("/usr/bin/chromium"))?;
        Some(Self { packages: outside_program(&target().join("test-node/node_modules"))? })
    }

    /// Goes an app's journey at an address; `way` names the picture that is made where it ends early.
    pub(crate) fn drive(&self, app: &App, url: &str, way: &str) -> Seen {
        self.drive_by(&app.journey(), url, &format!("{}-{way}", app.name))
    }

    /// Goes any journey.
    pub(crate) fn drive_by(&self, journey: &Path, url: &str, picture: &str) -> Seen {
        let pictures = target().join("journeys/.pictures");
        fs::create_dir_all(&pictures).unwrap();
        let word = format!("trip{}", TRIPS.fetch_add(1, Ordering::Relaxed));
        let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/drive.mjs");
        let output = Command::new(node_or("node"))
            .arg(driver)
            .args([&self.packages, journey])
            .args([url, &word])
            .arg(pictures.join(format!("{picture}.png")))
            .output()
            .unwrap();
        let (out, faults) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let seen: Seen = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{faults}"));
        seen.without(&[(url, ""), (&url.replacen("http", "ws", 1), ""), (&word, "{word}")])
    }
}

/// No two journeys of one run make things of the same name.
static TRIPS: AtomicU32 = AtomicU32::new(1);
