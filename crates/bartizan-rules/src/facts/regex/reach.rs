//! Which characters a match can hold, must hold, and can or must begin with.
//!
//! A look around takes no text and is passed over; a reference holds what its group can hold.

use super::{Case, Groups, Item, Member, Part, Regex};

/// Which part of a pattern counts as something that somebody else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// Characters that are written in the pattern count, too.
    All,
    /// Only what the pattern leaves open.
    Open,
}

impl Regex {
    /// Whether a match can hold the character.
    pub fn can_contain(&self, c: char, text: Text) -> bool {
        can_contain(&self.sequence, &self.whole, self.folded(c), text, DEPTH)
    }

    /// Whether every match holds the character.
    pub fn must_contain(&self, c: char) -> bool {
        must_contain(&self.sequence, &self.whole, self.folded(c), DEPTH)
    }

    /// Whether a match can begin with the character.
    pub fn can_start(&self, c: char) -> bool {
        can_start(&self.sequence, &self.whole, self.folded(c), self.part, DEPTH).unwrap_or(false)
    }

    /// Whether every match begins with the character.
    pub fn must_start(&self, c: char) -> bool {
        must_start(&self.sequence, &self.whole, self.folded(c), self.part, DEPTH).unwrap_or(false)
    }

    const fn folded(&self, c: char) -> char {
        match self.case {
            Case::Insensitive => c.to_ascii_lowercase(),
            Case::Sensitive => c,
        }
    }
}

/// A reference within its own group cannot be written, but a chain of them can.
const DEPTH: usize = 300;

/// What `.` can be, for the sake of addresses: ASCII.
pub(super) const fn is_any(c: char) -> bool {
    c != '\n' && c != '\0' && (c as u32) < 127
}

pub(super) fn class_has(is_negated: bool, members: &[Member], c: char) -> bool {
    let is_member = members.iter().any(|member| match member {
        Member::Kind { kind, is_negated } => kind.has(c) != *is_negated && (!is_negated || (c as u32) < 126),
        Member::Literal(literal) => *literal == c,
        Member::Range(low, high) => (*low..=*high).contains(&c),
    });
    is_member != is_negated
}

fn can_contain(items: &[Item], whole: &Groups, c: char, text: Text, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    items.iter().any(|item| match item {
        Item::Any => is_any(c),
        Item::At(_) | Item::Look { .. } => false,
        Item::Branch(branches) => branches.iter().any(|branch| can_contain(branch, whole, c, text, depth)),
        Item::Class { is_negated, members } => class_has(*is_negated, members, c),
        Item::Group { body, .. } => can_contain(body, whole, c, text, depth),
        Item::Reference(index) => {
            whole.sequences.get(index).is_some_and(|body| can_contain(body, whole, c, text, depth))
        }
        Item::Literal(literal) => text == Text::All && *literal == c,
        Item::NotLiteral(literal) => *literal != c,
        Item::Repeat { most: Some(0), .. } => false,
        Item::Repeat { body, .. } => can_contain(body, whole, c, text, depth),
    })
}

fn must_contain(items: &[Item], whole: &Groups, c: char, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    items.iter().any(|item| match item {
        Item::Literal(literal) => *literal == c,
        Item::Branch(branches) => branches.iter().all(|branch| must_contain(branch, whole, c, depth)),
        Item::Group { body, .. } => must_contain(body, whole, c, depth),
        Item::Reference(index) => whole.sequences.get(index).is_some_and(|body| must_contain(body, whole, c, depth)),
        Item::Repeat { least: 0, .. } => false,
        Item::Repeat { body, .. } => must_contain(body, whole, c, depth),
        _ => false,
    })
}

/// Nothing is said by what can be empty.
type Said = Option<bool>;

fn can_start(items: &[Item], whole: &Groups, c: char, part: Part, depth: usize) -> Said {
    let depth = depth.checked_sub(1)?;
    let items = taking(items);
    let first = items.first()?;
    if matches!(first, Item::At(_)) {
        return Some(said(items.get(1..)?, |item| item_can_start(item, whole, c, part, depth)).unwrap_or(false));
    }
    // What is not tied to the start may follow anything.
    if part == Part::Whole && !matches!(first, Item::Group { .. }) {
        return Some(is_any(c));
    }
    said(&items, |item| item_can_start(item, whole, c, part, depth))
}

fn item_can_start(item: &Item, whole: &Groups, c: char, part: Part, depth: usize) -> Said {
    match item {
        Item::Any => Some(is_any(c)),
        Item::At(_) => Some(false),
        Item::Look { .. } => None,
        Item::Branch(branches) => {
            let can = |branch: &std::sync::Arc<[Item]>| can_start(branch, whole, c, part, depth) == Some(true);
            Some(branches.iter().any(can))
        }
        Item::Class { is_negated, members } => Some(class_has(*is_negated, members, c)),
        Item::Group { body, .. } => can_start(body, whole, c, part, depth),
        Item::Reference(index) => can_start(whole.sequences.get(index)?, whole, c, part, depth),
        Item::Literal(literal) => Some(*literal == c),
        Item::NotLiteral(literal) => Some(*literal != c),
        Item::Repeat { most, body, .. } => {
            let can = item_can_start(body.first()?, whole, c, part, depth.checked_sub(1)?);
            if *most == Some(0) { can.filter(|can| *can).map(|_| false) } else { can }
        }
    }
}

fn must_start(items: &[Item], whole: &Groups, c: char, part: Part, depth: usize) -> Said {
    let depth = depth.checked_sub(1)?;
    let items = taking(items);
    let first = items.first()?;
    if matches!(first, Item::At(_)) {
        let rest = items.get(1..)?;
        return Some(said(rest, |item| item_must_start(item, whole, c, Part::Group, depth)).unwrap_or(false));
    }
    if part == Part::Whole && !matches!(first, Item::Group { .. }) {
        return Some(false);
    }
    said(&items, |item| item_must_start(item, whole, c, part, depth))
}

fn item_must_start(item: &Item, whole: &Groups, c: char, part: Part, depth: usize) -> Said {
    match item {
        Item::Look { .. } => None,
        Item::Literal(literal) => Some(*literal == c),
        Item::Branch(branches) => {
            let must = |branch: &std::sync::Arc<[Item]>| must_start(branch, whole, c, part, depth) == Some(true);
            Some(branches.iter().all(must))
        }
        Item::Group { body, .. } => must_start(body, whole, c, part, depth),
        Item::Reference(index) => must_start(whole.sequences.get(index)?, whole, c, part, depth),
        Item::Repeat { least: 0, .. } => None,
        Item::Repeat { body, .. } => item_must_start(body.first()?, whole, c, part, depth.checked_sub(1)?),
        _ => Some(false),
    }
}

/// The first that says something.
fn said(items: &[Item], say: impl Fn(&Item) -> Said) -> Said {
    items.iter().find_map(say)
}

/// The pieces that take text or tie to it; a look around before the first would hide it.
fn taking(items: &[Item]) -> Vec<Item> {
    items.iter().filter(|item| !matches!(item, Item::Look { .. })).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Case, GroupName, Regex};
    use super::*;

    fn group(pattern: &str) -> Regex {
        let regex = Regex::read(pattern, Case::Sensitive).unwrap();
        regex.groups().find(|(name, _)| *name == GroupName::Index(1)).unwrap().1
    }

    #[test]
    fn a_line_feed_passes_a_negated_class_and_not_a_dot() {
        for (pattern, can) in
            [("^/(.*)$", false), (r"^/([^?]*)$", true), (r"^/(\w+)$", false), (r"^/(\s)", true), (r"^/([^\s]+)", false)]
        {
            assert_eq!(group(pattern).can_contain('\n', Text::Open), can, "{pattern}");
        }
    }

    #[test]
    fn slashes_and_dots_at_the_start() {
        for (pattern, can_dot, must_slash) in
            [("^/img(.*)", true, false), ("^/img(/.*)", false, true), (r"^/img([a-z]+)", false, false)]
        {
            let group = group(pattern);
            assert_eq!((group.can_start('.'), group.must_start('/')), (can_dot, must_slash), "{pattern}");
        }
    }

    #[test]
    fn what_every_match_holds() {
        for (pattern, must) in [("^(a/b)", true), ("^(a/?b)", false), ("^(a/|/b)", true), ("^(a/|b)", false)] {
            assert_eq!(group(pattern).must_contain('/'), must, "{pattern}");
        }
    }
}
