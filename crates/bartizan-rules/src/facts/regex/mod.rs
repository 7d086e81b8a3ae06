//! Regular expressions of configurations, as data: what one can match, where it is anchored, what it costs.
//!
//! Nothing is matched here. `nginx` and Apache run PCRE; what is read is the common part, and a pattern with more than
//! that is no [`Regex`], so that nothing is said of it.

mod anchors;
mod backtracking;
mod generate;
mod parse;
mod reach;
mod show;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use backtracking::Backtracking;
pub use generate::Sample;
pub use parse::Unreadable;
pub use reach::Text;

/// A regular expression, or one group of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regex {
    source: Arc<str>,
    sequence: Arc<[Item]>,
    /// The groups of the whole expression, which references name.
    whole: Arc<Groups>,
    case: Case,
    part: Part,
}

/// Whether letters match only themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// A letter matches in both cases.
    Insensitive,
    /// A letter matches itself.
    Sensitive,
}

/// Whether a pattern may match anywhere in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A group's text is all of what the group matched.
    Group,
    /// The whole expression, which matches anywhere unless it is anchored.
    Whole,
}

/// The groups of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Groups {
    sequences: BTreeMap<u32, Arc<[Item]>>,
    names: BTreeMap<Arc<str>, u32>,
}

/// One piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// Any character but a line feed.
    Any,
    /// Something that takes no character.
    At(At),
    /// One of several sequences.
    Branch(Vec<Arc<[Self]>>),
    /// One of a set of characters, or none of it.
    Class { is_negated: bool, members: Vec<Member> },
    /// Brackets, capturing or not.
    Group { index: Option<u32>, body: Arc<[Self]> },
    /// What a group matched before.
    Reference(u32),
    /// A look around: whether it must match, and where it looks.
    Look { is_negative: bool, body: Arc<[Self]> },
    /// One character.
    Literal(char),
    /// Any character but one.
    NotLiteral(char),
    /// A piece, repeated; the upper bound may be missing.
    Repeat { least: u32, most: Option<u32>, is_lazy: bool, body: Arc<[Self]> },
}

/// A place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Begin,
    BeginText,
    Boundary,
    End,
    EndText,
    NoBoundary,
}

/// A member of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Kind { kind: Kind, is_negated: bool },
    Literal(char),
    Range(char, char),
}

/// A named kind of characters; ASCII only, as PCRE without its Unicode switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Digit,
    Space,
    Word,
}

impl Kind {
    pub(super) const fn has(self, c: char) -> bool {
        match self {
            Self::Digit => c.is_ascii_digit(),
            Self::Space => matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c'),
            Self::Word => c.is_ascii_alphanumeric() || c == '_',
        }
    }
}

/// The name of a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupName {
    /// Its number.
    Index(u32),
    /// Its name.
    Name(Arc<str>),
}

impl Regex {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// When it is wrong, or holds something beyond the common part.
    pub fn read(source: &str, case: Case) -> Result<Self, Unreadable> {
        let (sequence, groups) = parse::parse(source)?;
        Ok(Self { source: source.into(), sequence, whole: Arc::new(groups), case, part: Part::Whole })
    }

    /// Reads a pattern whose match is all of a text.
    ///
    /// # Errors
    ///
    /// As [`Regex::read`].
    pub fn read_whole(source: &str, case: Case) -> Result<Self, Unreadable> {
        Ok(Self { part: Part::Group, ..Self::read(source, case)? })
    }

    /// Returns the pattern as it was written; a group has that of its expression.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the groups by number and name, without the whole match.
    pub fn groups(&self) -> impl Iterator<Item = (GroupName, Self)> {
        let group = |sequence: &Arc<[Item]>| Self {
            sequence: Arc::clone(sequence),
            part: Part::Group,
            source: Arc::clone(&self.source),
            whole: Arc::clone(&self.whole),
            case: self.case,
        };
        let numbered = self.whole.sequences.iter().map(move |(index, body)| (GroupName::Index(*index), group(body)));
        let named = self.whole.names.iter().filter_map(move |(name, index)| {
            Some((GroupName::Name(Arc::clone(name)), group(self.whole.sequences.get(index)?)))
        });
        numbered.chain(named)
    }

    /// Returns the numbers of the groups.
    pub fn group_numbers(&self) -> impl Iterator<Item = u32> {
        self.whole.sequences.keys().copied()
    }

    /// Returns the text that is the only one it matches, if it is written as one text between anchors.
    pub fn only_text(&self) -> Option<String> {
        let [Item::At(At::Begin), text @ .., Item::At(At::End)] = &*self.sequence else { return None };
        let literal = |item: &Item| if let Item::Literal(c) = item { Some(*c) } else { None };
        let text: String = text.iter().map(literal).collect::<Option<_>>()?;
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str) -> Regex {
        Regex::read(pattern, Case::Sensitive).unwrap()
    }

    #[test]
    fn one_text_between_anchors_is_known() {
        for (pattern, text) in [
            (r"^/favicon\.ico$", Some("/favicon.ico")),
            (r"^/favicon.ico$", None), // the dot is any character
            (r"/favicon\.ico$", None),
            ("^$", None),
        ] {
            assert_eq!(read(pattern).only_text().as_deref(), text, "{pattern}");
        }
    }

    #[test]
    fn groups_have_numbers_and_names() {
        let names: Vec<_> = read(r"^/(?<id>\d+)/(?:x|(y))").groups().map(|(name, _)| name).collect();
        let id = GroupName::Name("id".into());
        assert_eq!(names, [GroupName::Index(1), GroupName::Index(2), id]);
    }
}
