//! Lines become directives and sections; conditions, definitions and includes are followed.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_rules::facts::blocks::{Blocks, Node, NodeId, Word};

use super::super::glob;
use super::super::{Problem, Reading};
use super::line::{self, Kind, Line};
use super::version;
use crate::source::Source;
use crate::tree::Tree;

/// Reads files into one tree.
pub(super) struct Parser<'a> {
    tree: &'a Tree,
    folder: PathBuf,
    blocks: Blocks,
    problems: Vec<Problem>,
    defined: BTreeMap<String, String>,
    open: BTreeSet<PathBuf>,
    read: usize,
    /// How much names have grown to where they were used.
    expanded: Cell<usize>,
}

/// A section that is being read.
struct Section {
    name: String,
    /// Where its lines go; nothing, where they do not count.
    inside: Option<NodeId>,
    /// Its own directive, if it stays in the tree.
    own: Option<(NodeId, usize)>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(tree: &'a Tree, folder: PathBuf) -> Self {
        let (blocks, problems) = (Blocks::new(), Vec::new());
        Self {
            tree,
            folder,
            blocks,
            problems,
            defined: BTreeMap::new(),
            open: BTreeSet::new(),
            read: 0,
            expanded: Cell::new(0),
        }
    }

    pub(super) fn done(self) -> Reading<Blocks> {
        Reading::of(self.blocks, self.problems)
    }

    pub(super) fn main(&mut self, source: &Source, path: &Path) {
        let root = self.blocks.root().id();
        self.open.insert(path.to_owned());
        self.source(source, root);
    }

    fn source(&mut self, source: &Source, parent: NodeId) {
        let file = self.blocks.add_file(Arc::clone(source.path()), Arc::clone(source.text()));
        let mut open: Vec<Section> = Vec::new();
        for line in line::lines(source.text()) {
            let inside = open.last().map_or(Some(parent), |section| section.inside);
            match line.kind {
                Kind::Directive => {
                    if let Some(inside) = inside {
                        self.directive(line, inside, file, source);
                    }
                }
                Kind::Open => {
                    if open.len() >= DEEPEST {
                        return self.problem(source, &line, "sections are nested too deep");
                    }
                    let section = self.section(line, inside, file);
                    open.push(section);
                }
                Kind::Close => self.close(source, &line, &mut open),
            }
        }
        if let Some(section) = open.last() {
            let end = source.text().len();
            let problem = Problem::new(end..end, 1, format!("the section {} does not end", section.name));
            self.problems.push(problem.within(source));
        }
    }

    fn close(&mut self, source: &Source, line: &Line, open: &mut Vec<Section>) {
        let name = line.words.first().map(|word| word.text.to_lowercase()).unwrap_or_default();
        if open.last().is_none_or(|section| section.name != name) {
            return self.problem(source, line, "a section ends that was not opened here");
        }
        if let Some((id, start)) = open.pop().and_then(|section| section.own) {
            self.blocks.end(id, line.span.end, start..line.span.start);
        }
    }

    fn section(&mut self, line: Line, inside: Option<NodeId>, file: usize) -> Section {
        let name = line.words.first().map(|word| word.text.to_lowercase()).unwrap_or_default();
        let holds = self.holds(&name, &line);
        if let Some(holds) = holds {
            return Section { name, inside: inside.filter(|_| holds), own: None };
        }
        let end = line.span.end;
        let Some(parent) = inside else { return Section { name, inside: None, own: None } };
        let node = Node { children: Some(Vec::new()), body: Some(end..end), ..self.node(line, file) };
        let own = self.add(parent, node);
        Section { name, inside: own, own: own.map(|id| (id, end)) }
    }

    /// Whether a condition holds, as far as the files tell; nothing, where a section is none.
    fn holds(&self, name: &str, line: &Line) -> Option<bool> {
        let mut words = line.words.iter().skip(1).map(|word| self.expanded(&word.text));
        let argument = words.next().unwrap_or_default();
        let (is_negated, argument) = match argument.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, &*argument),
        };
        let is_so = match name {
            "ifmodule" | "iffile" | "ifdirective" | "ifsection" => true,
            "ifdefine" => self.defined.contains_key(argument),
            "ifversion" => version::is_so(argument, words.next().as_deref()),
            _ => return None,
        };
        Some(is_so != is_negated)
    }

    fn node(&self, line: Line, file: usize) -> Node {
        let text = self.blocks.files().get(file).map(|file| Arc::clone(&file.text)).unwrap_or_default();
        let mut words = line.words.into_iter();
        let mut name = words.next().unwrap_or_default();
        name.text = name.text.to_lowercase().into();
        Node {
            parent: None,
            name,
            args: words.flat_map(|word| self.replaced(word, &text)).collect(),
            children: None,
            file,
            span: line.span,
            body: None,
            line: line.number,
        }
    }

    /// A word with its names replaced; httpd does that before it splits a line, so that one word may become several.
    fn replaced(&self, word: Word, text: &str) -> Vec<Word> {
        let raw = text.get(word.span.clone()).filter(|raw| raw.contains("${"));
        let Some(raw) = raw else { return vec![word] };
        let expanded = self.expanded(raw);
        if expanded == raw {
            return vec![word];
        }
        line::words(&expanded, 0).into_iter().map(|part| Word { span: word.span.clone(), ..part }).collect()
    }

    /// `${NAME}`, where the name is defined; what is not stays as it is.
    fn expanded(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            match after.split_once('}') {
                Some((name, tail)) => {
                    match self.defined.get(name).filter(|_| self.expanded.get() < MOST_EXPANDED) {
                        Some(value) => {
                            self.expanded.set(self.expanded.get() + value.len());
                            out.push_str(value);
                        }
                        None => out.extend(["${", name, "}"]),
                    }
                    rest = tail;
                }
                // Nothing after it closes any.
                None => break,
            }
        }
        out.push_str(rest);
        out
    }

    fn directive(&mut self, line: Line, parent: NodeId, file: usize, source: &Source) {
        let span = line.span.clone();
        let number = line.number;
        let node = self.node(line, file);
        match &*node.name.text {
            "define" => {
                let name = node.args.first().map(|word| word.text.to_string()).unwrap_or_default();
                let value = node.args.get(1).map(|word| word.text.to_string()).unwrap_or_default();
                if self.defined.len() < MOST_NAMES && value.len() < LONGEST {
                    self.defined.insert(name, value);
                }
            }
            "undefine" => {
                if let Some(name) = node.args.first() {
                    self.defined.remove(&*name.text);
                }
            }
            "include" | "includeoptional" => {
                let Some(pattern) = node.args.first().map(|word| word.text.to_string()) else { return };
                let is_optional = &*node.name.text == "includeoptional";
                let problem = Problem::new(span, number, format!("{pattern} is included and is not there"));
                self.include(&pattern, parent, &problem.within(source), is_optional);
            }
            _ => drop(self.add(parent, node)),
        }
    }

    fn add(&mut self, parent: NodeId, node: Node) -> Option<NodeId> {
        (self.blocks.len() < MOST).then(|| self.blocks.add(parent, node))
    }

    fn include(&mut self, pattern: &str, parent: NodeId, missing: &Problem, is_optional: bool) {
        if self.read >= MOST_FILES {
            return;
        }
        let paths = glob::files(self.tree, &self.folder, pattern);
        if paths.is_empty() && !is_optional && !glob::is_pattern(pattern) {
            self.tell(missing.clone());
        }
        for path in paths {
            let is_deep = self.open.len() >= DEEPEST || self.blocks.at(parent).parents().count() >= DEEPEST;
            if self.read >= MOST_FILES || is_deep || !self.open.insert(path.clone()) {
                continue;
            }
            self.read += 1;
            match self.tree.read(&path) {
                Ok(source) => self.source(&source, parent),
                Err(error) => self.tell(Problem { message: error.to_string(), ..missing.clone() }),
            }
            self.open.remove(&path);
        }
    }

    fn problem(&mut self, source: &Source, line: &Line, message: &str) {
        self.tell(Problem::new(line.span.clone(), line.number, message).within(source));
    }

    fn tell(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

/// More than anybody reads.
const MOST_PROBLEMS: usize = 1_000;

/// More directives than any configuration has.
const MOST: usize = 200_000;

/// More files than any configuration includes.
const MOST_FILES: usize = 5_000;

/// More names than any configuration defines, and longer ones.
const MOST_NAMES: usize = 1_000;
const LONGEST: usize = 4_096;

/// More than all uses of names come to: a long value that is used a million times would fill the memory.
const MOST_EXPANDED: usize = 4 << 20;

/// Sections within sections, and includes within includes.
const DEEPEST: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_and_includes_are_followed() {
        for (text, expected) in [
            ("<IfModule x>\nA 1\n</IfModule>\n<IfModule !x>\nB 1\n</IfModule>", vec!["a 1"]),
            ("Define v Full\nServerTokens ${v}", vec!["servertokens Full"]),
            ("Define v \"a b\"\nX ${v} \"${v}\" ${w}", vec!["x a b a b ${w}"]),
            ("<IfVersion < 2.4>\nA 1\n</IfVersion>\n<IfVersion >= 2.4>\nB 1\n</IfVersion>", vec!["b 1"]),
            ("<IfFile !/x>\nA 1\n</IfFile>\n<IfFile /x>\nB 1\n</IfFile>", vec!["b 1"]),
            ("<Directory /> # c\nA 1\n</Directory> # c\nB 1", vec!["directory /", "a 1", "b 1"]),
            ("<IfDefine X>\nA\n</IfDefine>\n<IfDefine !X>\nB\n</IfDefine>", vec!["b "]),
            ("Include conf.d/*.conf\nC 1", vec!["one ", "c 1"]),
            ("Include ../x\nC 1", vec!["c 1"]),
            ("<Directory />\nA 1\n</Directory>", vec!["directory /", "a 1"]),
            ("</Directory>\nA 1", vec!["a 1"]),
            ("<Directory />\nA 1", vec!["directory /", "a 1"]),
        ] {
            let tree = Tree::in_memory([
                (PathBuf::from("httpd.conf"), text.as_bytes().to_vec()),
                (PathBuf::from("conf.d/a.conf"), b"One\nInclude conf.d/a.conf\n".to_vec()),
            ]);
            let reading = super::super::read(&tree, Path::new("httpd.conf")).unwrap();
            let shown = |node: bartizan_rules::facts::blocks::At<'_>| {
                format!("{} {}", node.name(), node.args().collect::<Vec<_>>().join(" "))
            };
            let found: Vec<_> = reading.value.all().map(shown).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
