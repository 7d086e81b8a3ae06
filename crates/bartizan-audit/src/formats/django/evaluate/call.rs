//! Calls: what is called, and with which arguments.

use std::rc::Rc;

use ruff_python_ast::{Expr, ExprCall};

use super::super::value::{Body, Kind, Sources, Span, Value};
use super::super::{library, method};
use super::{Exception, Machine, Outcome, Scope};

/// The arguments of a call.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Arguments {
    pub(in super::super) positional: Vec<Value>,
    pub(in super::super) named: Vec<(String, Value)>,
    /// Whether there are more that cannot be known.
    pub(in super::super) is_open: bool,
}

impl Arguments {
    pub(in super::super) const fn positional(positional: Vec<Value>) -> Self {
        Self { positional, named: Vec::new(), is_open: false }
    }

    /// Returns an argument by its place or its name.
    pub(in super::super) fn get(&self, index: usize, name: &str) -> Option<&Value> {
        self.positional.get(index).or_else(|| self.named(name))
    }

    pub(in super::super) fn named(&self, name: &str) -> Option<&Value> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Returns the text of an argument, if it is one.
    pub(in super::super) fn text(&self, index: usize, name: &str) -> Option<Rc<str>> {
        self.get(index, name).and_then(|value| value.as_text().cloned())
    }

    /// Returns what all arguments came from.
    pub(in super::super) fn sources(&self) -> Sources {
        let values = self.positional.iter().chain(self.named.iter().map(|(_, value)| value));
        values.fold(Sources::default(), |sources, value| sources.with(&value.variables))
    }

    /// Returns the arguments as a part of a label.
    pub(in super::super) fn label(&self) -> String {
        let values = self.positional.iter().chain(self.named.iter().map(|(_, value)| value));
        values.take(4).map(Value::label).collect::<Vec<_>>().join(", ")
    }
}

impl Machine<'_> {
    pub(super) fn call_expression(&mut self, call: &ExprCall, scope: &mut Scope, at: Span) -> Outcome {
        let callee = self.expression(&call.func, scope)?;
        let mut arguments = Arguments::default();
        for argument in &call.arguments.args {
            if let Expr::Starred(starred) = argument {
                let value = self.expression(&starred.value, scope)?;
                match self.items(&value, at)? {
                    Some(items) => arguments.positional.extend(items),
                    None => arguments.is_open = true,
                }
            } else {
                arguments.positional.push(self.expression(argument, scope)?);
            }
        }
        for keyword in &call.arguments.keywords {
            let value = self.expression(&keyword.value, scope)?;
            if let Some(name) = &keyword.arg {
                arguments.named.push((name.to_string(), value));
                continue;
            }
            match self.entries(&value)? {
                Some(entries) => {
                    let named =
                        entries.into_iter().filter_map(|(key, value)| Some((key.as_text()?.to_string(), value)));
                    arguments.named.extend(named);
                }
                None => arguments.is_open = true,
            }
        }
        self.call(&callee, arguments, at)
    }

    /// Calls a value.
    pub(in super::super) fn call(&mut self, callee: &Value, arguments: Arguments, at: Span) -> Outcome {
        self.spend(1)?;
        match &callee.kind {
            Kind::Function(function) => self.invoke(function, arguments, at),
            Kind::Class(class) => self.instantiate(class, arguments, at),
            Kind::Known(name) => library::call(self, name, &arguments, at),
            Kind::Method(bound) => {
                let (object, name) = &**bound;
                if let Kind::Instance(_) | Kind::Class(_) = object.kind {
                    return self.call_bound(object, name, arguments, at);
                }
                if let Kind::Reader(parent) = &object.kind
                    && &*parent.class == "super"
                {
                    return self.call_parent(parent, name, arguments, at);
                }
                method::call(self, object, name, &arguments, at)
            }
            Kind::Reader(reader) => library::call_reader(self, reader, &arguments, at),
            Kind::Instance(_) => match self.attribute(callee, "__call__", at)? {
                method if method.is_unknown() => Ok(method),
                method => self.call(&method, arguments, at),
            },
            Kind::None
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Bytes(_)
            | Kind::List(_)
            | Kind::Tuple(_)
            | Kind::Set(_)
            | Kind::Dict(_)
            | Kind::Module(_) => {
                self.raise("TypeError", format!("'{}' object is not callable", callee.type_name()), at)
            }
            _ => {
                let label = format!("{}({})", callee.label(), arguments.label());
                Ok(Value::unknown(label, at).from(&callee.variables.with(&arguments.sources())))
            }
        }
    }

    fn call_bound(&mut self, object: &Value, name: &str, arguments: Arguments, at: Span) -> Outcome {
        let class = match &object.kind {
            Kind::Instance(instance) => &instance.class,
            Kind::Class(class) => class,
            _ => return Ok(Value::none()),
        };
        match Self::class_attribute(class, name, 0) {
            Some(method) => self.call_method(&method, object, &Rc::clone(class), name, arguments, at),
            None => Ok(Value::unknown(format!("{}.{name}()", object.label()), at).from(&arguments.sources())),
        }
    }

    /// Whether a function can be called with this many positional arguments and these named ones.
    pub(in super::super) fn accepts(value: &Value, positional: usize, named: &[&str]) -> Option<bool> {
        let Kind::Function(function) = &value.kind else { return None };
        if matches!(function.body, Body::Strange) && function.parameters.is_none() {
            return None;
        }
        let Some(parameters) = &function.parameters else { return Some(positional == 0 && named.is_empty()) };
        let places: Vec<&str> = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .map(|parameter| parameter.parameter.name.as_str())
            .collect();
        if positional > places.len() && parameters.vararg.is_none() {
            return Some(false);
        }
        let by_name = places.get(parameters.posonlyargs.len()..).unwrap_or_default();
        let is_free = |name: &&&str| {
            let index = places.iter().position(|place| *place == **name);
            let is_place = index.is_some_and(|index| index >= positional) && by_name.contains(*name);
            let is_keyword = parameters.kwonlyargs.iter().any(|parameter| parameter.parameter.name.as_str() == **name);
            is_place || is_keyword || (parameters.kwarg.is_some() && index.is_none_or(|index| index >= positional))
        };
        if !named.iter().all(|name| is_free(&name)) {
            return Some(false);
        }
        let missing = |name: &str| !named.contains(&name) && !function.defaults.contains_key(name);
        let mut keywords = parameters.kwonlyargs.iter().map(|parameter| parameter.parameter.name.as_str());
        Some(!places.iter().skip(positional).any(|name| missing(name)) && !keywords.any(missing))
    }

    /// Raises an exception of a library.
    pub(in super::super) fn raise_exception<T>(&self, exception: Exception) -> Outcome<T> {
        Err(super::Stop::Raised(Box::new(exception)))
    }
}
