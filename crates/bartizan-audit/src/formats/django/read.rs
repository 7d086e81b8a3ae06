//! From a tree to the facts of its settings modules.

use std::path::Path;
use std::sync::Arc;

use bartizan_rules::Facts;
use bartizan_rules::facts::django::{Django, FailureView, Outcome, Tail};

use super::evaluate::{Library, Machine, Stop};
use super::failure_view::failure_view;
use super::options::Options;
use super::outcome;
use super::value::{Kind, Span};
use super::worlds::{World, explore};
use crate::{Source, Tree};

/// Reads the settings of a tree.
///
/// Without a module in the options, each that looks like one is read.
pub fn read(tree: &Tree, options: &Options) -> Facts {
    let modules = options.module.clone().map_or_else(|| modules(tree), |module| vec![module]);
    settle(tree, options, &modules).found.into_iter().fold(Facts::default(), Facts::with_django)
}

/// What settings modules come to.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub(super) found: Vec<Django>,
    /// The files that were read for it, by name, with their texts.
    pub(super) sources: Vec<(Arc<str>, Arc<str>)>,
    /// The modules that are not there.
    pub(super) absent: Vec<String>,
}

/// Reads settings modules of a tree.
pub(super) fn settle(tree: &Tree, options: &Options, modules: &[String]) -> Settled {
    // Syntax trees are as deep as what was written, and walking them takes stack; a thread of its own has enough.
    std::thread::scope(|scope| {
        let work = || {
            let mut settled = Settled::default();
            for module in modules {
                match read_module(tree, options, module) {
                    Some((django, sources)) => {
                        settled.found.push(django);
                        settled.sources.extend(sources);
                    }
                    None => settled.absent.push(module.clone()),
                }
            }
            settled
        };
        let handle = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        handle.ok().and_then(|handle| handle.join().ok()).unwrap_or_default()
    })
}

/// Whether a file is named like the settings of a deployment, by its name without the ending.
pub(super) fn is_settings_name(stem: &str) -> bool {
    let is_deployed = |word: &str| matches!(word, "production" | "prod" | "deploy" | "live");
    match stem.split_once('_') {
        None => stem == "settings" || is_deployed(stem),
        Some((one, other)) => (one == "settings" && is_deployed(other)) || (is_deployed(one) && other == "settings"),
    }
}

/// Returns the modules of a tree that look like the settings of a deployment.
pub fn modules(tree: &Tree) -> Vec<String> {
    let folders =
        ["", "config", "conf", "settings", "config/settings", "conf/settings", "project", "src", "app", "core"];
    let mut found = Vec::new();
    for folder in folders {
        for name in tree.names(Path::new(folder)) {
            let Some(stem) = name.strip_suffix(".py") else { continue };
            let is_in_settings = folder.ends_with("settings") && matches!(stem, "production" | "prod" | "deploy");
            if stem == "settings" || stem == "production_settings" || is_in_settings {
                let path = if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") };
                found.push(path.replace('/', "."));
            }
        }
    }
    if let Some(module) = named_by_manage(tree)
        && !found.contains(&module)
    {
        found.push(module);
    }
    found
}

/// Returns the settings module that `manage.py` names.
fn named_by_manage(tree: &Tree) -> Option<String> {
    let source = tree.read(Path::new("manage.py")).ok()?;
    let (_, after) = source.text().split_once("DJANGO_SETTINGS_MODULE")?;
    let mut parts = after.split(['"', '\'']).filter(|part| !part.trim_matches([' ', ',', '\n', ')', '(']).is_empty());
    let module = parts.next()?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
    (module.len() < 200 && module.chars().all(is_name)).then(|| module.to_owned())
}

/// A settings module, and the files that it is made of.
type Module = (Django, Vec<(Arc<str>, Arc<str>)>);

fn read_module(tree: &Tree, options: &Options, module: &str) -> Option<Module> {
    let source = settings_file(tree, module)?;
    let library = Library::default();
    let start = source.place(0..source.text().find('\n').unwrap_or(source.text().len()));
    let end = source.text().len();
    let (outcomes, _) =
        explore(options.variables.is_closed, |world| evaluate(tree, options, &library, world, module, &start));
    let tail = match (source.is_exact(), source.text().ends_with('\n') || source.text().is_empty()) {
        (false, _) => Tail::Fixed,
        (true, true) => Tail::Line,
        (true, false) => Tail::Open,
    };
    let end = source.place(end..end);
    let is_in_sources = SOURCES.iter().any(|name| tree.has(Path::new(name)));
    let django = Django {
        module: module.to_owned(),
        release: options.release,
        csp: options.csp,
        outcomes,
        start,
        end,
        tail,
        is_in_sources,
    };
    let mut sources = library.sources();
    sources.push((Arc::clone(source.path()), Arc::clone(source.text())));
    Some((django, sources))
}

fn settings_file(tree: &Tree, module: &str) -> Option<Source> {
    let base = module.replace('.', "/");
    [format!("{base}.py"), format!("{base}/__init__.py")].iter().find_map(|path| tree.read(Path::new(path)).ok())
}

fn evaluate(
    tree: &Tree,
    options: &Options,
    library: &Library,
    world: &mut World,
    module: &str,
    start: &bartizan_rules::Place,
) -> Outcome {
    let mut machine = Machine::new(tree, options, library, world);
    let result = machine.load_settings(module);
    let (names, view) = match &result {
        Ok(value) => match &value.kind {
            Kind::Module(module) => {
                let view = failure_view(&mut machine, module);
                (Some(std::rc::Rc::clone(&module.names)), view)
            }
            _ => (None, FailureView::Fits),
        },
        Err(_) => (None, FailureView::Fits),
    };
    let when = world.difference();
    match (result, names) {
        (Ok(_), Some(names)) => outcome::outcome(library, &names, when, view),
        (Err(Stop::Raised(exception)), _) => outcome::stopped(library, Some(&exception), start, when),
        _ => outcome::stopped(library, None, start, when),
    }
}

impl Machine<'_> {
    fn load_settings(&mut self, module: &str) -> super::evaluate::Outcome {
        let at = Span { file: u32::MAX, start: 0, end: 0 };
        let mut value = super::value::Value::none();
        for (end, _) in module.match_indices('.').chain([(module.len(), "")]) {
            value = self.load(module.get(..end).unwrap_or(module), at)?;
        }
        Ok(value)
    }
}

/// Files beside which a project's sources lie: what is among them is shared, copied, and kept in history.
const SOURCES: &[&str] = &[
    ".git/HEAD",
    ".gitignore",
    ".hg/hgrc",
    "Dockerfile",
    "manage.py",
    "pyproject.toml",
    "requirements.txt",
    "setup.py",
];
/// The guard bounds how deep a syntax tree is; in a debug build each level takes some kilobytes.
const STACK: usize = 256 << 20;
