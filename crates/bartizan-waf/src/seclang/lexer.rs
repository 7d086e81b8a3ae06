//! Lines and words: continuation lines are joined, comments dropped, quoted words unquoted.

use super::Problem;

/// A directive's words, the first being its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number of its first physical line, from 1.
    pub number: u32,
    /// Its words.
    pub words: Vec<String>,
}

/// Splits a file into directives; a line that cannot be split comes with its number and first word.
pub fn lines(text: &str) -> Vec<Result<Line, (u32, String, Problem)>> {
    let mut found = Vec::new();
    let mut physical = (1_u32..).zip(text.lines());
    while let Some((number, line)) = physical.next() {
        let trimmed = line.trim();
        // A comment ends with its line: what follows a backslash there would vanish unseen.
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let mut joined = line.trim_end().to_owned();
        while joined.ends_with('\\') {
            joined.pop();
            match physical.next() {
                // Rules in the middle of which a line is commented out are common; the comment is no part of them.
                Some((_, next)) if next.trim_start().starts_with('#') => joined.push('\\'),
                Some((_, next)) => joined.push_str(next.trim_end()),
                None => break,
            }
        }
        found.push(match words(&joined) {
            Ok(words) => Ok(Line { number, words }),
            Err(problem) => Err((number, trimmed.split_whitespace().next().unwrap_or_default().to_owned(), problem)),
        });
    }
    found
}

fn words(line: &str) -> Result<Vec<String>, Problem> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '"' | '\'' => quoted(&rest[1..], first)?,
            _ => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

/// Only the quotation mark itself is unescaped: every other backslash belongs to the operator's argument.
fn quoted(text: &str, mark: char) -> Result<(String, &str), Problem> {
    let mut word = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        if char == mark {
            return Ok((word, &text[at + char.len_utf8()..]));
        }
        if char != '\\' {
            word.push(char);
            continue;
        }
        match chars.next() {
            Some((_, escaped)) if escaped == mark => word.push(mark),
            Some((_, other)) => word.extend(['\\', other]),
            None => break,
        }
    }
    Err(Problem::UnclosedQuote)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<Vec<String>> {
        lines(text).into_iter().map(|line| line.map(|line| line.words).unwrap_or_default()).collect()
    }

    #[test]
    fn words_are_split_as_written() {
        for (text, expected) in [
            ("SecMarker END", vec![vec!["SecMarker", "END"]]),
            ("# SecMarker END", vec![]),
            ("SecMarker \"A B\"\nSecMarker C", vec![vec!["SecMarker", "A B"], vec!["SecMarker", "C"]]),
            (r#"SecRule ARGS "@rx a\"\d\\" id:1"#, vec![vec!["SecRule", "ARGS", r#"@rx a"\d\\"#, "id:1"]]),
            ("SecAction \\\n  \"id:1,\\\n  pass\"", vec![vec!["SecAction", "id:1,  pass"]]),
            ("SecAction \\\n#x\\\n \"id:1\"", vec![vec!["SecAction", "id:1"]]),
            ("# c \\\nSecMarker A", vec![vec!["SecMarker", "A"]]),
            ("SecAction \"id:1", vec![vec![]]),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_those_of_first_lines() {
        let numbers: Vec<_> = lines("\nA \\\nb\n\nC").into_iter().flatten().map(|line| line.number).collect();
        assert_eq!(numbers, [2, 5]);
    }
}
