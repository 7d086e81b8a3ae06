//! A pattern as text again, in one form.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{At, Item, Kind, Member, Regex};

impl Display for Regex {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        sequence(f, &self.sequence)
    }
}

fn sequence(f: &mut Formatter<'_>, items: &[Item]) -> fmt::Result {
    items.iter().try_for_each(|one| item(f, one))
}

fn item(f: &mut Formatter<'_>, item: &Item) -> fmt::Result {
    match item {
        Item::Any => f.write_char('.'),
        Item::At(At::Begin | At::BeginText) => f.write_char('^'),
        Item::At(At::End | At::EndText) => f.write_char('$'),
        Item::At(_) | Item::Look { .. } => Ok(()),
        Item::Branch(branches) => {
            f.write_str("(?:")?;
            for (at, branch) in branches.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { "|" })?;
                sequence(f, branch)?;
            }
            f.write_char(')')
        }
        Item::Class { is_negated: false, members: only } if matches!(**only, [Member::Kind { .. }]) => members(f, only),
        Item::Class { is_negated, members: all } => {
            f.write_str(if *is_negated { "[^" } else { "[" })?;
            members(f, all)?;
            f.write_char(']')
        }
        Item::Group { index, body } => {
            f.write_str(if index.is_some() { "(" } else { "(?:" })?;
            sequence(f, body)?;
            f.write_char(')')
        }
        Item::Reference(index) => write!(f, "\\{index}"),
        Item::Literal(c) => literal(f, *c),
        Item::NotLiteral(c) => write!(f, "[^{c}]"),
        Item::Repeat { least, most, is_lazy, body } => {
            sequence(f, body)?;
            match (least, most) {
                (0, Some(1)) => return f.write_char('?'),
                (0, None) => f.write_char('*')?,
                (1, None) => f.write_char('+')?,
                (least, Some(most)) if least == most => write!(f, "{{{least}}}")?,
                (least, most) => write!(f, "{{{least},{}}}", most.map(|most| most.to_string()).unwrap_or_default())?,
            }
            f.write_str(if *is_lazy { "?" } else { "" })
        }
    }
}

fn members(f: &mut Formatter<'_>, members: &[Member]) -> fmt::Result {
    members.iter().try_for_each(|member| match member {
        Member::Kind { kind, is_negated } => {
            let letter = match kind {
                Kind::Digit => 'd',
                Kind::Space => 's',
                Kind::Word => 'w',
            };
            write!(f, "\\{}", if *is_negated { letter.to_ascii_uppercase() } else { letter })
        }
        Member::Literal(c) => literal(f, *c),
        Member::Range(low, high) => write!(f, "{low}-{high}"),
    })
}

/// What has a meaning in a pattern stands behind a backslash.
fn literal(f: &mut Formatter<'_>, c: char) -> fmt::Result {
    if "()[]{}?*+-|^$\\.&~# \t\n\r\x0b\x0c".contains(c) {
        f.write_char('\\')?;
    }
    f.write_char(c)
}

#[cfg(test)]
mod tests {
    use super::super::{Case, Regex};

    #[test]
    fn one_form_for_the_same_pattern() {
        for (pattern, shown) in
            [(r"[a-z0-9]+", "[a-z0-9]+"), (r"\d+?x{2,}", r"\d+?x{2,}"), ("(?:a|bc)", "(?:(?:a|bc))")]
        {
            assert_eq!(Regex::read(pattern, Case::Sensitive).unwrap().to_string(), shown);
        }
    }
}
