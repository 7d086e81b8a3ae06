//! Dockerfiles, as far as they set variables: `ENV` and `ARG`.

use bartizan_rules::facts::container::Image;
use bartizan_rules::facts::setting::{Carrier, Variable, Variables};

use crate::Source;

/// Reads the variables that an image carries.
pub fn read(source: &Source) -> Variables {
    let text = source.text();
    let mut items = Vec::new();
    let mut start = 0;
    let mut is_continued = false;
    for line in text.split_inclusive('\n').take(MOST) {
        let bare = line.trim();
        let upper = bare.get(..4).unwrap_or_default().to_ascii_uppercase();
        let is_instruction = upper == "ENV " || upper == "ARG ";
        if is_instruction || (is_continued && !bare.starts_with('#')) {
            let words = if is_instruction { bare.get(4..).unwrap_or_default() } else { bare };
            let offset = start + line.find(words).unwrap_or(0);
            assignments(source, words.trim_end_matches('\\'), offset, upper == "ENV ", &mut items);
        }
        is_continued = (is_instruction || is_continued) && bare.ends_with('\\');
        start += line.len();
    }
    Variables { carrier: Carrier::Dockerfile, items, is_world_readable: false, start: source.place(0..0) }
}

/// Reads what an image is built from, and as whom it runs.
pub fn image(source: &Source) -> Image {
    let mut image = Image::default();
    let mut stages: Vec<String> = Vec::new();
    let mut start = 0;
    for line in source.text().split_inclusive('\n').take(MOST) {
        let at = || source.place(start..start + line.trim_end().len());
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            [from, rest @ ..] if from.eq_ignore_ascii_case("from") => {
                let mut rest = rest.iter().filter(|word| !word.starts_with("--"));
                let base = rest.next().copied().unwrap_or_default();
                if !stages.iter().any(|stage| stage.eq_ignore_ascii_case(base)) {
                    image.bases.push((base.into(), at()));
                    // A stage that begins with another one runs as that one does.
                    image.user = None;
                }
                image.last = Some(at());
                if rest.next().is_some_and(|word| word.eq_ignore_ascii_case("as")) {
                    stages.extend(rest.next().map(|name| (*name).to_owned()));
                }
            }
            [user, name, ..] if user.eq_ignore_ascii_case("user") => image.user = Some(((*name).into(), at())),
            _ => {}
        }
        start += line.len();
    }
    image
}

fn assignments(source: &Source, words: &str, start: usize, has_old_form: bool, items: &mut Vec<Variable>) {
    // `ENV NAME value` is the form of old, with one variable to a line.
    if has_old_form && let Some((name, value)) = words.split_once(' ').filter(|(name, _)| !name.contains('=')) {
        let value = value.trim();
        let at = start + words.len() - words.trim_start_matches(name).trim_start().len();
        items.push(Variable {
            name: name.into(),
            value: Some(value.trim_matches(['"', '\'']).into()),
            at: source.place(start..start + words.len()),
            value_at: source.place(at..at + value.len()),
        });
        return;
    }
    let mut rest = words;
    while let Some(equals) = rest.find('=') {
        let (before, after) = rest.split_at(equals);
        let after = after.get(1..).unwrap_or_default();
        let name = before.rsplit(char::is_whitespace).next().unwrap_or(before);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let end = match quote {
            Some(quote) => after.get(1..).and_then(|inner| inner.find(quote)).map_or(after.len(), |end| end + 2),
            None => after.find(char::is_whitespace).unwrap_or(after.len()),
        };
        let value = after.get(..end).unwrap_or(after);
        let name_start = start + words.len() - rest.len() + equals - name.len();
        let value_start = name_start + name.len() + 1;
        items.push(Variable {
            name: name.into(),
            value: Some(value.trim_matches(['"', '\'']).into()),
            at: source.place(name_start..value_start + value.len()),
            value_at: source.place(value_start..value_start + value.len()),
        });
        rest = after.get(end..).unwrap_or_default();
    }
}

/// Lines of one file: hand-written ones have some hundred.
const MOST: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_users_are_read() {
        for (text, bases, user) in [
            ("FROM a:1\nUSER app\n", vec!["a:1"], Some("app")),
            ("FROM a AS build\nUSER x\nFROM b\nCOPY --from=build /x /x\n", vec!["a", "b"], None),
            ("FROM a AS base\nUSER x\nFROM base\n", vec!["a"], Some("x")),
            ("FROM --platform=linux/amd64 a\nuser 0:0\n", vec!["a"], Some("0:0")),
        ] {
            let image = image(&Source::new("Dockerfile", text.as_bytes().to_vec()));
            assert_eq!(image.bases.iter().map(|(base, _)| &**base).collect::<Vec<_>>(), bases, "{text}");
            assert_eq!(image.user.as_ref().map(|(user, _)| &**user), user, "{text}");
        }
    }

    #[test]
    fn both_forms_are_read() {
        let text = "FROM x\nENV A=1 B=\"two words\" \\\n    C=3\nENV D four five\nARG E\nRUN F=1\n";
        let read = read(&Source::new("Dockerfile", text.as_bytes().to_vec()));
        let items = read.items.iter().map(|item| (&*item.name, item.value.as_deref().unwrap(), item.value_at.line));
        let expected = [("A", "1", 2), ("B", "two words", 2), ("C", "3", 3), ("D", "four five", 4)];
        assert_eq!(items.collect::<Vec<_>>(), expected);
    }
}
