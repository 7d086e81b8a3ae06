//! Whether an engine that tries every way can be made to try very many.
//!
//! It knows three shapes: a repetition in a repetition whose end is not marked, alternatives in a repetition that begin
//! alike, and two broad repetitions side by side. It may speak of a pattern whose context happens to save it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Case, Item, Kind, Member, Regex};

/// How a pattern can be made to take long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backtracking {
    /// A repetition within a repetition: twice as long with each character.
    Nested,
    /// Alternatives that begin alike, repeated.
    Overlapping,
    /// Two repetitions beside each other that match the same.
    Adjacent,
}

impl Regex {
    /// Returns how the pattern can be made to take long; nothing, if no known shape is in it.
    pub fn backtracking(&self) -> Option<Backtracking> {
        let inline = self.source.strip_prefix("(?").and_then(|rest| rest.split_once(')')).map_or("", |it| it.0);
        let has = |flag| inline.chars().all(|c| c.is_ascii_alphabetic()) && inline.contains(flag);
        let search = Search { is_folded: self.case == Case::Insensitive || has('i'), is_dot_all: has('s') };
        if search.is_nested(&self.sequence, Within::Nothing, &None, DEPTH) {
            return Some(Backtracking::Nested);
        }
        if search.is_overlapping(&self.sequence, Within::Nothing, DEPTH) {
            return Some(Backtracking::Overlapping);
        }
        search.is_adjacent(&self.sequence, false, DEPTH).then_some(Backtracking::Adjacent)
    }
}

struct Search {
    is_folded: bool,
    is_dot_all: bool,
}

/// Characters, or all but these.
#[derive(Clone)]
struct Set {
    is_finite: bool,
    chars: BTreeSet<char>,
}

impl Set {
    const fn none() -> Self {
        Self { is_finite: true, chars: BTreeSet::new() }
    }

    fn one(c: char) -> Self {
        Self { is_finite: true, chars: BTreeSet::from([c]) }
    }

    fn and(&self, other: &Self) -> Self {
        let chars = match (self.is_finite, other.is_finite) {
            (true, true) => &self.chars | &other.chars,
            (true, false) => &other.chars - &self.chars,
            (false, true) => &self.chars - &other.chars,
            (false, false) => &self.chars & &other.chars,
        };
        Self { is_finite: self.is_finite && other.is_finite, chars }
    }
}

/// Nothing, where it cannot be known.
type Known = Option<Set>;

fn union(left: &Known, right: &Known) -> Known {
    Some(left.as_ref()?.and(right.as_ref()?))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Repetition,
}

const fn is_many(most: Option<u32>) -> bool {
    match most {
        None => true,
        Some(most) => most > 1,
    }
}

/// Whether a piece holds no others.
const fn is_simple(item: &Item) -> bool {
    !matches!(item, Item::Repeat { .. } | Item::Group { .. } | Item::Branch(_) | Item::Look { .. })
}

impl Search {
    fn is_nested(&self, items: &[Item], within: Within, tail: &Known, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        for (at, item) in items.iter().enumerate() {
            let after = || self.after(items, at, tail, depth);
            let is_found = match item {
                // A repetition that is in none and holds none, as most are.
                Item::Repeat { body, .. } if within == Within::Nothing && body.iter().all(is_simple) => false,
                Item::Repeat { most, body, .. } if is_many(*most) => {
                    let inner = || union(&self.first(body, depth).0, &after());
                    if within == Within::Repetition {
                        // What lies deeper is not looked at where the end is marked by nothing.
                        if !self.is_marked(body, &after(), depth) {
                            return true;
                        }
                    } else if self.has_unmarked(body, &inner(), depth) {
                        return true;
                    }
                    self.is_nested(body, Within::Repetition, &inner(), depth)
                }
                Item::Repeat { body, .. } => self.is_nested(body, within, tail, depth),
                Item::Group { body, .. } => self.is_nested(body, within, &after(), depth),
                Item::Branch(branches) => branches.iter().any(|branch| self.is_nested(branch, within, &after(), depth)),
                Item::Look { body, .. } => self.is_nested(body, within, &None, depth),
                _ => false,
            };
            if is_found {
                return true;
            }
        }
        false
    }

    fn has_unmarked(&self, items: &[Item], tail: &Known, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        items.iter().enumerate().any(|(at, item)| {
            let after = || self.after(items, at, tail, depth);
            match item {
                Item::Repeat { most, body, .. } => is_many(*most) && !self.is_marked(body, &after(), depth),
                Item::Group { body, .. } => self.has_unmarked(body, &after(), depth),
                Item::Branch(branches) => branches.iter().any(|branch| self.has_unmarked(branch, &after(), depth)),
                Item::Look { body, .. } => self.has_unmarked(body, &None, depth),
                _ => false,
            }
        })
    }

    /// What can follow the piece at a place.
    fn after(&self, items: &[Item], at: usize, tail: &Known, depth: usize) -> Known {
        let (first, can_be_empty) = self.first(items.get(at + 1..).unwrap_or_default(), depth);
        if can_be_empty { union(&first, tail) } else { first }
    }

    /// Whether a repetition ends where something comes that it cannot hold itself.
    fn is_marked(&self, body: &[Item], boundary: &Known, depth: usize) -> bool {
        let (inner, can_be_empty) = self.first(body, depth);
        match (boundary, inner) {
            (Some(boundary), Some(inner)) if !can_be_empty => self.is_disjoint(boundary, &inner),
            _ => false,
        }
    }

    fn is_disjoint(&self, left: &Set, right: &Set) -> bool {
        let (is_disjoint, finite) = match (left.is_finite, right.is_finite) {
            (false, false) => return false,
            (true, true) => (left.chars.is_disjoint(&right.chars), &left.chars),
            (true, false) => (left.chars.is_subset(&right.chars), &left.chars),
            (false, true) => (right.chars.is_subset(&left.chars), &right.chars),
        };
        is_disjoint && !(self.is_folded && finite.iter().any(|c| c.is_alphabetic()))
    }

    fn first(&self, items: &[Item], depth: usize) -> (Known, bool) {
        let mut first = Some(Set::none());
        let Some(depth) = depth.checked_sub(1) else { return (None, false) };
        for item in items {
            let (chars, can_skip) = self.item_first(item, depth);
            first = union(&first, &chars);
            if !can_skip {
                return (first, false);
            }
        }
        (first, true)
    }

    fn item_first(&self, item: &Item, depth: usize) -> (Known, bool) {
        match item {
            Item::Literal(c) => (Some(Set::one(*c)), false),
            Item::NotLiteral(c) => (Some(Set { is_finite: false, ..Set::one(*c) }), false),
            Item::Any => {
                let but = if self.is_dot_all { Set::none() } else { Set::one('\n') };
                (Some(Set { is_finite: false, ..but }), false)
            }
            Item::Class { is_negated, members } => (class(*is_negated, members), false),
            Item::At(_) | Item::Look { .. } => (Some(Set::none()), true),
            Item::Group { body, .. } => self.first(body, depth),
            Item::Branch(branches) => {
                let each: Vec<_> = branches.iter().map(|branch| self.first(branch, depth)).collect();
                let mut chars = Some(Set::none());
                for (branch, _) in &each {
                    chars = union(&chars, branch);
                }
                (chars, each.iter().any(|(_, can_be_empty)| *can_be_empty))
            }
            Item::Repeat { least, body, .. } => {
                let (chars, can_be_empty) = self.first(body, depth);
                (chars, *least == 0 || can_be_empty)
            }
            Item::Reference(_) => (None, false),
        }
    }

    fn is_overlapping(&self, items: &[Item], within: Within, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        items.iter().any(|item| match item {
            Item::Repeat { least, most, body, .. } if most.is_none_or(|most| most > *least) => {
                has_overlap(body, depth) || self.is_overlapping(body, Within::Repetition, depth)
            }
            Item::Repeat { body, .. } | Item::Group { body, .. } => self.is_overlapping(body, within, depth),
            Item::Branch(branches) => {
                (within == Within::Repetition && begin_alike(branches, depth))
                    || branches.iter().any(|branch| self.is_overlapping(branch, within, depth))
            }
            _ => false,
        })
    }

    fn is_adjacent(&self, items: &[Item], was_broad: bool, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let mut was_broad = was_broad;
        for item in items {
            let is_found = match item {
                Item::Repeat { most, body, .. } => {
                    let is_broad = is_many(*most) && is_broad(body);
                    let is_found = (was_broad && is_broad) || self.is_adjacent(body, false, depth);
                    was_broad = is_broad;
                    is_found
                }
                Item::Group { body, .. } => self.is_adjacent(body, was_broad, depth),
                Item::Branch(branches) => branches.iter().any(|branch| self.is_adjacent(branch, was_broad, depth)),
                _ => {
                    was_broad = false;
                    false
                }
            };
            if is_found {
                return true;
            }
        }
        false
    }
}

fn class(is_negated: bool, members: &[Member]) -> Known {
    let mut set = Set::none();
    for member in members {
        let member = match member {
            Member::Literal(c) => Set::one(*c),
            Member::Range(low, high) if *high as u32 - *low as u32 >= WIDEST => return None,
            Member::Range(low, high) => Set { is_finite: true, chars: (*low..=*high).collect() },
            Member::Kind { kind, is_negated: false } => Set { is_finite: true, chars: chars_of(*kind) },
            Member::Kind { .. } if is_negated => return None,
            Member::Kind { kind, .. } => {
                let all: BTreeSet<char> = ('\0'..='\x7f').collect();
                Set { is_finite: false, chars: &all - &(&all - &chars_of(*kind)) }
            }
        };
        set = set.and(&member);
        if set.chars.len() as u32 > WIDEST {
            return None;
        }
    }
    Some(if is_negated { Set { is_finite: !set.is_finite, ..set } } else { set })
}

fn chars_of(kind: Kind) -> BTreeSet<char> {
    ('\0'..='\x7f').filter(|c| kind.has(*c)).collect()
}

fn has_overlap(items: &[Item], depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    items.iter().any(|item| match item {
        Item::Branch(branches) => branches.iter().any(|branch| branch.is_empty()) || begin_alike(branches, depth),
        Item::Group { body, .. } | Item::Repeat { body, .. } => has_overlap(body, depth),
        _ => false,
    })
}

fn begin_alike(branches: &[Arc<[Item]>], depth: usize) -> bool {
    if branches.len() < 2 {
        return false;
    }
    if branches.iter().any(|branch| has_any(branch, depth)) {
        return true;
    }
    let Some(firsts) = branches.iter().map(|branch| first_chars(branch, depth)).collect::<Option<Vec<_>>>() else {
        return true;
    };
    let mut seen = BTreeSet::new();
    firsts.iter().any(|first| {
        let is_known = !seen.is_disjoint(first);
        seen.extend(first);
        is_known
    })
}

fn has_any(items: &[Item], depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    items.iter().any(|item| match item {
        Item::Any => true,
        Item::Group { body, .. } | Item::Repeat { body, .. } => has_any(body, depth),
        Item::Branch(branches) => branches.iter().any(|branch| has_any(branch, depth)),
        _ => false,
    })
}

fn first_chars(items: &[Item], depth: usize) -> Option<BTreeSet<char>> {
    let depth = depth.checked_sub(1)?;
    let Some((first, rest)) = items.split_first() else { return Some(BTreeSet::new()) };
    match first {
        Item::Literal(c) => Some(BTreeSet::from([*c])),
        Item::Class { members, .. } => {
            let mut chars = BTreeSet::new();
            for member in members {
                match member {
                    Member::Literal(c) => drop(chars.insert(*c)),
                    Member::Range(low, high) if *high as u32 - *low as u32 >= WIDEST => return None,
                    Member::Range(low, high) => chars.extend(*low..=*high),
                    Member::Kind { .. } => return None,
                }
            }
            (!chars.is_empty()).then_some(chars)
        }
        Item::Group { body, .. } => first_chars(body, depth),
        Item::Branch(branches) => {
            let each = branches.iter().map(|branch| first_chars(branch, depth)).collect::<Option<Vec<_>>>()?;
            Some(each.into_iter().flatten().collect())
        }
        Item::Repeat { least: 0, body, .. } if !rest.is_empty() => {
            let mut chars = first_chars(body, depth)?;
            chars.append(&mut first_chars(rest, depth)?);
            Some(chars)
        }
        Item::Repeat { body, .. } => first_chars(body, depth),
        Item::At(_) => first_chars(rest, depth),
        _ => None,
    }
}

fn is_broad(body: &[Item]) -> bool {
    match body {
        [Item::Any | Item::NotLiteral(_)] => true,
        [Item::Class { members, .. }] => {
            let width = |member: &Member| match member {
                Member::Kind { .. } => BROAD + 1,
                Member::Literal(_) => 1,
                Member::Range(low, high) => (*high as u32 - *low as u32).saturating_add(1),
            };
            members.iter().map(width).fold(0, u32::saturating_add) > BROAD
        }
        _ => false,
    }
}

/// More characters than this make a class broad.
const BROAD: u32 = 10;

/// Wider sets are not spelled out.
const WIDEST: u32 = 256;

const DEPTH: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_take_long_and_shapes_that_do_not() {
        for (pattern, found) in [
            ("^/(a|a)*$", Some(Backtracking::Overlapping)),
            (r"^/([a-zA-Z0-9]+\s?)+$", Some(Backtracking::Nested)),
            (r"^/([a-z]+/)+$", None), // the slash marks the end
            ("^(a+)+$", Some(Backtracking::Nested)),
            ("^.*.*$", Some(Backtracking::Adjacent)),
            ("(.*)/(.*)/(.*)$", None),
            (r"^/(a|b)*\.php$", None),
        ] {
            let regex = Regex::read(pattern, Case::Sensitive).unwrap();
            assert_eq!(regex.backtracking(), found, "{pattern}");
        }
    }
}
