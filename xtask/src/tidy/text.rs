//! What shows as noise in a review: blanks at line ends, missing docs, work left undone.

use super::Complaint;
use super::tree::{File, Tree};

/// Files in which a blank at the end of a line is never on purpose.
static PROSE: &[&str] = &["css", "html", "js", "md", "mjs", "py", "rs", "sh", "sql", "toml", "yml"];

/// Code that promises work instead of doing it.
static UNDONE: &[(&str, &str)] = &[
    ("#[ignore", "a test that does not run proves nothing"),
    ("todo!", "no work is left undone"),
    ("unimplemented!", "no work is left undone"),
];

/// Complains about each such line.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    tree.files.iter().flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if !file.is_data() {
        complaints.extend(check_blanks(file));
    }
    if file.is_rust() {
        if !file.text.starts_with("//!") {
            complaints.push(Complaint::new(&file.path, 1, "a file opens with `//!`: the question it answers"));
        }
        for (at, line) in file.code.lines().enumerate() {
            let found = UNDONE.iter().find(|(code, _)| line.contains(code));
            complaints.extend(found.map(|(code, why)| Complaint::new(&file.path, at + 1, format!("`{code}`: {why}"))));
        }
    }
    complaints
}

fn check_blanks(file: &File) -> Vec<Complaint> {
    let is_prose = file.path.extension().and_then(|extension| extension.to_str()).is_some_and(|e| PROSE.contains(&e));
    if !is_prose && !file.path.starts_with(".ci") {
        return Vec::new();
    }
    let blank = |(at, line): (usize, &str)| {
        let is_blank = line.ends_with([' ', '\t', '\r']);
        is_blank.then(|| Complaint::new(&file.path, at + 1, "blank at the end of the line"))
    };
    // By `\n` and not by `lines()`, which would hide a carriage return.
    let mut complaints: Vec<_> = file.text.split('\n').enumerate().filter_map(blank).collect();
    let lines = file.text.lines().count();
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        complaints.push(Complaint::new(&file.path, lines, "no line end at the end of the file"));
    }
    if file.text.ends_with("\n\n") {
        complaints.push(Complaint::new(&file.path, lines, "empty line at the end of the file"));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_is_found_on_its_line() {
        for (path, text, lines) in [
            ("a/src/lib.rs", "//! Words.\n", vec![]),
            ("a/src/lib.rs", "use std::fmt;\n", vec![1]), // no docs
            ("a/src/lib.rs", "//! Words. \n\nfn f() {}\t\n", vec![1, 3]),
            ("a/src/lib.rs", "//! Words.\r\n", vec![1]),
            ("a/src/lib.rs", "//! Words.", vec![1]),
            ("a/src/lib.rs", "//! Words.\n\n", vec![2]),
            ("a/src/lib.rs", "//! Words.\nfn f() { todo!() }\n", vec![2]),
            ("a/src/lib.rs", "//! Words.\nfn f() { g(\"todo!()\") }\n", vec![]), // a string
            ("a/src/lib.rs", "//! Words.\n#[ignore = \"slow\"]\n", vec![2]),
            ("README.md", "words \n", vec![1]),
            (".ci/run", "#!/bin/sh \n", vec![1]),
            ("fuzz/corpus/csp/a.md", "any \n", vec![]), // a test's bytes
            ("LICENSE", "words \n", vec![]),
        ] {
            let tree = Tree { files: vec![File::new(path, text)] };
            let found: Vec<_> = check(&tree).iter().map(|complaint| complaint.line).collect();
            assert_eq!(found, lines, "{path}: {text:?}");
        }
    }
}
