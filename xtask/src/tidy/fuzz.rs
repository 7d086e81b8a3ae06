//! Each parser of foreign bytes has a fuzz target, and each target a corpus to replay.

use std::path::Path;

use super::Complaint;
use super::tree::{File, Tree};

/// Where targets and their inputs lie.
const TARGETS: &str = "fuzz/fuzz_targets";
const CORPUS: &str = "fuzz/corpus";

/// Complains about targets without a corpus and `fuzzing` functions without a target.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let targets: Vec<_> = tree.files.iter().filter(|file| file.path.starts_with(TARGETS) && file.is_rust()).collect();
    let mut complaints = Vec::new();
    for target in &targets {
        let Some(name) = target.path.file_stem() else { continue };
        let corpus = Path::new(CORPUS).join(name);
        if !tree.files.iter().any(|file| file.path.starts_with(&corpus)) {
            complaints.push(Complaint::new(&target.path, 1, format!("has no corpus in {}", corpus.display())));
        }
    }
    for file in tree.files.iter().filter(|file| is_fuzzing(file)) {
        let Some(owner) = owner(&file.path) else { continue };
        for (line, function) in public_functions(&file.code) {
            let path = format!("fuzzing::{function}");
            if !targets.iter().any(|target| target.code.contains(&owner) && has_path(&target.code, &path)) {
                complaints.push(Complaint::new(&file.path, line, format!("no target calls {owner}::{path}")));
            }
        }
    }
    complaints
}

fn is_fuzzing(file: &File) -> bool {
    file.is_rust() && (file.path.ends_with("src/fuzzing.rs") || file.path.ends_with("src/fuzzing/mod.rs"))
}

/// The crate a source file belongs to, as Rust spells it.
fn owner(path: &Path) -> Option<String> {
    let mut parts = path.iter().skip_while(|part| *part != "crates").skip(1);
    Some(parts.next()?.to_str()?.replace('-', "_"))
}

fn public_functions(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let name = |line: &'_ str| line.strip_prefix("pub fn ").map(|rest| rest.len());
    code.lines().enumerate().filter_map(move |(at, line)| {
        let rest = line.get(line.len() - name(line)?..)?;
        let end = rest.find(|character: char| !is_word(character)).unwrap_or(rest.len());
        Some((at + 1, rest.get(..end)?))
    })
}

/// Whether the path is there as a whole, not as the start of a longer name.
fn has_path(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(at, _)| !code.get(at + path.len()..).unwrap_or_default().starts_with(is_word))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsers_targets_and_corpora_go_together() {
        let parser = ("crates/bartizan-headers/src/fuzzing.rs", "//! Bodies.\n/// CSP.\npub fn csp(data: &[u8]) {}\n");
        let target = ("fuzz/fuzz_targets/csp.rs", "//! CSP.\nfuzz_target!(|d| bartizan_headers::fuzzing::csp(d));\n");
        let longer =
            ("fuzz/fuzz_targets/csp.rs", "//! CSP.\nfuzz_target!(|d| bartizan_headers::fuzzing::csp_hash(d));\n");
        let corpus = ("fuzz/corpus/csp/empty", "");
        for (files, complaints) in [
            (vec![parser, target, corpus], vec![]),
            (vec![parser, target], vec!["has no corpus in fuzz/corpus/csp"]),
            (vec![parser], vec!["no target calls bartizan_headers::fuzzing::csp"]),
            (vec![parser, longer, corpus], vec!["no target calls bartizan_headers::fuzzing::csp"]),
            (vec![], vec![]),
        ] {
            let tree = Tree { files: files.iter().map(|(path, text)| File::new(*path, *text)).collect() };
            let found: Vec<_> = check(&tree).into_iter().map(|complaint| complaint.message).collect();
            assert_eq!(found, complaints, "{files:?}");
        }
    }
}
