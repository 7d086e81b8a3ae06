//! Texts that are data: JSON, literals of Python, addresses of databases.

use std::rc::Rc;

use ruff_python_ast::{Expr, UnaryOp};
use url::Url;

use super::super::evaluate::{Arguments, Machine, Outcome, Scope};
use super::super::guard::is_shallow;
use super::super::value::{Kind, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let Some(first) = arguments.positional.first().cloned() else {
        return match name {
            "dj_database_url.config" => database_from_default(machine, arguments, at).map(Some),
            _ => Ok(None),
        };
    };
    match name {
        "json.loads" | "json.load" => {
            let text = match &first.kind {
                Kind::File(path) => machine.read_text(&path.clone(), at)?,
                _ => first,
            };
            let text = match &text.kind {
                Kind::Bytes(bytes) => Value::text(&String::from_utf8_lossy(bytes), at).from(&text.variables),
                _ => text,
            };
            let Some(json) = text.as_text() else { return Ok(None) };
            machine.spend(json.len())?;
            match serde_json::from_str::<serde_json::Value>(json) {
                Ok(value) => Ok(Some(of_json(&value, at).from(&text.variables))),
                Err(error) => machine.raise_known("JSONDecodeError", error.to_string(), at),
            }
        }
        "json.dumps" => super::encode::call(machine, name, arguments, at),
        "ast.literal_eval" => evaluate(machine, &first, Form::Literal, at),
        "distutils.util.strtobool" => {
            let truth = super::decouple::truth(machine, &first, at)?;
            Ok(Some(match truth.kind {
                Kind::Bool(yes) => Value::new(Kind::Int(i128::from(yes)), at).from(&truth.variables),
                _ => truth,
            }))
        }
        "dj_database_url.parse" => Ok(Some(address(&first, arguments, at))),
        "dj_database_url.config" => database_from_default(machine, arguments, at).map(Some),
        _ => Ok(None),
    }
}

/// Which expressions a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Any, as `eval` takes them.
    Any,
    /// Data only.
    Literal,
}

/// Returns the value of an expression in a text.
pub(super) fn evaluate(machine: &mut Machine<'_>, text: &Value, form: Form, at: Span) -> Outcome<Option<Value>> {
    let Some(code) = text.as_text().cloned() else { return Ok(None) };
    machine.spend(code.len())?;
    let parsed =
        Some(()).filter(|()| is_shallow(&code)).and_then(|()| ruff_python_parser::parse_expression(code.trim()).ok());
    let Some(parsed) = parsed else {
        return machine.raise_known("SyntaxError", "invalid syntax".to_owned(), at);
    };
    if form == Form::Literal && !is_literal(parsed.expr()) {
        return machine.raise_known("ValueError", "malformed node or string".to_owned(), at);
    }
    let Some(frame) = machine.frames.last().cloned() else { return Ok(None) };
    let mut scope = if form == Form::Any { frame } else { Scope::of_module(&frame.module) };
    let value = machine.expression(parsed.expr(), &mut scope)?;
    Ok(Some(value.at(at).from(&text.variables)))
}

/// Whether an expression is data only.
fn is_literal(expression: &Expr) -> bool {
    match expression {
        Expr::NoneLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::EllipsisLiteral(_) => true,
        Expr::List(list) => list.elts.iter().all(is_literal),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_literal),
        Expr::Set(set) => set.elts.iter().all(is_literal),
        Expr::Dict(dict) => {
            dict.items.iter().all(|item| item.key.as_ref().is_some_and(is_literal) && is_literal(&item.value))
        }
        Expr::UnaryOp(operation) => {
            matches!(operation.op, UnaryOp::USub | UnaryOp::UAdd) && is_literal(&operation.operand)
        }
        _ => false,
    }
}

fn of_json(json: &serde_json::Value, at: Span) -> Value {
    match json {
        serde_json::Value::Null => Value::new(Kind::None, at),
        serde_json::Value::Bool(yes) => Value::new(Kind::Bool(*yes), at),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Value::new(Kind::Int(i128::from(number)), at),
            (None, Some(number)) => Value::new(Kind::Float(number), at),
            (None, None) => Value::unknown("a number", at),
        },
        serde_json::Value::String(text) => Value::text(text, at),
        serde_json::Value::Array(items) => Value::list(items.iter().map(|item| of_json(item, at)).collect(), at),
        serde_json::Value::Object(entries) => {
            Value::dict(entries.iter().map(|(key, value)| (Value::text(key, at), of_json(value, at))).collect(), at)
        }
    }
}

fn database_from_default(machine: &mut Machine<'_>, arguments: &Arguments, at: Span) -> Outcome {
    let name = arguments.text(0, "env").unwrap_or_else(|| Rc::from("DATABASE_URL"));
    let default = arguments.get(1, "default").cloned();
    let value = machine.variable(&name).or(default);
    Ok(value.map_or_else(|| Value::dict(Vec::new(), at), |value| address(&value, arguments, at)))
}

/// Returns a database as django-environ reads it from a variable.
pub(super) fn database(machine: &mut Machine<'_>, arguments: &Arguments, usual: &str, at: Span) -> Outcome {
    let name = arguments.text(0, "var").unwrap_or_else(|| Rc::from(usual));
    let default = arguments.get(1, "default").cloned();
    let found = match default {
        Some(_) => machine.variable(&name),
        None => machine.required_variable(&name, at),
    };
    match found.or(default) {
        Some(value) => Ok(address(&value, arguments, at)),
        None => machine.raise_known("ImproperlyConfigured", format!("Set the {name} environment variable"), at),
    }
}

/// Returns the settings of a database from its address.
fn address(value: &Value, arguments: &Arguments, at: Span) -> Value {
    let parsed = value.as_text().and_then(|text| Url::parse(text).ok());
    let Some(url) = parsed else {
        return Value::unknown(format!("database of {}", value.label()), at).from(&value.variables);
    };
    let part = |text: &str| Value::text(text, value.origin).from(&value.variables);
    let scheme = url.scheme();
    let engine = ENGINES.iter().find(|(known, _)| *known == scheme).map_or(scheme, |(_, engine)| engine);
    let port = url.port().map_or_else(|| part(""), |port| Value::new(Kind::Int(i128::from(port)), at));
    let named = |name: &str, usual: Kind| arguments.named(name).cloned().unwrap_or_else(|| Value::new(usual, at));
    let mut entries = vec![
        ("ENGINE", part(engine)),
        ("NAME", part(url.path().trim_start_matches('/'))),
        ("USER", part(&super::address::unquoted(url.username()).unwrap_or_default())),
        ("PASSWORD", part(&super::address::unquoted(url.password().unwrap_or_default()).unwrap_or_default())),
        ("HOST", part(url.host_str().unwrap_or_default())),
        ("PORT", port),
        ("CONN_MAX_AGE", named("conn_max_age", Kind::Int(0))),
        ("CONN_HEALTH_CHECKS", named("conn_health_checks", Kind::Bool(false))),
        ("DISABLE_SERVER_SIDE_CURSORS", named("disable_server_side_cursors", Kind::Bool(false))),
    ];
    if url.query().is_some() || arguments.named("ssl_require").is_some() {
        let mut options: Vec<_> =
            url.query_pairs().map(|(name, text)| (Value::text(&name, at), Value::text(&text, at))).collect();
        if arguments.named("ssl_require").is_some() {
            options.push((Value::text("sslmode", at), Value::text("require", at)));
        }
        entries.push(("OPTIONS", Value::dict(options, at)));
    }
    let entries = entries.into_iter().map(|(name, value)| (Value::text(name, at), value)).collect();
    Value::dict(entries, at).from(&value.variables)
}

/// What the schemes of databases stand for.
const ENGINES: &[(&str, &str)] = &[
    ("mysql", "django.db.backends.mysql"),
    ("oracle", "django.db.backends.oracle"),
    ("pgsql", "django.db.backends.postgresql"),
    ("postgis", "django.contrib.gis.db.backends.postgis"),
    ("postgres", "django.db.backends.postgresql"),
    ("postgresql", "django.db.backends.postgresql"),
    ("psql", "django.db.backends.postgresql"),
    ("spatialite", "django.contrib.gis.db.backends.spatialite"),
    ("sqlite", "django.db.backends.sqlite3"),
];
