//! Replays the corpus of every fuzz target, so that what was once found stays mended.
//!
//! The targets themselves live in `fuzz/`, a workspace of its own; this runs the same functions.

use std::fs;
use std::path::{Path, PathBuf};

/// A target and what it feeds.
type Named = (&'static str, fn(&[u8]));

/// Every crate's, one a line.
fn targets() -> Vec<Named> {
    let mut all = Vec::new();
    all.extend(bartizan::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_audit::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_dashboard::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_headers::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_proxy::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_reports::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_rewrite::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_rules::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_scan::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_scan::tls::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all.extend(bartizan_waf::fuzzing::TARGETS.iter().map(|target| (target.name, target.run)));
    all
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

#[test]
fn every_input_passes() {
    for (name, run) in targets() {
        let folder = fuzz().join("corpus").join(name);
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut count = 0;
        for entry in entries {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            run(&fs::read(path).unwrap());
            count += 1;
        }
        assert!(count > 0, "{name} has no input");
    }
}

#[test]
fn targets_and_corpora_go_together() {
    let mut known: Vec<_> = targets().into_iter().map(|(name, _)| name.to_owned()).collect();
    known.sort();
    for (folder, ending) in [("corpus", ""), ("fuzz_targets", ".rs")] {
        let names = fs::read_dir(fuzz().join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let mut there: Vec<_> =
            names.map(|name| name.to_str().unwrap().strip_suffix(ending).unwrap().to_owned()).collect();
        there.sort();
        assert_eq!(there, known, "{folder}");
    }
}
