//! Which files of a tree are read, and as what.
//!
//! Links are not followed. A file that another one includes is not read a second time by itself.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::formats::{self, Claim, FORMATS, Format, Problem, Reading, django};
use crate::settings::Settings;
use crate::tree::{ReadError, Tree};
use bartizan_rules::{Facts, together};

/// A file to read, and its format.
#[derive(Debug)]
pub struct Unit {
    /// Its path from the root of the tree.
    pub path: PathBuf,
    /// Its format.
    pub format: &'static Format,
    claim: Claim,
    /// Its name, as its source has it.
    name: Arc<str>,
}

/// What one or more files say.
#[derive(Debug)]
pub struct Audited<T = Facts> {
    /// The facts, or what came of them.
    pub facts: T,
    /// What could not be read, with its place.
    pub problems: Vec<Problem>,
    /// The files that could not be read at all.
    pub unread: Vec<ReadError>,
    /// The files that were read, by name, with their texts.
    pub sources: Vec<(Arc<str>, Arc<str>)>,
    /// How many files were read by themselves, by format.
    pub read: Vec<(PathBuf, &'static str)>,
}

/// Finds the files of a tree that a format claims; `progress` is told how many were looked at.
pub fn units(tree: &Tree, mut progress: impl FnMut(usize)) -> Vec<Unit> {
    let mut candidates = Vec::new();
    let mut folders = vec![(PathBuf::new(), 0_usize)];
    let mut count = 0;
    'all: while let Some((folder, depth)) = folders.pop() {
        for name in tree.names(&folder) {
            count += 1;
            if count > MOST_FILES {
                break 'all;
            }
            progress(count);
            let path = folder.join(&name);
            if is_candidate(&name) {
                candidates.push((path, name));
            }
        }
        if depth < DEEPEST {
            let inner = tree.folders(&folder).into_iter().rev().filter(|name| !PASSED_OVER.contains(&name.as_str()));
            folders.extend(inner.map(|name| (folder.join(name), depth + 1)));
        }
    }
    let found = together::each(&candidates, |(path, name)| unit(tree, path.clone(), name));
    found.into_iter().flatten().collect()
}

/// Returns the files of a tree that a name with wildcards means.
pub fn named(tree: &Tree, pattern: &Path) -> Vec<PathBuf> {
    formats::glob::files(tree, Path::new(""), &pattern.to_string_lossy())
}

/// Returns the format of one file that was named.
pub fn unit(tree: &Tree, path: PathBuf, name: &str) -> Option<Unit> {
    let source = tree.read(&path).ok()?;
    let claims = FORMATS.iter().map(|format| ((format.claims)(name, source.text()), format));
    let (claim, format) = claims.filter(|(claim, _)| *claim != Claim::No).max_by_key(|(claim, _)| *claim)?;
    tree.hold(&path, &source);
    Some(Unit { path, format, claim, name: Arc::clone(source.path()) })
}

/// Returns the format of one file that a person named; it need not look like a deployment's.
pub fn named_unit(tree: &Tree, path: PathBuf, name: &str) -> Option<Unit> {
    let claimed = unit(tree, path.clone(), name);
    claimed.or_else(|| {
        let source = tree.read(&path).ok()?;
        let format = formats::by_ending(name)?;
        Some(Unit { path, format, claim: Claim::Whole, name: Arc::clone(source.path()) })
    })
}

/// Returns the folder of whose tree a file is a part: that of the project or of the packages around it, for Python.
pub fn root_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if file.extension().is_none_or(|ending| ending != "py") {
        return folder.to_owned();
    }
    let has = |folder: &Path, name: &str| folder.join(name).is_file();
    let above = || folder.ancestors().filter(|above| !above.as_os_str().is_empty()).take(HIGHEST);
    let door = above().find(|above| has(above, "manage.py"));
    let outermost = || above().find(|above| !has(above, "__init__.py"));
    door.or_else(outermost).unwrap_or(folder).to_owned()
}

/// Reads units, whole configurations first; parts that those include are not read again.
pub fn read(tree: &Tree, units: Vec<Unit>, settings: &Settings) -> Audited {
    let Audited { facts: each, problems, unread, sources, read } = read_each(tree, units, settings, |facts| facts);
    let mut facts = Facts::default();
    each.into_iter().for_each(|more| facts.append(more));
    Audited { facts, problems, unread, sources, read }
}

/// Reads units as [`read`] does, and has the facts of each followed at once, by itself and on any thread: many files
/// need not be held together.
pub fn read_each<T: Send>(
    tree: &Tree,
    mut units: Vec<Unit>,
    settings: &Settings,
    follow: impl Fn(Facts) -> T + Sync,
) -> Audited<Vec<T>> {
    units.sort_by(|one, other| other.claim.cmp(&one.claim).then_with(|| one.path.cmp(&other.path)));
    let mut audited =
        Audited { facts: Vec::new(), problems: Vec::new(), unread: Vec::new(), sources: Vec::new(), read: Vec::new() };
    let mut known: HashSet<Arc<str>> = HashSet::new();
    if let Some(module) = &settings.django_settings {
        let near: Vec<_> = units.iter().map(|unit| unit.path.clone()).collect();
        let mut facts = Facts::default();
        match django::read_named(tree, module, &near, settings, &mut facts) {
            Some(reading) => {
                audited.facts.push(follow(facts));
                audited.problems.extend(reading.problems);
                audited.sources.extend(reading.sources);
            }
            None => audited.unread.push(ReadError::Absent { path: format!("the settings module {module}") }),
        }
    }
    let mut parts = units.split_off(units.partition_point(|unit| unit.claim == Claim::Whole));
    let read = |unit: &Unit| {
        let mut facts = Facts::default();
        let reading = (unit.format.read)(tree, &unit.path, settings, &mut facts);
        reading.map(|reading| (follow(facts), reading))
    };
    // What is whole is read whatever the others hold.
    let whole = together::each(&units, read);
    for (unit, read) in units.into_iter().zip(whole) {
        audited.add(unit, read, &mut known);
    }
    parts.retain(|unit| !known.contains(&unit.name));
    // A part may be included by a part before it, and is then read for nothing.
    let several = together::each(&parts, read);
    for (unit, read) in parts.into_iter().zip(several) {
        if !known.contains(&unit.name) {
            audited.add(unit, read, &mut known);
        }
    }
    audited
}

impl<T> Audited<Vec<T>> {
    fn add(&mut self, unit: Unit, read: Result<(T, Reading<()>), ReadError>, known: &mut HashSet<Arc<str>>) {
        match read {
            Ok((followed, Reading { problems, sources, .. })) => {
                self.facts.push(followed);
                self.problems.extend(problems);
                known.extend(sources.iter().map(|(path, _)| Arc::clone(path)));
                self.sources.extend(sources);
                self.read.push((unit.path, unit.format.name));
            }
            Err(error) => self.unread.push(error),
        }
    }
}

/// Files of other kinds are not even opened.
fn is_candidate(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    let is_known = match ending {
        None => true,
        Some("py") => ["manage", "settings", "prod", "deploy", "live"].iter().any(|word| name.contains(word)),
        Some(ending) => KNOWN.contains(&ending) || STARTS.iter().any(|start| name.starts_with(start)),
    };
    is_known && name.len() < 200
}

/// Names that have any ending.
static STARTS: &[&str] = &[".env", "Dockerfile", "Containerfile"];

static KNOWN: &[&str] = &[
    "conf",
    "nginx",
    "load",
    "service",
    "json",
    "env",
    "yml",
    "yaml",
    "exs",
    "htaccess",
    "local",
    "dockerfile",
    "pem",
    "key",
];

/// Code and data of others, which nobody deploys as configuration.
static PASSED_OVER: &[&str] =
    &[".git", ".hg", ".svn", "__pycache__", "node_modules", "site-packages", "target", "venv", ".venv"];

/// Packages are rarely nested deeper.
const HIGHEST: usize = 8;

/// More files than a server's /etc has, by far.
const MOST_FILES: usize = 500_000;

/// Deeper folders hold no configuration.
const DEEPEST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_read_once_and_as_what_it_is() {
        let files = [
            ("nginx/nginx.conf", "events {}\nhttp {\n  include conf.d/*.conf;\n}\n"),
            ("nginx/conf.d/a.conf", "server {\n  listen 80;\n}\n"),
            ("nginx/sites/b", "server {\n  listen 80;\n}\n"),
            ("apache/httpd.conf", "ServerRoot /etc\n"),
            ("apache/x.conf", "<VirtualHost *:80>\n</VirtualHost>\n"),
            ("www/.htaccess", "Options -Indexes\n"),
            ("www/readme.md", "server {\n"),
            ("node_modules/x.conf", "server {\n}\n"),
            ("logrotate.conf", "weekly\n"),
            ("web/manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings.production')\n"),
            ("web/site/settings/production.py", "from .base import *\nDEBUG = False\n"),
            ("web/site/settings/base.py", "DEBUG = True\n"),
            ("alone/settings.py", "DEBUG = True\n"),
            ("alone/views.py", "DEBUG = True\n"),
            ("gate/krakend.json", "{}"),
            ("gate/other.json", "{}"),
            (".env.prod", "A=1\n"),
            (".env.example", "A=1\n"),
            ("compose.prod.yaml", "services:\n  web:\n    image: x\n"),
            ("other.yaml", "a: b\n"),
            ("Dockerfile.web", "FROM x\n"),
            ("akkoma/prod.secret.exs", "config :pleroma, :instance\n"),
        ];
        let tree = Tree::in_memory(files.map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())));
        let audited = read(&tree, units(&tree, |_| {}), &Settings::default());
        let mut read: Vec<_> = audited.read.iter().map(|(path, name)| (path.to_str().unwrap(), *name)).collect();
        read.sort_unstable();
        let expected = [
            (".env.prod", "environment"),
            ("Dockerfile.web", "dockerfile"),
            ("akkoma/prod.secret.exs", "elixir"),
            ("alone/settings.py", "django"),
            ("apache/httpd.conf", "apache"),
            ("apache/x.conf", "apache"),
            ("compose.prod.yaml", "compose"),
            ("gate/krakend.json", "krakend"),
            ("nginx/nginx.conf", "nginx"),
            ("nginx/sites/b", "nginx"),
            ("web/manage.py", "django"),
            ("www/.htaccess", "htaccess"),
        ];
        assert_eq!(read, expected);
    }
}
