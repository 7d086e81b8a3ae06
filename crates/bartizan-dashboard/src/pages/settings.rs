//! The settings as they are in force, with what weakens a site said first.

use super::overview::{nothing, panel};
use super::{Ask, Fault, Page, Place, Section};
use crate::access::Role;
use crate::chart::scrolled;
use crate::html::{Html, lines, prose, short, tag};

pub(super) static PAGE: Page = Page {
    path: "/settings",
    title: "Settings",
    place: Place::Menu(Section::Wall),
    role: Role::Operator,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let text = ask.wall()?.settings();
    let dangers: Vec<_> = dangers(&text).collect();
    let list: Html = if dangers.is_empty() {
        nothing("No setting weakens a site on purpose.")
    } else {
        tag("ul")
            .class("findings")
            .all(dangers.into_iter().map(|line| tag("li").put(tag("code").put(short(line, 300)))))
            .into()
    };
    Ok(Html::all([
        Html::from(panel("dangers", "What weakens a site", list)),
        panel("settings", "In force", scrolled("Settings in force", tag("pre").put(tag("code").put(lines(&text)))))
            .into(),
        tag("p").class("meta").put(prose("As `bartizan config show` writes it; secrets are never shown.")).into(),
    ]))
}

/// Returns the lines that weaken something: by their own name, or by a value's.
fn dangers(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split(" # ").next().unwrap_or_default().trim_end()).filter(|line| {
        let (key, value) = line.split_once(" = ").unwrap_or_default();
        let is_on = !matches!(value, "false" | "\"none\"" | "[]");
        (key.starts_with("dangerous_") && is_on) || value.contains("dangerous_")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_weakens_is_found() {
        let text = "a = 1 # default\ndangerous_keep_queries = false # default\ndangerous_keep_queries = true # file\n\
                    mode = \"dangerous_off\" # file\n# dangerous_x = true\nb = \"x\" # dangerous_y\n";
        let found: Vec<_> = dangers(text).collect();
        assert_eq!(found, ["dangerous_keep_queries = true", "mode = \"dangerous_off\""]);
    }
}
