//! Every file in `examples/` loads, and the reference has every key.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bartizan::config::{Colour, Environment, Loaded, Overrides, Report, from_text, keys};

fn examples() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Loads an example; the files it names are made in `home`.
fn check(text: &str, home: &Path) -> Result<Loaded, Box<Report>> {
    let home = home.to_str().unwrap();
    for quoted in text.split('"').filter(|part| part.starts_with("/etc/bartizan/")) {
        let path = quoted.replace("/etc/bartizan", home);
        if path.ends_with('/') { fs::create_dir_all(path) } else { fs::write(path, "secret\n") }.unwrap();
    }
    let secrets = ["GATEWAY_CLIENT_SECRET", "OTHER_SECRET"].map(|name| (name.to_owned(), "s3cr3t".to_owned()));
    let environment = Environment { variables: BTreeMap::from(secrets), is_root: true };
    from_text(&text.replace("/etc/bartizan", home), "example", Path::new("."), &environment, &Overrides::default())
}

#[test]
fn every_example_loads_without_a_warning() {
    let home = tempfile::tempdir().unwrap();
    let examples = examples();
    assert!(examples.len() >= 6);
    for (path, text) in examples {
        match check(&text, home.path()) {
            Ok(loaded) => {
                let warnings = loaded.warnings.render(Colour::Never, 100);
                assert!(warnings.is_empty(), "{}:\n{warnings}", path.display());
            }
            Err(report) => panic!("{}:\n{}", path.display(), report.render(Colour::Never, 100)),
        }
    }
}

#[test]
fn an_example_with_a_file_that_is_not_there_does_not() {
    let (_, text) = examples().into_iter().find(|(path, _)| path.ends_with("django.toml")).unwrap();
    let nowhere = text.replace("/etc/bartizan", "/nowhere");
    assert!(check(&nowhere, tempfile::tempdir().unwrap().path()).is_err());
}

#[test]
fn the_reference_has_every_key() {
    let (_, text) = examples().into_iter().find(|(path, _)| path.ends_with("reference.toml")).unwrap();
    let mut written = BTreeSet::new();
    collect(&toml::Value::Table(text.parse().unwrap()), "", &mut written);
    for key in keys() {
        assert!(written.contains(&key.path), "{} is not in examples/reference.toml", key.path);
    }
}

#[test]
fn no_secret_is_shown() {
    let home = tempfile::tempdir().unwrap();
    for (path, text) in examples() {
        let loaded = check(&text, home.path()).unwrap();
        let shown = bartizan::config::show(&loaded);
        assert!(!shown.contains("s3cr3t"), "{}", path.display());
        assert!(!format!("{loaded:?}").contains("s3cr3t"), "{}", path.display());
    }
}

fn collect(value: &toml::Value, path: &str, written: &mut BTreeSet<String>) {
    written.insert(path.to_owned());
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(value, &path, written);
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| collect(item, &format!("{path}[]"), written)),
        _ => {}
    }
}

#[test]
fn the_rationale_has_every_key() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../RATIONALE.md")).unwrap();
    let missing: Vec<_> = keys()
        .into_iter()
        .map(|key| key.path.trim_start_matches("site[].").to_owned())
        // A route says again what its site says.
        .filter(|path| !path.starts_with("route[].") || matches!(&path[8..], "credentials" | "deny" | "path"))
        .filter(|path| !text.contains(&format!("`{path}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
