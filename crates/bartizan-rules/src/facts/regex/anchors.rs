//! Where a pattern is tied to the text's ends.

use super::{At, Item, Regex};

impl Regex {
    /// Whether every match begins where the text begins, or ends where it ends.
    pub fn is_anchored(&self) -> bool {
        is_anchored(&self.sequence)
    }

    /// Whether it ends with a file name's ending and goes on matching after it, as `\.php` matches `.php.jpg`.
    pub fn is_open_ending(&self) -> bool {
        let stem = self.source.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        stem.len() < self.source.len() && stem.ends_with(r"\.")
    }
}

fn is_anchored(items: &[Item]) -> bool {
    match items {
        [Item::Branch(branches)] => branches.iter().all(|branch| is_anchored(branch)),
        [Item::Group { body, .. }] => is_anchored(body),
        _ => is_tied(items, End::First) || is_tied(items, End::Last),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

fn is_tied(items: &[Item], end: End) -> bool {
    let (outermost, rest) = match (end, items) {
        (End::First, [first, rest @ ..]) => (first, rest),
        (End::Last, [rest @ .., last]) => (last, rest),
        (_, []) => return false,
    };
    match outermost {
        Item::At(at) => match end {
            End::First => matches!(at, At::Begin | At::BeginText),
            End::Last => matches!(at, At::End | At::EndText),
        },
        Item::Group { body, .. } => is_tied(body, end),
        Item::Look { is_negative, body } => (!is_negative && is_tied(body, end)) || is_tied(rest, end),
        Item::Branch(branches) => branches.iter().all(|branch| is_tied(branch, end)),
        Item::Repeat { least, body, .. } => *least >= 1 && is_tied(body, end),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Case, Regex};

    #[test]
    fn patterns_are_tied_to_ends_or_not() {
        for (pattern, is_anchored, is_open_ending) in [
            (r"^/a", true, false),
            (r"\.php$", true, false),
            (r"\.php", false, true),
            (r"\.(php|inc)", false, false),
            (r"(^/a|^/b)", true, false),
            (r"(^/a|/b)", false, false),
            (r"/\.(?!well-known)", false, false),
        ] {
            let regex = Regex::read(pattern, Case::Sensitive).unwrap();
            assert_eq!((regex.is_anchored(), regex.is_open_ending()), (is_anchored, is_open_ending), "{pattern}");
        }
    }
}
