//! Which paths a pattern is for, where it is for some and for all that is below them.

/// Returns the paths that a pattern of a section means; nothing, where it means others, too.
pub(super) fn of(pattern: &str) -> Option<Vec<String>> {
    let pattern = pattern.strip_prefix("(?i)").unwrap_or(pattern);
    let mut rest = pattern.strip_prefix('^').filter(|rest| rest.starts_with('/'))?;
    let mut paths = vec![String::new()];
    while let Some((text, after)) = literal(rest) {
        rest = after;
        if rest.starts_with(['*', '+', '{']) || (rest.starts_with('?') && text != '/') {
            return None;
        }
        // The slash behind a path need not be there.
        let is_optional = rest.starts_with('?');
        rest = rest.strip_prefix('?').unwrap_or(rest);
        if is_optional {
            break;
        }
        paths.iter_mut().for_each(|path| path.push(text));
    }
    if let Some(group) = rest.strip_prefix('(') {
        let (group, after) = group.split_once(')')?;
        let words = group.strip_prefix("?:").unwrap_or(group);
        if let Some(words) = words.split('|').map(word).collect::<Option<Vec<_>>>().filter(|words| words.len() <= MOST)
        {
            let start = paths.pop()?;
            paths = words.into_iter().map(|word| format!("{start}{word}")).collect();
            rest = after;
        }
    }
    // What follows must begin behind the path's last segment.
    let is_end =
        rest.is_empty() || ["/", "$", "(/", "(?:/", "(?=/", "\\b", ".*"].iter().any(|end| rest.starts_with(end));
    let is_whole = is_end || paths.iter().all(|path| path.ends_with('/'));
    (is_whole && paths.iter().all(|path| path.len() > 1 && path != "//")).then_some(paths)
}

/// The next character that stands for itself, and what follows it.
fn literal(text: &str) -> Option<(char, &str)> {
    let mut characters = text.chars();
    match characters.next()? {
        '\\' => {
            let next = characters.next().filter(|c| c.is_ascii_punctuation())?;
            Some((next, characters.as_str()))
        }
        c if is_plain(c) => Some((c, characters.as_str())),
        _ => None,
    }
}

fn word(text: &str) -> Option<String> {
    let text = text.replace("\\.", ".").replace("\\-", "-");
    (!text.is_empty() && text.chars().all(|c| is_plain(c) || c == '.')).then_some(text)
}

const fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '~' | '%' | '@')
}

/// More than a person writes into one group.
const MOST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_mean_paths_are_known() {
        for (pattern, paths) in [
            ("^/admin", Some(vec!["/admin"])),
            ("^/admin/", Some(vec!["/admin/"])),
            ("^/admin/?$", Some(vec!["/admin"])),
            ("^/(private|internal)", Some(vec!["/private", "/internal"])),
            ("^/(?:a|b-c)/", Some(vec!["/a", "/b-c"])),
            (r"^/\.git", Some(vec!["/.git"])),
            (r"^/wp-login\.php$", Some(vec!["/wp-login.php"])),
            ("^/admin(/|$)", Some(vec!["/admin"])),
            ("(?i)^/x/.*", Some(vec!["/x/"])),
            ("^/files/[0-9]+", Some(vec!["/files/"])),
            ("^/a.*", Some(vec!["/a"])),
            ("^/wp-[a-z]+", None),
            ("^/", None),
            ("^/.*", None),
            (r"\.php$", None),
            (r"/\.", None),
            ("^/(a+|b)", None),
            ("^/ab?c", None),
            ("^/(", None),
            ("^/\\", None),
        ] {
            let found = of(pattern);
            let found = found.as_ref().map(|found| found.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(found, paths, "{pattern}");
        }
    }
}
