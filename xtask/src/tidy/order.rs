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
        let is_entry = code.contains("Box::new(") || (is_in_list && code.trim_start().starts_with('&'));
        let reason = text.get(code.trim_end().len()..).unwrap_or_default().trim_start();
        if is_entry && reason.trim_start_matches('/').trim().is_empty() {
            complaints.push(Complaint::new(&file.path, at + 1, "an entry of an ordered list says why it stands here"));
        }
        is_in_list = (is_in_list && !code.trim_start().starts_with(']')) || opens_list(code);
    }
    complaints
}

/// Whether a `static …: &[…] = &[` goes on behind this line.
fn opens_list(code: &str) -> bool {
    code.contains("static ") && code.trim_end().ends_with("&[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_has_its_reason() {
        for (text, lines) in [
            ("vec![\n    Box::new(Framing), // first, for smuggling\n]\n", vec![]),
            ("vec![\n    Box::new(Framing),\n]\n", vec![2]),
            ("vec![\n    Box::new(Framing), //\n]\n", vec![2]), // a comment that says nothing
            ("static ALL: &[&Stage] = &[\n    &A, // why\n    &B,\n];\nlet x = f(\n    &C,\n);\n", vec![3]),
            ("Box::new(A(\"//\")),\n", vec![1]), // slashes in a string are no reason
            ("#[cfg(test)]\nmod tests {\n    Box::new(A);\n}\n", vec![]),
        ] {
            let tree = Tree { files: vec![File::new("crates/a/src/stages/order.rs", text)] };
            assert_eq!(check(&tree).iter().map(|complaint| complaint.line).collect::<Vec<_>>(), lines, "{text}");
        }
        let elsewhere = Tree { files: vec![File::new("crates/a/src/stages/host.rs", "Box::new(A)\n")] };
        assert_eq!(check(&elsewhere), []);
    }
}
