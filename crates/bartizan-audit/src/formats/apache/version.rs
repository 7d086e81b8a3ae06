//! `<IfVersion>`: whether the httpd that the rules are for is the one that a section is for.
//!
//! A file does not say which httpd reads it. The newest of 2.4 is taken, so that what is there for 2.2 does not count.

/// Whether a version is the one asked for.
pub(super) fn is_so(first: &str, second: Option<&str>) -> bool {
    let (operator, version) =
        second.map_or(("=", first), |version| (if first.is_empty() { "=" } else { first }, version));
    // Slashes or a tilde make it a pattern; a pattern for another line of versions begins with its number.
    let is_pattern = operator.ends_with('~') || (version.len() > 1 && version.starts_with('/'));
    if is_pattern {
        let pattern: String = version.chars().filter(|c| !matches!(c, '/' | '^' | '\\' | '(')).collect();
        return !["0", "1", "2.0", "2.1", "2.2", "2.3", "2.5", "3"].iter().any(|other| pattern.starts_with(other));
    }
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    let mut part = || parts.next().unwrap_or_default();
    let order = NEWEST.cmp(&(part(), part(), part()));
    match operator {
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        _ => order.is_eq(),
    }
}

/// The last number is larger than any that there will be.
const NEWEST: (u32, u32, u32) = (2, 4, u32::MAX);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_with_the_newest() {
        for (first, second, expected) in [
            (">=", Some("2.4"), true),
            (">", Some("2.4.10"), true),
            ("<", Some("2.4"), false),
            ("<=", Some("2.2.34"), false),
            ("=", Some("2.2"), false),
            ("2.2", None, false),
            ("~", Some("^2\\.4"), true),
            ("~", Some("^2.2"), false),
            ("=", Some("/^2.2/"), false),
            ("", Some("2.2"), false),
            ("<", Some("3"), true),
            (">=", None, false),
        ] {
            assert_eq!(is_so(first, second), expected, "{first} {second:?}");
        }
    }
}
