//! `Header` directives in their order, as the fields that are sent in the end.

use bartizan_rules::facts::blocks::At;

use super::super::headers::Sent;
use super::super::plan::{Plan, Site, list};
use super::super::servers::push;

/// What the lines of a section and of those around it come to.
pub(super) fn sent(section: At<'_>, plan: &mut Plan) -> Vec<Sent> {
    let mut scopes: Vec<_> = section.scopes().collect();
    scopes.reverse();
    let mut sent: Vec<Sent> = Vec::new();
    for node in scopes.into_iter().flat_map(|scope| scope.each("header")) {
        let (action, name, value) = parts(node);
        let is = |one: &Sent| one.name.eq_ignore_ascii_case(name);
        let is_conditional = node.args().any(|arg| arg.starts_with("env=") || arg.starts_with("expr="));
        if is_conditional {
            plan.lose(node, "conditions have no key");
            continue;
        }
        match &*action {
            "unset" => sent.retain(|one| !is(one)),
            "set" | "setifempty" | "add" | "append" | "merge" => {
                let Some(value) = said(value) else {
                    plan.lose(node, "the value is made of variables");
                    continue;
                };
                if action.starts_with("set") {
                    sent.retain(|one| !is(one));
                }
                sent.push(Sent { name: name.to_owned(), value });
            }
            "edit" | "edit*" if name.eq_ignore_ascii_case("set-cookie") => {}
            _ => plan.lose(node, "fields are not changed by pattern here"),
        }
    }
    sent
}

/// Returns what a format says, unless it is of more than text; a percent sign is doubled in it.
fn said(format: &str) -> Option<String> {
    let mut text = String::with_capacity(format.len());
    let mut characters = format.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('%', Some('%')) | ('\\', Some('\\')) => {
                characters.next();
                text.push(character);
            }
            ('%', Some(_)) | ('\\', Some('n' | 'r')) => return None,
            ('\\', Some('t')) => {
                characters.next();
                text.push('\t');
            }
            _ => text.push(character),
        }
    }
    Some(text)
}

/// Returns what a line does, to which field, and with which value.
fn parts(node: At<'_>) -> (String, &str, &str) {
    let start = usize::from(node.says("always") || node.says("onsuccess"));
    let action = node.arg(start).unwrap_or_default().to_ascii_lowercase();
    (action, node.arg(start + 1).unwrap_or_default().trim_end_matches(':'), node.arg(start + 2).unwrap_or_default())
}

/// Fields of the app that are taken away, and flags that are put on its cookies.
pub(super) fn strip_and_cookies(server: At<'_>, sent: &[Sent], site: &mut Site, plan: &mut Plan) {
    // Apache puts its own name in the place of the app's.
    let mut names = vec!["server".to_owned()];
    let mut flags = String::new();
    for node in server.scopes().flat_map(|scope| scope.each("header")) {
        let (action, name, value) = parts(node);
        if action == "unset" && !sent.iter().any(|one| one.name.eq_ignore_ascii_case(name)) {
            push(&mut names, name.to_ascii_lowercase());
        }
        if action.starts_with("edit") && name.eq_ignore_ascii_case("set-cookie") {
            let with = node.args().next_back().unwrap_or(value).to_ascii_lowercase();
            if !["secure", "httponly", "samesite="].iter().any(|flag| with.contains(flag)) {
                plan.lose(node, "cookies are not changed by pattern here");
            }
            flags.push_str(&with);
        }
    }
    names.sort_unstable();
    site.keys.raw("strip", list(&names));
    if flags.contains("secure") {
        site.cookies.raw("secure", "true");
    }
    if flags.contains("httponly") {
        site.cookies.raw("http_only", "true");
    }
    for word in ["lax", "strict", "none"] {
        if flags.contains(&format!("samesite={word}")) {
            site.cookies.text("same_site", word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_as_apache_reads_them() {
        for (format, text) in [
            ("a", Some("a")),
            ("100%%", Some("100%")),
            (r"a\\b\c", Some(r"a\b\c")),
            (r"a\tb", Some("a\tb")),
            ("%", Some("%")),
            ("%{X}e", None),
            ("%t", None),
            (r"a\nb", None),
        ] {
            assert_eq!(said(format).as_deref(), text, "{format}");
        }
    }
}
