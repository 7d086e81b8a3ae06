//! Text made of values: f-strings, `%`, `str.format`.

use ruff_python_ast::{ConversionFlag, ExprFString, FStringPart, InterpolatedStringElement};
use ruff_text_size::Ranged as _;

use super::super::library;
use super::super::value::{Kind, Sources, Span, Value};
use super::call::Arguments;
use super::format_spec::formatted;
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
                let mut spec = String::new();
                for element in element.format_spec.iter().flat_map(|spec| &spec.elements) {
                    match element {
                        InterpolatedStringElement::Literal(literal) => spec.push_str(&literal.value),
                        InterpolatedStringElement::Interpolation(inner) => {
                            let inner = self.expression(&inner.expression, scope)?;
                            spec.push_str(&self.text_of(&inner)?.unwrap_or_else(|| "?".to_owned()));
                        }
                    }
                }
                if let Some(debug) = &element.debug_text {
                    let range = element.expression.range();
                    let file = self.library.numbered(scope.module.file);
                    let file = file.as_ref().map(|file| file.source.text());
                    let written = file.and_then(|text| text.get(range.start().to_usize()..range.end().to_usize()));
                    text.push_str(debug.leading());
                    text.push_str(written.unwrap_or_default());
                    text.push_str(debug.trailing());
                }
                let is_repr = matches!(element.conversion, ConversionFlag::Repr | ConversionFlag::Ascii)
                    || (element.debug_text.is_some()
                        && element.conversion == ConversionFlag::None
                        && element.format_spec.is_none());
                let shown = match element.conversion {
                    _ if is_repr => match self.repr(&value) {
                        Some(shown) => self.formatted(&Value::text(&shown, at), &spec)?,
                        None => None,
                    },
                    ConversionFlag::Str => match self.text_of(&value)? {
                        Some(shown) => self.formatted(&Value::text(&shown, at), &spec)?,
                        None => None,
                    },
                    _ => self.formatted(&value, &spec)?,
                };
                match shown {
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
    pub(in super::super) fn text_of(&mut self, value: &Value) -> Outcome<Option<String>> {
        self.spend(1)?;
        if let Kind::Instance(instance) = &value.kind
            && let Some(method) = Self::class_attribute(&instance.class, "__str__", 0)
        {
            let text = self.call(&method, Arguments::positional(vec![value.clone()]), value.origin)?;
            return Ok(text.as_text().map(ToString::to_string));
        }
        Ok(match &value.kind {
            Kind::Text(text) | Kind::Path(text) => Some(text.to_string()),
            Kind::Reader(reader) => library::shown(reader),
            _ => self.repr(value),
        })
    }

    /// Returns `format(value, spec)`; nothing, if it cannot be known.
    pub(in super::super) fn formatted(&mut self, value: &Value, spec: &str) -> Outcome<Option<String>> {
        let Some(shown) = self.text_of(value)? else { return Ok(None) };
        Ok(if spec.is_empty() { Some(shown) } else { formatted(&shown, &value.kind, spec) })
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
            let conversion = after.chars().next().unwrap_or('s');
            let shown = match conversion {
                'r' | 'a' => self.repr(&value).filter(|_| flags.is_empty()),
                's' if flags.is_empty() => self.text_of(&value)?,
                's' => {
                    let shown = self.text_of(&value)?;
                    let (side, width) = flags.strip_prefix('-').map_or(('>', flags), |width| ('<', width));
                    shown.and_then(|shown| formatted(&shown, &Kind::None, &format!("{side}{width}")))
                }
                _ => {
                    let conversion = if matches!(conversion, 'i' | 'u') { 'd' } else { conversion };
                    let value = match value.kind {
                        Kind::Float(number) if conversion == 'd' => Value::new(Kind::Int(number.trunc() as i128), at),
                        Kind::Bool(yes) => Value::new(Kind::Int(i128::from(yes)), at),
                        _ => value.clone(),
                    };
                    let (side, width) = flags.strip_prefix('-').map_or(("", flags), |width| ("<", width));
                    self.formatted(&value, &format!("{side}{width}{conversion}"))?
                }
            };
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
            if field.contains('{') {
                return Ok(unknown());
            }
            let (field, spec) = field.split_once(':').unwrap_or((field, ""));
            let (field, conversion) = field.split_once('!').unwrap_or((field, ""));
            let end = field.find(['.', '[']).unwrap_or(field.len());
            let (name, path) = field.split_at(end);
            let value = if name.is_empty() {
                next += 1;
                arguments.positional.get(next - 1)
            } else if let Ok(index) = name.parse::<usize>() {
                arguments.positional.get(index)
            } else {
                arguments.named(name)
            };
            let Some(value) = value.cloned() else {
                let class = if name.is_empty() || name.parse::<usize>().is_ok() { "IndexError" } else { "KeyError" };
                return self.raise(class, format!("'{name}'"), at);
            };
            let value = self.followed(value, path, at)?;
            let shown = match conversion {
                "r" | "a" => match self.repr(&value) {
                    Some(shown) => self.formatted(&Value::text(&shown, at), spec)?,
                    None => None,
                },
                _ => self.formatted(&value, spec)?,
            };
            let Some(shown) = shown else { return Ok(unknown()) };
            text.push_str(&shown);
            rest = after;
        }
        text.push_str(rest);
        self.spend(text.len() / 16)?;
        Ok(Value::text(&text, at).from(&sources))
    }

    /// Follows `.name` and `[key]` behind the name of a field.
    fn followed(&mut self, value: Value, path: &str, at: Span) -> Outcome {
        let mut value = value;
        let mut rest = path;
        while !rest.is_empty() {
            if let Some((key, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                let key =
                    key.parse::<i128>().map_or_else(|_| Value::text(key, at), |key| Value::new(Kind::Int(key), at));
                value = self.item(&value, &key, at)?;
                rest = after;
            } else {
                let after = rest.strip_prefix('.').unwrap_or(rest);
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let (name, after) = after.split_at(end);
                value = self.attribute(&value, name, at)?;
                rest = after;
            }
            self.spend(1)?;
        }
        Ok(value)
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
        Kind::Bytes(bytes) if bytes.iter().all(|byte| (32..127).contains(byte) && !b"'\\".contains(byte)) => {
            format!("b'{}'", String::from_utf8_lossy(bytes))
        }
        Kind::Dict(dict) => {
            let dict = dict.borrow();
            let entry =
                |(key, value): &(Value, Value)| Some(format!("{}: {}", repr(key, depth + 1)?, repr(value, depth + 1)?));
            let shown: Option<Vec<String>> = dict.entries.iter().take(1_000).map(entry).collect();
            format!("{{{}}}", shown?.join(", "))
        }
        _ => return None,
    })
}
