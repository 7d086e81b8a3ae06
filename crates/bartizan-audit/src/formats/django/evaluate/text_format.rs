//! Text made of values: f-strings, `%`, `str.format`.

use ruff_python_ast::{ConversionFlag, ExprFString, FStringPart, InterpolatedStringElement};

use super::super::value::{Kind, Sources, Span, Value};
use super::call::Arguments;
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(super) fn f_string(&mut self, string: &ExprFString, scope: &mut Scope, at: Span) -> Outcome {
        let mut text = String::new();
        let mut variables = Sources::default();
        let mut unknown: Option<String> = None;
        for part in &string.value {
            let part = match part {
                FStringPart::Literal(literal) => {
                    text.push_str(&literal.value);
                    continue;
                }
                FStringPart::FString(part) => part,
            };
            for element in &part.elements {
                let element = match element {
                    InterpolatedStringElement::Literal(literal) => {
                        text.push_str(&literal.value);
                        continue;
                    }
                    InterpolatedStringElement::Interpolation(element) => element,
                };
                let value = self.expression(&element.expression, scope)?;
                variables = variables.with(&value.variables);
                if let Some(debug) = &element.debug_text {
                    text.push_str(&debug.leading());
                    text.push_str(&value.label());
                    text.push_str(&debug.trailing());
                    continue;
                }
                let shown = match element.conversion {
                    ConversionFlag::Repr | ConversionFlag::Ascii => self.repr(&value),
                    ConversionFlag::None | ConversionFlag::Str => self.to_text(&value)?,
                };
                let spec = element.format_spec.as_ref().map(|spec| {
                    spec.elements.iter().filter_map(|element| match element {
                        InterpolatedStringElement::Literal(literal) => Some(&*literal.value),
                        InterpolatedStringElement::Interpolation(_) => None,
                    })
                });
                let spec: String = spec.into_iter().flatten().collect();
                match shown.and_then(|shown| padded(&shown, &value, &spec)) {
                    Some(shown) => text.push_str(&shown),
                    None => {
                        unknown.get_or_insert_with(String::new).push_str(&value.label());
                        text.push_str("{?}");
                    }
                }
            }
        }
        self.spend(text.len() / 16)?;
        Ok(match unknown {
            Some(label) => Value::unknown(format!("f'{text}' of {label}"), at),
            None => Value::text(&text, at),
        }
        .from(&variables))
    }

    /// Returns `str(value)`; nothing, if it cannot be known.
    pub(in super::super) fn to_text(&mut self, value: &Value) -> Outcome<Option<String>> {
        self.spend(1)?;
        if let Kind::Instance(instance) = &value.kind
            && let Some(method) = Self::class_attribute(&instance.class, "__str__", 0)
        {
            let text = self.call(&method, Arguments::positional(vec![value.clone()]), value.origin)?;
            return Ok(text.as_text().map(ToString::to_string));
        }
        Ok(match &value.kind {
            Kind::Text(text) | Kind::Path(text) => Some(text.to_string()),
            _ => self.repr(value),
        })
    }

    /// Returns `repr(value)`; nothing, if it cannot be known.
    pub(in super::super) fn repr(&self, value: &Value) -> Option<String> {
        repr(value, 0)
    }

    pub(super) fn percent(&mut self, format: &str, argument: &Value, at: Span) -> Outcome {
        let arguments = match &argument.kind {
            Kind::Tuple(items) => items.to_vec(),
            _ => vec![argument.clone()],
        };
        let mut arguments = arguments.into_iter();
        let mut text = String::new();
        let mut rest = format;
        while let Some((before, after)) = rest.split_once('%') {
            text.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                text.push('%');
                rest = after;
                continue;
            }
            let (name, after) = match after.strip_prefix('(').and_then(|after| after.split_once(')')) {
                Some((name, after)) => (Some(name), after),
                None => (None, after),
            };
            let flags = after.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(after.len());
            let (flags, after) = after.split_at(flags);
            let value = match name {
                Some(name) => {
                    let key = Value::text(name, at);
                    Some(self.item(argument, &key, at)?)
                }
                None => arguments.next(),
            };
            let Some(value) = value else {
                return self.raise("TypeError", "not enough arguments for format string", at);
            };
            let shown = if after.starts_with('r') { self.repr(&value) } else { self.to_text(&value)? };
            let shown = shown.filter(|_| flags.is_empty());
            let Some(shown) = shown else { return Ok(Value::unknown(format!("'{format}' % {}", value.label()), at)) };
            text.push_str(&shown);
            rest = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
        }
        text.push_str(rest);
        self.spend(text.len() / 16)?;
        Ok(Value::text(&text, at))
    }

    /// `str.format`, with plain fields; what is formatted more finely cannot be known.
    pub(in super::super) fn format(&mut self, format: &str, arguments: &Arguments, at: Span) -> Outcome {
        let sources = arguments.sources();
        let unknown = || Value::unknown(format!("'{format}'.format({})", arguments.label()), at).from(&sources);
        let mut text = String::new();
        let mut rest = format;
        let mut next = 0;
        while let Some(brace) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(brace);
            text.push_str(before);
            if after.starts_with("{{") || after.starts_with("}}") {
                text.push_str(after.get(..1).unwrap_or_default());
                rest = after.get(2..).unwrap_or_default();
                continue;
            }
            let Some((field, after)) = after.get(1..).and_then(|after| after.split_once('}')) else {
                return Ok(unknown());
            };
            let value = if field.is_empty() {
                next += 1;
                arguments.positional.get(next - 1)
            } else if let Ok(index) = field.parse::<usize>() {
                arguments.positional.get(index)
            } else {
                arguments.named(field)
            };
            let shown = match value {
                Some(value) => self.to_text(&value.clone())?,
                None => None,
            };
            let Some(shown) = shown else { return Ok(unknown()) };
            text.push_str(&shown);
            rest = after;
        }
        text.push_str(rest);
        self.spend(text.len() / 16)?;
        Ok(Value::text(&text, at).from(&sources))
    }
}

fn repr(value: &Value, depth: u32) -> Option<String> {
    if depth > 10 {
        return None;
    }
    let all = |items: &[Value]| {
        let shown: Option<Vec<String>> = items.iter().take(1_000).map(|item| repr(item, depth + 1)).collect();
        shown.map(|shown| shown.join(", "))
    };
    Some(match &value.kind {
        Kind::None => "None".to_owned(),
        Kind::Bool(true) => "True".to_owned(),
        Kind::Bool(false) => "False".to_owned(),
        Kind::Int(number) => number.to_string(),
        Kind::Float(number) if number.fract() == 0.0 && number.abs() < 1e16 => format!("{number:.1}"),
        Kind::Float(number) => number.to_string(),
        Kind::Text(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Kind::Text(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n")),
        Kind::Path(path) => format!("PosixPath('{path}')"),
        Kind::List(items) => format!("[{}]", all(&items.borrow())?),
        Kind::Tuple(items) if items.len() == 1 => format!("({},)", all(items)?),
        Kind::Tuple(items) => format!("({})", all(items)?),
        _ => return None,
    })
}

/// Pads a text as the plainest specifications ask for; nothing, where they ask for more.
fn padded(shown: &str, value: &Value, spec: &str) -> Option<String> {
    if spec.is_empty() || spec == "s" || (spec == "d" && matches!(value.kind, Kind::Int(_))) {
        return Some(shown.to_owned());
    }
    let (is_zero, width) = (spec.starts_with('0'), spec.trim_end_matches('d').parse::<usize>().ok()?);
    let fill = width.min(1_000).saturating_sub(shown.chars().count());
    match (&value.kind, is_zero) {
        (Kind::Int(_), true) => Some("0".repeat(fill) + shown),
        (Kind::Int(_), false) => Some(" ".repeat(fill) + shown),
        (_, false) => Some(shown.to_owned() + &" ".repeat(fill)),
        (_, true) => None,
    }
}
