//! Long lists in pages of a fixed length, with the way to the next; there is an end to how far one may leaf.

use crate::html::{Address, Html, tag};
use crate::query::Query;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part(usize);

impl Part {
    /// Reads which part is asked for.
    pub(crate) fn of(query: &Query) -> Self {
        Self(query.number("page", LAST))
    }

    /// Returns how many lines must be read to show the part, and to know whether there is another.
    pub(crate) const fn needed(self) -> usize {
        (self.0 + 1) * LENGTH + 1
    }

    /// Returns the lines of the part.
    pub(crate) fn cut<T>(self, lines: &[T]) -> &[T] {
        let from = (self.0 * LENGTH).min(lines.len());
        let to = (from + LENGTH).min(lines.len());
        lines.get(from..to).unwrap_or_default()
    }

    /// Returns the ways to the parts before and after.
    pub(crate) fn ways(self, lines: usize, address: &Address) -> Html {
        let has_more = lines > (self.0 + 1) * LENGTH && self.0 < LAST;
        if self.0 == 0 && !has_more {
            return Html::nothing();
        }
        let way = |part: usize, rel: &'static str, name: &str| {
            tag("a").set("rel", rel).to(&address.clone().with("page", &part.to_string())).put(name)
        };
        let mut nav = tag("nav").class("pager").set("aria-label", "Pages of the list");
        if self.0 > 0 {
            nav = nav.put(way(self.0 - 1, "prev", "← Before"));
        }
        nav = nav.put(tag("span").put(format!("Page {}", self.0 + 1)));
        if has_more {
            nav = nav.put(way(self.0 + 1, "next", "After →"));
        }
        nav.into()
    }
}

/// The lines of a page.
pub(crate) const LENGTH: usize = 50;

/// Whoever looks further has a filter, or the command line.
const LAST: usize = 199;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_cut_and_leads_on() {
        let lines: Vec<usize> = (0..120).collect();
        for (query, first, length, has_before, has_after) in [
            ("", Some(&0), 50, false, true),
            ("page=1", Some(&50), 50, true, true),
            ("page=2", Some(&100), 20, true, false),
            ("page=9", None, 0, true, false),
            ("page=x", Some(&0), 50, false, true),
        ] {
            let part = Part::of(&Query::parse(query.as_bytes()));
            let cut = part.cut(&lines);
            assert_eq!((cut.first(), cut.len()), (first, length), "{query}");
            let ways = part.ways(lines.len(), &Address::of("/x")).document();
            assert_eq!((ways.contains("Before"), ways.contains("After")), (has_before, has_after), "{query}");
        }
    }
}
