//! Files and paths: those of the tree can be read, all others cannot be known.

use std::path::Path;
use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome, ROOT, join_path};
use super::super::value::{Kind, Span, Value};
use crate::ReadError;
use crate::formats::glob::{is_match, is_pattern};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let sources = arguments.sources();
    let first = arguments.positional.first();
    let path = first.and_then(|value| value.as_text().cloned());
    let text = |text: &str| Ok(Some(Value::text(text, at).from(&sources)));
    let truth = |yes: bool| Ok(Some(Value::new(Kind::Bool(yes), at).from(&sources)));
    match name {
        "os.getenv" | "os.environ.get" => {
            let environ = Value::new(Kind::Environ, at);
            super::super::method::call(machine, &environ, "get", arguments, at).map(Some)
        }
        "os.getcwd" => text(ROOT),
        "pathlib.Path.cwd" => Ok(Some(Value::new(Kind::Path(Rc::from(ROOT)), at))),
        "os.listdir" => Ok(path.and_then(|path| inside(&path)).map(|path| {
            let names = machine.tree.names(Path::new(&path));
            Value::list(names.iter().map(|name| Value::text(name, at)).collect(), at)
        })),
        "os.makedirs" | "os.mkdir" | "os.putenv" | "os.chdir" | "os.umask" => Ok(Some(Value::new(Kind::None, at))),
        "os.path.join" => {
            let parts: Option<Vec<Rc<str>>> = arguments.positional.iter().map(|part| part.as_text().cloned()).collect();
            Ok(parts
                .and_then(|parts| parts.into_iter().reduce(|base, part| join_path(&base, &part)))
                .map(|path| Value::new(Kind::Text(path), at).from(&sources)))
        }
        _ => match (name, path) {
            ("pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath", None) if first.is_none() => {
                Ok(Some(Value::new(Kind::Path(Rc::from(".")), at)))
            }
            ("pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath", Some(_)) => {
                let parts = arguments.positional.iter().map(|part| part.as_text().cloned());
                let joined: Option<Vec<Rc<str>>> = parts.collect();
                Ok(joined
                    .and_then(|parts| parts.into_iter().reduce(|base, part| join_path(&base, &part)))
                    .map(|path| Value::new(Kind::Path(clean(&path)), at).from(&sources)))
            }
            ("os.path.dirname", Some(path)) => text(parent(&path)),
            ("os.path.basename", Some(path)) => text(path.rsplit('/').next().unwrap_or(&path)),
            ("os.path.abspath" | "os.path.realpath", Some(path)) => text(&absolute(&path)),
            ("os.path.normpath", Some(path)) => text(&clean(&path)),
            ("os.path.splitext", Some(path)) => {
                let dot = path.rfind('.').filter(|dot| *dot > path.rfind('/').map_or(0, |slash| slash + 1));
                let (stem, suffix) = path.split_at(dot.unwrap_or(path.len()));
                Ok(Some(Value::tuple(vec![Value::text(stem, at), Value::text(suffix, at)], at)))
            }
            ("os.path.split", Some(path)) => {
                let base = path.rsplit('/').next().unwrap_or(&path);
                Ok(Some(Value::tuple(vec![Value::text(parent(&path), at), Value::text(base, at)], at)))
            }
            ("os.path.isabs", Some(path)) => truth(path.starts_with('/')),
            ("os.path.expanduser" | "os.path.expandvars", Some(path)) if !path.contains(['~', '$']) => text(&path),
            ("os.fspath", Some(path)) => text(&path),
            ("os.path.relpath", Some(path)) => {
                let start = arguments.text(1, "start").map_or_else(|| Rc::from(ROOT), |start| absolute(&start));
                let path = absolute(&path);
                Ok(path.strip_prefix(&*start).and_then(|rest| match rest {
                    "" => Some(Value::text(".", at)),
                    rest => rest.strip_prefix('/').map(|rest| Value::text(rest, at)),
                }))
            }
            ("os.path.exists" | "os.path.isfile" | "os.path.isdir", Some(path)) => {
                exists(machine, &path, name.ends_with("isdir"), at).map(Some)
            }
            _ => Ok(None),
        },
    }
}

/// Opens a file for reading.
pub(super) fn open(machine: &mut Machine<'_>, arguments: &Arguments, at: Span) -> Outcome {
    let sources = arguments.sources();
    let mode = arguments.text(1, "mode");
    let Some(path) = arguments.text(0, "file").filter(|_| mode.is_none_or(|mode| mode.contains('r'))) else {
        return Ok(Value::unknown(format!("open({})", arguments.label()), at).from(&sources));
    };
    // Opening what is not there is an error here, and not only where it is read.
    machine.read_text(&path, at)?;
    Ok(Value::new(Kind::File(path), at).from(&sources))
}

/// Whether a file is there: in the tree that is known, elsewhere it is not.
pub(in super::super) fn exists(machine: &mut Machine<'_>, path: &str, is_directory: bool, at: Span) -> Outcome {
    match inside(&absolute(path)) {
        Some(inside) => {
            let is_file = machine.tree.has(Path::new(&inside));
            let has_files = || !machine.tree.names(Path::new(&inside)).is_empty();
            let is_there = if is_directory { !is_file && has_files() } else { is_file || has_files() };
            Ok(Value::new(Kind::Bool(is_there), at))
        }
        None if machine.options.variables.is_closed => Ok(Value::new(Kind::Bool(false), at)),
        None => Ok(machine.decided(&format!("{path} exists"), &super::super::value::Sources::default(), at)),
    }
}

impl Machine<'_> {
    /// Returns the text of a file: of the tree, or one that cannot be known.
    pub(in super::super) fn read_text(&mut self, path: &str, at: Span) -> Outcome {
        let Some(inside) = inside(&absolute(path)) else {
            // Where everything is known, what lies elsewhere is not there.
            if self.options.variables.is_closed {
                let message = format!("[Errno 2] No such file or directory: '{path}'");
                return self.raise_known("FileNotFoundError", message, at);
            }
            return Ok(Value::unknown(format!("the file {path}"), at));
        };
        if inside.ends_with(".py")
            && let Some((number, file)) = self.file(&inside)
        {
            // Code that is read as a text may be run; then its places are those of its file.
            let end = u32::try_from(file.source.text().len()).unwrap_or(u32::MAX);
            let whole = Span { file: number, start: 0, end };
            return Ok(Value::new(Kind::Text(Rc::from(&**file.source.text())), whole));
        }
        match self.tree.read(Path::new(&inside)) {
            Ok(source) => {
                self.spend(source.text().len() / 16)?;
                Ok(Value::text(source.text(), at))
            }
            Err(ReadError::Absent { .. }) => {
                let message = format!("[Errno 2] No such file or directory: '{inside}'");
                self.raise_known("FileNotFoundError", message, at)
            }
            Err(_) => Ok(Value::unknown(format!("the file {path}"), at)),
        }
    }

    /// Returns the directory of the file whose code runs.
    pub(in super::super) fn directory(&self) -> String {
        let path = self.frames.last().map_or("", |frame| &*frame.module.path);
        path.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned()
    }

    /// Finds a file in the directory whose code runs, or above it.
    pub(super) fn find_above(&self, names: &[&str]) -> Option<String> {
        let mut directory = self.directory();
        loop {
            for name in names {
                let path = if directory.is_empty() { (*name).to_owned() } else { format!("{directory}/{name}") };
                if self.tree.has(Path::new(&path)) {
                    return Some(path);
                }
            }
            if directory.is_empty() {
                return None;
            }
            directory = directory.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
        }
    }
}

/// Returns the files of the tree that fit a pattern with `*` and `?` in its last part, sorted.
pub(in super::super) fn glob(machine: &mut Machine<'_>, pattern: &str) -> Option<Vec<String>> {
    let (folder, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    if is_pattern(folder) {
        return None;
    }
    let names = machine.tree.names(Path::new(folder)).into_iter().filter(|known| is_match(name, known));
    Some(names.map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") }).collect())
}

/// Returns the path in the tree of an absolute path; nothing, if it lies elsewhere.
pub(in super::super) fn inside(path: &str) -> Option<String> {
    let clean = clean(path);
    let rest = clean.strip_prefix(ROOT)?;
    if rest.is_empty() {
        return Some(String::new());
    }
    rest.strip_prefix('/').map(ToOwned::to_owned)
}

/// Returns a path from the root; relative ones begin where the project does.
pub(in super::super) fn absolute(path: &str) -> Rc<str> {
    if path.starts_with('/') { clean(path) } else { clean(&format!("{ROOT}/{path}")) }
}

/// Returns a path without its dots.
pub(in super::super) fn clean(path: &str) -> Rc<str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    Rc::from(if path.starts_with('/') { format!("/{joined}") } else { joined })
}

/// Returns the directory of a path.
pub(in super::super) fn parent(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) => "/",
        Some(slash) => path.get(..slash).unwrap_or_default(),
        None => "",
    }
}
