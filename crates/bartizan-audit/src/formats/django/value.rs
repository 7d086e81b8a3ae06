//! What a Python expression comes to: a value, or that it cannot be known and on what it depends.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use ruff_python_ast::{Expr, Parameters, Stmt};

/// A place in one of the files that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Span {
    /// The file, by its number.
    pub(super) file: u32,
    /// The first byte.
    pub(super) start: u32,
    /// The byte behind the last.
    pub(super) end: u32,
}

/// A value, where it was written, and which environment variables it came from.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) kind: Kind,
    pub(super) origin: Span,
    pub(super) variables: Sources,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    None,
    Ellipsis,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(Rc<str>),
    Bytes(Rc<[u8]>),
    List(List),
    Tuple(Rc<[Value]>),
    Set(List),
    Dict(Rc<RefCell<Dict>>),
    Range(i64, i64, i64),
    /// A file or directory, as `pathlib` has it.
    Path(Rc<str>),
    /// A file that is open for reading.
    File(Rc<str>),
    Iterator(Rc<RefCell<VecDeque<Value>>>),
    Function(Rc<Function>),
    Class(Rc<Class>),
    Instance(Rc<Instance>),
    Module(Rc<Module>),
    /// A name of the standard library or of a library that is known here, such as `os.path.join`.
    Known(Rc<str>),
    /// A method of a value, not yet called.
    Method(Rc<(Value, Rc<str>)>),
    /// The environment as a mapping.
    Environ,
    /// The names of a module or function as a mapping.
    Names(Names),
    /// A reader of settings, such as an instance of `environ.Env`, with what it was made of.
    Reader(Rc<Reader>),
    /// Cannot be known; the label tells equal conditions from different ones.
    Unknown(Rc<str>),
}

/// A list that several names may share.
pub(super) type List = Rc<RefCell<Vec<Value>>>;
/// Names and what they are bound to.
pub(super) type Names = Rc<RefCell<BTreeMap<Rc<str>, Binding>>>;

/// What a name is bound to, and by which statement.
#[derive(Debug, Clone)]
pub(super) struct Binding {
    pub(super) value: Value,
    pub(super) at: Span,
}

/// A dictionary in the order of its keys' first appearance.
#[derive(Debug, Clone, Default)]
pub(super) struct Dict {
    pub(super) entries: Vec<(Value, Value)>,
    /// What is called for a key that is not there, as `collections.defaultdict` does.
    pub(super) missing: Option<Value>,
}

/// A function of the files that were read.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: Rc<str>,
    pub(super) parameters: Option<Parameters>,
    pub(super) defaults: BTreeMap<String, Value>,
    pub(super) body: Body,
    pub(super) globals: Rc<Module>,
    pub(super) enclosing: Vec<Names>,
}

/// What a function does.
#[derive(Debug)]
pub(super) enum Body {
    Expression(Expr),
    Statements(Vec<Stmt>),
    Generator(Vec<Stmt>),
    /// Something that is no plain function: it is asynchronous.
    Strange,
}

/// A class of the files that were read.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) name: Rc<str>,
    pub(super) bases: Vec<Value>,
    pub(super) names: Names,
}

/// An object of a class.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) class: Rc<Class>,
    pub(super) names: Names,
}

/// A module that was read from the tree.
#[derive(Debug)]
pub(super) struct Module {
    /// Its dotted name.
    pub(super) name: Rc<str>,
    /// Its file.
    pub(super) path: Rc<str>,
    pub(super) file: u32,
    pub(super) is_package: bool,
    pub(super) names: Names,
}

/// A reader of settings.
#[derive(Debug)]
pub(super) struct Reader {
    /// Of which class, by its dotted name.
    pub(super) class: Rc<str>,
    pub(super) values: RefCell<BTreeMap<Rc<str>, Value>>,
}

/// The environment variables that a value came from, and whether it was made by chance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sources(Option<Rc<BTreeSet<Rc<str>>>>);

impl Sources {
    /// Returns one variable.
    pub(super) fn one(name: &str) -> Self {
        Self(Some(Rc::new(BTreeSet::from([Rc::from(name)]))))
    }

    /// Returns these and others.
    pub(super) fn with(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (None, _) => other.clone(),
            (_, None) => self.clone(),
            (Some(left), Some(right)) if Rc::ptr_eq(left, right) => self.clone(),
            (Some(left), Some(right)) => Self(Some(Rc::new(left.union(right).cloned().collect()))),
        }
    }

    /// Returns the names.
    pub(super) fn names(&self) -> impl Iterator<Item = &Rc<str>> {
        self.0.iter().flat_map(|names| names.iter())
    }
}

impl Value {
    pub(super) fn new(kind: Kind, origin: Span) -> Self {
        Self { kind, origin, variables: Sources::default() }
    }

    pub(super) fn none() -> Self {
        Self::new(Kind::None, Span::default())
    }

    pub(super) fn text(text: &str, origin: Span) -> Self {
        Self::new(Kind::Text(Rc::from(text)), origin)
    }

    pub(super) fn list(items: Vec<Self>, origin: Span) -> Self {
        Self::new(Kind::List(Rc::new(RefCell::new(items))), origin)
    }

    pub(super) fn tuple(items: Vec<Self>, origin: Span) -> Self {
        Self::new(Kind::Tuple(items.into()), origin)
    }

    pub(super) fn dict(entries: Vec<(Self, Self)>, origin: Span) -> Self {
        Self::new(Kind::Dict(Rc::new(RefCell::new(Dict { entries, missing: None }))), origin)
    }

    /// Returns what cannot be known.
    pub(super) fn unknown(label: impl AsRef<str>, origin: Span) -> Self {
        let label = label.as_ref();
        let end = label.floor_char_boundary(LONGEST_LABEL);
        Self::new(Kind::Unknown(Rc::from(label.get(..end).unwrap_or_default())), origin)
    }

    /// Returns the value as something that came from these variables, too.
    pub(super) fn from(mut self, variables: &Sources) -> Self {
        self.variables = self.variables.with(variables);
        self
    }

    /// Returns the value as something that was written elsewhere.
    pub(super) fn at(mut self, origin: Span) -> Self {
        self.origin = origin;
        self
    }

    pub(super) fn as_text(&self) -> Option<&Rc<str>> {
        match &self.kind {
            Kind::Text(text) | Kind::Path(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_int(&self) -> Option<i64> {
        match self.kind {
            Kind::Int(number) => i64::try_from(number).ok(),
            Kind::Bool(yes) => Some(i64::from(yes)),
            _ => None,
        }
    }

    pub(super) const fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }

    /// Returns a short name of what is unknown, or the value's kind.
    pub(super) fn label(&self) -> String {
        match &self.kind {
            Kind::Unknown(label) => label.to_string(),
            Kind::Text(text) => format!("'{}'", text.chars().take(40).collect::<String>()),
            Kind::Int(number) => number.to_string(),
            Kind::Bool(yes) => yes.to_string(),
            Kind::Known(name) => name.to_string(),
            _ => format!("{}@{}:{}", self.type_name(), self.origin.file, self.origin.start),
        }
    }

    /// Returns Python's name of the value's type.
    pub(super) fn type_name(&self) -> &str {
        match &self.kind {
            Kind::None => "NoneType",
            Kind::Ellipsis => "ellipsis",
            Kind::Bool(_) => "bool",
            Kind::Int(_) => "int",
            Kind::Float(_) => "float",
            Kind::Text(_) => "str",
            Kind::Bytes(_) => "bytes",
            Kind::List(_) => "list",
            Kind::Tuple(_) => "tuple",
            Kind::Set(_) => "set",
            Kind::Dict(_) | Kind::Names(_) => "dict",
            Kind::Range(..) => "range",
            Kind::Path(_) => "PosixPath",
            Kind::File(_) => "TextIOWrapper",
            Kind::Iterator(_) => "generator",
            Kind::Function(_) => "function",
            Kind::Class(_) => "type",
            Kind::Instance(instance) => &instance.class.name,
            Kind::Module(_) => "module",
            Kind::Known(_) | Kind::Method(_) => "builtin_function_or_method",
            Kind::Environ => "_Environ",
            Kind::Reader(reader) => &reader.class,
            Kind::Unknown(_) => "object",
        }
    }
}

/// Labels grow with the expression; beyond this they no longer help to tell conditions apart.
const LONGEST_LABEL: usize = 200;
