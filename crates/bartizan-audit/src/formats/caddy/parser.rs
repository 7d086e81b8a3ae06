//! Pieces become sites and directives, and `import` becomes what it names.
//!
//! Caddyfile concepts, "Structure": a file with one site may leave out its braces; a block without a name that comes
//! first holds the global options; a name in round brackets is a snippet.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bartizan_rules::facts::blocks::{Blocks, Node, NodeId, Word};

use super::super::glob;
use super::super::{Problem, Reading};
use super::lexer::{self, Kind, Token};
use crate::source::Source;
use crate::tree::Tree;

/// Reads files into one tree.
pub(super) struct Parser<'a> {
    tree: &'a Tree,
    folder: PathBuf,
    blocks: Blocks,
    problems: Vec<Problem>,
    snippets: BTreeMap<String, Snippet>,
    depth: usize,
    read: usize,
    /// How much was imported, in pieces or bytes: what imports itself would grow for ever.
    imported: usize,
}

/// Lines that can be imported by a name.
#[derive(Clone)]
struct Snippet {
    tokens: Arc<[Token]>,
    file: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(tree: &'a Tree, folder: PathBuf) -> Self {
        Self {
            tree,
            folder,
            blocks: Blocks::new(),
            problems: Vec::new(),
            snippets: BTreeMap::new(),
            depth: 0,
            read: 0,
            imported: 0,
        }
    }

    pub(super) fn read(mut self, source: &Source) -> Reading<Blocks> {
        let root = self.blocks.root().id();
        let file = self.blocks.add_file(Arc::clone(source.path()), Arc::clone(source.text()));
        let tokens = lexer::tokens(source.text());
        if let Some(addresses) = braceless(&tokens) {
            let (head, body) = tokens.split_at(addresses);
            let words = head.iter().filter_map(word).collect();
            let last = head.last().cloned();
            let end = tokens.last().map_or(0, |token| token.span.end);
            if let Some(node) = last.and_then(|last| node(words, &last, file)) {
                let start = node.span.end;
                let id = self.add(root, Node { children: Some(Vec::new()), body: Some(start..end), ..node });
                self.lines(body, id.unwrap_or(root), file);
            }
        } else {
            self.lines(&tokens, root, file);
        }
        Reading::of(self.blocks, self.problems)
    }

    fn lines(&mut self, tokens: &[Token], parent: NodeId, file: usize) {
        let is_root = self.blocks.at(parent).is_root();
        let mut open = vec![parent];
        let mut words: Vec<Word> = Vec::new();
        let mut rest = tokens.iter().enumerate();
        while let Some((number, token)) = rest.next() {
            let here = open.last().copied().unwrap_or(parent);
            match &token.kind {
                Kind::Word(_) => words.extend(word(token)),
                Kind::End => {
                    // Addresses of a site may stand one below the other, after a comma.
                    let goes_on =
                        is_root && open.len() == 1 && words.last().is_some_and(|word| word.text.ends_with(','));
                    if !goes_on {
                        self.directive(std::mem::take(&mut words), token, here, file);
                    }
                }
                Kind::Open => {
                    let named = std::mem::take(&mut words);
                    let is_top = is_root && open.len() == 1;
                    let snippet = named.first().filter(|_| is_top).and_then(|name| snippet_name(&name.text));
                    if let Some(name) = snippet {
                        let inner = tokens.get(number + 1..).unwrap_or_default();
                        let length = closing(inner);
                        let body: Vec<Token> = inner.iter().take(length).cloned().collect();
                        self.snippets.insert(name, Snippet { tokens: body.into(), file });
                        rest = tokens.iter().enumerate();
                        rest.nth(number + 1 + length);
                        continue;
                    }
                    let name = Word { text: "".into(), span: token.span.start..token.span.start };
                    let named = if named.is_empty() { vec![name] } else { named };
                    let body = Some(token.span.end..token.span.end);
                    let block = node(named, token, file)
                        .map(|node| Node { children: Some(Vec::new()), body, ..node })
                        .filter(|_| open.len() < DEEPEST);
                    open.push(block.and_then(|block| self.add(here, block)).unwrap_or(here));
                }
                Kind::Close => {
                    self.directive(std::mem::take(&mut words), token, here, file);
                    if open.len() > 1 {
                        open.pop();
                        let start = self.blocks.at(here).body_start();
                        self.blocks.end(here, token.span.end, start..token.span.start);
                    } else {
                        self.problem(file, token, "a brace closes that was not opened here");
                    }
                }
            }
        }
        if let Some(last) = tokens.last().filter(|_| open.len() > 1) {
            self.problem(file, last, "a block does not end");
        }
    }

    fn directive(&mut self, words: Vec<Word>, token: &Token, parent: NodeId, file: usize) {
        let Some(node) = node(words, token, file) else { return };
        if &*node.name.text == "import" {
            match node.args.first() {
                Some(name) => self.import(&name.text.clone(), &node.args, parent, file, token),
                None => self.problem(file, token, "an import names nothing"),
            }
            return;
        }
        self.add(parent, node);
    }

    fn import(&mut self, name: &str, args: &[Word], parent: NodeId, file: usize, token: &Token) {
        if self.depth >= DEEPEST || self.read >= MOST_FILES || self.imported >= MOST_IMPORTED {
            return self.problem(file, token, "imports are too many, or nested too deep");
        }
        self.depth += 1;
        self.read += 1;
        if let Some(snippet) = self.snippets.get(name).cloned() {
            let given: Vec<_> = args.iter().skip(1).map(|word| &*word.text).collect();
            self.imported += snippet.tokens.len();
            let tokens: Vec<Token> = snippet.tokens.iter().map(|token| filled(token, &given)).collect();
            self.lines(&tokens, parent, snippet.file);
        } else {
            let paths = glob::files(self.tree, &self.folder, name);
            if paths.is_empty() && !glob::is_pattern(name) {
                self.problem(file, token, format!("{name} is imported and is not there"));
            }
            for path in paths {
                self.read += 1;
                match self.tree.read(&path) {
                    Ok(source) => {
                        self.imported += source.text().len();
                        let inner = self.blocks.add_file(Arc::clone(source.path()), Arc::clone(source.text()));
                        self.lines(&lexer::tokens(source.text()), parent, inner);
                    }
                    Err(error) => self.problem(file, token, error.to_string()),
                }
            }
        }
        self.depth -= 1;
    }

    fn add(&mut self, parent: NodeId, node: Node) -> Option<NodeId> {
        (self.blocks.len() < MOST).then(|| self.blocks.add(parent, node))
    }

    fn problem(&mut self, file: usize, token: &Token, message: impl Into<String>) {
        let Some(file) = self.blocks.files().get(file).filter(|_| self.problems.len() < MOST_PROBLEMS) else { return };
        let problem = Problem::new(token.span.clone(), token.line, message);
        self.problems.push(problem.at(file));
    }
}

/// Puts what an import gives into `{args[0]}` of a snippet.
fn filled(token: &Token, given: &[&str]) -> Token {
    let Kind::Word(word) = &token.kind else { return token.clone() };
    if !word.contains("{args") || word.len() > LONGEST {
        return token.clone();
    }
    let mut word = word.clone();
    for (number, value) in given.iter().take(MOST_ARGS).enumerate().filter(|(_, value)| value.len() < LONGEST) {
        word = word.replace(&format!("{{args[{number}]}}"), value).replace(&format!("{{args.{number}}}"), value);
    }
    Token { kind: Kind::Word(word), ..token.clone() }
}

/// Returns how many pieces the addresses of a file without braces take; nothing, if it has braces for its sites.
fn braceless(tokens: &[Token]) -> Option<usize> {
    let mut count = 0_usize;
    let mut has_word = false;
    for token in tokens {
        match &token.kind {
            Kind::Open | Kind::Close => return None,
            Kind::End if has_word => {
                let is_open = matches!(tokens.get(count.checked_sub(1)?).map(|it| &it.kind), Some(Kind::Word(word)) if word.ends_with(','));
                if !is_open {
                    break;
                }
            }
            Kind::End => {}
            Kind::Word(word) => {
                if !has_word && (word.starts_with('(') || word == "import") {
                    return None;
                }
                has_word = true;
            }
        }
        count += 1;
    }
    has_word.then_some(count)
}

/// Returns how many pieces there are before the brace that closes.
fn closing(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (number, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => return number,
            Kind::Close => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

fn snippet_name(word: &str) -> Option<String> {
    Some(word.strip_prefix('(')?.strip_suffix(')')?.to_owned())
}

fn word(token: &Token) -> Option<Word> {
    match &token.kind {
        Kind::Word(text) => Some(Word { text: text.as_str().into(), span: token.span.clone() }),
        _ => None,
    }
}

fn node(words: Vec<Word>, end: &Token, file: usize) -> Option<Node> {
    let mut words = words.into_iter();
    let name = words.next()?;
    let span = name.span.start..end.span.end.max(name.span.end);
    Some(Node { parent: None, name, args: words.collect(), children: None, file, span, body: None, line: end.line })
}

/// Blocks within blocks, and imports within imports.
const DEEPEST: usize = 30;

/// More directives than any Caddyfile has; beyond it, nothing more is read.
const MOST: usize = 100_000;

/// More than anybody reads.
const MOST_PROBLEMS: usize = 1_000;

/// More imports than any Caddyfile has.
const MOST_FILES: usize = 2_000;

/// More than all imports of any Caddyfile hold.
const MOST_IMPORTED: usize = 8 << 20;

/// More than a snippet is given, and longer than any of it.
const MOST_ARGS: usize = 20;
const LONGEST: usize = 4_096;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn shown(files: &[(&str, &str)]) -> (String, usize) {
        let tree = Tree::in_memory(files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())));
        let reading = super::super::read(&tree, Path::new("Caddyfile")).unwrap();
        let lines = reading.value.all().map(|node| {
            let depth = node.parents().count() - 1;
            let words: Vec<_> = std::iter::once(node.name()).chain(node.args()).collect();
            format!("{}{}:{}", ">".repeat(depth), words.join(" "), node.line())
        });
        (lines.collect::<Vec<_>>().join("\n"), reading.problems.len())
    }

    #[test]
    fn sites_snippets_and_files_are_one_tree() {
        for (files, expected, problems) in [
            (vec![("Caddyfile", "a.example\nreverse_proxy :9000\n")], "a.example:1\n>reverse_proxy :9000:2", 0),
            (
                vec![("Caddyfile", "{\n\tadmin off\n}\na.example {\n\tgzip\n}\n")],
                ":1\n>admin off:2\na.example:4\n>gzip:5",
                0,
            ),
            (vec![("Caddyfile", "a.example,\nb.example {\n x\n}\n")], "a.example, b.example:2\n>x:3", 0),
            (vec![("Caddyfile", "(s) {\n h {args[0]}\n}\na {\n import s one\n}\n")], "a:4\n>h one:2", 0),
            (vec![("Caddyfile", "a {\n import x\n}\n"), ("x", "h 1\n")], "a:1\n>h 1:1", 0),
            (vec![("Caddyfile", "a {\n import ../x\n import y\n}\n")], "a:1", 2),
            (vec![("Caddyfile", "(s) {\n import s\n}\na {\n import s\n}\n")], "a:4", 1),
            (vec![("Caddyfile", "a {\n b\n")], "a:1\n>b:2", 1),
            (vec![("Caddyfile", "}\n")], "", 1),
        ] {
            assert_eq!(shown(&files), (expected.to_owned(), problems), "{files:?}");
        }
    }
}
