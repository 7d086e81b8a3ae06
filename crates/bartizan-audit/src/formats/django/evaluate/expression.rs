//! Expressions: what each form of them comes to.

use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::{BoolOp, CmpOp, Expr, UnaryOp};

use super::super::value::{Body, Function, Kind, Sources, Value};
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(in super::super) fn expression(&mut self, expression: &Expr, scope: &mut Scope) -> Outcome {
        self.deeper(|machine| machine.evaluate(expression, scope))
    }

    fn evaluate(&mut self, expression: &Expr, scope: &mut Scope) -> Outcome {
        let at = scope.span(expression);
        Ok(match expression {
            Expr::NoneLiteral(_) => Value::new(Kind::None, at),
            Expr::BooleanLiteral(literal) => Value::new(Kind::Bool(literal.value), at),
            Expr::EllipsisLiteral(_) => Value::new(Kind::Ellipsis, at),
            Expr::NumberLiteral(literal) => Self::number(&literal.value, at),
            Expr::StringLiteral(literal) => Value::text(literal.value.to_str(), at),
            Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                Value::new(Kind::Bytes(bytes.into()), at)
            }
            Expr::FString(string) => self.f_string(string, scope, at)?,
            Expr::Name(name) => match scope.lookup(&name.id) {
                Some(value) => value,
                None => return self.builtin(&name.id, at),
            },
            Expr::List(list) => Value::list(self.elements(&list.elts, scope)?, at),
            Expr::Tuple(tuple) => Value::tuple(self.elements(&tuple.elts, scope)?, at),
            Expr::Set(set) => {
                let items = self.elements(&set.elts, scope)?;
                self.set_of(items, at)?
            }
            Expr::Dict(dict) => self.dict_display(dict, scope, at)?,
            Expr::BoolOp(operation) => return self.bool_op(operation.op, &operation.values, scope),
            Expr::UnaryOp(operation) => {
                let value = self.expression(&operation.operand, scope)?;
                if operation.op == UnaryOp::Not {
                    let truth = self.truth(&value)?;
                    return Ok(Value::new(Kind::Bool(!truth), at).from(&value.variables));
                }
                self.unary(operation.op, &value, at)?
            }
            Expr::BinOp(operation) => {
                let left = self.expression(&operation.left, scope)?;
                let right = self.expression(&operation.right, scope)?;
                self.binary(operation.op, &left, &right, at)?
            }
            Expr::Compare(comparison) => {
                let mut left = self.expression(&comparison.left, scope)?;
                let mut variables = Sources::default();
                for (op, right) in comparison.ops.iter().zip(&comparison.comparators) {
                    let right = self.expression(right, scope)?;
                    variables = variables.with(&left.variables).with(&right.variables);
                    if !self.compare(*op, &left, &right, at)? {
                        return Ok(Value::new(Kind::Bool(false), at).from(&variables));
                    }
                    left = right;
                }
                Value::new(Kind::Bool(true), at).from(&variables)
            }
            Expr::If(conditional) => {
                let test = self.expression(&conditional.test, scope)?;
                let chosen = if self.truth(&test)? { &conditional.body } else { &conditional.orelse };
                self.expression(chosen, scope)?.from(&test.variables)
            }
            Expr::Named(named) => {
                let value = self.expression(&named.value, scope)?;
                self.assign(&named.target, value.clone(), scope, at)?;
                value
            }
            Expr::Lambda(lambda) => {
                // The syntax is copied: a function may outlive the file's own tree in a loop.
                self.spend(usize::from(lambda.range.len()) / 8)?;
                let parameters = lambda.parameters.as_deref().cloned();
                let defaults = self.defaults(parameters.as_ref(), scope)?;
                let body = Body::Expression((*lambda.body).clone());
                let function = Function {
                    name: Rc::from("<lambda>"),
                    parameters,
                    defaults,
                    body,
                    globals: Rc::clone(&scope.module),
                    enclosing: Self::closure(scope),
                };
                Value::new(Kind::Function(Rc::new(function)), at)
            }
            Expr::ListComp(comprehension) => {
                Value::list(self.comprehend(&comprehension.elt, &comprehension.generators, scope)?, at)
            }
            Expr::SetComp(comprehension) => {
                let items = self.comprehend(&comprehension.elt, &comprehension.generators, scope)?;
                self.set_of(items, at)?
            }
            Expr::Generator(comprehension) => {
                let items = self.comprehend(&comprehension.elt, &comprehension.generators, scope)?;
                Value::new(Kind::Iterator(Rc::new(RefCell::new(items.into()))), at)
            }
            Expr::DictComp(comprehension) => {
                let entries = self.comprehend_entries(comprehension, scope)?;
                self.dict_of(entries, at)?
            }
            Expr::Call(call) => return self.call_expression(call, scope, at),
            Expr::Attribute(attribute) => {
                let object = self.expression(&attribute.value, scope)?;
                self.attribute(&object, &attribute.attr, at)?
            }
            Expr::Subscript(subscript) => {
                let object = self.expression(&subscript.value, scope)?;
                if let Expr::Slice(slice) = &*subscript.slice {
                    let bounds = self.slice(slice, scope)?;
                    return self.sliced(&object, bounds, at);
                }
                let key = self.expression(&subscript.slice, scope)?;
                self.item(&object, &key, at)?
            }
            Expr::Starred(starred) => self.expression(&starred.value, scope)?,
            Expr::Yield(inner) => {
                let value = inner.value.as_ref().map(|value| self.expression(value, scope)).transpose()?;
                self.hand_out(value.unwrap_or_else(|| Value::new(Kind::None, at)));
                Value::new(Kind::None, at)
            }
            Expr::YieldFrom(inner) => {
                let value = self.expression(&inner.value, scope)?;
                let items = self.items(&value, at)?;
                let unknown = || vec![Value::unknown(format!("items of {}", value.label()), at).from(&value.variables)];
                items.unwrap_or_else(unknown).into_iter().for_each(|item| self.hand_out(item));
                Value::new(Kind::None, at)
            }
            Expr::TString(_) | Expr::Slice(_) | Expr::Await(_) | Expr::IpyEscapeCommand(_) => {
                Value::unknown(format!("syntax@{}:{}", at.file, at.start), at)
            }
        })
    }

    fn hand_out(&mut self, value: Value) {
        if let Some(items) = self.yielded.last_mut() {
            items.push(value);
        }
    }

    /// `and` and `or` yield one of their operands, not a truth.
    fn bool_op(&mut self, op: BoolOp, operands: &[Expr], scope: &mut Scope) -> Outcome {
        let mut variables = Sources::default();
        let mut value = Value::none();
        for (index, operand) in operands.iter().enumerate() {
            value = self.expression(operand, scope)?.from(&variables);
            variables = variables.with(&value.variables);
            if index + 1 < operands.len() && self.truth(&value)? == (op == BoolOp::Or) {
                break;
            }
        }
        Ok(value)
    }

    /// Evaluates elements, those after a star one by one.
    pub(super) fn elements(&mut self, elements: &[Expr], scope: &mut Scope) -> Outcome<Vec<Value>> {
        let mut items = Vec::with_capacity(elements.len().min(1024));
        for element in elements {
            if let Expr::Starred(starred) = element {
                let value = self.expression(&starred.value, scope)?;
                match self.items(&value, scope.span(element))? {
                    Some(more) => items.extend(more),
                    None => items.push(
                        Value::unknown(format!("items of {}", value.label()), value.origin).from(&value.variables),
                    ),
                }
            } else {
                items.push(self.expression(element, scope)?);
            }
        }
        Ok(items)
    }

    pub(super) fn compare(
        &mut self,
        op: CmpOp,
        left: &Value,
        right: &Value,
        at: super::super::value::Span,
    ) -> Outcome<bool> {
        self.spend(1)?;
        let known = match op {
            CmpOp::Eq => self.equal(left, right)?,
            CmpOp::NotEq => self.equal(left, right)?.map(|same| !same),
            CmpOp::Is => self.identical(left, right)?,
            CmpOp::IsNot => self.identical(left, right)?.map(|same| !same),
            CmpOp::In => self.contains(right, left, at)?,
            CmpOp::NotIn => self.contains(right, left, at)?.map(|has| !has),
            CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => self.order(op, left, right, at)?,
        };
        if let Some(known) = known {
            return Ok(known);
        }
        // Opposite conditions are one question, so that they are answered alike.
        let (positive, is_negated) = match op {
            CmpOp::NotEq => (CmpOp::Eq, true),
            CmpOp::IsNot => (CmpOp::Is, true),
            CmpOp::NotIn => (CmpOp::In, true),
            other => (other, false),
        };
        let label = format!("{} {} {}", left.label(), positive.as_str(), right.label());
        let answer = self.world.decide(&label, &left.variables.with(&right.variables));
        Ok(answer != is_negated)
    }
}
