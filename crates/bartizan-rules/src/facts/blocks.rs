//! A file of directives and blocks, with all that it includes, as one tree with places.
//!
//! nginx and Apache both have it. What a directive means is not known here.

use std::ops::Range;
use std::sync::Arc;

use super::lines::Lines;
use super::names::Names;
use super::patterns::Patterns;
use super::provenance::{Place, Provenance};
use super::regex::{Case, Regex, Unreadable};
use super::wide::{WIDE, Wide};
use crate::finding::{Edit, Safety};

/// A tree of directives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocks {
    files: Vec<File>,
    nodes: Vec<Node>,
    names: Names,
    wide: Wide,
    patterns: Patterns,
}

/// A file that the tree was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, as the operator would write it.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    lines: Lines,
}

impl File {
    /// Returns the place of some bytes of it.
    pub fn place(&self, span: Range<usize>) -> Place {
        self.lines.place(&self.path, &self.text, span)
    }
}

/// A directive, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// A directive, with or without a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The block around it; the root has none.
    pub parent: Option<NodeId>,
    /// Its name.
    pub name: Word,
    /// What stands after the name.
    pub args: Vec<Word>,
    /// What stands in its block, if it has one.
    pub children: Option<Vec<NodeId>>,
    /// The file, by its number.
    pub file: usize,
    /// From the name to the end: with the block, and with the sign that ends it.
    pub span: Range<usize>,
    /// Between the braces, or the lines, of its block.
    pub body: Option<Range<usize>>,
    /// The line of the name, from 1.
    pub line: usize,
}

/// A word of a directive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// What it says, without quotes.
    pub text: Box<str>,
    /// Where it stands, with its quotes.
    pub span: Range<usize>,
}

impl NodeId {
    pub(crate) const fn number(self) -> usize {
        self.0
    }

    pub(super) const fn of(number: usize) -> Self {
        Self(number)
    }
}

#[cfg(test)]
impl Node {
    pub(super) fn named(name: &str) -> Self {
        Self {
            parent: None,
            name: Word { text: name.into(), span: 0..0 },
            args: Vec::new(),
            children: None,
            file: 0,
            span: 0..0,
            body: None,
            line: 1,
        }
    }
}

impl Blocks {
    /// Returns a tree with nothing in it.
    pub fn new() -> Self {
        let root = Node {
            parent: None,
            name: Word::default(),
            args: Vec::new(),
            children: Some(Vec::new()),
            file: 0,
            span: 0..0,
            body: None,
            line: 1,
        };
        Self {
            files: Vec::new(),
            nodes: vec![root],
            names: Names::default(),
            wide: Wide::default(),
            patterns: Patterns::default(),
        }
    }

    /// Adds a file; returns its number.
    pub fn add_file(&mut self, path: Arc<str>, text: Arc<str>) -> usize {
        self.files.push(File { path, text, lines: Lines::default() });
        self.files.len() - 1
    }

    /// Makes room for so many directives more.
    pub fn reserve(&mut self, count: usize) {
        self.nodes.reserve(count);
        self.names.reserve(count, &self.nodes);
    }

    /// Adds a directive as the last of its parent's block.
    pub fn add(&mut self, parent: NodeId, mut node: Node) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.wide.forget();
        node.parent = Some(parent);
        self.nodes.push(node);
        self.names.add(&self.nodes);
        if let Some(parent) = self.nodes.get_mut(parent.0) {
            parent.children.get_or_insert_default().push(id);
        }
        id
    }

    /// Says where a directive ends, once that is known.
    pub fn end(&mut self, id: NodeId, end: usize, body: Range<usize>) {
        if let Some(node) = self.nodes.get_mut(id.0) {
            node.span.end = end;
            node.body = Some(body);
        }
    }

    /// Returns the root, which holds what stands in no block.
    pub const fn root(&self) -> At<'_> {
        At { tree: self, id: NodeId(0) }
    }

    /// Returns a directive by its number.
    pub fn at(&self, id: NodeId) -> At<'_> {
        debug_assert!(id.0 < self.nodes.len(), "numbers come from this tree");
        At { tree: self, id }
    }

    /// Returns how many directives there are.
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no directive.
    pub const fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// Returns the files that it was read from.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Returns all directives in the order in which they are read.
    pub fn all(&self) -> impl Iterator<Item = At<'_>> {
        (1..self.nodes.len()).map(|number| At { tree: self, id: NodeId(number) })
    }

    /// Returns the directives of a name, in the order in which they are read.
    pub fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = At<'a>> + use<'a> {
        let first = self.names.first(name, &self.nodes);
        let all = std::iter::successors(first, |number| self.names.next(*number));
        all.map(|number| At { tree: self, id: NodeId(number) })
    }

    /// Returns the directives of several names, in the order in which they are read.
    pub fn named_any(&self, names: &[&str]) -> Vec<At<'_>> {
        // As many as there usually are.
        let mut found = Vec::with_capacity(16);
        for name in names {
            found.extend(self.named(name));
        }
        found.sort_unstable_by_key(|node| node.id);
        found
    }

    /// Whether there is a directive of a name.
    pub fn has(&self, name: &str) -> bool {
        self.names.first(name, &self.nodes).is_some()
    }
}

impl Default for Blocks {
    fn default() -> Self {
        Self::new()
    }
}

/// A directive in its tree.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    tree: &'a Blocks,
    id: NodeId,
}

impl PartialEq for At<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.tree, other.tree)
    }
}

impl Eq for At<'_> {}

impl<'a> At<'a> {
    /// Returns its number.
    pub const fn id(self) -> NodeId {
        self.id
    }

    /// Returns the tree.
    pub const fn tree(self) -> &'a Blocks {
        self.tree
    }

    #[allow(clippy::indexing_slicing, reason = "numbers are given out by the same tree, which only grows")]
    fn node(self) -> &'a Node {
        &self.tree.nodes[self.id.0]
    }

    /// Returns the name.
    pub fn name(self) -> &'a str {
        &self.node().name.text
    }

    /// Whether it has this name; Apache's tree has its names in lower case.
    pub fn is(self, name: &str) -> bool {
        self.name() == name
    }

    /// Whether it is the root.
    pub fn is_root(self) -> bool {
        self.node().parent.is_none()
    }

    /// Returns the words after the name.
    pub fn words(self) -> &'a [Word] {
        &self.node().args
    }

    /// Returns the text of each word after the name.
    pub fn args(self) -> impl DoubleEndedIterator<Item = &'a str> + Clone {
        self.node().args.iter().map(|word| &*word.text)
    }

    /// Returns the text of one word after the name.
    pub fn arg(self, number: usize) -> Option<&'a str> {
        self.node().args.get(number).map(|word| &*word.text)
    }

    /// Whether the first word is this, in whatever case.
    pub fn says(self, word: &str) -> bool {
        self.arg(0).is_some_and(|arg| arg.eq_ignore_ascii_case(word))
    }

    /// Whether it has a block.
    pub fn is_block(self) -> bool {
        self.node().children.is_some()
    }

    /// Returns the block around it.
    pub fn parent(self) -> Option<Self> {
        self.node().parent.map(|id| Self { tree: self.tree, id })
    }

    /// Returns the blocks around it, the nearest first and the root last.
    pub fn parents(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// Returns itself and the blocks around it.
    pub fn scopes(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |node| node.parent())
    }

    /// Returns the nearest block around it of this name.
    pub fn within(self, name: &str) -> Option<Self> {
        self.parents().find(|node| node.is(name))
    }

    /// Returns what stands in its block.
    pub fn children(self) -> impl DoubleEndedIterator<Item = Self> + Clone {
        let tree = self.tree;
        self.node().children.as_deref().unwrap_or_default().iter().map(move |id| Self { tree, id: *id })
    }

    /// Whether so much stands in its block that it had better be asked for by name.
    pub(super) fn is_wide(self) -> bool {
        self.node().children.as_ref().is_some_and(|children| children.len() >= WIDE)
    }

    /// Returns the directives of a name that stand in its block.
    pub fn each(self, name: &'a str) -> impl DoubleEndedIterator<Item = Self> + Clone {
        let (tree, children) = (self.tree, self.node().children.as_deref().unwrap_or_default());
        let several = if children.len() < WIDE { children } else { tree.wide.named(&tree.nodes, self.id, name) };
        several.iter().map(move |id| Self { tree, id: *id }).filter(move |child| child.is(name))
    }

    /// Returns the last directive of a name in its block: the last one counts.
    pub fn last(self, name: &'a str) -> Option<Self> {
        self.each(name).next_back()
    }

    /// Returns all that stands in its block and in the blocks of it.
    pub fn descendants(self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut open: Vec<_> = self.children().rev().collect();
        while let Some(node) = open.pop() {
            all.push(node);
            open.extend(node.children().rev());
        }
        all
    }

    /// Returns the directive that is in force here: of this block, or of the nearest around it that has one.
    pub fn effective(self, name: &'a str) -> Option<Self> {
        if !self.tree.has(name) {
            return None;
        }
        self.scopes().find_map(|scope| scope.last(name))
    }

    /// Returns where its block begins; where it has none, its own end.
    pub fn body_start(self) -> usize {
        self.node().body.as_ref().map_or(self.node().span.end, |body| body.start)
    }

    /// Reads a pattern that it names, unless another asked for the same before.
    ///
    /// # Errors
    ///
    /// As [`Regex::read`].
    pub fn regex(self, pattern: &str, case: Case) -> Result<Regex, Unreadable> {
        self.tree.patterns.read(pattern, case)
    }

    /// Returns the line of its name.
    pub fn line(self) -> usize {
        self.node().line
    }

    fn file(self) -> Option<&'a File> {
        self.tree.files.get(self.node().file)
    }

    /// Returns the text of its file.
    pub fn text(self) -> &'a str {
        self.file().map_or("", |file| &file.text)
    }

    /// Returns the number of its file.
    pub fn file_number(self) -> usize {
        self.node().file
    }

    /// Returns the place of some bytes of its file.
    pub fn place(self, span: Range<usize>) -> Place {
        let node = self.node();
        match self.file() {
            Some(file) if file.text.len() > LONG => file.place(span),
            // The line of the name is known, so that the file need not be counted from its start.
            Some(file) if span.start >= node.name.span.start && !node.name.span.is_empty() => {
                let known = (node.name.span.start, node.line);
                Place::behind(&file.path, &file.text, span, known)
            }
            Some(file) => Place::of(&file.path, &file.text, span),
            None => Place { path: Arc::from(""), line: 1, column: 1, span: 0..0 },
        }
    }

    /// Returns where it stands: its name and words, not its block.
    pub fn here(self) -> Provenance {
        let node = self.node();
        let end = node.args.last().map_or(node.name.span.end, |word| word.span.end);
        Provenance::File(self.place(node.name.span.start..end.max(node.name.span.end)))
    }

    /// Returns where one word stands.
    pub fn word_place(self, number: usize) -> Option<Place> {
        Some(self.place(self.node().args.get(number)?.span.clone()))
    }

    /// Returns the change that gives it other words.
    pub fn with_words(self, words: &str, safety: Safety) -> Option<Edit> {
        let (first, last) = (self.node().args.first()?, self.node().args.last()?);
        Some(Edit { at: self.place(first.span.start..last.span.end), replacement: words.to_owned(), safety })
    }

    /// Returns the change that puts another word in the place of one.
    pub fn with_word(self, number: usize, word: &str, safety: Safety) -> Option<Edit> {
        Some(Edit { at: self.word_place(number)?, replacement: word.to_owned(), safety })
    }

    /// Returns the change that adds words at its end.
    pub fn with_more(self, words: &str, safety: Safety) -> Edit {
        let node = self.node();
        let end = node.args.last().map_or(node.name.span.end, |word| word.span.end);
        Edit { at: self.place(end..end), replacement: [" ", words].concat(), safety }
    }

    /// Returns the change that takes it away, with its line if nothing else stands there.
    pub fn without(self, safety: Safety) -> Edit {
        let text = self.text();
        let span = self.node().span.clone();
        let line_start = line_start(text, span.start);
        let rest = text.get(span.end..).unwrap_or_default();
        let line_end = rest.find('\n').map_or(text.len(), |at| span.end + at + 1);
        let is_blank = |range: Range<usize>| text.get(range).is_some_and(|part| part.trim().is_empty());
        let is_alone = is_blank(line_start..span.start) && is_blank(span.end..line_end);
        let at = if is_alone { line_start..line_end } else { span };
        Edit { at: self.place(at), replacement: String::new(), safety }
    }

    /// Returns the change that puts a directive at the start of its block.
    pub fn with_child(self, directive: &str, safety: Safety) -> Option<Edit> {
        let text = self.text();
        // A file that the block includes may hold its first directive.
        let first = self.children().find(|child| child.node().file == self.node().file);
        if let Some(first) = first {
            let start = first.node().span.start;
            let line = line_start(text, start);
            let lead = text.get(line..start)?;
            let replacement = if lead.trim().is_empty() {
                [directive, line_end(text), lead].concat()
            } else {
                [directive, " "].concat()
            };
            return Some(Edit { at: self.place(start..start), replacement, safety });
        }
        let start = self.node().body.as_ref()?.start;
        let line = text.get(line_start(text, start)..)?;
        let lead = line.bytes().position(|byte| !matches!(byte, b' ' | b'\t')).and_then(|end| line.get(..end));
        let (lead, end) = (lead.unwrap_or(line), line_end(text));
        let replacement = [end, lead, "    ", directive, end, lead].concat();
        Some(Edit { at: self.place(start..start), replacement, safety })
    }

    /// Returns the change that puts a directive behind it, on a line of its own.
    pub fn with_after(self, directive: &str, safety: Safety) -> Edit {
        let text = self.text();
        let (start, end) = (self.node().span.start, self.node().span.end);
        let lead = text.get(line_start(text, start)..start).unwrap_or_default();
        let replacement =
            if lead.trim().is_empty() { [line_end(text), lead, directive].concat() } else { [" ", directive].concat() };
        Edit { at: self.place(end..end), replacement, safety }
    }

    /// Returns the change that puts a directive before it, on a line of its own.
    pub fn with_before(self, directive: &str, safety: Safety) -> Edit {
        let text = self.text();
        let start = self.node().span.start;
        let lead = text.get(line_start(text, start)..start).unwrap_or_default();
        let replacement =
            if lead.trim().is_empty() { [directive, line_end(text), lead].concat() } else { [directive, " "].concat() };
        Edit { at: self.place(start..start), replacement, safety }
    }
}

/// In shorter files a few places are counted sooner than all lines are found.
const LONG: usize = 8 << 10;

fn line_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

/// How lines end in the file.
fn line_end(text: &str) -> &'static str {
    let first = text.bytes().position(|byte| byte == b'\n').and_then(|at| text.get(..at));
    if first.is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
}
