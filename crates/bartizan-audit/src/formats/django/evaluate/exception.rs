//! Exceptions: which are caught by which handler.

use std::rc::Rc;

use super::super::value::{Class, Kind, Span, Value};

/// An exception that was raised.
#[derive(Debug, Clone)]
pub(in super::super) struct Exception {
    /// Its class and the classes above it, nearest first.
    pub(in super::super) classes: Vec<Rc<str>>,
    pub(in super::super) message: String,
    pub(in super::super) at: Span,
}

impl Exception {
    /// Returns one of Python's own, or of a library's.
    pub(in super::super) fn new(class: &str, message: impl Into<String>, at: Span) -> Self {
        Self { classes: lineage(class), message: message.into(), at }
    }

    /// Returns one of a class of the files that were read.
    pub(super) fn of(class: &Rc<Class>, message: impl Into<String>, at: Span) -> Self {
        let mut classes = Vec::new();
        ancestors(class, &mut classes, 0);
        if classes.len() == 1 {
            classes.extend(lineage("Exception"));
        }
        Self { classes, message: message.into(), at }
    }

    /// Returns the name of its class.
    pub(in super::super) fn class(&self) -> &str {
        self.classes.first().map_or("Exception", |class| class)
    }

    /// Whether a handler for this class takes it; nothing, if that cannot be known.
    pub(super) fn is_a(&self, class: &Value) -> Option<bool> {
        match &class.kind {
            Kind::Known(name) => {
                let name = name.rsplit('.').next().unwrap_or(name);
                Some(self.classes.iter().any(|own| **own == *name))
            }
            Kind::Class(class) => Some(self.classes.contains(&class.name)),
            Kind::Tuple(classes) => {
                let answers: Vec<_> = classes.iter().map(|class| self.is_a(class)).collect();
                if answers.contains(&Some(true)) {
                    Some(true)
                } else if answers.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            _ => None,
        }
    }
}

/// Whether a name is that of an exception that is known.
pub(in super::super) fn is_exception(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    name == "BaseException" || PARENTS.iter().any(|(known, _)| *known == name)
}

fn lineage(class: &str) -> Vec<Rc<str>> {
    let mut classes = vec![Rc::from(class)];
    let mut current = class;
    while let Some((_, parent)) = PARENTS.iter().find(|(known, _)| *known == current) {
        classes.push(Rc::from(*parent));
        current = parent;
    }
    if classes.len() == 1 && class != "BaseException" {
        classes.extend([Rc::from("Exception"), Rc::from("BaseException")]);
    }
    classes
}

fn ancestors(class: &Class, found: &mut Vec<Rc<str>>, depth: u32) {
    if depth > 20 || found.len() > 50 {
        return;
    }
    found.push(Rc::clone(&class.name));
    for base in &class.bases {
        match &base.kind {
            Kind::Class(base) => ancestors(base, found, depth + 1),
            Kind::Known(name) => found.extend(lineage(name.rsplit('.').next().unwrap_or(name))),
            _ => {}
        }
    }
}

/// Exceptions that settings meet, and what each is a kind of.
static PARENTS: &[(&str, &str)] = &[
    ("ArithmeticError", "Exception"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("DoesNotExist", "Exception"),
    ("EOFError", "Exception"),
    ("EnvironmentError", "Exception"),
    ("Exception", "BaseException"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("IOError", "OSError"),
    ("ImportError", "Exception"),
    ("ImproperlyConfigured", "Exception"),
    ("IndexError", "LookupError"),
    ("IsADirectoryError", "OSError"),
    ("JSONDecodeError", "ValueError"),
    ("KeyError", "LookupError"),
    ("KeyboardInterrupt", "BaseException"),
    ("LookupError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("NameError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("OSError", "Exception"),
    ("OverflowError", "ArithmeticError"),
    ("PermissionError", "OSError"),
    ("RuntimeError", "Exception"),
    ("StopIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("SystemExit", "BaseException"),
    ("TypeError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("UndefinedValueError", "Exception"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeError", "ValueError"),
    ("UserWarning", "Warning"),
    ("ValueError", "Exception"),
    ("Warning", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
];
