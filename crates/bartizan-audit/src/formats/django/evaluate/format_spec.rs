//! Python's small language for the look of a value: `>10`, `05.1f`, `,`.

use super::super::value::Kind;

/// Returns a value's text in the look that a specification asks for; nothing, where that is not known here.
pub(super) fn formatted(shown: &str, kind: &Kind, spec: &str) -> Option<String> {
    let spec = Spec::parse(spec)?;
    let number = match kind {
        Kind::Int(number) => Some(spec.integer(*number)?),
        Kind::Float(number) => Some(spec.float(*number)?),
        _ => None,
    };
    let is_number = number.is_some();
    let (sign, digits) = match number {
        Some(text) => match text.strip_prefix('-') {
            Some(digits) => ("-", digits.to_owned()),
            None if matches!(spec.sign, '+' | ' ') => (if spec.sign == '+' { "+" } else { " " }, text),
            None => ("", text),
        },
        None if spec.form.is_none_or(|form| form == 's') && spec.group.is_none() => {
            let most = spec.precision.unwrap_or(usize::MAX);
            ("", shown.chars().take(most).collect())
        }
        None => return None,
    };
    let missing = spec.width.saturating_sub(sign.len() + digits.chars().count());
    let fill = |count: usize| spec.fill.to_string().repeat(count);
    let align = spec.align.unwrap_or(if is_number { '>' } else { '<' });
    Some(match align {
        '<' => format!("{sign}{digits}{}", fill(missing)),
        '^' => format!("{}{sign}{digits}{}", fill(missing / 2), fill(missing - missing / 2)),
        '=' => format!("{sign}{}{digits}", fill(missing)),
        _ => format!("{}{sign}{digits}", fill(missing)),
    })
}

/// A specification in its parts.
struct Spec {
    fill: char,
    align: Option<char>,
    sign: char,
    is_alternate: bool,
    width: usize,
    group: Option<char>,
    precision: Option<usize>,
    form: Option<char>,
}

impl Spec {
    fn parse(text: &str) -> Option<Self> {
        let is_align = |c: &char| "<>=^".contains(*c);
        let characters: Vec<char> = text.chars().collect();
        let mut rest = &*characters;
        let mut spec = Self {
            fill: ' ',
            align: None,
            sign: '-',
            is_alternate: false,
            width: 0,
            group: None,
            precision: None,
            form: None,
        };
        if let [fill, align, more @ ..] = rest
            && is_align(align)
        {
            (spec.fill, spec.align, rest) = (*fill, Some(*align), more);
        } else if let [align, more @ ..] = rest
            && is_align(align)
        {
            (spec.align, rest) = (Some(*align), more);
        }
        if let [sign @ ('+' | '-' | ' '), more @ ..] = rest {
            (spec.sign, rest) = (*sign, more);
        }
        if let ['#', more @ ..] = rest {
            (spec.is_alternate, rest) = (true, more);
        }
        if let ['0', more @ ..] = rest {
            rest = more;
            if spec.align.is_none() {
                (spec.fill, spec.align) = ('0', Some('='));
            }
        }
        spec.width = number(&mut rest)?.unwrap_or(0);
        if let [group @ (',' | '_'), more @ ..] = rest {
            (spec.group, rest) = (Some(*group), more);
        }
        if let ['.', more @ ..] = rest {
            rest = more;
            spec.precision = Some(number(&mut rest)??);
        }
        if let [form, more @ ..] = rest {
            (spec.form, rest) = (Some(*form), more);
        }
        rest.is_empty().then_some(spec)
    }

    fn integer(&self, number: i128) -> Option<String> {
        let sign = if number < 0 { "-" } else { "" };
        let (prefix, digits, every) = match self.form {
            None | Some('d' | 'n') => ("", number.unsigned_abs().to_string(), 3),
            Some('x') => ("0x", format!("{:x}", number.unsigned_abs()), 4),
            Some('X') => ("0X", format!("{:X}", number.unsigned_abs()), 4),
            Some('o') => ("0o", format!("{:o}", number.unsigned_abs()), 4),
            Some('b') => ("0b", format!("{:b}", number.unsigned_abs()), 4),
            Some('f' | 'F' | '%' | 'e' | 'g') => return self.float(number as f64),
            _ => return None,
        };
        let prefix = if self.is_alternate { prefix } else { "" };
        Some(format!("{sign}{prefix}{}", self.grouped(&digits, every)))
    }

    fn float(&self, number: f64) -> Option<String> {
        let places = self.precision.unwrap_or(6);
        let text = match self.form {
            Some('f' | 'F') => format!("{number:.places$}"),
            Some('%') => format!("{:.places$}%", number * 100.0),
            _ => return None,
        };
        let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
        let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
        Some(format!("{sign}{}{rest}", self.grouped(whole, 3)))
    }

    fn grouped(&self, digits: &str, every: usize) -> String {
        let Some(sign) = self.group else { return digits.to_owned() };
        let mut result = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(every) {
                result.push(sign);
            }
            result.push(digit);
        }
        result
    }
}

/// Takes a number off the start; nothing at all, if it is larger than any look needs.
fn number(rest: &mut &[char]) -> Option<Option<usize>> {
    let count = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let (digits, more) = rest.split_at(count);
    *rest = more;
    if digits.is_empty() {
        return Some(None);
    }
    let number = digits.iter().collect::<String>().parse().ok()?;
    (number <= WIDEST).then_some(Some(number))
}

/// Columns of a text that anybody looks at.
const WIDEST: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_those_of_python() {
        for (shown, kind, spec, expected) in [
            ("a", Kind::None, ">5", Some("    a")),
            ("a", Kind::None, "*^5", Some("**a**")),
            ("abc", Kind::None, ".2", Some("ab")),
            ("a", Kind::None, "d", None),
            ("5", Kind::Int(5), "03d", Some("005")),
            ("5", Kind::Int(-5), "05", Some("-0005")),
            ("5", Kind::Int(5), "+d", Some("+5")),
            ("5", Kind::Int(255), "#x", Some("0xff")),
            ("5", Kind::Int(1_000_000), ",", Some("1,000,000")),
            ("5", Kind::Int(3), ">4", Some("   3")),
            ("5", Kind::Float(2.71), ".1f", Some("2.7")),
            ("5", Kind::Float(0.5), ".0%", Some("50%")),
            ("5", Kind::Float(2.74), "05.1f", Some("002.7")),
            ("5", Kind::Float(2.5), "q", None),
            ("a", Kind::None, "99999", None),
        ] {
            assert_eq!(formatted(shown, &kind, spec).as_deref(), expected, "{spec}");
        }
    }
}
