//! Imports: modules of the tree are evaluated, those of known libraries stand for themselves.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::{Alias, StmtImportFrom};

use super::super::library;
use super::super::value::{Kind, Module, Span, Value};
use super::{Exception, Machine, Outcome, ROOT, Scope, Stop};

impl Machine<'_> {
    pub(super) fn import(&mut self, alias: &Alias, scope: &mut Scope) -> Outcome<()> {
        let at = scope.span(alias);
        let name = alias.name.as_str();
        let module = self.load_all(name, at)?;
        match &alias.asname {
            Some(asname) => scope.bind(asname, module, at),
            None => {
                let top = name.split('.').next().unwrap_or(name);
                let value = self.load(top, at)?;
                scope.bind(top, value, at);
            }
        }
        Ok(())
    }

    pub(super) fn import_from(&mut self, statement: &StmtImportFrom, scope: &mut Scope) -> Outcome<()> {
        let at = scope.span(statement);
        let module = statement.module.as_ref().map_or("", |name| name.as_str());
        let name = self.absolute(module, statement.level, scope, at)?;
        let value = self.load_all(&name, at)?;
        for alias in &statement.names {
            if alias.name.as_str() == "*" {
                self.import_star(&value, &name, scope, at)?;
                continue;
            }
            let target = alias.asname.as_ref().unwrap_or(&alias.name);
            let found = match &value.kind {
                Kind::Module(module) => {
                    let own = module.names.borrow().get(alias.name.as_str()).map(|binding| binding.value.clone());
                    match own {
                        Some(value) => Some(value),
                        None => self.submodule(&name, &alias.name, at)?,
                    }
                }
                _ => Some(self.attribute(&value, &alias.name, at)?),
            };
            let Some(found) = found else {
                let message = format!("cannot import name '{}' from '{name}'", alias.name);
                return self.raise("ImportError", message, at);
            };
            scope.bind(target, found, scope.span(alias));
        }
        Ok(())
    }

    fn absolute(&self, module: &str, level: u32, scope: &Scope, at: Span) -> Outcome<String> {
        if level == 0 {
            return Ok(module.to_owned());
        }
        let own = &scope.module;
        let mut parts: Vec<&str> = own.name.split('.').collect();
        let up = if own.is_package { level.saturating_sub(1) } else { level };
        if up as usize >= parts.len() + usize::from(own.is_package) || (up as usize == parts.len()) {
            return self.raise("ImportError", "attempted relative import with no known parent package", at);
        }
        parts.truncate(parts.len() - up as usize);
        let mut name = parts.join(".");
        if !module.is_empty() {
            name.push('.');
            name.push_str(module);
        }
        Ok(name)
    }

    fn import_star(&mut self, value: &Value, name: &str, scope: &mut Scope, at: Span) -> Outcome<()> {
        let Kind::Module(module) = &value.kind else {
            for (name, value) in library::star(name, at) {
                scope.bind(&name, value, at);
            }
            self.has_strange_names |= value.is_unknown();
            return Ok(());
        };
        let names = module.names.borrow().clone();
        self.spend(names.len())?;
        let all = names.get("__all__").map(|binding| binding.value.clone());
        let exported = match all {
            Some(all) => self.items(&all, at)?,
            None => None,
        };
        match exported {
            Some(exported) => {
                for item in exported {
                    let Some(wanted) = item.as_text() else { continue };
                    let found = match names.get(wanted) {
                        Some(binding) => Some((binding.value.clone(), binding.at)),
                        None => self.submodule(name, wanted, at)?.map(|value| (value, at)),
                    };
                    let Some((value, by)) = found else {
                        let message = format!("module '{name}' has no attribute '{wanted}'");
                        return self.raise("AttributeError", message, at);
                    };
                    scope.bind(wanted, value, by);
                }
            }
            None => {
                for (name, binding) in names.iter().filter(|(name, _)| !name.starts_with('_')) {
                    scope.bind(name, binding.value.clone(), binding.at);
                }
            }
        }
        Ok(())
    }

    /// Loads a module and all packages around it.
    fn load_all(&mut self, name: &str, at: Span) -> Outcome {
        let mut value = Value::none();
        for (end, _) in name.match_indices('.').chain([(name.len(), "")]) {
            value = self.load(name.get(..end).unwrap_or(name), at)?;
        }
        Ok(value)
    }

    /// Loads a module by its dotted name.
    pub(in super::super) fn load(&mut self, name: &str, at: Span) -> Outcome {
        if let Some(module) = self.modules.get(name) {
            return Ok(Value::new(Kind::Module(Rc::clone(module)), at));
        }
        if let Some((path, is_package)) = self.locate(name) {
            return self.load_file(name, &path, is_package, at);
        }
        let parent = name.rsplit_once('.').map(|(parent, _)| parent);
        let is_inside = parent.is_some_and(|parent| self.modules.contains_key(parent));
        if library::is_known(name) {
            return Ok(Value::new(Kind::Known(Rc::from(name)), at));
        }
        if is_inside || library::is_local(name) {
            return self.raise("ModuleNotFoundError", format!("No module named '{name}'"), at);
        }
        // A package from elsewhere: it is most likely installed, unless the code itself is ready for its absence.
        if self.is_guarded() {
            return self.raise("ModuleNotFoundError", format!("No module named '{name}'"), at);
        }
        Ok(Value::unknown(format!("module {name}"), at))
    }

    /// Returns a module of the tree as an attribute of its package, if there is one.
    pub(super) fn submodule(&mut self, package: &str, name: &str, at: Span) -> Outcome<Option<Value>> {
        let full = format!("{package}.{name}");
        let known = self.modules.contains_key(&full) || self.locate(&full).is_some();
        if known { self.load(&full, at).map(Some) } else { Ok(None) }
    }

    /// Finds the file of a module, and says whether it is a package.
    pub(in super::super) fn locate(&self, name: &str) -> Option<(String, bool)> {
        let relative = name.replace('.', "/");
        let own = self.python_path.borrow();
        let own = own.iter().filter_map(|entry| library::files::inside(&library::files::absolute(entry.as_text()?)));
        self.search.iter().cloned().chain(own).find_map(|directory| {
            let base = if directory.is_empty() { relative.clone() } else { format!("{directory}/{relative}") };
            let package = format!("{base}/__init__.py");
            let module = format!("{base}.py");
            if self.tree.has(package.as_ref()) {
                Some((package, true))
            } else if self.tree.has(module.as_ref()) {
                Some((module, false))
            } else if self.tree.names(base.as_ref()).iter().any(|name| name.ends_with(".py")) {
                // A directory without `__init__.py` is a package, too, and its modules can be imported.
                Some((package, true))
            } else {
                None
            }
        })
    }

    fn load_file(&mut self, name: &str, path: &str, is_package: bool, at: Span) -> Outcome {
        let Some((number, file)) = self.file(path) else {
            let module = self.empty_module(name, path);
            return Ok(Value::new(Kind::Module(module), at));
        };
        let module = Rc::new(Module {
            name: Rc::from(name),
            path: Rc::from(path),
            file: number,
            is_package,
            names: Rc::new(RefCell::new(BTreeMap::new())),
        });
        self.modules.insert(name.to_owned(), Rc::clone(&module));
        let body = match &file.parsed {
            Ok(body) => Rc::clone(body),
            Err(error) => {
                let range = error.range;
                let at = Span { file: number, start: range.start().into(), end: range.end().into() };
                return Err(Stop::Raised(Box::new(Exception::new("SyntaxError", error.message.clone(), at))));
            }
        };
        let mut scope = Scope::of_module(&module);
        let start = Span { file: number, start: 0, end: 0 };
        Self::preset(&scope, "__name__", Value::text(name, start));
        Self::preset(&scope, "__file__", Value::text(&format!("{ROOT}/{path}"), start));
        let package = if is_package { name } else { name.rsplit_once('.').map_or("", |(parent, _)| parent) };
        Self::preset(&scope, "__package__", Value::text(package, start));
        self.frames.push(scope.clone());
        let guards = std::mem::take(&mut self.guards);
        let result = self.deeper(|machine| machine.run(&body.body, &mut scope));
        self.guards = guards;
        self.frames.pop();
        if let Err(stop) = result {
            self.modules.remove(name);
            return Err(stop);
        }
        if let Some((parent, own)) = name.rsplit_once('.')
            && let Some(parent) = self.modules.get(parent)
        {
            let binding = super::Binding { value: Value::new(Kind::Module(Rc::clone(&module)), at), at };
            parent.names.borrow_mut().insert(Rc::from(own), binding);
        }
        Ok(Value::new(Kind::Module(module), at))
    }

    /// Returns a package that is only a directory.
    fn empty_module(&mut self, name: &str, path: &str) -> Rc<Module> {
        let module = Rc::new(Module {
            name: Rc::from(name),
            path: Rc::from(path),
            file: u32::MAX,
            is_package: true,
            names: Rc::new(RefCell::new(BTreeMap::new())),
        });
        self.modules.insert(name.to_owned(), Rc::clone(&module));
        module
    }

    /// Runs another file in a scope, as `include` does.
    pub(in super::super) fn run_file(&mut self, path: &str, scope: &Scope) -> Outcome<()> {
        match self.file(path) {
            Some((number, _)) => self.run_numbered(number, path, scope),
            None => Ok(()),
        }
    }

    /// Runs a text in a scope, as `exec` does: that of a file that was read, or one of its own.
    pub(in super::super) fn run_text(&mut self, code: &Value, scope: &Scope, at: Span) -> Outcome<()> {
        let Some(text) = code.as_text() else { return Ok(()) };
        let file = self.library.numbered(code.origin.file).filter(|file| **file.source.text() == **text);
        if file.is_some() && code.origin.start == 0 {
            let path = Rc::clone(&scope.module.path);
            return self.run_numbered(code.origin.file, &path, scope);
        }
        self.spend(text.len() / 8)?;
        match self.library.keep(text, at) {
            Some(number) => {
                let path = Rc::clone(&scope.module.path);
                self.run_numbered(number, &path, scope)
            }
            None => Err(Stop::Spent),
        }
    }

    fn run_numbered(&mut self, number: u32, path: &str, scope: &Scope) -> Outcome<()> {
        let Some(file) = self.library.numbered(number) else { return Ok(()) };
        let body = match &file.parsed {
            Ok(body) => Rc::clone(body),
            Err(error) => {
                let range = error.range;
                let at = Span { file: number, start: range.start().into(), end: range.end().into() };
                return Err(Stop::Raised(Box::new(Exception::new("SyntaxError", error.message.clone(), at))));
            }
        };
        let module = Rc::new(Module {
            name: Rc::clone(&scope.module.name),
            path: Rc::from(path),
            file: number,
            is_package: scope.module.is_package,
            names: Rc::clone(&scope.module.names),
        });
        let mut inner = Scope { module, ..scope.clone() };
        self.frames.push(inner.clone());
        let result = self.deeper(|machine| machine.run(&body.body, &mut inner));
        self.frames.pop();
        result
    }
}
