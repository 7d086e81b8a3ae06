//! Pieces become directives, and `include` becomes what it names.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_rules::facts::blocks::{Blocks, Node, NodeId, Word};

use super::super::glob;
use super::super::{Problem, Reading};
use super::dump::{self, Section};
use super::lexer::{self, Kind, Token};
use crate::source::Source;
use crate::tree::{ReadError, Tree};

/// Where a piece stands.
struct At {
    span: Range<usize>,
    line: usize,
}

/// Reads files into one tree.
pub(super) struct Parser<'a> {
    tree: &'a Tree,
    /// Where the first file lies: other names are read from there.
    folder: PathBuf,
    blocks: Blocks,
    problems: Vec<Problem>,
    /// The files that are being read, so that no file includes itself.
    open: BTreeSet<String>,
    read: usize,
    dump: Option<Arc<Vec<Section>>>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(tree: &'a Tree, folder: PathBuf) -> Self {
        let blocks = Blocks::new();
        Self { tree, folder, blocks, problems: Vec::new(), open: BTreeSet::new(), read: 0, dump: None }
    }

    pub(super) fn done(self) -> Reading<Blocks> {
        Reading::of(self.blocks, self.problems)
    }

    /// Reads the first file.
    pub(super) fn main(&mut self, source: &Source, path: &Path) {
        let root = self.blocks.root().id();
        let file = self.blocks.add_file(Arc::clone(source.path()), Arc::clone(source.text()));
        let Some(tokens) = self.tokens(source) else { return };
        let Some(sections) = dump::sections(source.text(), &tokens) else {
            return self.within(&name_of(path), |parser| parser.file(tokens, root, file));
        };
        let sections = Arc::new(sections);
        self.dump = Some(Arc::clone(&sections));
        if let Some(first) = sections.first() {
            self.folder = Path::new(&first.path).parent().map(PathBuf::from).unwrap_or_default();
            self.within(&first.path, |parser| parser.file(first.tokens.clone(), root, file));
        }
    }

    fn tokens(&mut self, source: &Source) -> Option<Vec<Token>> {
        match lexer::tokens(source.text()) {
            Ok(tokens) => Some(tokens),
            Err(problem) => {
                self.problems.push(problem.within(source));
                None
            }
        }
    }

    fn within(&mut self, name: &str, read: impl FnOnce(&mut Self)) {
        if self.open.insert(name.to_owned()) {
            read(self);
            self.open.remove(name);
        }
    }

    fn file(&mut self, tokens: Vec<Token>, parent: NodeId, file: usize) {
        let mut open = vec![parent];
        // Filled and emptied for each directive.
        let mut words: Vec<Word> = Vec::new();
        let mut line = 1;
        self.blocks.reserve(tokens.len() / USUAL);
        let mut last = None;
        for token in tokens {
            let here = open.last().copied().unwrap_or(parent);
            let at = At { span: token.span, line: token.line };
            match token.kind {
                Kind::Comment => {}
                Kind::Word(text) => {
                    if words.is_empty() {
                        line = at.line;
                    }
                    words.push(Word { text, span: at.span.clone() });
                }
                Kind::End => self.end(&mut words, here, file, &at, line),
                Kind::Foreign => {
                    let node = node(&mut words, &at, file, line);
                    if let Some(node) = node {
                        self.add(here, Node { children: Some(Vec::new()), body: Some(at.span.clone()), ..node });
                    }
                }
                Kind::Open => match node(&mut words, &at, file, line) {
                    Some(node) => {
                        let body = Some(at.span.end..at.span.end);
                        let block = Node { children: Some(Vec::new()), body, ..node };
                        open.push(self.add(here, block).unwrap_or(here));
                    }
                    None => {
                        self.problem(file, &at, "a block has no name");
                        open.push(here);
                    }
                },
                Kind::Close => {
                    if !words.is_empty() {
                        self.problem(file, &at, "a directive before this brace does not end with a semicolon");
                        self.end(&mut words, here, file, &at, line);
                    }
                    // The braces balance, so the file's own parent stays.
                    if open.len() > 1 {
                        open.pop();
                        let start = self.blocks.at(here).body_start();
                        self.blocks.end(here, at.span.end, start..at.span.start);
                    }
                }
            }
            last = Some(at);
        }
        if let Some(last) = last.filter(|_| !words.is_empty()) {
            self.problem(file, &last, "the last directive does not end with a semicolon");
            self.end(&mut words, parent, file, &last, line);
        }
    }

    fn end(&mut self, words: &mut Vec<Word>, parent: NodeId, file: usize, token: &At, line: usize) {
        let Some(node) = node(words, token, file, line) else { return };
        if &*node.name.text == "include" && !self.blocks.at(parent).is("geoip2") {
            match node.args.first() {
                Some(pattern) => self.include(&pattern.text.clone(), parent, file, token),
                None => self.problem(file, token, "an include names no file"),
            }
            return;
        }
        self.add(parent, node);
    }

    fn add(&mut self, parent: NodeId, mut node: Node) -> Option<NodeId> {
        if self.blocks.len() >= MOST {
            return None;
        }
        if &*node.name.text == "if" {
            strip_condition(&mut node.args);
        }
        Some(self.blocks.add(parent, node))
    }

    fn include(&mut self, pattern: &str, parent: NodeId, file: usize, token: &At) {
        let is_deep = self.open.len() >= DEEPEST || self.blocks.at(parent).parents().count() >= DEEPEST_BLOCKS;
        if is_deep || self.read >= MOST_FILES {
            return self.problem(file, token, "includes are too many, or nested too deep");
        }
        if let Some(sections) = self.dump.clone() {
            let wanted = name_of(&self.folder.join(pattern));
            for section in sections.iter().filter(|section| glob::is_match(&wanted, &section.path)) {
                self.read += 1;
                self.within(&section.path, |parser| parser.file(section.tokens.clone(), parent, file));
            }
            return;
        }
        let paths = glob::files(self.tree, &self.folder, pattern);
        if paths.is_empty() && !glob::is_pattern(pattern) {
            return self.problem(file, token, format!("{pattern} is included and is not there"));
        }
        for path in paths {
            self.read += 1;
            self.within(&name_of(&path), |parser| match parser.tree.read(&path) {
                Ok(source) => {
                    let file = parser.blocks.add_file(Arc::clone(source.path()), Arc::clone(source.text()));
                    if let Some(tokens) = parser.tokens(&source) {
                        parser.file(tokens, parent, file);
                    }
                }
                Err(error) => parser.unread(file, token, &error),
            });
        }
    }

    fn unread(&mut self, file: usize, token: &At, error: &ReadError) {
        self.problem(file, token, error.to_string());
    }

    fn problem(&mut self, file: usize, token: &At, message: impl Into<String>) {
        let Some(file) = self.blocks.files().get(file) else { return };
        let problem = Problem::new(token.span.clone(), token.line, message);
        self.problems.push(problem.at(file));
    }
}

/// The condition of `if` stands in brackets, which are no part of it.
fn strip_condition(args: &mut Vec<Word>) {
    let is_open = args.first().is_some_and(|word| word.text.starts_with('('));
    let is_closed = args.last().is_some_and(|word| word.text.ends_with(')'));
    if !is_open || !is_closed {
        return;
    }
    if let Some(first) = args.first_mut() {
        first.text = first.text.get(1..).unwrap_or_default().trim_start().into();
    }
    if let Some(last) = args.last_mut() {
        last.text = last.text.strip_suffix(')').unwrap_or(&last.text).trim_end().into();
    }
    if args.first().is_some_and(|word| word.text.is_empty()) {
        args.remove(0);
    }
    if args.last().is_some_and(|word| word.text.is_empty()) {
        args.pop();
    }
}

fn node(words: &mut Vec<Word>, end: &At, file: usize, line: usize) -> Option<Node> {
    let mut words = words.drain(..);
    let name = words.next()?;
    let span = name.span.start..end.span.end;
    Some(Node { parent: None, name, args: words.collect(), children: None, file, span, body: None, line })
}

fn name_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// More directives than any configuration has; beyond it, nothing more is read.
const MOST: usize = 200_000;

/// Pieces for each directive: its words, and its end.
const USUAL: usize = 4;

/// More files than any configuration includes.
const MOST_FILES: usize = 5_000;

/// Includes within includes.
const DEEPEST: usize = 30;

/// Blocks around an include: what it brings may be nested as deep as a file may be, and readers of the tree recurse.
const DEEPEST_BLOCKS: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[(&str, &str)]) -> (Vec<String>, usize) {
        let tree = Tree::in_memory(files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())));
        let reading = super::super::read(&tree, Path::new("nginx.conf")).unwrap();
        let names = reading.value.all().map(|node| format!("{}:{}", node.name(), node.line())).collect();
        (names, reading.problems.len())
    }

    #[test]
    fn included_files_stand_where_they_are_included() {
        for (files, expected, problems) in [
            (
                vec![("nginx.conf", "a;\ninclude d/*.conf;\nb;"), ("d/1.conf", "one;"), ("d/2.conf", "\ntwo;")],
                vec!["a:1", "one:1", "two:2", "b:3"],
                0,
            ),
            (vec![("nginx.conf", "include nginx.conf; a;")], vec!["a:1"], 0), // itself
            (vec![("nginx.conf", "include b; a;"), ("b", "include nginx.conf; c;")], vec!["c:1", "a:1"], 0),
            (vec![("nginx.conf", "include ../../etc/passwd; a;")], vec!["a:1"], 1),
            (vec![("nginx.conf", "include absent.conf; a;")], vec!["a:1"], 1),
            (vec![("nginx.conf", "a { b }")], vec!["a:1", "b:1"], 1),
            (vec![("nginx.conf", "a { b;")], vec![], 1),
        ] {
            assert_eq!(names(&files), (expected.into_iter().map(str::to_owned).collect(), problems), "{files:?}");
        }
    }

    #[test]
    fn what_nginx_prints_of_itself_is_read() {
        let dump = "# configuration file /etc/nginx/nginx.conf:\na;\ninclude conf.d/*;\n\
                    # configuration file /etc/nginx/conf.d/x:\nb;\n";
        assert_eq!(names(&[("nginx.conf", dump)]).0, ["a:2", "b:5"]);
    }
}
