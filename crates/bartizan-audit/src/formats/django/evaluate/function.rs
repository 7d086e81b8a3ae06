//! Functions of the files that were read: defined, decorated, called.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Parameters, Stmt, StmtFunctionDef};

use super::super::library;
use super::super::value::{Body, Function, Kind, Names, Span, Value};
use super::call::Arguments;
use super::statement::Next;
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(super) fn define(&mut self, statement: &StmtFunctionDef, scope: &mut Scope) -> Outcome {
        // The syntax is copied: a function may outlive the file's own tree in a loop.
        self.spend(usize::from(statement.range.len()) / 8)?;
        let parameters = (*statement.parameters).clone();
        let defaults = self.defaults(Some(&parameters), scope)?;
        let body = statement.body.to_vec();
        let function = Function {
            name: Rc::from(statement.name.as_str()),
            parameters: Some(parameters),
            defaults,
            body: match (statement.is_async, has_yield(&body)) {
                (true, _) => Body::Strange,
                (false, true) => Body::Generator(body),
                (false, false) => Body::Statements(body),
            },
            globals: Rc::clone(&scope.module),
            enclosing: Self::closure(scope),
        };
        Ok(Value::new(Kind::Function(Rc::new(function)), scope.span(&statement.name)))
    }

    /// Returns the names that a function sees around itself; those of a class are not among them.
    pub(super) fn closure(scope: &Scope) -> Vec<Names> {
        let own = scope.locals.iter().filter(|_| !scope.is_class);
        scope.enclosing.iter().chain(own).cloned().collect()
    }

    /// Evaluates the defaults of parameters, once, where the function is defined.
    pub(super) fn defaults(
        &mut self,
        parameters: Option<&Parameters>,
        scope: &mut Scope,
    ) -> Outcome<BTreeMap<String, Value>> {
        let mut defaults = BTreeMap::new();
        let Some(parameters) = parameters else { return Ok(defaults) };
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default {
                defaults.insert(parameter.parameter.name.to_string(), self.expression(default, scope)?);
            }
        }
        Ok(defaults)
    }

    pub(super) fn decorate(&mut self, wrap: &Value, function: Value, at: Span) -> Outcome {
        // Decorators that cannot be followed usually keep what the function does.
        match &wrap.kind {
            Kind::Known(name) if library::wraps(name) => {}
            Kind::Method(bound) => match &bound.0.kind {
                // `@name.setter` leaves the property what it is.
                Kind::Reader(reader) if &*reader.class == "property" => return Ok(bound.0.clone()),
                _ => return Ok(function),
            },
            Kind::Known(_) | Kind::Unknown(_) => return Ok(function),
            _ => {}
        }
        self.call(wrap, Arguments::positional(vec![function]), at)
    }

    /// Calls a function of the files that were read.
    pub(super) fn invoke(&mut self, function: &Rc<Function>, arguments: Arguments, at: Span) -> Outcome {
        let sources = arguments.sources();
        let unknown = || Value::unknown(format!("{}()@{}:{}", function.name, at.file, at.start), at).from(&sources);
        if matches!(function.body, Body::Strange) || arguments.is_open {
            return Ok(unknown());
        }
        let names: Names = Rc::new(RefCell::new(BTreeMap::new()));
        let mut scope =
            Scope { locals: Some(names), enclosing: function.enclosing.clone(), ..Scope::of_module(&function.globals) };
        scope.receiver = self.receiver.take();
        self.bind_parameters(function, arguments, &mut scope, at)?;
        self.deeper(|machine| {
            machine.frames.push(scope.clone());
            let result = match &function.body {
                Body::Expression(body) => machine.expression(body, &mut scope),
                Body::Statements(body) => machine.block(body, &mut scope).map(|next| match next {
                    Next::Return(value) => value,
                    Next::Break | Next::Continue | Next::On => Value::new(Kind::None, at),
                }),
                Body::Generator(body) => {
                    // All that it yields, at once: settings go over it to its end.
                    machine.yielded.push(Vec::new());
                    let result = machine.block(body, &mut scope);
                    let items = machine.yielded.pop().unwrap_or_default();
                    result.map(|_| Value::new(Kind::Iterator(Rc::new(RefCell::new(items.into()))), at))
                }
                Body::Strange => Ok(unknown()),
            };
            machine.frames.pop();
            result
        })
    }

    fn bind_parameters(
        &mut self,
        function: &Function,
        arguments: Arguments,
        scope: &mut Scope,
        at: Span,
    ) -> Outcome<()> {
        let mut positional = arguments.positional.into_iter();
        let mut named = arguments.named;
        let Some(parameters) = &function.parameters else { return Ok(()) };
        let wrong =
            |machine: &Self, what: &str| machine.raise::<()>("TypeError", format!("{}() {what}", function.name), at);
        for (index, parameter) in parameters.posonlyargs.iter().chain(&parameters.args).enumerate() {
            let name = parameter.parameter.name.as_str();
            let is_positional_only = index < parameters.posonlyargs.len();
            let value = match positional.next() {
                Some(value) => Some(value),
                None if is_positional_only => None,
                None => take(&mut named, name),
            };
            match value.or_else(|| function.defaults.get(name).cloned()) {
                Some(value) => scope.bind(name, value, at),
                None => return wrong(self, "missing a required positional argument"),
            }
        }
        let rest: Vec<Value> = positional.collect();
        match &parameters.vararg {
            Some(vararg) => scope.bind(&vararg.name, Value::tuple(rest, at), at),
            None if !rest.is_empty() => return wrong(self, "takes fewer positional arguments than were given"),
            None => {}
        }
        for parameter in &parameters.kwonlyargs {
            let name = parameter.parameter.name.as_str();
            match take(&mut named, name).or_else(|| function.defaults.get(name).cloned()) {
                Some(value) => scope.bind(name, value, at),
                None => return wrong(self, "missing a required keyword-only argument"),
            }
        }
        match &parameters.kwarg {
            Some(kwarg) => {
                let entries = named.into_iter().map(|(name, value)| (Value::text(&name, at), value)).collect();
                scope.bind(&kwarg.name, Value::dict(entries, at), at);
            }
            None if !named.is_empty() => return wrong(self, "got an unexpected keyword argument"),
            None => {}
        }
        Ok(())
    }
}

fn take(named: &mut Vec<(String, Value)>, name: &str) -> Option<Value> {
    let index = named.iter().position(|(known, _)| known == name)?;
    Some(named.remove(index).1)
}

/// Whether a function is a generator; what a function within it yields is not its own.
fn has_yield(body: &[Stmt]) -> bool {
    #[derive(Default)]
    struct Search {
        is_found: bool,
    }
    impl<'a> Visitor<'a> for Search {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                visitor::walk_stmt(self, statement);
            }
        }

        fn visit_expr(&mut self, expression: &'a Expr) {
            match expression {
                Expr::Yield(_) | Expr::YieldFrom(_) => self.is_found = true,
                Expr::Lambda(_) => {}
                _ => visitor::walk_expr(self, expression),
            }
        }
    }
    let mut search = Search::default();
    search.visit_body(body);
    search.is_found
}
