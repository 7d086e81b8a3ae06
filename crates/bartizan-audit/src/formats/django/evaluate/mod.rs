//! The evaluation of Python over its syntax tree: bounded in steps, depth and memory, without any effect.
//!
//! It follows Python's semantics where settings modules need them. What it does not know becomes an unknown value, and a
//! condition over unknown values is answered by the [`World`].

mod assign;
mod call;
mod class;
mod compare;
mod comprehension;
mod enumeration;
mod exception;
mod expression;
mod format_spec;
mod function;
mod import;
mod iterate;
mod literal;
mod operator;
mod pattern;
mod statement;
mod subscript;
mod text_format;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::ModModule;
use ruff_text_size::{Ranged, TextRange};

pub(super) use self::call::Arguments;
pub(super) use self::exception::{Exception, is_exception};
pub(super) use self::operator::join_path;
pub(super) use self::subscript::resolve;
use super::guard::is_shallow;
use super::library;
use super::options::Options;
use super::value::{Binding, Class, Kind, List, Module, Names, Sources, Span, Value};
use super::worlds::World;
use crate::{ReadError, Source, Tree};

/// Where the tree stands in the paths that settings see; a settings module knows its place only by `__file__`.
pub(super) const ROOT: &str = "/project";

/// Why an evaluation does not go on.
#[derive(Debug)]
pub(super) enum Stop {
    /// An exception was raised.
    Raised(Box<Exception>),
    /// It took too many steps.
    Spent,
}

/// What a step of the evaluation comes to.
pub(super) type Outcome<T = Value> = Result<T, Stop>;

/// The files of a tree as they were parsed: once, for however many evaluations.
#[derive(Debug, Default)]
pub(super) struct Library {
    files: RefCell<Vec<Rc<File>>>,
    by_path: RefCell<BTreeMap<String, Option<u32>>>,
}

/// A file and its syntax tree.
#[derive(Debug)]
pub(super) struct File {
    pub(super) source: Source,
    /// Where the text was run from, if it is no file of the tree.
    pub(super) run_from: Option<Span>,
    pub(super) parsed: Result<Rc<ModModule>, SyntaxError>,
}

/// Why a file is no Python.
#[derive(Debug, Clone)]
pub(super) struct SyntaxError {
    pub(super) message: String,
    pub(super) range: TextRange,
}

/// One evaluation, in one world.
#[derive(Debug)]
pub(super) struct Machine<'a> {
    pub(super) tree: &'a Tree,
    pub(super) options: &'a Options,
    pub(super) library: &'a Library,
    pub(super) world: &'a mut World,
    /// What the settings themselves, or files that they read, put into the environment.
    pub(super) environment: BTreeMap<Rc<str>, Option<Value>>,
    pub(super) modules: BTreeMap<String, Rc<Module>>,
    /// Directories of the tree in which modules are looked for.
    pub(super) search: Vec<String>,
    /// The code that runs, innermost last.
    pub(super) frames: Vec<Scope>,
    /// The object whose method is about to run, and the class that has the method.
    receiver: Option<(Value, Rc<Class>)>,
    /// What the generators that run have yielded so far, innermost last.
    yielded: Vec<Vec<Value>>,
    /// For each `try` around the statement, whether it is ready for a missing module.
    guards: Vec<bool>,
    /// `sys.path`, as the settings see and change it.
    pub(super) python_path: List,
    /// Whether names were bound that cannot be known.
    pub(super) has_strange_names: bool,
    /// How often chance was asked.
    pub(super) chances: usize,
    steps: u64,
    depth: u32,
}

/// Where a piece of code runs: its module, its own names, and those around it.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) module: Rc<Module>,
    pub(super) locals: Option<Names>,
    pub(super) enclosing: Vec<Names>,
    pub(super) globals: Vec<String>,
    pub(super) nonlocals: Vec<String>,
    /// The exception that is being handled.
    pub(super) handled: Option<Rc<Exception>>,
    /// Functions do not see the names of the class around them.
    pub(super) is_class: bool,
    /// The object whose method runs, and the class that has the method.
    pub(super) receiver: Option<(Value, Rc<Class>)>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(tree: &'a Tree, options: &'a Options, library: &'a Library, world: &'a mut World) -> Self {
        Self {
            tree,
            options,
            library,
            world,
            environment: BTreeMap::new(),
            modules: BTreeMap::new(),
            search: vec![String::new()],
            frames: Vec::new(),
            receiver: None,
            yielded: Vec::new(),
            guards: Vec::new(),
            python_path: Rc::new(RefCell::new(vec![Value::text(ROOT, Span::default())])),
            has_strange_names: false,
            chances: 0,
            steps: 0,
            depth: 0,
        }
    }

    /// Counts work; a file that asks for too much of it is not evaluated to its end.
    pub(super) fn spend(&mut self, steps: usize) -> Outcome<()> {
        self.steps = self.steps.saturating_add(steps as u64);
        if self.steps > STEPS { Err(Stop::Spent) } else { Ok(()) }
    }

    /// Whether a missing module is expected where the evaluation stands.
    fn is_guarded(&self) -> bool {
        self.guards.contains(&true)
    }

    /// Does something one level deeper.
    pub(super) fn deeper<T>(&mut self, act: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        self.spend(1)?;
        if self.depth >= DEPTH {
            return Err(Stop::Spent);
        }
        self.depth += 1;
        let result = act(self);
        self.depth -= 1;
        result
    }

    /// Whether the value counts as true; the world decides what cannot be known.
    pub(super) fn truth(&mut self, value: &Value) -> Outcome<bool> {
        self.spend(1)?;
        Ok(match &value.kind {
            Kind::None => false,
            Kind::Bool(yes) => *yes,
            Kind::Int(number) => *number != 0,
            Kind::Float(number) => *number != 0.0,
            Kind::Text(text) => !text.is_empty(),
            Kind::Bytes(bytes) => !bytes.is_empty(),
            Kind::List(items) | Kind::Set(items) => !items.borrow().is_empty(),
            Kind::Tuple(items) => !items.is_empty(),
            Kind::Dict(dict) => !dict.borrow().entries.is_empty(),
            Kind::Range(start, end, step) => {
                if *step > 0 {
                    start < end
                } else {
                    start > end
                }
            }
            Kind::Unknown(label) => self.world.decide(label, &value.variables),
            Kind::Known(name) if is_constant(name) => self.world.decide(name, &value.variables),
            Kind::Reader(reader) => library::truth(reader),
            Kind::Instance(_) => {
                for name in ["__bool__", "__len__"] {
                    if let Some(answer) = self.special(value, name, Vec::new(), value.origin)? {
                        return Ok(!matches!(answer.kind, Kind::Bool(false) | Kind::Int(0)));
                    }
                }
                true
            }
            _ => true,
        })
    }

    /// Returns a truth that the world decides, as a value.
    pub(super) fn decided(&mut self, label: &str, variables: &Sources, at: Span) -> Value {
        let yes = self.world.decide(label, variables);
        Value::new(Kind::Bool(yes), at).from(variables)
    }

    /// Parses a file of the tree, if it is there.
    pub(super) fn file(&mut self, path: &str) -> Option<(u32, Rc<File>)> {
        self.library.file(self.tree, path)
    }

    /// Raises one of Python's own exceptions.
    pub(super) fn raise<T>(&self, class: &str, message: impl Into<String>, at: Span) -> Outcome<T> {
        Err(Stop::Raised(Box::new(Exception::new(class, message, at))))
    }
}

impl Library {
    fn file(&self, tree: &Tree, path: &str) -> Option<(u32, Rc<File>)> {
        let known = self.by_path.borrow().get(path).copied();
        let number = if let Some(known) = known {
            known?
        } else {
            let number = self.read(tree, path);
            self.by_path.borrow_mut().insert(path.to_owned(), number);
            number?
        };
        Some((number, self.numbered(number)?))
    }

    pub(super) fn numbered(&self, number: u32) -> Option<Rc<File>> {
        self.files.borrow().get(number as usize).cloned()
    }

    /// Returns the files that were read, by name, with their texts.
    pub(super) fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let files = self.files.borrow();
        let read = files.iter().filter(|file| file.run_from.is_none());
        read.map(|file| (Arc::clone(file.source.path()), Arc::clone(file.source.text()))).collect()
    }

    fn read(&self, tree: &Tree, path: &str) -> Option<u32> {
        if self.files.borrow().len() >= FILES {
            return None;
        }
        let source = match tree.read(Path::new(path)) {
            Ok(source) => source,
            Err(ReadError::TooLarge { .. }) => Source::new(path, Vec::new()),
            Err(_) => return None,
        };
        let parsed = parse(source.text());
        let mut files = self.files.borrow_mut();
        let number = u32::try_from(files.len()).ok()?;
        files.push(Rc::new(File { source, run_from: None, parsed }));
        Some(number)
    }
}

impl Library {
    /// Keeps a text that is run as code.
    fn keep(&self, text: &str, run_from: Span) -> Option<u32> {
        let mut files = self.files.borrow_mut();
        if files.len() >= FILES {
            return None;
        }
        let number = u32::try_from(files.len()).ok()?;
        let source = Source::new("a text that is run", text.as_bytes().to_vec());
        let parsed = parse(source.text());
        files.push(Rc::new(File { source, run_from: Some(run_from), parsed }));
        Some(number)
    }
}

/// Whether the name of something in a library is that of a constant, which may be false.
fn is_constant(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.chars().any(char::is_uppercase) && !last.chars().any(char::is_lowercase)
}

fn parse(text: &str) -> Result<Rc<ModModule>, SyntaxError> {
    if !is_shallow(text) {
        let message = "too deeply nested to be read".to_owned();
        return Err(SyntaxError { message, range: TextRange::default() });
    }
    if text.contains('\0') {
        let message = "source code cannot contain null bytes".to_owned();
        return Err(SyntaxError { message, range: TextRange::default() });
    }
    match ruff_python_parser::parse_module(text) {
        Ok(parsed) => Ok(Rc::new(parsed.into_syntax())),
        Err(error) => Err(SyntaxError { message: error.error.to_string(), range: error.location }),
    }
}

impl Scope {
    pub(super) fn of_module(module: &Rc<Module>) -> Self {
        Self {
            module: Rc::clone(module),
            locals: None,
            enclosing: Vec::new(),
            globals: Vec::new(),
            nonlocals: Vec::new(),
            handled: None,
            is_class: false,
            receiver: None,
        }
    }

    /// Returns the place of a piece of syntax.
    pub(super) fn span(&self, node: &impl Ranged) -> Span {
        self.span_of(node.range())
    }

    pub(super) fn span_of(&self, range: TextRange) -> Span {
        Span { file: self.module.file, start: range.start().into(), end: range.end().into() }
    }

    /// Returns what a name is bound to.
    pub(super) fn lookup(&self, name: &str) -> Option<Value> {
        let found = |names: &Names| names.borrow().get(name).map(|binding| binding.value.clone());
        if !self.globals.iter().any(|global| global == name) {
            let inner = self.locals.iter().chain(self.enclosing.iter().rev());
            if let Some(value) = inner.filter_map(found).next() {
                return Some(value);
            }
        }
        found(&self.module.names)
    }

    /// Binds a name by a statement.
    pub(super) fn bind(&self, name: &str, value: Value, at: Span) {
        let binding = Binding { value, at };
        self.names_for(name).borrow_mut().insert(Rc::from(name), binding);
    }

    /// Returns the names among which a name is bound.
    pub(super) fn names_for(&self, name: &str) -> &Names {
        if self.globals.iter().any(|global| global == name) {
            return &self.module.names;
        }
        if self.nonlocals.iter().any(|known| known == name) {
            let holder = self.enclosing.iter().rev().find(|names| names.borrow().contains_key(name));
            return holder.unwrap_or(&self.module.names);
        }
        self.locals.as_ref().unwrap_or(&self.module.names)
    }

    /// Returns the names of this very scope.
    pub(super) fn own(&self) -> &Names {
        self.locals.as_ref().unwrap_or(&self.module.names)
    }
}

/// A settings module of a large project takes some 10,000; each takes well below a microsecond.
const STEPS: u64 = 400_000;
/// Python itself stops at 1,000 calls; settings call two or three deep.
const DEPTH: u32 = 300;
/// Files of one project that settings may reach.
const FILES: usize = 500;
