//! A list whose order matters says at each line why it stands there.

use super::Complaint;
use super::tree::{File, Tree};

/// Complains about entries in a file `order.rs` that have no comment behind them.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let is_order = |file: &&File| file.is_rust() && file.path.file_name().is_some_and(|name| name == "order.rs");
    tree.files.iter().filter(is_order).flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut is_in_list = false;
    for (at, (code, text)) in file.code.lines().zip(file.text.lines()).enumerate() {
        // What follows is a test's business, and a test's list needs no reasons.
        if code.trim_start().starts_with("#[cfg(test)]") {
            break;
        }
        if code.trim_start().starts_with(']') {
            is_in_list = false;
        }
        if is_in_list && is_entry(code) && !has_reason(code, text) {
            complaints.push(Complaint::new(&file.path, at + 1, "an entry of an ordered list says beside it why here"));
        }
        is_in_list |= code.trim_end().ends_with('[');
    }
    complaints
}

/// Whether something is made here, boxed or by a function that boxes it; a plain list of names has no reasons.
fn is_entry(code: &str) -> bool {
    let start = code.trim_start();
    let name = start.find('(').and_then(|at| start.get(..at));
    name.is_some_and(|name| name.chars().all(|character| character.is_alphanumeric() || "_:".contains(character)))
}

fn has_reason(code: &str, text: &str) -> bool {
    // Blanked text has as many characters as the original, not as many bytes.
    let mut behind = text.chars().skip(code.trim_end().chars().count());
    behind.any(|character| character != '/' && !character.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_has_its_reason() {
        for (text, lines) in [
            ("vec![\n    Box::new(Framing), // first, for smuggling\n]\n", vec![]),
            ("vec![\n    Box::new(Framing),\n]\n", vec![2]),
            ("[\n    listed(Framing::new(site)),\n    listed(Last), // why\n]\n", vec![2]),
            ("vec![\n    // above\n    Box::new(Framing),\n]\n", vec![3]), // beside means behind
            ("vec![\n    Box::new(Framing), //\n]\n", vec![2]),            // a comment that says nothing
            ("vec![\n    Box::new(A(\"//\")),\n]\n", vec![2]),             // slashes in a string are no reason
            ("static ALL: &[&Kind] = &[\n    &A,\n    &B,\n];\n", vec![]), // sorted by name
            ("stage.map(|stage| Box::new(stage))\n", vec![]),              // not in a list
            ("#[cfg(test)]\nmod tests {\n    vec![\n    Box::new(A)]\n}\n", vec![]),
        ] {
            let tree = Tree { files: vec![File::new("crates/a/src/stages/order.rs", text)] };
            assert_eq!(check(&tree).iter().map(|complaint| complaint.line).collect::<Vec<_>>(), lines, "{text}");
        }
        let elsewhere = Tree { files: vec![File::new("crates/a/src/stages/host.rs", "vec![\n    Box::new(A),\n]\n")] };
        assert_eq!(check(&elsewhere), []);
    }
}
