//! Statements: what runs, in which order.

use std::rc::Rc;

use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtFor, StmtIf, StmtTry, StmtWhile, StmtWith};

use super::super::value::{Binding, Kind, Value};
use super::{Exception, Machine, Outcome, Scope, Stop};

/// How a statement ends.
#[derive(Debug)]
pub(super) enum Next {
    Break,
    Continue,
    On,
    Return(Value),
}

impl Machine<'_> {
    pub(super) fn block(&mut self, body: &[Stmt], scope: &mut Scope) -> Outcome<Next> {
        self.deeper(|machine| {
            for statement in body {
                match machine.statement(statement, scope)? {
                    Next::On => {}
                    other => return Ok(other),
                }
            }
            Ok(Next::On)
        })
    }

    fn statement(&mut self, statement: &Stmt, scope: &mut Scope) -> Outcome<Next> {
        self.spend(1)?;
        match statement {
            Stmt::Expr(inner) => drop(self.expression(&inner.value, scope)?),
            Stmt::Assign(inner) => {
                let value = self.expression(&inner.value, scope)?;
                for target in &inner.targets {
                    self.assign(target, value.clone(), scope, scope.span(inner))?;
                }
            }
            Stmt::AnnAssign(inner) => {
                if let Some(value) = &inner.value {
                    let value = self.expression(value, scope)?;
                    self.assign(&inner.target, value, scope, scope.span(inner))?;
                }
            }
            Stmt::AugAssign(inner) => self.assign_in_place(inner, scope)?,
            Stmt::Delete(inner) => {
                for target in &inner.targets {
                    self.delete(target, scope)?;
                }
            }
            Stmt::If(inner) => return self.branch(inner, scope),
            Stmt::For(inner) => return self.for_each(inner, scope),
            Stmt::While(inner) => return self.while_true(inner, scope),
            Stmt::Try(inner) => return self.attempt(inner, scope),
            Stmt::With(inner) => return self.with(inner, scope),
            Stmt::Match(inner) => {
                let subject = self.expression(&inner.subject, scope)?;
                for case in &inner.cases {
                    if self.matches(&case.pattern, &subject, scope)? && self.guard(case.guard.as_deref(), scope)? {
                        return self.block(&case.body, scope);
                    }
                }
            }
            Stmt::FunctionDef(inner) => {
                let mut function = self.define(inner, scope)?;
                for decorator in inner.decorator_list.iter().rev() {
                    let wrap = self.expression(&decorator.expression, scope)?;
                    function = self.decorate(&wrap, function, scope.span(decorator))?;
                }
                scope.bind(&inner.name, function, scope.span(&inner.name));
            }
            Stmt::ClassDef(inner) => {
                let class = self.class(inner, scope)?;
                scope.bind(&inner.name, class, scope.span(&inner.name));
            }
            Stmt::Import(inner) => {
                for alias in &inner.names {
                    self.import(alias, scope)?;
                }
            }
            Stmt::ImportFrom(inner) => self.import_from(inner, scope)?,
            Stmt::Global(inner) => scope.globals.extend(inner.names.iter().map(|name| name.to_string())),
            Stmt::Nonlocal(inner) => scope.nonlocals.extend(inner.names.iter().map(|name| name.to_string())),
            Stmt::Return(inner) => {
                let value = inner.value.as_ref().map(|value| self.expression(value, scope)).transpose()?;
                return Ok(Next::Return(value.unwrap_or_else(Value::none)));
            }
            Stmt::Break(_) => return Ok(Next::Break),
            Stmt::Continue(_) => return Ok(Next::Continue),
            Stmt::Raise(inner) => return self.raise_statement(inner.exc.as_deref(), scope, scope.span(inner)),
            Stmt::Assert(inner) => {
                let test = self.expression(&inner.test, scope)?;
                // What cannot be known is taken to hold: whoever wrote it had it hold.
                if !test.is_unknown() && !self.truth(&test)? {
                    return self.raise("AssertionError", "", scope.span(inner));
                }
            }
            Stmt::Pass(_) | Stmt::TypeAlias(_) | Stmt::IpyEscapeCommand(_) => {}
        }
        Ok(Next::On)
    }

    fn guard(&mut self, guard: Option<&Expr>, scope: &mut Scope) -> Outcome<bool> {
        let Some(guard) = guard else { return Ok(true) };
        let value = self.expression(guard, scope)?;
        self.truth(&value)
    }

    fn branch(&mut self, statement: &StmtIf, scope: &mut Scope) -> Outcome<Next> {
        let test = self.expression(&statement.test, scope)?;
        if self.truth(&test)? {
            return self.block(&statement.body, scope);
        }
        for clause in &statement.elif_else_clauses {
            let is_taken = match &clause.test {
                None => true,
                Some(test) => {
                    let test = self.expression(test, scope)?;
                    self.truth(&test)?
                }
            };
            if is_taken {
                return self.block(&clause.body, scope);
            }
        }
        Ok(Next::On)
    }

    fn for_each(&mut self, statement: &StmtFor, scope: &mut Scope) -> Outcome<Next> {
        let iterable = self.expression(&statement.iter, scope)?;
        let at = scope.span(&*statement.iter);
        let Some(items) = self.items(&iterable, at)? else {
            // What it goes over cannot be known: the body is seen once, with an element that cannot be known either.
            if self.world.decide(&format!("any {}", iterable.label()), &iterable.variables) {
                let item = Value::unknown(format!("item of {}", iterable.label()), at).from(&iterable.variables);
                self.assign(&statement.target, item, scope, scope.span(&*statement.target))?;
                if let Next::Return(value) = self.block(&statement.body, scope)? {
                    return Ok(Next::Return(value));
                }
            }
            return self.block(&statement.orelse, scope);
        };
        for item in items {
            self.assign(&statement.target, item, scope, scope.span(&*statement.target))?;
            match self.block(&statement.body, scope)? {
                Next::Break => return Ok(Next::On),
                Next::Return(value) => return Ok(Next::Return(value)),
                Next::Continue | Next::On => {}
            }
        }
        self.block(&statement.orelse, scope)
    }

    fn while_true(&mut self, statement: &StmtWhile, scope: &mut Scope) -> Outcome<Next> {
        loop {
            let test = self.expression(&statement.test, scope)?;
            let is_unknown = test.is_unknown();
            if !self.truth(&test)? {
                return self.block(&statement.orelse, scope);
            }
            match self.block(&statement.body, scope)? {
                Next::Break => return Ok(Next::On),
                Next::Return(value) => return Ok(Next::Return(value)),
                // The answer to an unknown condition never changes, so that it is met once.
                Next::Continue | Next::On if is_unknown => return Ok(Next::On),
                Next::Continue | Next::On => {}
            }
        }
    }

    fn attempt(&mut self, statement: &StmtTry, scope: &mut Scope) -> Outcome<Next> {
        self.guards.push(expects_absence(statement));
        let body = self.block(&statement.body, scope);
        self.guards.pop();
        let result = match body {
            Ok(Next::On) => self.block(&statement.orelse, scope),
            Err(Stop::Raised(exception)) => self.handle(statement, *exception, scope),
            other => other,
        };
        if matches!(result, Err(Stop::Spent)) {
            return result;
        }
        match self.block(&statement.finalbody, scope)? {
            Next::On => result,
            other => Ok(other),
        }
    }

    fn handle(&mut self, statement: &StmtTry, exception: Exception, scope: &mut Scope) -> Outcome<Next> {
        for ExceptHandler::ExceptHandler(handler) in &statement.handlers {
            let is_taken = match &handler.type_ {
                None => true,
                Some(class) => {
                    let class = self.expression(class, scope)?;
                    // A class that cannot be known was most likely written for what happens here.
                    exception.is_a(&class).unwrap_or(true)
                }
            };
            if !is_taken {
                continue;
            }
            let before = scope.handled.replace(Rc::new(exception.clone()));
            if let Some(name) = &handler.name {
                let value = Value::text(&exception.message, exception.at);
                scope.bind(name, value, scope.span(name));
            }
            let result = self.block(&handler.body, scope);
            if let Some(name) = &handler.name {
                scope.names_for(name).borrow_mut().remove(name.as_str());
            }
            scope.handled = before;
            return result;
        }
        Err(Stop::Raised(Box::new(exception)))
    }

    fn raise_statement(
        &mut self,
        raised: Option<&Expr>,
        scope: &mut Scope,
        at: super::super::value::Span,
    ) -> Outcome<Next> {
        let Some(raised) = raised else {
            let again = scope.handled.as_deref().cloned();
            return match again {
                Some(exception) => Err(Stop::Raised(Box::new(exception))),
                None => self.raise("RuntimeError", "No active exception to reraise", at),
            };
        };
        let value = self.expression(raised, scope)?;
        let exception = match &value.kind {
            Kind::Known(name) => Exception::new(name.rsplit('.').next().unwrap_or(name), "", at),
            Kind::Class(class) => Exception::of(class, "", at),
            Kind::Instance(instance) => {
                let message = instance.names.borrow().get("args").map(|binding| binding.value.label());
                Exception::of(&instance.class, message.unwrap_or_default(), at)
            }
            Kind::Reader(reader) => {
                let message = reader.values.borrow().get("message").and_then(|text| text.as_text().cloned());
                Exception::new(&reader.class, message.as_deref().unwrap_or_default(), at)
            }
            _ => Exception::new("Exception", "", at),
        };
        Err(Stop::Raised(Box::new(exception)))
    }

    fn with(&mut self, statement: &StmtWith, scope: &mut Scope) -> Outcome<Next> {
        let mut suppressed = Vec::new();
        for item in &statement.items {
            let value = self.expression(&item.context_expr, scope)?;
            if let Kind::Reader(reader) = &value.kind
                && &*reader.class == "contextlib.suppress"
            {
                suppressed.extend(reader.values.borrow().values().cloned());
            }
            // What a generator yields first is what `contextlib.contextmanager` hands out.
            let value = match &value.kind {
                Kind::Iterator(items) => items.borrow_mut().pop_front().unwrap_or_else(Value::none),
                Kind::Instance(_) => {
                    let entered = self.special(&value, "__enter__", Vec::new(), scope.span(item))?;
                    entered.unwrap_or(value)
                }
                _ => value,
            };
            if let Some(target) = &item.optional_vars {
                self.assign(target, value, scope, scope.span(item))?;
            }
        }
        let expects_absence = suppressed.iter().any(|class| {
            matches!(&class.kind, Kind::Known(name) if ABSENCES.contains(&name.trim_start_matches("builtins.")))
        });
        self.guards.push(expects_absence);
        let body = self.block(&statement.body, scope);
        self.guards.pop();
        match body {
            Err(Stop::Raised(exception)) if suppressed.iter().any(|class| exception.is_a(class) == Some(true)) => {
                Ok(Next::On)
            }
            other => other,
        }
    }

    /// Runs the statements of a module.
    pub(super) fn run(&mut self, body: &[Stmt], scope: &mut Scope) -> Outcome<()> {
        self.block(body, scope).map(drop)
    }

    /// Binds a name that Python itself sets in a module.
    pub(super) fn preset(scope: &Scope, name: &str, value: Value) {
        let binding = Binding { at: value.origin, value };
        scope.module.names.borrow_mut().insert(Rc::from(name), binding);
    }
}

/// Whether a `try` is ready for a module that is not there.
fn expects_absence(statement: &StmtTry) -> bool {
    statement.handlers.iter().any(|ExceptHandler::ExceptHandler(handler)| match handler.type_.as_deref() {
        None => true,
        Some(Expr::Tuple(classes)) => classes.elts.iter().any(names_absence),
        Some(class) => names_absence(class),
    })
}

fn names_absence(class: &Expr) -> bool {
    matches!(class, Expr::Name(name) if ABSENCES.contains(&name.id.as_str()))
}

/// The exceptions whose handler expects that a module may be absent.
const ABSENCES: &[&str] = &["BaseException", "Exception", "ImportError", "ModuleNotFoundError"];
