//! The arrows between crates: downwards only, siblings never on each other.
//!
//! The table is ARCHITECTURE.md, section "Floors"; a new arrow is decided there first.

use std::fs;
use std::path::Path;

use super::Complaint;
use crate::project::{Crate, Dependency, Project};

/// A crate's place in the house.
struct Floor {
    name: &'static str,
    /// From 0 upwards; `None` for those beside the house.
    level: Option<u8>,
    /// The crates of ours it may stand on.
    below: &'static [&'static str],
    /// Foreign crates that would break what this crate promises.
    strangers: &'static [&'static str],
}

/// What the pure middle must not know: it has no sockets and no runtime.
const NETWORK: &[&str] = &["hyper", "hyper-util", "mio", "rustls", "socket2", "tokio", "tokio-rustls"];

static FLOORS: &[Floor] = &[
    Floor { name: "bartizan-headers", level: Some(0), below: &[], strangers: NETWORK },
    Floor { name: "bartizan-suffixes", level: Some(0), below: &[], strangers: NETWORK },
    Floor {
        name: "bartizan-rules",
        level: Some(1),
        below: &["bartizan-headers", "bartizan-suffixes"],
        strangers: NETWORK,
    },
    Floor { name: "bartizan-rewrite", level: Some(1), below: &["bartizan-headers"], strangers: NETWORK },
    Floor { name: "bartizan-waf", level: Some(1), below: &[], strangers: NETWORK },
    Floor {
        name: "bartizan-proxy",
        level: Some(2),
        below: &["bartizan-headers", "bartizan-rewrite", "bartizan-rules", "bartizan-waf"],
        strangers: &["anyhow", "clap", "toml"],
    },
    Floor {
        name: "bartizan-scan",
        level: Some(2),
        below: &["bartizan-headers", "bartizan-rules"],
        strangers: &["anyhow", "clap"],
    },
    Floor {
        name: "bartizan-audit",
        level: Some(2),
        below: &["bartizan-headers", "bartizan-rules"],
        strangers: &["anyhow", "clap"],
    },
    Floor {
        name: "bartizan-reports",
        level: Some(2),
        below: &["bartizan-headers"],
        strangers: &["anyhow", "clap", "toml"],
    },
    Floor {
        name: "bartizan-dashboard",
        level: Some(3),
        below: &["bartizan-headers", "bartizan-reports", "bartizan-rules"],
        strangers: &["anyhow", "clap", "toml"],
    },
    Floor {
        name: "bartizan-pilot",
        level: Some(3),
        below: &["bartizan-headers", "bartizan-rewrite", "bartizan-reports"],
        strangers: &["anyhow", "clap", "toml", "tokio", "hyper"],
    },
    Floor {
        name: "bartizan",
        level: Some(4),
        below: &[
            "bartizan-headers",
            "bartizan-rewrite",
            "bartizan-rules",
            "bartizan-waf",
            "bartizan-proxy",
            "bartizan-scan",
            "bartizan-audit",
            "bartizan-reports",
            "bartizan-dashboard",
            "bartizan-pilot",
        ],
        strangers: &[],
    },
    // Beside the house: tests of any floor may use the testkit, so it stands on none of them.
    Floor { name: "bartizan-testkit", level: None, below: &[], strangers: &[] },
    Floor { name: "xtask", level: None, below: &["bartizan-headers", "bartizan-rules"], strangers: &[] },
];

/// Complains about each arrow that the table does not have.
pub(super) fn check(project: &Project) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for member in &project.crates {
        let manifest = member.manifest_path.strip_prefix(&project.root).unwrap_or(&member.manifest_path);
        let text = fs::read_to_string(&member.manifest_path).unwrap_or_default();
        complaints.extend(judge(member, manifest, &text));
    }
    complaints
}

fn judge(member: &Crate, manifest: &Path, text: &str) -> Vec<Complaint> {
    let Some(floor) = find(&member.name) else {
        return vec![Complaint::new(
            manifest,
            1,
            format!("{} has no floor; xtask's floors.rs lists them", member.name),
        )];
    };
    let complain = |dependency: &Dependency| {
        let message = objection(floor, dependency)?;
        Some(Complaint::new(manifest, line_of(text, &dependency.name), message))
    };
    member.dependencies.iter().filter_map(complain).collect()
}

fn objection(floor: &Floor, dependency: &Dependency) -> Option<String> {
    let name = dependency.name.as_str();
    let is_dev = dependency.kind.as_deref() == Some("dev");
    if is_dev && name == "bartizan-testkit" {
        return None;
    }
    match find(name) {
        Some(_) if floor.below.contains(&name) => None,
        Some(other) => {
            let (here, there) = (storey(floor), storey(other));
            Some(format!("{} ({here}) must not depend on {name} ({there}): the arrows are in floors.rs", floor.name))
        }
        // A test may well run a server; what ships may not.
        None if !is_dev && floor.strangers.contains(&name) => {
            Some(format!("{} must not know {name}: it does not belong on this floor", floor.name))
        }
        None => None,
    }
}

fn storey(floor: &Floor) -> String {
    floor.level.map_or("beside the house".to_owned(), |level| format!("floor {level}"))
}

fn find(name: &str) -> Option<&'static Floor> {
    FLOORS.iter().find(|floor| floor.name == name)
}

/// The line on which a manifest names the dependency; 1 when it is spelled in a way of its own.
fn line_of(manifest: &str, name: &str) -> usize {
    let names_it = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    manifest.lines().position(names_it).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_itself_points_downwards() {
        for floor in FLOORS {
            for below in floor.below {
                let lower = find(below).expect("every name has a floor");
                assert!(lower.level.is_some(), "{} stands on {below}, which is beside the house", floor.name);
                assert!(floor.level.is_none() || lower.level < floor.level, "{} -> {below}", floor.name);
            }
        }
    }

    #[test]
    fn arrows_up_and_aside_are_refused() {
        for (name, on, kind, is_fine) in [
            ("bartizan-proxy", "bartizan-headers", None, true),
            ("bartizan-proxy", "bartizan-testkit", Some("dev"), true),
            ("bartizan-proxy", "bartizan-testkit", None, false), // ships with the product
            ("bartizan-proxy", "bartizan-scan", None, false),    // a sibling
            ("bartizan-proxy", "bartizan-scan", Some("dev"), false), // a sibling, even in tests
            ("bartizan-headers", "bartizan-rules", None, false), // upwards
            ("bartizan-waf", "bartizan-rules", None, false),     // neighbours on one floor
            ("bartizan-testkit", "bartizan-proxy", None, false), // would be a circle
            ("bartizan-headers", "tokio", None, false),          // the middle is pure
            ("bartizan-headers", "tokio", Some("dev"), true),
            ("bartizan-headers", "http", None, true),
            ("bartizan", "bartizan-reports", None, true),
            ("bartizan-nowhere", "http", None, false), // a crate without a floor
        ] {
            let dependency = Dependency { name: on.to_owned(), kind: kind.map(str::to_owned) };
            let member =
                Crate { name: name.to_owned(), manifest_path: "Cargo.toml".into(), dependencies: vec![dependency] };
            let complaints = judge(&member, Path::new("Cargo.toml"), "");
            assert_eq!(complaints.is_empty(), is_fine, "{name} -> {on} ({kind:?}): {complaints:?}");
        }
    }

    #[test]
    fn a_complaint_points_at_the_line() {
        let manifest = "[dependencies]\nbartizan-rules-extra = \"1\"\nbartizan-rules.workspace = true\n";
        assert_eq!(line_of(manifest, "bartizan-rules"), 3);
        assert_eq!(line_of(manifest, "absent"), 1);
    }
}
