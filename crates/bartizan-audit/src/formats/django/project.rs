//! Where the projects of a tree are, and which settings modules they have.

use std::path::{Path, PathBuf};

use bartizan_rules::Facts;
use bartizan_rules::facts::django::{CspRelease, Release};

use super::options::{Options, Variables};
use super::read::{Settled, is_settings_name, modules, settle};
use crate::formats::{Claim, Problem, Reading};
use crate::settings::{DjangoCsp, DjangoVersion, Settings};
use crate::source::Source;
use crate::tree::{ReadError, Tree};

/// Whether a file is a project's door or its settings.
pub(in crate::formats) fn claims(name: &str, text: &str) -> Claim {
    let Some(stem) = name.strip_suffix(".py") else { return Claim::No };
    if stem == "manage" && text.contains("DJANGO_SETTINGS_MODULE") {
        return Claim::Whole;
    }
    let is_set = |line: &str| {
        let is_import = line.starts_with("from ") && line.trim_end().ends_with("import *");
        is_import || SETTINGS.iter().any(|name| line.strip_prefix(name).is_some_and(is_assignment))
    };
    if is_settings_name(stem) && text.lines().any(is_set) { Claim::Part } else { Claim::No }
}

/// Reads the settings of the project that a file belongs to.
///
/// Where the operator named the module, this is silent: [`read_named`] reads that one, and no other.
///
/// # Errors
///
/// Never: a module that is not there is a problem of what was read.
pub(in crate::formats) fn read(
    tree: &Tree,
    path: &Path,
    settings: &Settings,
    facts: &mut Facts,
) -> Result<Reading<()>, ReadError> {
    if settings.django_settings.is_some() {
        return Ok(Reading { value: (), problems: Vec::new(), sources: Vec::new() });
    }
    let (project, own) = project(tree, path);
    let below = tree.below(&project);
    // What a person named, or what nothing else names, is read even if it does not look like it.
    let modules = if path.file_name().is_some_and(|name| name == "manage.py") { modules(&below) } else { vec![own] };
    Ok(read_all(&below, &modules, settings, facts))
}

/// Reads the settings module that the operator named, from the first folder that has it.
///
/// Folders are tried in this order: the tree's own, those above the files given, those directly in the tree.
pub(crate) fn read_named(
    tree: &Tree,
    module: &str,
    near: &[PathBuf],
    settings: &Settings,
    facts: &mut Facts,
) -> Option<Reading<()>> {
    let above = near.iter().flat_map(|path| path.ancestors().skip(1).map(Path::to_owned));
    let inner = tree.folders(Path::new("")).into_iter().map(PathBuf::from);
    let base = PathBuf::from(module.replace('.', "/"));
    let has = |folder: &PathBuf| {
        tree.has(&folder.join(base.with_extension("py"))) || tree.has(&folder.join(&base).join("__init__.py"))
    };
    let folder = std::iter::once(PathBuf::new()).chain(above).chain(inner).find(has)?;
    Some(read_all(&tree.below(&folder), &[module.to_owned()], settings, facts))
}

fn read_all(tree: &Tree, modules: &[String], settings: &Settings, facts: &mut Facts) -> Reading<()> {
    let Settled { found, sources, absent } = settle(tree, &options(settings), modules);
    *facts = found.into_iter().fold(std::mem::take(facts), Facts::with_django);
    let beginning = |module: &String| {
        let message = format!("the settings module {module} is not there, or cannot be read");
        Problem::new(0..0, 1, message).within(&Source::new(tree.shown("manage.py"), Vec::new()))
    };
    Reading { value: (), problems: absent.iter().map(beginning).collect(), sources }
}

fn options(settings: &Settings) -> Options {
    Options {
        module: settings.django_settings.clone(),
        release: match settings.django_version {
            DjangoVersion::V5_2 => Release::V5_2,
            DjangoVersion::V6_1 => Release::V6_1,
        },
        csp: match settings.django_csp {
            DjangoCsp::None => CspRelease::None,
            DjangoCsp::V3 => CspRelease::V3,
            DjangoCsp::V4 => CspRelease::V4,
        },
        variables: Variables {
            given: settings.variables.iter().cloned().collect(),
            is_closed: settings.has_all_variables,
        },
    }
}

/// Returns the folder from which a file is imported, and the module that it is there.
///
/// It is the folder of the nearest `manage.py`, or that of the outermost package around the file, or the file's own.
fn project(tree: &Tree, path: &Path) -> (PathBuf, String) {
    let own = path.parent().unwrap_or(Path::new("")).to_owned();
    let has_door = path.ancestors().skip(1).take(HIGHEST).find(|folder| tree.has(&folder.join("manage.py")));
    let outermost = || {
        let mut folder = own.as_path();
        for _ in 0..HIGHEST {
            match folder.parent() {
                Some(parent) if tree.has(&folder.join("__init__.py")) => folder = parent,
                _ => break,
            }
        }
        folder
    };
    let folder = has_door.unwrap_or_else(outermost).to_owned();
    let inner = path.strip_prefix(&folder).unwrap_or(path).with_extension("");
    let names: Vec<_> = inner.iter().map(|name| name.to_string_lossy()).filter(|name| name != "__init__").collect();
    (folder, names.join("."))
}

fn is_assignment(rest: &str) -> bool {
    rest.trim_start().starts_with(['=', '+', ':'])
}

/// Settings that nearly every project has.
static SETTINGS: &[&str] = &[
    "ALLOWED_HOSTS",
    "DATABASES",
    "DEBUG",
    "INSTALLED_APPS",
    "MIDDLEWARE",
    "ROOT_URLCONF",
    "SECRET_KEY",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
];

/// Packages are rarely nested deeper.
const HIGHEST: usize = 8;
