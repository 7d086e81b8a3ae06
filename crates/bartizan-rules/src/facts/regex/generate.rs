//! Texts that a pattern matches, with a chosen character wherever it fits.

use super::reach::{class_has, is_any};
use super::{At, Groups, Item, Kind, Member, Part, Regex};

/// A text that a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The text.
    pub text: String,
    /// Whether nothing may stand before it.
    pub is_start: bool,
    /// Whether nothing may follow it.
    pub is_end: bool,
}

impl Regex {
    /// Returns texts that match, with `c` wherever it can be, one for each combination of alternatives.
    pub fn samples(&self, c: char) -> Vec<Sample> {
        let mut maker = Maker { c, whole: &self.whole };
        let texts = maker.sequence(&self.sequence, DEPTH);
        let is_group = self.part == Part::Group;
        texts.iter().filter_map(|text| sample(text, is_group)).collect()
    }
}

/// An anchor in the middle can match nothing.
fn sample(text: &str, is_group: bool) -> Option<Sample> {
    let body = text.trim_start_matches(BEGIN).trim_end_matches(END);
    (!body.contains([BEGIN, END])).then(|| Sample {
        text: body.to_owned(),
        is_start: is_group || text.starts_with(BEGIN),
        is_end: text.ends_with(END),
    })
}

struct Maker<'a> {
    c: char,
    whole: &'a Groups,
}

impl Maker<'_> {
    fn sequence(&mut self, items: &[Item], depth: usize) -> Vec<String> {
        let mut texts = vec![String::with_capacity(items.len())];
        for item in items {
            // Most pieces are one character, or one text, which each text so far goes on with.
            if let Some(c) = self.only(item).filter(|_| depth > 0) {
                keep_short(&mut texts, c.len_utf8());
                texts.iter_mut().for_each(|text| text.push(c));
                continue;
            }
            let Some(parts) = self.item(item, depth) else { continue };
            if let [part] = parts.as_slice() {
                keep_short(&mut texts, part.len());
                texts.iter_mut().for_each(|text| text.push_str(part));
                continue;
            }
            let mut longer = Vec::new();
            'all: for text in &texts {
                for part in &parts {
                    if longer.len() >= MOST || text.len() + part.len() > LONGEST {
                        break 'all;
                    }
                    longer.push([&**text, &**part].concat());
                }
            }
            texts = longer;
        }
        texts
    }

    /// The character that stands for a piece, if there is only one.
    fn only(&self, item: &Item) -> Option<char> {
        match item {
            Item::Any => Some(if is_any(self.c) { self.c } else { 'a' }),
            Item::At(At::Begin) => Some(BEGIN),
            Item::At(At::End) => Some(END),
            Item::Class { is_negated, members } if class_has(*is_negated, members, self.c) => Some(self.c),
            Item::Literal(literal) => Some(*literal),
            Item::NotLiteral(literal) => Some(if *literal == self.c { other_than(*literal) } else { self.c }),
            _ => None,
        }
    }

    /// Nothing for what takes no text.
    fn item(&mut self, item: &Item, depth: usize) -> Option<Vec<String>> {
        let depth = depth.checked_sub(1)?;
        if let Some(c) = self.only(item) {
            return Some(vec![c.to_string()]);
        }
        match item {
            Item::Any | Item::At(_) | Item::Literal(_) | Item::Look { .. } | Item::NotLiteral(_) => None,
            Item::Branch(branches) => {
                Some(branches.iter().flat_map(|branch| self.sequence(branch, depth)).take(MOST).collect())
            }
            Item::Class { is_negated, members } => Self::class(*is_negated, members),
            Item::Group { body, .. } => Some(self.sequence(body, depth)),
            Item::Reference(index) => {
                let body = self.whole.sequences.get(index)?;
                Some(self.sequence(body, depth))
            }
            Item::Repeat { least, most, body, .. } => {
                let mut texts = Vec::new();
                if *least == 0 {
                    texts.push(String::new());
                }
                let times = most.map_or(TIMES, |most| (most as usize).min(TIMES));
                if times > 0 {
                    let inner = self.sequence(body, depth);
                    let fits = |text: &&String| text.len() <= LONGEST / TIMES;
                    texts.extend(inner.iter().filter(fits).map(|text| text.repeat(times)));
                }
                Some(texts)
            }
        }
    }

    /// Members of a class that does not have the chosen character.
    fn class(is_negated: bool, members: &[Member]) -> Option<Vec<String>> {
        if is_negated {
            let free = ('a'..='z').chain('\u{1}'..='}').find(|c| class_has(true, members, *c))?;
            return Some(vec![free.to_string()]);
        }
        let texts = members.iter().map(|member| {
            let c = match member {
                Member::Literal(c) | Member::Range(c, _) => *c,
                Member::Kind { kind, is_negated: false } => kind_sample(*kind),
                Member::Kind { .. } => '-',
            };
            c.to_string()
        });
        Some(texts.collect())
    }
}

/// Keeps the texts before the first that would become too long.
fn keep_short(texts: &mut Vec<String>, more: usize) {
    let is_short = |text: &String| text.len() + more <= LONGEST;
    if !texts.iter().all(is_short) || texts.len() > MOST {
        let fits = texts.iter().take(MOST).take_while(|text| is_short(text)).count();
        texts.truncate(fits);
    }
}

const fn kind_sample(kind: Kind) -> char {
    match kind {
        Kind::Digit => '1',
        Kind::Space => ' ',
        Kind::Word => 'w',
    }
}

const fn other_than(c: char) -> char {
    if c == 'a' { 'b' } else { 'a' }
}

/// Neither can be part of an address.
const BEGIN: char = '\0';
const END: char = '\x7f';

/// Five times shows a repetition as well as a thousand times.
const TIMES: usize = 5;

/// Alternatives multiply; what a person wrote has few.
const MOST: usize = 2_000;

/// Longer than any origin.
const LONGEST: usize = 4_096;

const DEPTH: usize = 300;

#[cfg(test)]
mod tests {
    use super::super::{Case, Regex};
    use super::*;

    #[test]
    fn each_combination_once() {
        let regex = Regex::read(r"^https?://(a|b)\.example$", Case::Sensitive).unwrap();
        let texts: Vec<_> = regex.samples('`').into_iter().map(|sample| sample.text).collect();
        // `(a|b)` is a class, of which both members are tried.
        for text in ["http://a.example", "https://b.example"] {
            assert!(texts.contains(&text.to_owned()), "{texts:?}");
        }
        assert!(regex.samples('`').iter().all(|sample| sample.is_start && sample.is_end));
    }

    #[test]
    fn many_alternatives_end() {
        let regex = Regex::read(&"(a|bb)".repeat(60), Case::Sensitive).unwrap();
        assert!(regex.samples('`').len() <= MOST);
    }
}
