//! Which files of a tree are read, and as what.
//!
//! Links are not followed. A file that another one includes is not read a second time by itself.

use std::collections::HashSet;
use std::ops::ControlFlow;
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
#[derive(Debug, Default)]
pub struct Audited<T = Facts> {
    /// The facts; nothing, where they were followed one by one.
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
    let mut facts = Facts::default();
    let follow = |more: Facts, _: &Reading<()>, slot: &mut Facts| *slot = more;
    let Audited { problems, unread, sources, read, .. } = read_each(tree, units, settings, follow, |more| {
        facts.append(std::mem::take(more));
        ControlFlow::Continue(())
    });
    Audited { facts, problems, unread, sources, read }
}

/// Reads units as [`read`] does, and has the facts of each followed at once, by itself and on any thread: many files
/// need not be held together. What comes of each is taken in the order of the units, until nobody wants more.
pub fn read_each<T: Default + Send>(
    tree: &Tree,
    mut units: Vec<Unit>,
    settings: &Settings,
    follow: impl Fn(Facts, &Reading<()>, &mut T) + Sync,
    mut take: impl FnMut(&mut T) -> ControlFlow<()> + Send,
) -> Audited<()> {
    units.sort_by(|one, other| other.claim.cmp(&one.claim).then_with(|| one.path.cmp(&other.path)));
    let mut audited = Audited::default();
    if let Some(module) = &settings.django_settings {
        let near: Vec<_> = units.iter().map(|unit| unit.path.clone()).collect();
        let (mut facts, mut followed) = (Facts::default(), T::default());
        match django::read_named(tree, module, &near, settings, &mut facts) {
            Some(reading) => {
                follow(facts, &reading, &mut followed);
                audited.problems.extend(reading.problems);
                audited.sources.extend(reading.sources);
                if take(&mut followed).is_break() {
                    return audited;
                }
            }
            None => audited.unread.push(ReadError::Absent { path: format!("the settings module {module}") }),
        }
    }
    let mut parts = units.split_off(units.partition_point(|unit| unit.claim == Claim::Whole));
    let read = |units: &&[Unit], slots: &mut Vec<Slot<T>>| {
        slots.resize_with(units.len(), Slot::default);
        for (unit, slot) in units.iter().zip(slots) {
            let mut facts = Facts::default();
            let reading = (unit.format.read)(tree, &unit.path, settings, &mut facts);
            if let Ok(reading) = &reading {
                follow(facts, reading, &mut slot.followed);
            }
            slot.reading = Some(reading);
        }
    };
    let mut known: HashSet<Arc<str>> = HashSet::new();
    let mut flow = ControlFlow::Continue(());
    for is_part in [false, true] {
        // What is whole is read whatever the others hold.
        let units = if is_part { &parts } else { &units };
        let mut left = units.iter();
        let several: Vec<_> = units.chunks(SEVERAL).collect();
        together::in_order(&several, read, |slots| {
            for (slot, unit) in slots.iter_mut().zip(&mut left) {
                // A part may be included by a part before it, and was then read for nothing.
                let Some(reading) = slot.reading.take().filter(|_| !(is_part && known.contains(&unit.name))) else {
                    continue;
                };
                if flow.is_continue() && audited.add(unit, reading, &mut known) {
                    flow = take(&mut slot.followed);
                }
            }
            flow
        });
        if flow.is_break() {
            break;
        }
        parts.retain(|unit| !known.contains(&unit.name));
    }
    audited
}

/// One unit, read and followed.
struct Slot<T> {
    reading: Option<Result<Reading<()>, ReadError>>,
    followed: T,
}

impl<T: Default> Default for Slot<T> {
    fn default() -> Self {
        Self { reading: None, followed: T::default() }
    }
}

impl Audited<()> {
    /// Returns whether anything was read.
    fn add(&mut self, unit: &Unit, read: Result<Reading<()>, ReadError>, known: &mut HashSet<Arc<str>>) -> bool {
        match read {
            Ok(Reading { problems, sources, .. }) => {
                self.problems.extend(problems);
                known.extend(sources.iter().map(|(path, _)| Arc::clone(path)));
                self.sources.extend(sources);
                self.read.push((unit.path.clone(), unit.format.name));
                true
            }
            Err(error) => {
                self.unread.push(error);
                false
            }
        }
    }
}

/// So few that what comes of them stays near the processor, and so many that threads seldom wait for their turn.
const SEVERAL: usize = 4;

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
