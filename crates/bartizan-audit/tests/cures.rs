//! Every cure of a systemd unit and of Django settings: the rule is silent after it, and the program itself takes it.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]
#![allow(clippy::print_stderr, reason = "a test that shows nothing must not pass in silence")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use bartizan_audit::edit::{Daring, apply};
use bartizan_audit::{DjangoCsp, DjangoVersion, Settings, Tree, discover};
use bartizan_rules::catalog::rules;
use bartizan_rules::{Example, Findings, Format, Rule, judge};

/// A bad example and what was made of it.
struct Cured {
    rule: &'static Rule,
    text: String,
    /// What the authority calls the fault.
    names: Vec<String>,
    is_silent: bool,
}

/// What the programs run with.
const VARIABLES: [(&str, &str); 2] =
    [("SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij"), ("DATABASE_PASSWORD", "x")];

fn found(rule: &'static Rule, name: &str, text: &str) -> (Findings, BTreeMap<Arc<str>, Arc<str>>) {
    let tree = Tree::in_memory([(PathBuf::from(name), text.as_bytes().to_vec())]);
    let settings = Settings {
        django_settings: (name == "settings.py").then(|| "settings".to_owned()),
        django_version: DjangoVersion::V6_1,
        django_csp: DjangoCsp::V4,
        variables: VARIABLES.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        has_all_variables: true,
        ..Settings::default()
    };
    // Django is read by its settings module alone.
    let units = if settings.django_settings.is_some() { Vec::new() } else { discover::units(&tree, |_| {}) };
    let audited = discover::read(&tree, units, &settings);
    (judge([rule], &audited.facts), audited.sources.into_iter().collect())
}

/// Mends the bad example of each rule whose cure changes it.
fn cured(format: Format, name: &str, daring: Daring) -> Vec<Cured> {
    let mut all = Vec::new();
    for rule in rules() {
        let Example::File(of, bad) = rule.bad else { continue };
        if of != format {
            continue;
        }
        let mut text = bad.to_owned();
        let (first, _) = found(rule, name, &text);
        let names = first.into_iter().flat_map(|finding| finding.equivalents).collect();
        let mut is_silent = false;
        for _ in 0..5 {
            let (findings, sources) = found(rule, name, &text);
            is_silent = findings.is_empty();
            match apply(findings.as_slice(), &sources, daring).texts.into_values().next() {
                Some(next) if next != text => text = next,
                _ => break,
            }
        }
        if text != bad {
            all.push(Cured { rule, text, names, is_silent });
        }
    }
    all
}

#[test]
fn a_cure_silences_its_rule() {
    for (format, name, at_least) in [(Format::Systemd, "app.service", 14), (Format::Django, "settings.py", 15)] {
        for daring in [Daring::Safe, Daring::Risky] {
            let all = cured(format, name, daring);
            let loud: Vec<_> = all.iter().filter(|one| !one.is_silent).collect();
            let shown: Vec<_> = loud.iter().map(|one| format!("{}:\n{}", one.rule.id(), one.text)).collect();
            assert!(shown.is_empty(), "{daring:?}: not silent after the cure:\n{}", shown.join("\n"));
            println!("{name} {daring:?}: {} cures", all.len());
            assert!(daring == Daring::Safe || all.len() >= at_least, "only {} cures", all.len());
        }
    }
}

#[test]
fn middleware_goes_where_it_belongs() {
    const SECURITY: &str = "django.middleware.security.SecurityMiddleware";
    const COMMON: &str = "django.middleware.common.CommonMiddleware";
    const CSRF: &str = "django.middleware.csrf.CsrfViewMiddleware";
    for (id, before, after) in [
        ("security-middleware-missing", "[]", Some("[\n    \"SECURITY\",]")),
        ("security-middleware-missing", "[\"COMMON\"]", Some("[\"SECURITY\", \"COMMON\"]")),
        (
            "security-middleware-missing",
            "[\n  # all\n  \"COMMON\",\n]",
            Some("[\n  \"SECURITY\",\n  # all\n  \"COMMON\",\n]"),
        ),
        ("csrf-middleware-missing", "[\"SECURITY\", \"x.Y\"]", Some("[\"SECURITY\", \"CSRF\", \"x.Y\"]")),
        (
            "csrf-middleware-missing",
            "(\n  \"SECURITY\",\n  \"COMMON\",\n)",
            Some("(\n  \"SECURITY\",\n  \"COMMON\",\n  \"CSRF\",\n)"),
        ),
        ("csrf-middleware-missing", "[\"x.Y\"]", Some("[\"x.Y\", \"CSRF\"]")),
        ("csrf-middleware-missing", "[]", None),
        ("csrf-middleware-missing", "[name for name in [\"SECURITY\"]]", None),
        ("csrf-middleware-missing", "[]\nMIDDLEWARE.append(\"SECURITY\")", None),
        ("csrf-middleware-missing", "\"SECURITY\", \"x.Y\"", None),
    ] {
        let full = |text: &str| {
            let names = [("SECURITY", SECURITY), ("COMMON", COMMON), ("CSRF", CSRF)];
            let text = names.iter().fold(text.to_owned(), |text, (short, long)| text.replace(short, long));
            format!("MIDDLEWARE = {text}\n")
        };
        let rule = rules().find(|rule| rule.id() == id).unwrap();
        let (findings, sources) = found(rule, "settings.py", &full(before));
        let changed = apply(findings.as_slice(), &sources, Daring::Risky).texts.into_values().next();
        assert_eq!(changed, after.map(full), "{before}");
    }
}

#[test]
fn systemd_takes_every_cure() {
    let program = Path::new("/usr/bin/systemd-analyze");
    if !program.exists() {
        eprintln!("\n*** SKIPPED: systemd-analyze is missing; `cargo xtask setup` installs it ***\n");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut refused = Vec::new();
    for daring in [Daring::Safe, Daring::Risky] {
        for one in cured(Format::Systemd, "app.service", daring) {
            let path = folder.path().join(format!("{}.service", one.rule.id()));
            // The program of the example is nowhere.
            fs::write(&path, one.text.replace("/usr/bin/app", "/bin/true")).unwrap();
            let output = Command::new(program).args(["verify", "--man=no"]).arg(&path).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let ours: Vec<_> = said.lines().filter(|line| line.contains(one.rule.id())).collect();
            if !output.status.success() || !ours.is_empty() {
                refused.push(format!("{}: {}\n{said}{}", one.rule.id(), output.status, one.text));
            }
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}

/// Cures that Django 5.2 cannot try alone, each with its reason.
static NOT_TRIED: &[(&str, &str)] = &[("csp-setting-excludes-all", "django-csp is not installed beside it")];

#[test]
fn django_takes_every_cure() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-venv/bin/python");
    if !python.exists() {
        eprintln!("\n*** SKIPPED: Django is missing; `cargo xtask setup` installs it ***\n");
        return;
    }
    let mut refused = Vec::new();
    let mut tried = BTreeSet::new();
    for daring in [Daring::Safe, Daring::Risky] {
        for one in cured(Format::Django, "settings.py", daring) {
            let is_left_out = NOT_TRIED.iter().any(|(id, _)| *id == one.rule.id());
            if is_left_out || !tried.insert(one.text.clone()) {
                continue;
            }
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("settings.py"), &one.text).unwrap();
            let output = Command::new(&python)
                .args(["-m", "django", "check", "--deploy", "--settings", "settings"])
                .args(["--pythonpath", ".", "--no-color"])
                .envs(VARIABLES)
                .current_dir(folder.path())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let is_named =
                |name: &&String| name.strip_prefix("django:").is_some_and(|id| said.contains(&format!("({id})")));
            if !output.status.success() || one.names.iter().any(|name| is_named(&name)) {
                refused.push(format!("{}: {}\n{said}{}", one.rule.id(), output.status, one.text));
            }
        }
    }
    assert!(tried.len() > 10, "only {} cures", tried.len());
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}
