//! Classes and attributes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::{Expr, Stmt, StmtClassDef};

use super::super::value::{Binding, Class, Instance, Kind, Names, Reader, Span, Value};
use super::super::{library, method};
use super::call::Arguments;
use super::enumeration::{enumerate, is_enumeration};
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(super) fn class(&mut self, statement: &StmtClassDef, scope: &mut Scope) -> Outcome {
        let mut bases = Vec::new();
        if let Some(arguments) = &statement.arguments {
            for base in &arguments.args {
                bases.push(self.expression(base, scope)?);
            }
        }
        let names: Names = Rc::new(RefCell::new(BTreeMap::new()));
        let mut inner = Scope {
            locals: Some(Rc::clone(&names)),
            enclosing: Self::closure(scope),
            is_class: true,
            ..Scope::of_module(&scope.module)
        };
        self.frames.push(inner.clone());
        let result = self.block(&statement.body, &mut inner);
        self.frames.pop();
        result?;
        let at = scope.span(&statement.name);
        let fields: Vec<Value> = statement.body.iter().filter_map(|line| field(line, at)).collect();
        if !fields.is_empty() {
            names.borrow_mut().insert(Rc::from("__annotations__"), Binding { value: Value::list(fields, at), at });
        }
        let class = Class { name: Rc::from(statement.name.as_str()), bases, names };
        if is_enumeration(&class) {
            enumerate(&class);
        }
        Ok(Value::new(Kind::Class(Rc::new(class)), at))
    }

    pub(super) fn instantiate(&mut self, class: &Rc<Class>, arguments: Arguments, at: Span) -> Outcome {
        if is_enumeration(class) {
            return self.member(class, &arguments, at);
        }
        let instance = Instance { class: Rc::clone(class), names: Rc::new(RefCell::new(BTreeMap::new())) };
        let value = Value::new(Kind::Instance(Rc::new(instance)), at);
        if let Some(init) = Self::class_attribute(class, "__init__", 0) {
            self.call_method(&init, &value, class, "__init__", arguments, at)?;
            return Ok(value);
        }
        // Data classes and the like take their fields in order or by name.
        for (field, given) in Self::fields(class, 0).iter().zip(&arguments.positional) {
            self.set_attribute(&value, field, given.clone(), at);
        }
        for (name, given) in &arguments.named {
            self.set_attribute(&value, name, given.clone(), at);
        }
        if let Some(first) = arguments.positional.into_iter().next() {
            // Exceptions keep what they were made with.
            self.set_attribute(&value, "args", first, at);
        }
        Ok(value)
    }

    /// Returns the fields that a class and those above it declare, in order.
    fn fields(class: &Class, depth: u32) -> Vec<Rc<str>> {
        let mut fields = Vec::new();
        for base in &class.bases {
            if let Kind::Class(base) = &base.kind
                && depth < DEEPEST
            {
                fields.extend(Self::fields(base, depth + 1));
            }
        }
        if let Some(Kind::List(own)) = class.names.borrow().get("__annotations__").map(|binding| &binding.value.kind) {
            fields.extend(own.borrow().iter().filter_map(|name| name.as_text().cloned()));
        }
        fields
    }

    /// Calls a method that Python calls by itself, if the object's class has it.
    pub(in super::super) fn special(
        &mut self,
        object: &Value,
        name: &str,
        arguments: Vec<Value>,
        at: Span,
    ) -> Outcome<Option<Value>> {
        let Kind::Instance(instance) = &object.kind else { return Ok(None) };
        let class = Rc::clone(&instance.class);
        let Some(method) = Self::class_attribute(&class, name, 0) else { return Ok(None) };
        self.call_method(&method, object, &class, name, Arguments::positional(arguments), at).map(Some)
    }

    /// Calls what a class has under a name, with the object that it was asked of.
    pub(super) fn call_method(
        &mut self,
        method: &Value,
        object: &Value,
        class: &Rc<Class>,
        name: &str,
        arguments: Arguments,
        at: Span,
    ) -> Outcome {
        let mut arguments = arguments;
        let method = match &method.kind {
            Kind::Reader(reader) if is_wrapper(&reader.class) => {
                let inner = reader.values.borrow().get("function").cloned().unwrap_or_else(Value::none);
                match &*reader.class {
                    "classmethod" => {
                        arguments.positional.insert(0, Value::new(Kind::Class(Rc::clone(class)), at));
                        inner
                    }
                    "staticmethod" => inner,
                    // A property whose value is called.
                    _ => {
                        let value = self.call(&inner, Arguments::positional(vec![object.clone()]), at)?;
                        return self.call(&value, arguments, at);
                    }
                }
            }
            Kind::Function(_) => {
                arguments.positional.insert(0, object.clone());
                method.clone()
            }
            _ => method.clone(),
        };
        let Some(owner) = Self::owner(class, name, 0) else { return self.call(&method, arguments, at) };
        self.receiver = Some((object.clone(), owner));
        let result = self.call(&method, arguments, at);
        self.receiver = None;
        result
    }

    /// Returns the class that itself has a name: this one, or one above it.
    fn owner(class: &Rc<Class>, name: &str, depth: u32) -> Option<Rc<Class>> {
        if class.names.borrow().contains_key(name) {
            return Some(Rc::clone(class));
        }
        class.bases.iter().filter(|_| depth < DEEPEST).find_map(|base| match &base.kind {
            Kind::Class(base) => Self::owner(base, name, depth + 1),
            _ => None,
        })
    }

    /// Returns `super()` where the code of a method runs.
    pub(in super::super) fn parent(&self, at: Span) -> Option<Value> {
        let (object, owner) = self.frames.last()?.receiver.clone()?;
        let values = [("object", object), ("owner", Value::new(Kind::Class(owner), at))];
        Some(library::reader("super", values, at))
    }

    /// Calls a method of `super()`.
    pub(super) fn call_parent(&mut self, parent: &Reader, name: &str, arguments: Arguments, at: Span) -> Outcome {
        let values = parent.values.borrow().clone();
        let (Some(object), Some(Kind::Class(owner))) =
            (values.get("object"), values.get("owner").map(|owner| &owner.kind))
        else {
            return Ok(Value::none());
        };
        for base in &owner.bases {
            if let Kind::Class(base) = &base.kind
                && let Some(method) = Self::class_attribute(base, name, 0)
            {
                return self.call_method(&method, object, base, name, arguments, at);
            }
        }
        let is_plain = owner.bases.iter().all(|base| matches!(base.kind, Kind::Class(_)));
        if is_plain || name == "__init__" {
            return Ok(Value::new(Kind::None, at));
        }
        Ok(Value::unknown(format!("super().{name}({})", arguments.label()), at).from(&arguments.sources()))
    }

    /// Returns an attribute of a class or of those that it is derived from.
    pub(super) fn class_attribute(class: &Class, name: &str, depth: u32) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let own = class.names.borrow().get(name).map(|binding| binding.value.clone());
        own.or_else(|| {
            class.bases.iter().find_map(|base| match &base.kind {
                Kind::Class(base) => Self::class_attribute(base, name, depth + 1),
                _ => None,
            })
        })
    }

    /// Returns an attribute of a value.
    pub(in super::super) fn attribute(&mut self, object: &Value, name: &str, at: Span) -> Outcome {
        self.spend(1)?;
        let unknown = || Value::unknown(format!("{}.{name}", object.label()), at).from(&object.variables);
        Ok(match &object.kind {
            Kind::Module(module) => {
                let found = module.names.borrow().get(name).map(|binding| binding.value.clone());
                match found {
                    Some(value) => value,
                    None => match self.submodule(&module.name.clone(), name, at)? {
                        Some(value) => value,
                        None if name == "__dict__" => Value::new(Kind::Names(Rc::clone(&module.names)), at),
                        None => {
                            let message = format!("module '{}' has no attribute '{name}'", module.name);
                            return self.raise("AttributeError", message, at);
                        }
                    },
                }
            }
            Kind::Instance(instance) => {
                let own = instance.names.borrow().get(name).map(|binding| binding.value.clone());
                match own.or_else(|| Self::class_attribute(&instance.class, name, 0)) {
                    Some(Value { kind: Kind::Function(_), .. }) => bound(object, name, at),
                    Some(Value { kind: Kind::Reader(reader), .. }) if &*reader.class == "property" => {
                        let function = reader.values.borrow().get("function").cloned().unwrap_or_else(Value::none);
                        let class = Rc::clone(&instance.class);
                        return self.call_method(&function, object, &class, name, Arguments::default(), at);
                    }
                    Some(Value { kind: Kind::Reader(reader), .. }) if is_wrapper(&reader.class) => {
                        bound(object, name, at)
                    }
                    Some(Value { kind: Kind::Reader(reader), .. }) if &*reader.class == "dataclasses.field" => {
                        return library::default_of_field(self, &reader, at);
                    }
                    Some(value) => value,
                    None if name == "__dict__" => Value::new(Kind::Names(Rc::clone(&instance.names)), at),
                    None if name == "__class__" => Value::new(Kind::Class(Rc::clone(&instance.class)), at),
                    None => match self.special(object, "__getattr__", vec![Value::text(name, at)], at)? {
                        Some(value) => value,
                        None => unknown(),
                    },
                }
            }
            Kind::Class(class) => match Self::class_attribute(class, name, 0) {
                Some(Value { kind: Kind::Reader(reader), .. }) if is_wrapper(&reader.class) => bound(object, name, at),
                Some(value) => value,
                None if name == "__name__" => Value::text(&class.name, at),
                None if name == "__dict__" => Value::new(Kind::Names(Rc::clone(&class.names)), at),
                None => unknown(),
            },
            Kind::Known(path) if library::is_absent(path, name) => {
                return self.raise("AttributeError", format!("module '{path}' has no attribute '{name}'"), at);
            }
            Kind::Known(path) => library::attribute(self, path, name, at),
            Kind::Unknown(_) => unknown(),
            Kind::Reader(reader) => {
                let own = reader.values.borrow().get(name).cloned();
                own.unwrap_or_else(|| bound(object, name, at))
            }
            _ if name == "__class__" => library::class_of(object, at).unwrap_or_else(unknown),
            Kind::None | Kind::Bool(_) | Kind::Float(_) if !name.starts_with("__") && !method::exists(object, name) => {
                let message = format!("'{}' object has no attribute '{name}'", object.type_name());
                return self.raise("AttributeError", message, at);
            }
            _ => match method::property(self, object, name, at)? {
                Some(value) => value,
                None if method::exists(object, name) => bound(object, name, at),
                None if name.starts_with("__") => unknown(),
                None => match object.kind {
                    Kind::List(_) | Kind::Tuple(_) | Kind::Dict(_) | Kind::Set(_) | Kind::Text(_) | Kind::Int(_) => {
                        let message = format!("'{}' object has no attribute '{name}'", object.type_name());
                        return self.raise("AttributeError", message, at);
                    }
                    _ => unknown(),
                },
            },
        })
    }

    /// Whether a value is of a class; nothing, if that cannot be known.
    pub(in super::super) fn is_instance(&self, value: &Value, class: &Value) -> Option<bool> {
        if let Kind::Tuple(classes) = &class.kind {
            let answers: Vec<_> = classes.iter().map(|class| self.is_instance(value, class)).collect();
            if answers.contains(&Some(true)) {
                return Some(true);
            }
            return if answers.contains(&None) { None } else { Some(false) };
        }
        if value.is_unknown() {
            return None;
        }
        match &class.kind {
            Kind::Known(name) => {
                let name = name.rsplit('.').next().unwrap_or(name);
                Some(match (name, &value.kind) {
                    ("object", _) => true,
                    ("int", Kind::Bool(_) | Kind::Int(_)) => true,
                    ("Path" | "PurePath" | "PosixPath", Kind::Path(_)) => true,
                    ("Mapping" | "MutableMapping", Kind::Dict(_)) => true,
                    ("Iterable" | "Sequence", Kind::List(_) | Kind::Tuple(_) | Kind::Text(_)) => true,
                    ("str" | "int", Kind::Reader(reader)) if &*reader.class == "enum member" => {
                        reader.values.borrow().get("mixed").is_some_and(|value| value.type_name() == name)
                    }
                    (_, Kind::Reader(reader)) => reader.class.rsplit('.').next() == Some(name),
                    _ => name == value.type_name(),
                })
            }
            Kind::Class(class) => match &value.kind {
                Kind::Instance(instance) => Some(derives(&instance.class, class, 0)),
                _ => Some(false),
            },
            _ => None,
        }
    }
}

fn bound(object: &Value, name: &str, at: Span) -> Value {
    Value::new(Kind::Method(Rc::new((object.clone(), Rc::from(name)))), at).from(&object.variables)
}

/// Returns the name that a line of a class declares with a type.
fn field(line: &Stmt, at: Span) -> Option<Value> {
    match line {
        Stmt::AnnAssign(inner) => match &*inner.target {
            Expr::Name(name) => Some(Value::text(&name.id, at)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a class of readers stands for a decorated method.
pub(super) fn is_wrapper(class: &str) -> bool {
    matches!(class, "classmethod" | "property" | "staticmethod")
}

fn derives(class: &Rc<Class>, from: &Rc<Class>, depth: u32) -> bool {
    Rc::ptr_eq(class, from)
        || depth < DEEPEST
            && class.bases.iter().any(|base| match &base.kind {
                Kind::Class(base) => derives(base, from, depth + 1),
                _ => false,
            })
}

/// Classes are derived from one another some three times; a loop of them must end.
pub(super) const DEEPEST: u32 = 20;
