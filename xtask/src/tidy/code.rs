//! Rust text with comments and literals blanked out, so that checks meet code alone.
//!
//! A lexer of just enough: it knows where prose begins and ends, and nothing of the grammar.

/// Returns the text with each character of a comment or a literal replaced by a space; lines stay lines.
pub(super) fn without_prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let prose = prose_len(rest, before);
        let taken = if prose > 0 { prose } else { first.len_utf8() };
        let (piece, after) = rest.split_at(taken);
        if prose > 0 {
            out.extend(piece.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        } else {
            out.push(first);
        }
        before = if prose > 0 { ' ' } else { first };
        rest = after;
    }
    out
}

/// Returns the length of the comment or literal at the start, or 0.
fn prose_len(rest: &str, before: char) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment_len(rest);
    }
    if rest.starts_with('"') {
        return quoted_len(rest);
    }
    if rest.starts_with('\'') {
        return character_len(rest);
    }
    // `r"` and `br#"` open a raw string only where no identifier is being spelled.
    if before.is_alphanumeric() || before == '_' { 0 } else { raw_len(rest) }
}

fn block_comment_len(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if tail.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn quoted_len(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character literal, told from a lifetime by its closing quote.
fn character_len(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => {
            // The escaped character may itself be a quote.
            characters.next();
            characters.find(|(_, character)| *character == '\'').map_or(0, |(at, _)| at + 1)
        }
        Some(_) => characters.next().filter(|(_, character)| *character == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

fn raw_len(rest: &str) -> usize {
    let Some(opening) = ["r", "br", "cr"].iter().find_map(|prefix| rest.strip_prefix(prefix)) else { return 0 };
    let hashes = opening.len() - opening.trim_start_matches('#').len();
    let Some(body) = opening.get(hashes..).and_then(|tail| tail.strip_prefix('"')) else { return 0 };
    let closing = format!("\"{}", "#".repeat(hashes));
    body.find(&closing).map_or(rest.len(), |at| rest.len() - body.len() + at + closing.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_code_stays() {
        for (text, left) in [
            ("a // todo!()\nb", "a b"),
            ("a /* x /* y */ z */ b", "a b"),
            (r#"say("todo!()");"#, "say( );"),
            (r#"say("\"todo!");"#, "say( );"),
            ("r#\"a\" todo!\"#; b", " ; b"),
            ("for\"x\"; b", "for ; b"),
            ("'a' '\\'' b", " b"),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"), // lifetimes are code
            ("r#type + var", "r#type + var"),                 // a raw identifier is code
            ("todo!()", "todo!()"),
            ("\"a\nb\" c", " c"),
        ] {
            let code = without_prose(text);
            let words: Vec<&str> = code.split(char::is_whitespace).filter(|word| !word.is_empty()).collect();
            assert_eq!(words, left.split_whitespace().collect::<Vec<_>>(), "{text}");
            assert_eq!(code.chars().count(), text.chars().count(), "{text}");
            assert_eq!(code.lines().count(), text.lines().count(), "{text}");
        }
    }
}
