//! What values of unit files mean: words, booleans, names of users.

/// What becomes of quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// They are characters like others.
    Kept,
    /// They hold words together, and an open one ends the list.
    Removed,
    /// They hold words together, and an open one is closed by the end.
    Relaxed,
}

/// Returns the words of a value, and whether it could be read to its end.
pub(super) fn words(value: &str, quotes: Quotes) -> (Vec<String>, bool) {
    let mut words = Vec::new();
    let mut characters = value.chars().peekable();
    loop {
        while characters.next_if(|c| is_blank(*c)).is_some() {}
        if characters.peek().is_none() {
            return (words, true);
        }
        let mut word = String::new();
        let mut quote = None;
        while let Some(c) = characters.next() {
            match quote {
                _ if c == '\\' => match characters.next() {
                    Some(next) => word.push(next),
                    None if quotes == Quotes::Relaxed => word.push('\\'),
                    None => return (words, false),
                },
                Some(open) if c == open => quote = None,
                None if quotes != Quotes::Kept && matches!(c, '"' | '\'') => quote = Some(c),
                None if is_blank(c) => break,
                _ => word.push(c),
            }
        }
        if quote.is_some() && quotes == Quotes::Removed {
            return (words, false);
        }
        words.push(word);
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Returns what a word for yes or no means, in any case.
pub(in super::super) fn boolean(value: &str) -> Option<bool> {
    match &*value.to_ascii_lowercase() {
        "1" | "yes" | "y" | "true" | "t" | "on" => Some(true),
        "0" | "no" | "n" | "false" | "f" | "off" => Some(false),
        _ => None,
    }
}

/// Returns the bits of a mode in octal, as far as a mode has them.
pub(super) fn mode(value: &str) -> Option<u32> {
    let is_octal = !value.is_empty() && value.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    u32::from_str_radix(value, 8).ok().filter(|mode| is_octal && *mode <= 0o7777)
}

/// Returns a value with its specifiers replaced; nothing, where one is not known (systemd.unit(5), "Specifiers").
///
/// What only the system knows, such as its host name, becomes a word that stands for it.
pub(super) fn expand(value: &str, unit: &super::Systemd) -> Option<String> {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        match characters.next() {
            None => text.push('%'),
            Some('%') => text.push('%'),
            Some('i') => text.push_str(unit.instance()),
            Some('I') => text.push_str(&unit.instance().replace('-', "/")),
            Some('n') => text.push_str(&unit.name),
            Some('N') => text.push_str(unit.name.strip_suffix(".service").unwrap_or(&unit.name)),
            Some('p') => text.push_str(unit.prefix()),
            Some('P') => text.push_str(&unit.prefix().replace('-', "/")),
            Some('u' | 'g') => text.push_str("root"),
            Some('U' | 'G') => text.push('0'),
            Some('C' | 'd' | 'D' | 'E' | 'f' | 'h' | 'L' | 'r' | 'R' | 's' | 'S' | 't' | 'T' | 'V' | 'y' | 'Y') => {
                text.push_str("/path")
            }
            Some('a' | 'A' | 'b' | 'B' | 'c' | 'H' | 'j' | 'J' | 'l' | 'm' | 'M' | 'o' | 'q' | 'v' | 'w' | 'W') => {
                text.push_str("word");
            }
            Some(_) => return None,
        }
    }
    Some(text)
}

/// Whether the name of a user or group, or its number, is one that the manager takes.
pub(super) fn is_user(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(name) {
        // Numbers that mean "none" are no users.
        let is_plain = name == "0" || !name.starts_with('0');
        return is_plain && name.parse::<u32>().is_ok_and(|number| number != u32::MAX && number != 65_535);
    }
    !matches!(name, "" | "." | "..")
        && !name.contains([':', '/'])
        && !name.chars().any(char::is_control)
        && name.trim_matches(' ').len() == name.len()
        && !name.strip_prefix('-').is_some_and(is_number)
}

/// Whether a path is absolute and climbs nowhere.
pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with('/') && !path.split('/').any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_manager() {
        for (value, quotes, expected, is_whole) in [
            ("a  b", Quotes::Kept, &["a", "b"][..], true),
            ("\"a b\"", Quotes::Kept, &["\"a", "b\""], true),
            ("\"a b\" c", Quotes::Removed, &["a b", "c"], true),
            ("a \"b", Quotes::Removed, &["a"], false),
            ("a \"b", Quotes::Relaxed, &["a", "b"], true),
            ("a\\ b", Quotes::Kept, &["a b"], true),
            ("a \\", Quotes::Kept, &["a"], false),
            ("", Quotes::Kept, &[], true),
        ] {
            let (found, whole) = words(value, quotes);
            assert_eq!(
                (&*found, whole),
                (&expected.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()[..], is_whole),
                "{value}"
            );
        }
    }

    #[test]
    fn users_are_names_or_numbers() {
        for (name, is_one) in [
            ("app", true),
            ("a b", true),
            ("-app", true),
            ("0", true),
            ("1000", true),
            ("00", false),
            ("65535", false),
            ("4294967295", false),
            ("a:b", false),
            ("a/b", false),
            ("", false),
            ("-1", false),
        ] {
            assert_eq!(is_user(name), is_one, "{name}");
        }
    }

    #[test]
    fn booleans_and_modes() {
        for (value, expected) in
            [("TRUE", Some(true)), ("off", Some(false)), ("2", None), ("true # yes", None), ("", None)]
        {
            assert_eq!(boolean(value), expected, "{value}");
        }
        for (value, expected) in [("0077", Some(0o77)), ("77", Some(0o77)), ("0o77", None), ("17777", None), ("", None)]
        {
            assert_eq!(mode(value), expected, "{value}");
        }
    }
}
