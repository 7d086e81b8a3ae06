//! Node packages in a folder of their own, `target/test-node`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::project::Project;

/// What the tests run, with exact versions.
static PACKAGES: &[&str] = &[
    "@mdn/mdn-http-observatory@1.4.8", // grades the wall as the public service does
    "playwright-core@1.65.1",          // drives Chromium
];

/// The scanner reads this at its first scan and stops without it.
const PRELOAD: &str = "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json";

/// Installs unless the folder holds exactly these packages.
pub(super) fn ensure(project: &Project) -> Result<String> {
    let folder = project.root.join("target/test-node");
    let list = PACKAGES.join("\n");
    let installed = if super::is_stamped(&folder, &list) {
        format!("all {} are there", PACKAGES.len())
    } else {
        install(project, &folder)?;
        super::stamp(&folder, &list)?;
        format!("installed {}", PACKAGES.join(" "))
    };
    let preload = write_preload(project, &folder)?;
    Ok(format!("{installed}; HSTS preload list {preload}"))
}

fn install(project: &Project, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(folder.join("package.json"), "{\"private\":true}\n")?;
    let packages: Vec<String> = PACKAGES.iter().map(|package| (*package).to_owned()).collect();
    install_into(project, folder, &packages)
}

/// Installs packages into a folder that has its `package.json`.
pub(super) fn install_into(project: &Project, folder: &Path, packages: &[String]) -> Result<()> {
    // Their own scripts would fetch or build what the tests do without; the scanner's lists, tests bring.
    let options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", "--loglevel=error"];
    let mut npm = Command::new(npm(project));
    process::run(npm.args(options).args(packages).env("PATH", path(project)?).current_dir(folder))
}

/// The environment's npm where setup had to bring one, else the machine's.
fn npm(project: &Project) -> PathBuf {
    let own = super::programs(project).join("npm");
    if own.is_file() { own } else { "npm".into() }
}

fn path(project: &Project) -> Result<std::ffi::OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    env::join_paths([super::programs(project)].into_iter().chain(env::split_paths(&rest))).context("PATH is unusable")
}

/// Copies the shared list of preloaded hosts if there is one, else says that no host is preloaded.
fn write_preload(project: &Project, folder: &Path) -> Result<&'static str> {
    let shared = env::var_os("BARTIZAN_SHARED").map_or_else(|| project.root.join("../shared"), PathBuf::from);
    let (text, origin) = match fs::read_to_string(shared.join("corpus/hsts-preload.json")) {
        Ok(text) => (text, "shared"),
        // Host names are the keys of one object; an empty one preloads nobody.
        Err(_) => ("{}\n".to_owned(), "empty"),
    };
    let path = folder.join(PRELOAD);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_exact() {
        for package in PACKAGES {
            let (_, version) = package.rsplit_once('@').expect("pinned");
            assert!(version.split('.').all(|part| part.parse::<u32>().is_ok()), "{package}");
        }
    }

    #[test]
    fn without_a_shared_list_nobody_is_preloaded() {
        let root = tempfile::tempdir().unwrap();
        let project = Project { root: root.path().join("project"), target: root.path().into(), crates: Vec::new() };
        let path = root.path().join(PRELOAD);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let origin = write_preload(&project, root.path()).unwrap();
        let text = fs::read_to_string(path).unwrap();
        assert_eq!(text == "{}\n", origin == "empty", "{origin}");
    }
}
